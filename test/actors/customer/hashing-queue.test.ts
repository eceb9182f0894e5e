import { describe, expect, it } from 'vitest'
import { HashingOverloaded, HashingQueue } from '../../../src/actors/customer/hashing-queue.ts'

/** Pieces of work that end when they are told to. */
function workshop(limits = { atOnceMax: 2, waitingMax: 3 }) {
  const queue = new HashingQueue(limits)
  const running: (() => void)[] = []
  let most = 0
  const work = () =>
    queue.run(
      () =>
        new Promise<void>(resolve => {
          running.push(resolve)
          most = Math.max(most, running.length)
        }),
    )
  const turn = () => new Promise(setImmediate)
  return {
    queue,
    work,
    running,
    most: () => most,
    async endOne() {
      running.shift()?.()
      await turn()
    },
  }
}

describe('A hashing queue', () => {
  it('runs two at once, lets three wait, and refuses the rest at once', async () => {
    const { work, running, endOne, most } = workshop()
    const all = Array.from({ length: 5 }, work)
    expect(running).toHaveLength(2)
    await expect(work()).rejects.toThrow(HashingOverloaded)
    await endOne()
    expect(running).toHaveLength(2)
    const sixth = work()
    await expect(work()).rejects.toThrow(HashingOverloaded)
    for (let left = 0; left < 6; left += 1) await endOne()
    await Promise.all([...all, sixth])
    expect(most()).toBe(2)
  })

  it('goes on after work that fails', async () => {
    const { queue, work, endOne } = workshop({ atOnceMax: 1, waitingMax: 1 })
    const failing = queue.run(() => Promise.reject(new Error('no')))
    const next = work()
    await expect(failing).rejects.toThrow('no')
    await endOne()
    await next
    expect(await queue.run(async () => 7)).toBe(7)
  })

  it('serves in the order of coming, also those who come just as a place is free', async () => {
    const { queue } = workshop({ atOnceMax: 1, waitingMax: 9 })
    const order: number[] = []
    const note = (place: number) => queue.run(async () => void order.push(place))
    const first = queue.run(async () => {
      void note(1)
      void note(2)
    })
    void first.then(() => note(3))
    await first
    await new Promise(setImmediate)
    expect(order).toEqual([1, 2, 3])
  })
})
