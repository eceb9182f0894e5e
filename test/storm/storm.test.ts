import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import { type Ask, type Intent, intentAt } from './intent.ts'
import { type FinalAnswer, KeyAnswers } from './key-answers.ts'
import { Storm } from './storm.ts'
import { blindSpots } from './storm-report.ts'

it('Idempotency keys that are used many times at once, through a kill, have one effect and one answer each', async () => {
  using directory = temporaryDirectory()
  const storm = new Storm({ directory: directory.path, keys: 200, duplicates: 5, kills: 1, seed: 1 })
  await storm.run()
  expect(storm.report.faults).toEqual([])
  expect(blindSpots(storm.report)).toEqual([])
  expect(storm.report.effects).toBe(storm.report.keys - storm.report.refusedKeys)
}, 120_000)

it('A storm in which nothing was cut off, repeated or misused is called blind', () => {
  const { report } = new Storm({ directory: '', keys: 1, duplicates: 2, kills: 0, seed: 1 })
  expect(blindSpots(report)).toHaveLength(7)
})

describe('The answers under one key', () => {
  const intent = intentAt(2, 1)
  const { asked, other, before } = intent
  const charged: FinalAnswer = { status: 200, text: '{"amount":1}', replayed: false }
  const again: FinalAnswer = { ...charged, replayed: true }
  const misused: FinalAnswer = { status: 422, text: '{"code":"IDEMPOTENCY_KEY_REUSED"}', replayed: false }

  function faultsOf(answers: readonly (readonly [Ask, FinalAnswer])[], of: Intent = intent): string[] {
    const all = new KeyAnswers(of)
    for (const [ask, answer] of answers) all.add(ask, answer)
    return all.faults()
  }

  it('are sound when one is first, those after it repeat it, and other requests are refused', () => {
    expect(
      faultsOf([
        [asked, again],
        [other, misused],
        [asked, charged],
      ]),
    ).toEqual([])
  })

  it('lead to the effect of the request that was first', () => {
    const all = new KeyAnswers(intent)
    all.add(asked, misused)
    all.add(other, charged)
    expect(all.effects).toEqual([...before, other.effect])
  })

  it.each<[string, readonly (readonly [Ask, FinalAnswer])[]]>([
    ['nobody was answered', [[asked, misused]]],
    [
      'two bodies differ',
      [
        [asked, charged],
        [asked, { ...again, text: '{"amount":2}' }],
      ],
    ],
    [
      'two were answered as if for the first time',
      [
        [asked, charged],
        [asked, charged],
      ],
    ],
    [
      'two different requests were carried out',
      [
        [asked, charged],
        [other, charged],
      ],
    ],
    ['the answer is a refusal that nobody expects', [[asked, { ...charged, status: 409 }]]],
  ])('are at fault when %s', (_what, answers) => {
    expect(faultsOf(answers)).not.toEqual([])
  })
})
