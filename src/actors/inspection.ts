import { applyPatch } from '../runtime/apply-patch.ts'
import { type Address, idOf, kindOf } from '../runtime/envelope.ts'
import type { JournalEntry } from '../runtime/store.ts'
import type { FeedEvent } from './journal-feed.ts'
import { shownAddress, shownContext, shownMessage, shownPatch } from './shown-journal.ts'

/*
 * The feed in the format that XState's tools read each other's events in (`@statelyai/inspect`): every actor is announced
 * once, then each message it handled, then what it became. Nothing is in it that the feed would not show.
 */

/** The release of `@statelyai/inspect` whose format this is. */
const formatVersion = '0.7.2'

/** What is remembered of actors, so that a viewer of a whole day does not fill the memory. */
const actorsMax = 2_000

interface InspectionNeeds {
  /** What is stored of an actor, for one whose beginning was not watched; `undefined` of one that is not stored. */
  storedState(kind: string, id: string): unknown
  /** The statecharts, as XState takes them, by the kind of the actors they run. */
  readonly machines: Readonly<Record<string, MachineConfig>>
}

interface MachineConfig {
  readonly states?: Readonly<Record<string, unknown>> | undefined
}

interface SeenActor {
  /** The last one that was seen. */
  readonly transition: number | undefined
  /** As it may be seen. */
  readonly context: unknown
}

/** One event of the format. */
type InspectionEvent = { readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot' } & Record<
  string,
  unknown
>

export type Inspection = ReturnType<typeof createInspection>

export function createInspection({ storedState, machines }: InspectionNeeds) {
  const definitions = new Map<string, string>()

  /** The chart of a kind as JSON; of a kind without one only its name. */
  function definitionOf(kind: string): string {
    let text = definitions.get(kind)
    if (text === undefined) {
      text = JSON.stringify(machines[kind] ?? { id: kind }, (_name, value: unknown) =>
        typeof value === 'function' ? { type: value.name } : value,
      )
      definitions.set(kind, text)
    }
    return text
  }

  function statusOf(kind: string, value: unknown): 'active' | 'done' {
    const state = typeof value === 'string' ? machines[kind]?.states?.[value] : undefined
    return (state as { type?: unknown } | undefined)?.type === 'final' ? 'done' : 'active'
  }

  function storedContext(actor: Address): unknown {
    const kind = kindOf(actor)
    const stored = storedState(kind, idOf(actor))
    return shownContext(
      kind,
      machines[kind] === undefined ? stored : (stored as { context?: unknown })?.context,
    )
  }

  /** Somebody begins to look: what they are given takes their events, one after the other, as texts. */
  function begin(): (events: readonly FeedEvent[]) => string[] {
    const seen = new Map<Address, SeenActor>()

    const base = (actor: Address, at: number) => ({
      sessionId: shownAddress(actor),
      rootId: shownAddress(actor),
      id: null,
      createdAt: String(at),
      _version: formatVersion,
    })

    function snapshotOf(actor: Address, state: unknown): object {
      const context = seen.get(actor)?.context
      return {
        status: statusOf(kindOf(actor), state),
        ...(state !== undefined && { value: state }),
        ...(context !== undefined && { context }),
      }
    }

    /** What is known of an actor once it has taken a transition. */
    function note(actor: Address, { transition, patch = [] }: JournalEntry): void {
      const kind = kindOf(actor)
      const before = seen.get(actor)
      if (transition === undefined || before?.transition === transition) return
      const isWhole = patch[0]?.[0].length === 0
      const follows = before?.transition === transition - 1
      // Of what is stored these changes are a part already, and to set a value twice does no harm.
      const from = isWhole || follows ? before?.context : storedContext(actor)
      seen.delete(actor)
      seen.set(actor, { transition, context: applyPatch(from, shownPatch(kind, patch)) })
      for (const oldest of seen.keys()) {
        if (seen.size <= actorsMax) break
        seen.delete(oldest)
      }
    }

    function announced(actor: Address, entry: JournalEntry): InspectionEvent[] {
      if (seen.has(actor)) return []
      seen.set(actor, { transition: undefined, context: entry.patch ? undefined : storedContext(actor) })
      note(actor, entry)
      const kind = kindOf(actor)
      return [
        {
          type: '@xstate.actor',
          name: shownAddress(actor),
          definition: definitionOf(kind),
          parentId: undefined,
          snapshot: snapshotOf(actor, entry.state),
          ...base(actor, entry.at),
        },
      ]
    }

    function eventsOf(entry: JournalEntry): InspectionEvent[] {
      const { actor, at, from, message, transition, state } = entry
      const event = shownMessage(message)
      const events: InspectionEvent[] = [
        ...announced(actor, entry),
        { type: '@xstate.event', event, sourceId: shownAddress(from), ...base(actor, at) },
      ]
      if (transition === undefined) return events
      note(actor, entry)
      events.push({ type: '@xstate.snapshot', event, snapshot: snapshotOf(actor, state), ...base(actor, at) })
      return events
    }

    return events =>
      events.flatMap(event => {
        // What is left out may have changed anything: actors are announced anew.
        if (event.type === 'gap') seen.clear()
        if (event.type !== 'row') return []
        const { row, entries } = event
        const through = row.row.entries().filter((_entry, place) => {
          const shown = row.entries[place]
          return shown !== undefined && entries.includes(shown)
        })
        return through.flatMap(eventsOf).map(inspected => JSON.stringify(inspected))
      })
  }

  return { begin }
}
