import { describe, expect, it } from 'vitest'
import { Backlog } from '../../src/runtime/backlog.ts'

/** A backlog in which so many requests came at once and so many were committed, one commit after the other. */
function backlogOf(came: number, ...commits: readonly (readonly [requests: number, at: number])[]): Backlog {
  const backlog = new Backlog()
  come(backlog, came, 0)
  for (const [requests, at] of commits) backlog.committed(requests, at)
  return backlog
}

function come(backlog: Backlog, requests: number, at: number): void {
  for (let request = 0; request < requests; request += 1) backlog.came(at)
}

describe('A backlog', () => {
  it('is nothing while nobody waits, however long ago the last commit was', () => {
    expect(new Backlog().ms(5_000)).toBe(0)
    expect(backlogOf(3, [3, 10]).ms(5_000)).toBe(0)
  })

  it('is the requests ahead times what a request took in the last commits', () => {
    expect(backlogOf(2_000, [10, 10], [1_000, 10_010]).ms(0)).toBeCloseTo(9_900 * (1_000 / 1_032))
  })

  it('does not take what every commit costs for what a request adds to it', () => {
    const backlog = new Backlog()
    // Alone, a request takes 100 ms; two take 100 ms as well, and so would a thousand.
    for (let at = 0; at < 10_000; at += 200) {
      backlog.came(at)
      backlog.committed(1, at + 100)
    }
    come(backlog, 3, 10_000)
    backlog.committed(1, 10_100)
    backlog.committed(2, 10_200)
    come(backlog, 1_000, 10_200)
    expect(backlog.ms(10_200)).toBeLessThan(100)
  })

  it('follows a disk that becomes slower, the faster the more requests show it', () => {
    const slower = (requests: number) => {
      const backlog = backlogOf(1_000, [10, 10], [100, 110], [requests, 110 + requests * 10])
      return backlog.ms(0) / (890 - requests)
    }
    expect(slower(1)).toBeCloseTo(1, 0)
    expect(slower(400)).toBeCloseTo(9.3, 1)
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
    const commits = [
      [10, 10],
      [1_000, 10_010],
    ] as const
    expect(backlogOf(2_000, commits[0], [0, 20], commits[1]).ms(0)).toBe(backlogOf(2_000, ...commits).ms(0))
  })
})
