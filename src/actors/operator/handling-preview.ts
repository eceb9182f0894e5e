import type { ActorDefinition, Incoming } from '../../runtime/actor.ts'
import { type Envelope, kindOf, type Message } from '../../runtime/envelope.ts'

/** What would happen if a message that was set aside were handled now. */
export interface HandlingPreview {
  /** Why it would be set aside again; null when it would be handled. */
  readonly error: string | null
  /** Whether it would change anything. */
  readonly changes: boolean
  readonly sends: readonly { readonly to: string; readonly type: string }[]
}

/**
 * Makes what finds out, by running the pure step of the actor on its stored state, what a message would do. `undefined` where
 * the step alone cannot tell: it needs to know of a row, or of what it undoes.
 */
export function previewHandling(definitions: readonly ActorDefinition[]) {
  const byKind = new Map(definitions.map(definition => [definition.kind, definition]))

  return (
    { to, from, id, key, undoes }: Envelope,
    message: Message,
    stored: unknown,
    at: number,
  ): HandlingPreview | undefined => {
    const definition = byKind.get(kindOf(to))
    if (definition === undefined || undoes !== undefined || definition.needs?.(message, to) !== undefined) {
      return undefined
    }
    const meta = { at, self: to, caller: { from, id, key }, key, undone: undefined }
    const incoming: Incoming = { ...message, meta }
    try {
      const before = stored === undefined ? undefined : (definition.hydrate?.(stored) ?? stored)
      const { state, effects } = definition.step(before, incoming)
      return {
        error: null,
        changes: state !== before || effects.some(({ type }) => type !== 'reply'),
        sends: effects.flatMap(effect =>
          effect.type === 'send' ? [{ to: effect.to, type: effect.message.type }] : [],
        ),
      }
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error), changes: false, sends: [] }
    }
  }
}

export type PreviewHandling = ReturnType<typeof previewHandling>
