import type { ActorDefinition } from './actor.ts'
import { type Address, addressOf } from './envelope.ts'
import type { MigratedActor } from './migrate-actor.ts'
import type { Batch, JournalEntry, Snapshot, Timer, UpgradeStore } from './store.ts'
import { type GroupFate, migratedFrom, planUpgrade, type UpgradePlan } from './upgrade-plan.ts'

/*
 * Brings what is stored to the definitions of today, before any of it runs. Only when all of it can go on is anything
 * written: actors of older versions, many to a commit, each together with its timers. A crash between two commits leaves
 * actors of both versions, and the next start migrates the rest. A migration is no transition: it has an entry in the
 * journal, and no number.
 */

/** What is stored can neither be run nor migrated. The message lists it, after one sentence. */
export class UpgradeRefused extends Error {
  override name = 'UpgradeRefused'

  /** `where` names the data. */
  constructor(where: string, refused: readonly GroupFate[]) {
    const list = refused.map(
      ({ kind, version, form, count, first, reason }) =>
        `\n  ${kind} version ${version} in ${form}: ${count}, first ${first} (${reason})`,
    )
    super(
      `${where} holds actors that can neither be run nor migrated here, and was left as it is; ` +
        `start the version that wrote it, or one that migrates from it:${list.join('')}`,
    )
  }
}

/**
 * What there is to do before `actors` run on what is stored; writes nothing. `undefined` when the same definitions ran
 * on it last, so that there can be nothing. Throws `UpgradeRefused`.
 */
export function prepareUpgrade(
  actors: readonly ActorDefinition[],
  store: UpgradeStore,
  where: string,
): UpgradePlan | undefined {
  if (store.lastRunBy() === namesOf(actors)) return undefined
  const plan = planUpgrade(actors, store)
  if (plan.refused.length > 0) throw new UpgradeRefused(where, plan.refused)
  return plan
}

const atOnce = 1_000

/** Does what was planned; `at` is the time in milliseconds. Returns how many actors it migrated. */
export function carryOutUpgrade(
  { groups }: UpgradePlan,
  actors: readonly ActorDefinition[],
  store: UpgradeStore,
  at: number,
): number {
  let migrated = 0
  for (const definition of actors) {
    const older = groups.filter(({ kind, fate }) => kind === definition.kind && fate === 'migrated')
    for (const version of new Set(older.map(group => group.version))) {
      for (const snapshots of store.snapshots(definition.kind, version, atOnce)) {
        const batch = migrationOf(snapshots, definition, store, at)
        store.commit(batch)
        migrated += batch.snapshots.length
      }
    }
  }
  // What goes on in an earlier version is asked again at the next start.
  const settled = !groups.some(({ fate }) => fate === 'earlier')
  store.noteRunBy(settled ? namesOf(actors) : '')
  return migrated
}

/** Everything that tells one set of definitions from another, as far as stored actors are concerned. */
function namesOf(actors: readonly ActorDefinition[]): string {
  const names = actors.map(({ kind, version, earlier = [], form = [] }) => [
    kind,
    version,
    earlier.map(definition => definition.version),
    form,
  ])
  return JSON.stringify(names.sort())
}

function migrationOf(
  snapshots: readonly Snapshot[],
  definition: ActorDefinition,
  store: UpgradeStore,
  at: number,
): Batch {
  const changed: Snapshot[] = []
  const timersRemoved: Timer[] = []
  const timersSet: Timer[] = []
  const journal = new Map<string, JournalEntry[]>()
  for (const snapshot of snapshots) {
    const migrated = migratedFrom(snapshot, definition, store)
    const { version } = migrated.definition
    if (version === snapshot.version) continue
    const actor = addressOf(snapshot.kind, snapshot.id)
    const timers = store.timers(actor)
    const [{ correlationId } = { correlationId: actor }] = timers
    changed.push({ ...snapshot, version, state: JSON.stringify(migrated.stored.state) })
    timersRemoved.push(...timers)
    for (const timer of migrated.stored.timers)
      timersSet.push({ ...timer, actor, generation: snapshot.transition, correlationId })
    const entries = journal.get(correlationId) ?? []
    journal.set(correlationId, [...entries, journalEntry(actor, snapshot.version, migrated, at)])
  }
  const nothing = { rows: [], ledger: [], inbox: new Map(), outbox: [], deadLetters: [], forgotten: [] }
  const supervision = { deadLettersResolved: [], audit: [] }
  const mailbox = { mailboxAdded: [], mailboxRemoved: [] }
  return { at, snapshots: changed, timersRemoved, timersSet, journal, ...nothing, ...mailbox, ...supervision }
}

/** For people, and with the whole context, which later patches start from. */
function journalEntry(
  actor: Address,
  from: number,
  { definition, state }: MigratedActor,
  at: number,
): JournalEntry {
  const id = `upgrade/${actor}/${definition.version}`
  return {
    actor,
    at,
    messageId: id,
    causationId: id,
    from: actor,
    message: { type: 'Upgraded', from, to: definition.version },
    inSaga: true,
    state: definition.stateValue?.(state),
    patch: [[[], definition.context?.(state) ?? state]],
  }
}
