import { useText } from '../frame/language.tsx'
import { text } from './text.ts'

/** So many fields or items are open from the start. */
const openMax = 24

/** A JSON value as a tree. Where its path is in `changed`, it is marked, with what it was in `before`. */
export function JsonTree({
  value,
  before,
  changed,
  path = '',
}: {
  value: unknown
  before: unknown
  changed: ReadonlySet<string>
  path?: string
}) {
  const words = useText(text)
  const fields = fieldsOf(value)
  if (fields.length === 0) return <Leaf value={value} />
  const gone = fieldsOf(before).filter(
    ([name]) => !fields.some(([kept]) => kept === name) && changed.has(join(path, name)),
  )
  return (
    <ul className="space-y-0.5">
      {fields.map(([name, field]) => {
        const own = join(path, name)
        const was = fieldOf(before, name)
        const isChanged = changed.has(own)
        const inner = fieldsOf(field)
        return (
          <li key={name} className={isChanged ? 'rounded bg-accent-soft px-1' : 'px-1'}>
            {isChanged && (
              <span className="mr-1 font-bold text-accent" role="img" aria-label={words.changed}>
                ●
              </span>
            )}
            {inner.length === 0 ? (
              <>
                <span className="text-muted">{name}:</span> <Leaf value={field} />
                {isChanged && before !== undefined && fieldsOf(was).length === 0 && (
                  <span className="ml-2 text-xs text-muted">({words.was(textOf(was))})</span>
                )}
              </>
            ) : (
              <details open={inner.length <= openMax && path.split('.').length < 3}>
                <summary>
                  <span className="text-muted">{name}</span>{' '}
                  <span className="text-xs text-muted">
                    {Array.isArray(field) ? words.items(inner.length) : words.fields(inner.length)}
                  </span>
                </summary>
                <div className="ml-2 border-l border-line pl-2">
                  <JsonTree value={field} before={was} changed={changed} path={own} />
                </div>
              </details>
            )}
          </li>
        )
      })}
      {gone.map(([name, was]) => (
        <li key={name} className="rounded bg-undo-soft px-1">
          <span className="mr-1 font-bold text-undo" role="img" aria-label={words.removed}>
            −
          </span>
          <del>
            {name}: {textOf(was)}
          </del>
        </li>
      ))}
    </ul>
  )
}

function Leaf({ value }: { value: unknown }) {
  const isEmpty = value === null || value === undefined
  return <span className={isEmpty ? 'text-muted' : 'font-medium'}>{textOf(value)}</span>
}

const textOf = (value: unknown) => JSON.stringify(value) ?? '–'

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)

function fieldsOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function fieldOf(value: unknown, name: string): unknown {
  return fieldsOf(value).find(([own]) => own === name)?.[1]
}
