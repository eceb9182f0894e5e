import type { ActorDefinition } from './actor.ts'
import type { Snapshot } from './store.ts'

/** The definition that runs what is stored in `version`: the current one, or an earlier one that was kept for it. */
export function definitionOf(current: ActorDefinition, version: number): ActorDefinition | undefined {
  if (version === current.version) return current
  return current.earlier?.find(earlier => earlier.version === version)
}

/**
 * An actor from its snapshot, with the definition of its version. Throws when there is none: what is stored in a newer
 * version is never run, and what is stored in an older one has to be migrated first.
 */
export function loadSnapshot(
  current: ActorDefinition,
  { kind, id, version, state }: Snapshot,
): { definition: ActorDefinition; state: unknown } {
  const definition = definitionOf(current, version)
  if (definition === undefined)
    throw new Error(`${kind}/${id} is stored in version ${version}; only ${current.version} is run here`)
  const stored: unknown = JSON.parse(state)
  return { definition, state: definition.hydrate?.(stored) ?? stored }
}

/** A state as it is stored: plain JSON. */
export function storedForm(definition: ActorDefinition, state: unknown): unknown {
  return definition.dehydrate?.(state) ?? state
}
