import { refuse } from '../../refusal.ts'
import type { ActorDefinition, Incoming, StepResult } from '../../runtime/actor.ts'
import { idOf, type Message } from '../../runtime/envelope.ts'
import type { Resolution } from '../../runtime/store.ts'
import type { DeadLetterCommand, DeadLetterReply } from './dead-letter-messages.ts'

interface DeadLetterState {
  readonly resolution: Resolution
}

const reply = (message: DeadLetterReply) => ({ type: 'reply', message: message as Message }) as const

/** A message that was set aside, as an actor: two operators at once resolve it once. */
export const deadLetter: ActorDefinition<DeadLetterState> = {
  kind: 'deadLetter',
  version: 1,
  step(state, incoming): StepResult<DeadLetterState | undefined> {
    const deadLetterId = Number(idOf(incoming.meta.self))
    if (state !== undefined) {
      const refusal = refuse('DEAD_LETTER_RESOLVED', { deadLetterId })
      return { state, effects: [reply({ type: 'ResolveDeadLetterRejected', refusal })] }
    }
    const { resolution, message } = incoming as Incoming<DeadLetterCommand>
    return {
      state: { resolution },
      effects: [
        { type: 'resume', deadLetterId, resolution, message },
        reply({ type: 'DeadLetterResolved', resolution }),
      ],
    }
  },
}
