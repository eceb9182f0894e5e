import { useText } from '../frame/language.tsx'
import { useActorWord } from './entry-words.tsx'
import { laneLooks } from './lane-look.ts'
import { messageWord, messageWords } from './message-words.ts'
import type { SequenceStep } from './sequence.ts'
import { text } from './text.ts'

/** What a step of the sequence is, read out. */
export function useStepWord(): (step: SequenceStep) => string {
  const words = useText(text)
  const messages = useText(messageWords)
  const actorWord = useActorWord()
  return step => {
    const lane = step.lane === 'forward' ? '' : `${laneLooks[step.lane].sign} ${words.lanes[step.lane]}, `
    if (step.kind === 'silence') {
      return `${step.position}. ${actorWord(step.of)}: ${step.askedAgain ? words.silenceAgain : words.silenceGivenUp} (${step.state ?? ''})`
    }
    const what = step.isUntold
      ? words.untold
      : step.isRefusal
        ? words.refused
        : step.isReply
          ? words.reply
          : words.command
    return `${step.position}. ${actorWord(step.from)} → ${actorWord(step.to)}: ${step.type}, ${messageWord(messages, step.type)} (${lane}${what})`
  }
}
