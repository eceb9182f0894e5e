import type { Rejected } from '../../refusal.ts'
import type { Message } from '../../runtime/envelope.ts'
import type { Resolution } from '../../runtime/store.ts'

/** To `deadLetter/<number of the row>`, from an operator. `message` takes the place of the one that is EDITED. */
export type DeadLetterCommand = { type: 'ResolveDeadLetter'; resolution: Resolution; message?: Message }

export type DeadLetterReply =
  | { type: 'DeadLetterResolved'; resolution: Resolution }
  | Rejected<'ResolveDeadLetter'>
