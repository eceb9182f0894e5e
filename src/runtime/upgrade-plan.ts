import type { ActorDefinition } from './actor.ts'
import { addressOf } from './envelope.ts'
import { type MigratedActor, migrateActor } from './migrate-actor.ts'
import type { Snapshot, SnapshotGroup, UpgradeStore } from './store.ts'

/*
 * What becomes of stored actors under the definitions of today. Everything is tried and nothing written: each distinct
 * kind, version and state once, and every single actor of an older version.
 */

/** What becomes of the actors of a group; `form` is a state, as `paying.usingCoupon`, or fields, as `(amount)`. */
export interface GroupFate extends SnapshotGroup {
  /** Runs as it is, is migrated, goes on in its earlier version, was altered on disk, or is refused. */
  readonly fate: 'runs' | 'migrated' | 'earlier' | 'altered' | 'refused'
  /** Why it is refused. */
  readonly reason?: string
}

type Fate = Pick<GroupFate, 'fate' | 'reason'>

export interface UpgradePlan {
  readonly groups: readonly GroupFate[]
  readonly refused: readonly GroupFate[]
}

const atOnce = 1_000

/** Tries everything that is stored. */
export function planUpgrade(actors: readonly ActorDefinition[], store: UpgradeStore): UpgradePlan {
  const definitions = new Map(actors.map(definition => [definition.kind, definition]))
  const stored = store.groups()
  const groups = stored.flatMap(group => {
    const { kind, version } = group
    const definition = definitions.get(kind)
    if (definition === undefined || version >= definition.version)
      return fateOfExample(definition, store, group)
    const alike = stored.filter(other => other.kind === kind && other.version === version)
    return alike[0] === group ? fatesOfEach(definition, alike, store) : []
  })
  return { groups, refused: groups.filter(({ fate }) => fate === 'refused') }
}

/** An actor of today from what is stored; see `migrateActor`. */
export function migratedFrom(
  snapshot: Snapshot,
  definition: ActorDefinition,
  store: UpgradeStore,
): MigratedActor {
  const { kind, id, version, state } = snapshot
  const timers = store.timers(addressOf(kind, id)).map(({ name, dueAt }) => ({ name, dueAt }))
  return migrateActor(definition, version, { state: JSON.parse(state), timers })
}

function fateOfExample(
  definition: ActorDefinition | undefined,
  store: UpgradeStore,
  group: SnapshotGroup,
): GroupFate {
  const example = store.example(group)
  if (example === undefined) return { ...group, fate: 'altered' }
  return { ...group, form: formOf(example), ...fateOf(definition, example, store) }
}

/** What becomes of every actor of an older version, put together where it is the same. */
function fatesOfEach(
  definition: ActorDefinition,
  alike: readonly SnapshotGroup[],
  store: UpgradeStore,
): GroupFate[] {
  const { kind, version, first } = alike[0] as SnapshotGroup
  const groups = new Map<string, GroupFate>()
  let left = alike.reduce((total, { count }) => total + count, 0)
  for (const snapshots of store.snapshots(kind, version, atOnce)) {
    left -= snapshots.length
    for (const snapshot of snapshots) {
      const fate = fateOf(definition, snapshot, store)
      const form = formOf(snapshot)
      const name = JSON.stringify([form, fate])
      const group = groups.get(name) ?? { kind, version, form, count: 0, first: snapshot.id, ...fate }
      groups.set(name, { ...group, count: group.count + 1 })
    }
  }
  const fates = [...groups.values()]
  return left === 0 ? fates : [...fates, { kind, version, form: null, count: left, first, fate: 'altered' }]
}

function fateOf(definition: ActorDefinition | undefined, snapshot: Snapshot, store: UpgradeStore): Fate {
  if (definition === undefined) return { fate: 'refused', reason: 'there is no such kind of actor here' }
  try {
    const { version } = migratedFrom(snapshot, definition, store).definition
    if (version !== snapshot.version) return { fate: 'migrated' }
    return { fate: version === definition.version ? 'runs' : 'earlier' }
  } catch (error) {
    return { fate: 'refused', reason: (error as Error).message }
  }
}

function formOf({ state }: Snapshot): string {
  const stored: unknown = JSON.parse(state)
  const { value } = stored as { value?: unknown }
  return value === undefined ? `(${Object.keys(stored as object).join(', ')})` : stateName(value)
}

/** A state of a machine by its stored value, such as `paying.usingCoupon`. */
export function stateName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, inner]) => `${name}.${stateName(inner)}`)
    .join(' and ')
}
