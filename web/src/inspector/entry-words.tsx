import { useText } from '../frame/language.tsx'
import {
  type Entry,
  type History,
  idOf,
  isCaller,
  isTimer,
  kindOf,
  paymentActor,
  stateBefore,
} from './history.ts'
import { messageWord, messageWords } from './message-words.ts'
import { text } from './text.ts'

/** An address in words, such as `Stock 6001`. */
export function useActorWord(): (actor: string) => string {
  const { lifelines, caller } = useText(text)
  const kinds: Readonly<Record<string, string>> = lifelines
  return actor => {
    if (actor === 'caller' || isCaller(actor)) return caller
    const kind = actor.includes('/') ? kindOf(actor) : actor
    const word = Object.hasOwn(kinds, kind) ? kinds[kind] : kind
    return ['payment', 'order', 'statistics'].includes(kind) || kind === actor
      ? `${word}`
      : `${word} ${idOf(actor)}`
  }
}

/** What happened at an entry, in a few words. */
export function useEntryWord(): (
  entry: Pick<Entry, 'actor' | 'from' | 'message'>,
  history?: History,
) => string {
  const words = useText(text)
  const messages = useText(messageWords)
  return (entry, history) => {
    if (!isTimer(entry)) return messageWord(messages, entry.message.type)
    const told = history?.entries.find(candidate => candidate === entry)
    if (history === undefined || told === undefined || entry.actor !== paymentActor(history))
      return words.timer
    return told.state === stateBefore(history.entries, told) ? words.silenceAgain : words.silenceGivenUp
  }
}
