import type { PlantedBug } from '../planted-bug.ts'

const sqliteStore = 'src/persistence/sqlite-store.ts'
const batchWriter = 'src/persistence/batch-writer.ts'

/** How a batch becomes rows, and what is read back. */
export const storeBugs: readonly PlantedBug[] = [
  {
    name: 'second-event-dropped',
    sentence: 'Of the events that one batch owes the outside only the first is stored.',
    file: sqliteStore,
    find: 'of batch.outbox) {',
    replace: 'of batch.outbox.slice(0, 1)) {',
  },
  {
    name: 'event-owed-to-nobody',
    sentence: 'Events are stored as if nobody took any of their topic.',
    file: sqliteStore,
    find: 'subscribedTopics.has(topic) ? at : null',
    replace: 'subscribedTopics.has(key) ? at : null',
  },
  {
    name: 'timers-set-before-removed',
    sentence: 'A timer that fires and is set again in one batch is removed after it was set.',
    file: sqliteStore,
    find: `  for (const { actor, name } of batch.timersRemoved) call('timerRemoved', actor, name)
  for (const { actor, name, dueAt, generation, correlationId } of batch.timersSet) {
    call('timer', actor, name, dueAt, generation, correlationId)
  }`,
    replace: `  for (const { actor, name, dueAt, generation, correlationId } of batch.timersSet) {
    call('timer', actor, name, dueAt, generation, correlationId)
  }
  for (const { actor, name } of batch.timersRemoved) call('timerRemoved', actor, name)`,
  },
  {
    name: 'forgotten-actor-stays',
    sentence: 'A payment of an order that does not exist leaves its snapshot behind.',
    file: sqliteStore,
    find: "call('forgetSnapshot', kindOf(actor), idOf(actor))",
    replace: '',
  },
  {
    name: 'forgotten-keys-stay',
    sentence: 'A payment of an order that does not exist leaves its keys behind.',
    file: sqliteStore,
    find: "call('forgetInbox', scope)",
    replace: '',
  },
  {
    name: 'checksum-not-renewed',
    sentence: 'A snapshot that is written again keeps the checksum it had at first.',
    file: batchWriter,
    find: 'state = excluded.state, checksum = excluded.checksum',
    replace: 'state = excluded.state',
  },
  {
    name: 'altered-snapshot-accepted',
    sentence: 'A snapshot is not compared with its checksum when an actor is loaded.',
    file: 'src/persistence/intact-snapshot.ts',
    find: 'return snapshotChecksum(stored) === stored.checksum',
    replace: 'return snapshotChecksum(stored) !== null',
  },
  {
    name: 'ledger-end-not-taken-back',
    sentence: 'After a refused batch the ledger goes on from lines that were never stored.',
    file: batchWriter,
    find: 'if (database.inTransaction) rollback.run()\n      ends = before',
    replace: 'if (database.inTransaction) rollback.run()',
  },
  {
    name: 'half-a-batch-committed',
    sentence: 'What a refused batch had written before the refusal is committed.',
    file: batchWriter,
    find: 'if (database.inTransaction) rollback.run()',
    replace: "if (database.inTransaction) database.exec('COMMIT')",
  },
  {
    name: 'ids-start-anew',
    sentence: 'A process that starts does not look at the last order id, so a clock set back makes it again.',
    file: 'src/persistence/read-side.ts',
    find: 'lastId: () => highestId.get()?.id ?? 0,',
    replace: 'lastId: () => (highestId.get()?.id ?? 0) * 0,',
  },
]
