import type { PlantedBug } from '../planted-bug.ts'

const runtime = 'src/runtime/runtime.ts'
const openBatch = 'src/runtime/open-batch.ts'
const requestActor = 'src/runtime/request-actor.ts'

/** Keys of messages, tombstones, and the idempotency keys of requests. */
export const keyBugs: readonly PlantedBug[] = [
  {
    name: 'keys-not-looked-up',
    sentence: 'A message whose key was handled before is handled again.',
    file: runtime,
    find: 'this.#repeated(activation, envelope)',
    replace: 'undefined',
  },
  {
    name: 'resend-called-first',
    sentence: 'A command that is sent again is said to be the first of its key, which saves the look-up.',
    file: runtime,
    find: 'fresh: effect.key !== undefined && effect.resent !== true,',
    replace: 'fresh: effect.key !== undefined,',
  },
  {
    name: 'key-record-not-stored',
    sentence: 'A key that was handled is forgotten with the batch that handled it.',
    file: openBatch,
    find: 'records.added.push(record)',
    replace: '',
  },
  {
    name: 'keys-told-apart-by-scope-alone',
    sentence: 'Two commands of one attempt to one actor are taken for one.',
    file: openBatch,
    find: 'const recordName = (actor: Address, name: string) =>',
    replace: "const recordName = (actor: Address, _: string, name = '') =>",
  },
  {
    name: 'stored-answer-lost',
    sentence: 'A key is stored without the answer that was given.',
    file: 'src/persistence/packing.ts',
    find: 'PackedRecord => [actor, name, message, reply]',
    replace: 'PackedRecord => [actor, name, message, reply && null]',
  },
  {
    name: 'repeat-not-answered',
    sentence: 'A repeated command changes nothing, but is not answered either.',
    file: runtime,
    find: '} else if (record.reply !== null) {',
    replace: '} else if (record.reply === undefined) {',
  },
  {
    name: 'no-tombstone',
    sentence: 'An undo of what never arrived leaves nothing behind that would stop it when it comes.',
    file: runtime,
    find: 'this.#batch.addRecord(undoes.scope, tombstone)',
    replace: '',
  },
  {
    name: 'tombstone-ignored',
    sentence: 'A command that comes after its undo is carried out.',
    file: runtime,
    find: 'return this.#batch.record(activation.address, envelope.key)',
    replace: `const record = this.#batch.record(activation.address, envelope.key)
    return record?.message === null ? undefined : record`,
  },
  {
    name: 'keys-dropped-too-early',
    sentence: 'Keys that were handled are kept for thirty seconds instead of thirty days.',
    file: 'src/persistence/retention.ts',
    find: 'const inboxMs = 30 * dayMs',
    replace: 'const inboxMs = 30 * 1_000',
  },
  {
    name: 'first-answer-not-kept',
    sentence: 'An idempotency key does not keep the answer it was given.',
    file: requestActor,
    find: 'isPassing(message) ? free : { hash, caller, answer: message }',
    replace: 'isPassing(message) ? free : { hash, caller }',
  },
  {
    name: 'other-body-accepted',
    sentence: 'An idempotency key that comes with another body gets the answer to the first.',
    file: 'src/http/request-key.ts',
    find: "if (stored.hash !== key.hash) throw new Refused('IDEMPOTENCY_KEY_REUSED', {})",
    replace: '',
  },
  {
    name: 'passed-on-while-in-flight',
    sentence: 'A request that is repeated while its answer is awaited is passed on again.',
    file: requestActor,
    find: "if (hash !== null) return { state, effects: [{ type: 'reply', message: again(state, command.hash) }] }",
    replace:
      "if (answer !== undefined) return { state, effects: [{ type: 'reply', message: again(state, command.hash) }] }",
  },
  {
    name: 'request-not-passed-on-again',
    sentence: 'A request that got lost on its way to its actor is not sent again.',
    file: requestActor,
    find: 'passed: resent }, effects: pass(resent) }',
    replace: 'passed: resent }, effects: [] }',
  },
]
