import { describe, expect, it } from 'vitest'
import { interruption } from '../../src/cli/interruption.ts'

describe('An interruption', () => {
  // What a backup leaves behind when it is aborted, which is nothing, is in the tests of the backup itself.
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('comes with %s, once, and with its reason', signal => {
    const reason = new Error('The backup was interrupted; nothing is left of it.')
    const before = process.listenerCount(signal)
    using interrupted = interruption(reason)
    expect(interrupted.signal.aborted).toBe(false)
    process.listeners(signal).at(-1)?.(signal)
    expect(interrupted.signal.reason).toBe(reason)
    expect(process.listenerCount(signal)).toBe(before)
  })

  it('that is disposed of leaves signals as they always were', () => {
    const before = process.listenerCount('SIGTERM')
    interruption(new Error('Enough.'))[Symbol.dispose]()
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })
})
