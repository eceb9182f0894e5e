import { describe, expect, it } from 'vitest'
import { Backlog } from '../../src/runtime/backlog.ts'

/** A backlog in which so many requests came at once and so many were committed, one commit after the other. */
function backlogOf(came: number, ...commits: readonly (readonly [requests: number, at: number])[]): Backlog {
  const backlog = new Backlog()
  for (let request = 0; request < came; request += 1) backlog.came(0)
  for (const [requests, at] of commits) backlog.committed(requests, at)
  return backlog
}

describe('A backlog', () => {
  it('is nothing while nobody waits, however long ago the last commit was', () => {
    expect(new Backlog().ms(5_000)).toBe(0)
    expect(backlogOf(3, [3, 10]).ms(5_000)).toBe(0)
  })

  it('is the requests ahead times what a request took in the last commit', () => {
    expect(backlogOf(100, [10, 10], [20, 210]).ms(210)).toBe(700)
  })

  it('does not take a commit that began with nobody waiting for a measure', () => {
    const backlog = backlogOf(1, [1, 50])
    for (let request = 0; request < 1_000; request += 1) backlog.came(60)
    expect(backlog.ms(60)).toBe(0)
  })

  it('follows a disk that becomes slower, the faster the more requests show it', () => {
    const slower = (requests: number) => {
      const backlog = backlogOf(1_000, [10, 10], [100, 110], [requests, 110 + requests * 10])
      return backlog.ms(0) / (890 - requests)
    }
    expect(slower(1)).toBeCloseTo(1.27, 2)
    expect(slower(400)).toBeCloseTo(9.33, 2)
  })

  it('is not less than those ahead have been waiting for the disk', () => {
    expect(backlogOf(2).ms(3_000)).toBe(3_000)
    expect(backlogOf(2, [1, 1_000]).ms(3_000)).toBe(2_000)
  })

  it('is gone with the requests that were turned away', () => {
    const backlog = backlogOf(100, [10, 10], [10, 1_010])
    backlog.cleared()
    expect(backlog.ms(2_000)).toBe(0)
  })

  it('does not count a commit in which there was no request', () => {
    expect(backlogOf(100, [10, 10], [0, 20], [20, 210]).ms(210)).toBe(700)
  })
})
