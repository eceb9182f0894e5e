import { describe, expect, it } from 'vitest'
import { type RequestState, requestActor } from '../../src/runtime/request-actor.ts'
import { openTestRuntime } from './open-test-runtime.ts'
import { smallActors } from './small-actors.ts'

const open = () => openTestRuntime({ actors: [...smallActors, requestActor] })

const request = 'request/11 POST /payments k1'
const begin = { type: 'BeginRequest', hash: 'h1', to: 'counter/1', message: { type: 'Add', amount: 5 } }
const beginUnanswered = { ...begin, to: 'puppet/silent', message: { type: 'Think' } }
const stopWaiting = { type: 'StopWaiting', hash: 'h1', answer: { type: 'Accepted' } }
const inFlight = { type: 'RequestRejected', code: 'REQUEST_IN_FLIGHT' }
const added = { type: 'Added', total: 5 }

const timedOut = { type: 'PayOrderRejected', refusal: { code: 'PAYMENT_STEP_TIMED_OUT' } }
const replayed = (answer: object) => ({ type: 'RequestReplayed', answer })

const answerWith = (message: { type: string; [field: string]: unknown }) => [
  { type: 'send' as const, to: request, message },
]

describe('BeginRequest', () => {
  it('passes the message on and gives its answer', async () => {
    const { run, stored } = open()
    expect(await run(request, begin)).toEqual(added)
    expect(stored('counter/1')).toEqual({ total: 5 })
  })

  it('with the same content gives the first answer again, also after a restart', async () => {
    const first = open()
    await first.run(request, begin)
    expect(await first.run(request, begin)).toEqual(replayed(added))
    const second = first.crash()
    expect(await second.run(request, begin)).toEqual(replayed(added))
    expect(second.stored('counter/1')).toEqual({ total: 5 })
  })

  it('of two at once lets one through; the other is told that it runs', async () => {
    const { ask, run, have } = open()
    const first = ask(request, beginUnanswered)
    expect(await run(request, beginUnanswered)).toEqual(inFlight)
    await have(answerWith(added))
    expect(await first).toEqual(added)
    expect(await run(request, beginUnanswered)).toEqual(replayed(added))
  })

  it('with other content is refused', async () => {
    const { run, stored } = open()
    await run(request, begin)
    expect(await run(request, { ...begin, hash: 'h2' })).toEqual({
      type: 'RequestRejected',
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(stored('counter/1')).toEqual({ total: 5 })
  })

  it('is a first one again after an answer that says nothing about the request itself', async () => {
    const { ask, run, have } = open()
    const first = ask(request, beginUnanswered)
    await have(answerWith(timedOut))
    expect(await first).toEqual(timedOut)
    expect(await run(request, begin)).toEqual(added)
  })

  it('keeps the first answer when another one comes', async () => {
    const { run, have } = open()
    await run(request, begin)
    await have(answerWith({ type: 'Added', total: 1_000 }))
    expect(await run(request, begin)).toEqual(replayed(added))
  })

  it('takes no answer to what was passed on before the key was freed', async () => {
    const { ask, run, have, runtime, stored } = open()
    const first = ask(request, beginUnanswered)
    runtime.runUntilIdle()
    const { key } = (stored(request) as RequestState).passed ?? { key: { scope: '', name: '' } }
    await have(answerWith(timedOut))
    expect(await first).toEqual(timedOut)
    const second = ask(request, beginUnanswered)
    runtime.runUntilIdle()
    await have([{ type: 'send', to: request, message: timedOut, key }])
    expect(await run(request, beginUnanswered)).toEqual(inFlight)
    await have(answerWith(added))
    expect(await second).toEqual(added)
  })

  it('takes the answer also after a restart, when nobody waits any more', async () => {
    const first = open()
    first.ask(request, beginUnanswered).catch(() => {})
    first.runtime.runUntilIdle()
    const second = first.crash()
    await second.have(answerWith(added))
    expect(await second.run(request, beginUnanswered)).toEqual(replayed(added))
  })
})

describe('StopWaiting', () => {
  it('makes its own answer the first one while there is none', async () => {
    const { ask, run, have } = open()
    ask(request, beginUnanswered).catch(() => {})
    expect(await run(request, stopWaiting)).toEqual(stopWaiting.answer)
    await have(answerWith(added))
    expect(await run(request, beginUnanswered)).toEqual(replayed(stopWaiting.answer))
  })

  it('gets the answer that came in time', async () => {
    const { run } = open()
    await run(request, begin)
    expect(await run(request, stopWaiting)).toEqual(added)
  })

  it('of another request changes nothing', async () => {
    const { ask, run, have } = open()
    const first = ask(request, beginUnanswered)
    await run(request, { ...stopWaiting, hash: 'h2' })
    await have(answerWith(added))
    expect(await first).toEqual(added)
  })
})
