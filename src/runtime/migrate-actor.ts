import { isDeepStrictEqual } from 'node:util'
import type { ActorDefinition, StoredActor } from './actor.ts'
import { definitionOf, storedForm } from './load-snapshot.ts'

/** An actor as the code of today runs it. */
export interface MigratedActor {
  /** The current definition, or an earlier one that goes on running it. */
  readonly definition: ActorDefinition
  readonly state: unknown
  readonly stored: StoredActor
}

/**
 * Brings what is stored in `version` as far as the migrations of `current` go, and loads it. Throws, in a sentence for
 * whoever wrote the migration, when the actor could not go on from there: its state cannot be loaded, would not be
 * stored again as it is, or has a timer that it does not hear.
 */
export function migrateActor(current: ActorDefinition, version: number, before: StoredActor): MigratedActor {
  let stored = before
  let reached = version
  while (reached < current.version) {
    const next = current.migrations?.[reached]?.(stored)
    if (next === undefined) break
    stored = next
    reached += 1
  }
  const definition = definitionOf(current, reached)
  if (definition === undefined) throw new Error(noWayOn(current, reached))
  const state = definition.hydrate?.(stored.state) ?? stored.state
  if (!isDeepStrictEqual(storedForm(definition, state), stored.state))
    throw new Error(`version ${reached} would store it otherwise than it is`)
  const heard = definition.timersOf?.(state)
  const unheard = stored.timers.find(({ name }) => heard?.includes(name) === false)
  if (unheard !== undefined) throw new Error(`its timer ${unheard.name} would not be heard`)
  return { definition, state, stored }
}

function noWayOn(current: ActorDefinition, version: number): string {
  if (version > current.version) return `newer than version ${current.version}, which is known here`
  return `version ${version} is not run here any more, and no migration leads from it to ${version + 1}`
}
