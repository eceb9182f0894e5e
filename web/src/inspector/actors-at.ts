import { applyPatch } from '../../../src/runtime/apply-patch.ts'
import type { Patch } from '../../../src/runtime/store.ts'
import type { Entry } from './history.ts'

/** An actor as it was at some moment. */
export interface ActorAt {
  readonly actor: string
  /** Where it was in its chart; null of one without a chart. */
  readonly state: string | null
  readonly context: unknown
  /** False when its beginning is not told: then only what changed since is known. */
  readonly whole: boolean
  /** Of the entry that changed it last. */
  readonly position: number
}

/** Every actor that had moved by `position`, as it was right after the entry there. */
export function actorsAt(entries: readonly Entry[], position: number): Map<string, ActorAt> {
  const actors = new Map<string, ActorAt>()
  for (const entry of entries) {
    if (entry.position > position) break
    if (entry.patch === null) continue
    const { actor, state } = entry
    const patch = entry.patch as unknown as Patch
    const before = actors.get(actor)
    actors.set(actor, {
      actor,
      state: state ?? before?.state ?? null,
      context: applyPatch(before?.context, patch),
      whole: before?.whole === true || patch.some(([path]) => path.length === 0),
      position: entry.position,
    })
  }
  return actors
}

/** The paths that an entry changed, as `stock.0`; the empty one is the whole. */
export function changedPaths({ patch }: Pick<Entry, 'patch'>): ReadonlySet<string> {
  return new Set(((patch ?? []) as unknown as Patch).map(([path]) => path.join('.')))
}
