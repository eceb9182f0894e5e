import { describe, expect, it } from 'vitest'
import { openTestRuntime, type Sent, type TestRuntime } from './open-test-runtime.ts'

const addKey = { scope: '1001/1', name: 'add' }
const takeKey = { scope: '1001/1', name: 'take' }

const add: Sent = { to: 'counter/1', message: { type: 'Add', amount: 5 }, key: addKey, resent: true }
const take: Sent = {
  to: 'counter/1',
  message: { type: 'Take', amount: 5 },
  key: takeKey,
  undoes: addKey,
  resent: true,
}
const read: Sent = { to: 'counter/1', message: { type: 'Read' } }

const undone = { type: 'AddRejected', refusal: { code: 'COMMAND_UNDONE' } }

/** Ways in which messages can follow one another. */
const ways: Record<string, (runtime: TestRuntime, sent: readonly Sent[]) => Promise<unknown[]>> = {
  'within one batch': (runtime, sent) => runtime.tell(...sent),
  'each in a commit of its own': async (runtime, sent) => {
    const answers = []
    for (const one of sent) answers.push(...(await runtime.tell(one)))
    return answers
  },
  'each after a restart': async (first, sent) => {
    let runtime = first
    const answers = []
    for (const one of sent) {
      answers.push(...(await runtime.tell(one)))
      runtime = runtime.crash()
    }
    return answers
  },
}

const stories: [sentence: string, sent: readonly Sent[], answers: string[], state: unknown][] = [
  [
    'a message and its repeats take effect once',
    [add, add, add],
    ['Added 5', 'Added 5', 'Added 5'],
    { total: 5 },
  ],
  ['an undo takes back what was done', [add, take], ['Added 5', 'Taken 0'], { total: 0 }],
  [
    'an undo and its repeat take back once',
    [add, take, take],
    ['Added 5', 'Taken 0', 'Taken 0'],
    { total: 0 },
  ],
  [
    'a repeat after the undo gets its old answer',
    [add, take, add],
    ['Added 5', 'Taken 0', 'Added 5'],
    { total: 0 },
  ],
  ['an undo of nothing undoes nothing', [take, take], ['Taken 0', 'Taken 0'], undefined],
  [
    'a command that its undo overtook is refused',
    [take, add, add],
    ['Taken 0', 'COMMAND_UNDONE', 'COMMAND_UNDONE'],
    undefined,
  ],
  [
    'other keys of the scope are other messages',
    [add, { ...add, key: { ...addKey, name: 'other' } }],
    ['Added 5', 'Added 10'],
    { total: 10 },
  ],
  [
    'the same key of another actor is another message',
    [add, { ...add, to: 'counter/2' }],
    ['Added 5', 'Added 5'],
    { total: 5 },
  ],
  ['without a key every message takes effect', [add, read], ['Added 5', 'Total 5'], { total: 5 }],
]

describe.each(Object.entries(ways))('Messages %s', (_way, tell) => {
  it.each(stories)('%s', async (_sentence, sent, answers, state) => {
    const runtime = openTestRuntime()
    const got = (await tell(runtime, sent)) as { type: string; total?: number; refusal?: { code: string } }[]
    expect(got.map(({ type, total, refusal }) => refusal?.code ?? `${type} ${total}`)).toEqual(answers)
    expect(runtime.stored('counter/1')).toEqual(state)
  })

  it('that were answered in a later step are given that answer again', async () => {
    const runtime = openTestRuntime()
    const question: Sent = { to: 'thinker/1', message: { type: 'Ask' }, key: addKey, resent: true }
    const conclude: Sent = { to: 'thinker/1', message: { type: 'Conclude' } }
    const concluded = { type: 'Concluded' }
    const told = [question, question, conclude, conclude, question, question]
    expect(await tell(runtime, told)).toEqual([concluded, concluded, concluded])
  })

  it('with the same key and other content: the other one is set aside', async () => {
    const runtime = openTestRuntime()
    const answers = await tell(runtime, [add, { ...add, message: { type: 'Add', amount: 6 } }, read]).catch(
      () => [],
    )
    expect(answers).not.toContainEqual({ type: 'Added', total: 6 })
    expect(runtime.stored('counter/1')).toEqual({ total: 5 })
    expect(runtime.deadLetters()).toMatchObject([
      { actor: 'counter/1', error: expect.stringContaining('again with other content') },
    ])
  })
})

describe('A message with a key from outside', () => {
  it('takes effect once', async () => {
    const { run } = openTestRuntime()
    const once = () => run('counter/1', { type: 'Add', amount: 5 }, addKey)
    expect([await once(), await once()]).toEqual([
      { type: 'Added', total: 5 },
      { type: 'Added', total: 5 },
    ])
  })

  it('is refused when it was undone before it came', async () => {
    const { run, tell } = openTestRuntime()
    await tell(take)
    expect(await run('counter/1', { type: 'Add', amount: 5 }, addKey)).toEqual(undone)
  })
})

describe('A first message, whose key is not looked up', () => {
  const { resent: _resent, ...first } = add

  it.each(['ticks', 'steps'] as const)(
    'is still handled once when it comes twice, in %s mode',
    async mode => {
      const runtime = openTestRuntime({
        mode,
        intercept: ({ message }) => (message.type === 'Add' ? { duplicates: 2 } : 'deliver'),
      })
      const answers = await runtime.tell(first)
      expect(answers).toEqual(Array.from({ length: 3 }, () => ({ type: 'Added', total: 5 })))
      expect(runtime.stored('counter/1')).toEqual({ total: 5 })
    },
  )

  it('is refused when its undo overtook it', async () => {
    const runtime = openTestRuntime({
      intercept: ({ message }) => (message.type === 'Add' ? { delayMs: 1_000 } : 'deliver'),
    })
    const { clock, heard } = runtime
    expect(await runtime.tell(first, take)).toEqual([{ type: 'Taken', total: 0 }])
    clock.advance(1_000)
    runtime.runtime.runUntilIdle()
    expect(heard().at(-1)).toMatchObject(undone)
  })

  it('is known when it comes again', async () => {
    const { tell } = openTestRuntime()
    expect(await tell(first, add)).toEqual([
      { type: 'Added', total: 5 },
      { type: 'Added', total: 5 },
    ])
  })
})
