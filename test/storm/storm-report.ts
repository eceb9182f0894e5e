/** What a storm did and found. */
export interface StormReport {
  seed: number
  keys: number
  /** Simultaneous requests of each key. */
  duplicates: number
  kills: number
  /** Requests that a kill cut off. */
  requestsCut: number
  requests: number
  /** Answers by status and code, in-flight ones and refusals to misused keys among them. */
  answers: Record<string, number>
  /** Final answers that were the first one again. */
  replayed: number
  /** Keys whose request became what only some of the duplicates asked for. */
  takenByOthers: number
  /** Effects of all keys; one each, but for the keys whose one answer is a refusal. */
  effects: number
  refusedKeys: number
  /** Keys whose answer was asked for once more after a restart at the end. */
  repeatedAtTheEnd: number
  /** The same without keys: what the counter has to find is more than one effect each. */
  withoutKeys: { intents: number; effects: number }
  faults: string[]
}

/** Why a storm that found no fault proves nothing. */
export function blindSpots(report: StormReport): string[] {
  const { answers, withoutKeys } = report
  const spots: readonly [boolean, string][] = [
    [report.kills === 0 || report.requestsCut === 0, 'No kill cut a request off.'],
    [answers['409 REQUEST_IN_FLIGHT'] === undefined, 'No duplicate came while the first was running.'],
    [answers['422 IDEMPOTENCY_KEY_REUSED'] === undefined, 'No key was used for something else.'],
    [report.replayed === 0, 'No answer was given again.'],
    [report.refusedKeys === 0, "No key's answer was a refusal."],
    [report.repeatedAtTheEnd < report.keys, 'Not every answer was asked for again at the end.'],
    [
      withoutKeys.effects <= withoutKeys.intents,
      'Without keys there was no second effect, or it was not counted.',
    ],
  ]
  return spots.flatMap(([blind, sentence]) => (blind ? [sentence] : []))
}

export function renderStormReport(report: StormReport): string {
  const answers = Object.entries(report.answers).sort(([, a], [, b]) => b - a)
  return [
    `seed ${report.seed}: ${report.keys} keys x ${report.duplicates} duplicates, ${report.requests} requests, ` +
      `${report.kills} kills that cut ${report.requestsCut} requests off`,
    ...answers.map(([outcome, count]) => `${String(count).padStart(9)}  ${outcome}`),
    `${report.replayed} answers were the first one again; ${report.takenByOthers} keys were taken by the other request`,
    `${report.effects} effects, ${report.refusedKeys} keys refused; all ${report.repeatedAtTheEnd} asked again at the end`,
    `without keys: ${report.withoutKeys.intents} intents had ${report.withoutKeys.effects} effects`,
    ...report.faults.slice(0, 20).map(fault => `FAULT ${fault}`),
    ...(report.faults.length > 20 ? [`FAULT and ${report.faults.length - 20} more`] : []),
    ...blindSpots(report).map(sentence => `BLIND ${sentence}`),
  ].join('\n')
}
