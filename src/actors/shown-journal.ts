import { type Address, idOf, kindOf, type Message } from '../runtime/envelope.ts'
import type { Patch } from '../runtime/store.ts'
import { isShownField } from './shown-fields.ts'

/*
 * The journal as people may see it. Every way out of it goes through here, so that nothing is shown that `shown-fields.ts`
 * does not name, whatever is added to messages and actors later.
 */

/** A message with those of its fields that may be seen; `type` is always among them. */
export function shownMessage(message: Message): Message {
  return shown(message, []) as Message
}

/** What changed of the context of an actor of `kind`, without the changes that may not be seen. */
export function shownPatch(kind: string, patch: Patch): Patch {
  return patch.flatMap((change): Patch => {
    const [path] = change
    if (!isShownPath(kind, path)) return []
    if (change.length === 1) return [[path]]
    const parent = path.findLast(part => typeof part === 'string')
    return [[path, shown(change[1], [parent ?? kind])]]
  })
}

/** The whole context of an actor of `kind`. */
export function shownContext(kind: string, context: unknown): unknown {
  return shown(context, [kind])
}

/** An address without a name that somebody chose: of those it keeps the kind. */
export function shownAddress(address: Address): Address {
  if (isNumbered.test(idOf(address)) || madeHere.has(kindOf(address))) return address
  return `${kindOf(address)}/…`
}

const isNumbered = /^\d+(:\d+)?$/
/** Their ids are hashes and counts. */
const madeHere: ReadonlySet<string> = new Set(['request', 'door', 'http'])

function isShownPath(kind: string, path: Patch[number][0]): boolean {
  let parent = kind
  for (const part of path) {
    if (typeof part === 'number') continue
    if (!isShownField(part, [parent])) return false
    parent = part
  }
  return true
}

function shown(value: unknown, parents: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => shown(item, parents))
  const { type } = value as { type?: unknown }
  const owners = typeof type === 'string' ? [...parents, type] : parents
  const seen: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    if (!isShownField(name, owners)) continue
    seen[name] = typeof field === 'object' ? shown(field, [name]) : field
  }
  return seen
}
