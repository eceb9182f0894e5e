import { useLanguage, useText } from '../frame/language.tsx'
import { duration } from '../parts/moment.tsx'
import type { Row, Standing } from './saga-replay.ts'
import { text } from './text.ts'

const marks: Record<Standing, readonly [sign: string, look: string]> = {
  ahead: ['', 'border-line bg-sheet text-muted'],
  asked: ['…', 'border-info bg-info-soft text-info motion-safe:animate-pulse'],
  done: ['✓', 'border-good bg-good-soft text-good'],
  owed: ['◔', 'border-info border-dashed bg-info-soft text-info'],
  refused: ['✕', 'rounded-md border-danger bg-danger-soft text-danger'],
  silent: ['?', 'rounded-md border-danger bg-danger-soft text-danger'],
  undoing: ['↶', 'border-undo border-dashed bg-undo-soft text-undo motion-safe:animate-pulse'],
  undone: ['↩', 'border-undo border-dashed bg-undo-soft text-undo'],
}

/** The steps of an attempt, going down; what is undone goes back up, each undo beside the step it undoes. */
export function SagaSteps({ rows }: { rows: readonly Row[] }) {
  const words = useText(text)
  const { language } = useLanguage()
  return (
    <ol className="relative">
      {rows.map((row, place) => {
        const { step, standing, failed, sends, tookMs, undoPlace } = row
        const [sign, look] = marks[standing]
        const isBack = standing === 'undoing' || standing === 'undone'
        return (
          <li
            key={step}
            data-step={step}
            data-standing={standing}
            className="relative flex gap-3 pb-4 last:pb-0"
          >
            {place < rows.length - 1 && (
              <span
                aria-hidden="true"
                className={`absolute top-8 bottom-0 left-4 -ml-px border-l-2 ${isBack ? 'border-dashed border-undo' : standing === 'done' ? 'border-good' : 'border-line'}`}
              />
            )}
            <span
              aria-hidden="true"
              className={`flex size-8 shrink-0 items-center justify-center rounded-full border-2 text-sm font-bold transition-colors duration-300 ${look}`}
            >
              {sign}
            </span>
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 pt-1">
              <span className={`font-medium ${standing === 'ahead' ? 'text-muted' : ''}`}>
                {words.steps[step]}
              </span>
              <span
                className={`text-sm ${failed !== null || standing === 'refused' ? 'text-danger' : 'text-muted'}`}
              >
                {failed !== null
                  ? words.failedHere[failed]
                  : isBack
                    ? words.standings.done
                    : words.standings[standing]}
                {!isBack && sends > 1 && ` · ${words.sends(sends)}`}
                {!isBack && tookMs !== null && tookMs >= 1 && ` · ${duration(tookMs, language)}`}
              </span>
              {isBack && (
                <span className="ml-auto inline-flex items-baseline gap-1.5 text-sm font-medium text-undo">
                  <span aria-hidden="true">↶</span>
                  <span>
                    {undoPlace !== null && <span className="sr-only">{words.undoPlace(undoPlace)}: </span>}
                    {words.undos[step]}: {words.standings[standing]}
                    {sends > 1 && ` · ${words.sends(sends)}`}
                  </span>
                </span>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
