import type { History } from './history.ts'

/** What tells a step of the feed from the others of its order. */
interface Step {
  /** Of its commit. */
  readonly sequence: number
  readonly actor: string
  readonly transition: number | null
  readonly message: { readonly type: string }
}

/** The name of a moment that does not know its place yet, for an address. */
export function momentName({ sequence, actor, transition, message }: Step): string {
  return [sequence, actor, transition ?? message.type].join('~')
}

/** The place of a moment in its payment's history; `undefined` when it is not told of. */
export function positionOf({ entries }: History, name: string): number | undefined {
  return entries.find(entry => momentName(entry) === name)?.position
}
