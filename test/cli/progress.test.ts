import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createProgress, progressFacts } from '../../src/cli/progress.ts'

describe('progressFacts', () => {
  it('says how much is done, how fast, and how long it will take', () => {
    expect(progressFacts(1_500, 3_000, 3_000)).toBe('1,500/3,000 · 500/s · 3 s left')
  })

  it('promises nothing before anything is done', () => {
    expect(progressFacts(0, 3_000, 10)).toBe('0/3,000')
  })
})

describe('progress where there is no terminal', () => {
  it('writes one line for each tenth', () => {
    const stream = new PassThrough()
    let now = 0
    const clock = { now: () => now, wait: () => () => {} }
    const bar = createProgress(stream, clock)('orders', 50)
    for (let done = 0; done < 50; done += 1) {
      now += 100
      bar.advance()
    }
    bar.end()
    const lines = String(stream.read()).split('\n')
    expect(lines).toHaveLength(11)
    expect(lines[0]).toBe('orders 5/50 · 10/s · 5 s left')
    expect(lines[9]).toBe('orders 50/50 · 10/s · 0 s left')
  })
})
