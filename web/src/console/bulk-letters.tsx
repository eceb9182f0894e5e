import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api, Problem, type Schemas } from '../api/client.ts'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Select } from '../parts/field.tsx'
import { ReasonForm } from './reason-form.tsx'
import { text } from './text.ts'

type Letter = Schemas['DeadLetter']

/** What messages have in common that failed in the same way. */
const groupOf = ({ actor, message, error }: Letter) => `${message.type} → ${actor.split('/')[0]}: ${error}`

/**
 * The same to all messages that failed in the same way, those that are on the page and no others. Each is resolved by a
 * request of its own: what somebody else has resolved meanwhile is refused, and the rest goes on.
 */
export function BulkLetters({ letters }: { letters: readonly Letter[] }) {
  const words = useText(text)
  const queries = useQueryClient()
  const [looked, look] = useState<readonly Letter[]>()
  const [resolving, choose] = useState<'retry' | 'skip'>('retry')
  const [group, chooseGroup] = useState('')
  const [progress, setProgress] = useState<{ done: number; refused: number; ended: boolean }>()
  const groups = [...new Set((looked ?? []).map(groupOf))]
  const wanted = (looked ?? []).filter(letter => group === '' || groupOf(letter) === group)

  async function resolveAll(reason: string) {
    let [done, refused] = [0, 0]
    for (const { id } of wanted) {
      try {
        await answered(
          api.POST(`/operator/dead-letters/{id}/${resolving}`, {
            params: { path: { id } },
            body: { reason },
          }),
        )
        done += 1
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 409) throw error
        refused += 1
      }
      setProgress({ done, refused, ended: false })
    }
    setProgress({ done, refused, ended: true })
    await queries.invalidateQueries({ refetchType: 'active' })
  }

  return (
    <>
      <Button
        onClick={() => {
          setProgress(undefined)
          look(letters)
        }}
      >
        {words.severalLetters}
      </Button>
      <Dialog title={words.severalLetters} open={looked !== undefined} onClose={() => look(undefined)}>
        {progress?.ended ? (
          <p role="status" className="rounded-lg bg-good-soft px-3 py-2 text-good">
            <span aria-hidden="true">✓ </span>
            {words.bulkDone(progress.done, progress.refused, 0)}
          </p>
        ) : (
          <ReasonForm
            act={words.bulkAct(words.resolving[resolving], wanted.length)}
            look={resolving === 'skip' ? 'danger' : 'primary'}
            disabled={wanted.length === 0}
            onAct={resolveAll}
          >
            <Select
              label={words.whatToDo}
              value={resolving}
              onChange={event => choose(event.target.value === 'skip' ? 'skip' : 'retry')}
            >
              <option value="retry">{words.resolving.retry}</option>
              <option value="skip">{words.resolving.skip}</option>
            </Select>
            <Select label={words.which} value={group} onChange={event => chooseGroup(event.target.value)}>
              <option value="">{words.allOfThem(looked?.length ?? 0)}</option>
              {groups.map(each => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </Select>
            {progress !== undefined && (
              <progress className="w-full" value={progress.done + progress.refused} max={wanted.length}>
                {progress.done}
              </progress>
            )}
          </ReasonForm>
        )}
      </Dialog>
    </>
  )
}
