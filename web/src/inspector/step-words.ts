import { useText } from '../frame/language.tsx'
import { useActorWord } from './entry-words.tsx'
import { laneLooks } from './lane-look.ts'
import { messageWord, messageWords } from './message-words.ts'
import type { SequenceStep } from './sequence.ts'
import { text } from './text.ts'

interface StepWords {
  /** As it is written in the drawing. */
  readonly label: string
  /** As it is read out: what is written first, then all that is only drawn. */
  readonly spoken: string
}

/** What a step of the sequence is. */
export function useStepWords(): (step: SequenceStep) => StepWords {
  const words = useText(text)
  const messages = useText(messageWords)
  const actorWord = useActorWord()
  return step => {
    const { position, lane } = step
    if (step.kind === 'silence') {
      const label = step.askedAgain ? words.silenceAgain : words.silenceGivenUp
      return { label, spoken: `${position} ${label}. ${actorWord(step.of)}, ${step.state ?? ''}` }
    }
    const { type, isUntold, isRefusal, isReply } = step
    const sign = isRefusal ? '✕ ' : lane === 'forward' ? '' : `${laneLooks[lane].sign} `
    const label = `${sign}${type}${isUntold ? ` (${words.untold})` : ''}`
    const way = `${actorWord(step.from)} → ${actorWord(step.to)}`
    const kind = isRefusal ? words.refused : isReply ? words.reply : words.command
    const what = [lane === 'forward' ? [] : words.lanes[lane], kind].flat().join(', ')
    return { label, spoken: `${position} ${label}: ${way}, ${messageWord(messages, type)} (${what})` }
  }
}
