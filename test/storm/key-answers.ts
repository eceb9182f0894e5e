import type { Ask, Intent } from './intent.ts'

/** A final answer, with its body byte for byte. */
export interface FinalAnswer {
  readonly status: number
  readonly text: string
  readonly replayed: boolean
}

/**
 * Everything that was answered under one key. There is one answer: whoever was first has it, everybody else who asked
 * for the same has it again and is told so, and who asked for something else was refused.
 */
export class KeyAnswers {
  readonly #intent: Intent
  readonly #answers: { ask: Ask; answer: FinalAnswer }[] = []

  constructor(intent: Intent) {
    this.#intent = intent
  }

  add(ask: Ask, answer: FinalAnswer): void {
    this.#answers.push({ ask, answer })
  }

  /** Whose request it became, with the answer; `undefined` when nobody's, which `faults` tells. */
  get first(): { ask: Ask; answer: FinalAnswer } | undefined {
    return this.#answers.find(({ answer }) => answer.status !== 422)
  }

  /** What may be found of the customer afterwards. */
  get effects(): string[] {
    const { before, refusal } = this.#intent
    return this.first === undefined || refusal !== undefined
      ? [...before]
      : [...before, this.first.ask.effect]
  }

  faults(): string[] {
    const { key, kind, refusal } = this.#intent
    const { first } = this
    if (first === undefined) return [`${key} (${kind}) was answered to nobody`]
    const found: string[] = []
    const { status, text } = first.answer
    const expected = refusal === undefined ? status < 300 : text.includes(`"code":"${refusal}"`)
    if (!expected) found.push(`was answered ${status} ${text}`)
    let firsts = 0
    for (const { ask, answer } of this.#answers) {
      if (ask !== first.ask) {
        if (answer.status !== 422) found.push(`was answered to two requests: ${text} and ${answer.text}`)
        continue
      }
      if (answer.status !== status || answer.text !== text) {
        found.push(`was answered ${status} ${text} and ${answer.status} ${answer.text}`)
      }
      if (!answer.replayed) firsts += 1
    }
    if (firsts > 1) found.push(`was answered ${firsts} times as if for the first time`)
    return found.map(sentence => `${key} (${kind}) ${sentence}`)
  }
}
