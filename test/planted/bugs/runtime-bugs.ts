import type { PlantedBug } from '../planted-bug.ts'

const runtime = 'src/runtime/runtime.ts'
const openBatch = 'src/runtime/open-batch.ts'

/** What leaves before the commit, what a crash or a refused commit must not lose, timers. */
export const runtimeBugs: readonly PlantedBug[] = [
  {
    name: 'answer-before-commit',
    sentence: 'Answers leave before the store has written what makes them true.',
    file: runtime,
    find: 'const answers = this.#gate\n    const requests',
    replace: 'this.#release(this.#gate)\n    const answers: Answer[] = []\n    const requests',
  },
  {
    name: 'refused-commit-kept-in-memory',
    sentence: 'A commit that was refused is not taken back in memory.',
    file: runtime,
    find: 'this.#refused = true\n    this.#recover()',
    replace: 'this.#refused = true',
  },
  {
    name: 'messages-not-kept',
    sentence: 'Messages that wait when a batch is committed are not stored with it.',
    file: runtime,
    find: 'const mailboxAdded = idle ? [] : this.#undelivered()',
    replace: 'const mailboxAdded: Envelope[] = []',
  },
  {
    name: 'handled-messages-not-removed',
    sentence: 'A stored message stays in the mailbox after it was handled.',
    file: runtime,
    find: 'this.#handled += 1\n    if (this.#storedMessages.has(envelope.id)) this.#batch.mailboxRemoved.push(envelope.id)',
    replace: 'this.#handled += 1',
  },
  {
    name: 'message-ids-come-again',
    sentence: 'After a restart within the same millisecond messages get the ids of earlier ones.',
    file: runtime,
    find: 'options.store.journalEnd().toString(36)',
    replace: '0',
  },
  {
    name: 'snapshot-a-commit-behind',
    sentence: 'A snapshot is written with the state of the commit before.',
    file: runtime,
    find: 'state: JSON.stringify(storedForm(definition, state)),',
    replace: 'state: JSON.stringify(storedForm(definition, activation.committed ?? state)),',
  },
  {
    name: 'busy-actor-dropped',
    sentence:
      'An actor is dropped from memory while messages wait for it, and loaded a second time beside itself.',
    file: 'src/runtime/activation.ts',
    find: 'if (activation.queued || activation.dirty || activation.inFlight || activation.mailbox.length > 0)',
    replace: 'if (activation.dirty || activation.inFlight)',
  },
  {
    name: 'timers-forgotten-at-start',
    sentence: 'After a restart nothing is woken by the timers that are stored.',
    file: runtime,
    find: 'waiting.length > 0 ? now : (this.#store.nextDueAt() ?? Number.POSITIVE_INFINITY)',
    replace: 'waiting.length > 0 ? now : Number.POSITIVE_INFINITY',
  },
  {
    name: 'next-timer-forgotten',
    sentence: 'Once timers have fired, the one that is due after them wakes nobody.',
    file: runtime,
    find: 'this.#wakeAt = Number.POSITIVE_INFINITY\n    this.#nextUnknown = true',
    replace: 'this.#wakeAt = Number.POSITIVE_INFINITY',
  },
  {
    name: 'reloaded-actor-knows-no-timers',
    sentence: 'An actor that is loaded again takes its own timers for cancelled.',
    file: 'src/runtime/activation.ts',
    find: 'activation.stored ? this.#store.timers(activation.address) : []',
    replace: '[] as Timer[]',
  },
  {
    name: 'one-timer-of-a-batch-lost',
    sentence: 'Of the timers that one batch sets the first is not stored.',
    file: openBatch,
    find: 'timersSet: [...this.timersSet.values()],',
    replace: 'timersSet: [...this.timersSet.values()].slice(1),',
  },
  {
    name: 'journal-of-the-door-dropped',
    sentence: 'What was asked without a key leaves no row in the journal although it changed something.',
    file: openBatch,
    find: 'return entry.transition !== undefined || entry.inSaga',
    replace: 'return entry.inSaga',
  },
  {
    name: 'failed-delivery-taken-for-done',
    sentence: 'An event whose delivery failed is noted as delivered.',
    file: 'src/runtime/outbox-lane.ts',
    find: "return { type: 'failed', error: String(error), at }",
    replace: "return { type: 'delivered' }",
  },
]
