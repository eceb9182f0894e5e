import { useText } from '../frame/language.tsx'
import { Moment } from '../parts/moment.tsx'
import { Money } from '../parts/money.tsx'
import { Sheet } from '../parts/sheet.tsx'
import type { History } from './history.ts'
import { type LedgerBoxEntry, ledgerAt } from './ledger-at.ts'
import { text } from './text.ts'

/** What a payment had posted at a moment, as double entries that visibly sum to zero. */
export function LedgerBoxSheet({
  history,
  position,
  isNow,
  isWide,
  onMove,
}: {
  history: History
  position: number
  isNow: boolean
  /** Whether it has the width of the page. */
  isWide: boolean
  onMove(at: number): void
}) {
  const words = useText(text)
  const { entries, totals, sum } = ledgerAt(history, position)
  return (
    <Sheet
      title={words.ledger}
      actions={<span className="text-xs text-muted">{isNow ? words.isNow : words.ledgerAt(position)}</span>}
      className={isWide ? '' : 'lg:sticky lg:top-36'}
    >
      {entries.length === 0 ? (
        <p className="text-sm text-muted">{words.nothingPosted}</p>
      ) : (
        <div
          data-ledger
          className={isWide ? 'grid items-start gap-6 sm:grid-cols-2 lg:grid-cols-3' : 'space-y-4'}
        >
          {entries.map(entry => (
            <LedgerTable key={entry.key} entry={entry} isHere={entry.position === position} onMove={onMove} />
          ))}
          <div className="space-y-3">
            <table className="w-full border-t-2 border-ink text-sm">
              <caption className="sr-only">{words.sum}</caption>
              <tbody>
                {[...totals].map(([account, total]) => (
                  <tr key={account}>
                    <th scope="row" className="py-0.5 text-left font-normal text-muted">
                      <Account name={account} />
                    </th>
                    <td className="py-0.5 text-right">
                      <Money amount={total} signed />
                    </td>
                  </tr>
                ))}
                <tr className="border-t border-line font-bold">
                  <th scope="row" className="pt-1 text-left">
                    {words.sum}
                  </th>
                  <td data-ledger-sum={sum} className="pt-1 text-right">
                    <Money amount={sum} />
                  </td>
                </tr>
              </tbody>
            </table>
            <p className={`text-sm font-medium ${sum === 0 ? 'text-good' : 'text-danger'}`}>
              <span aria-hidden="true">{sum === 0 ? '✓ ' : '⚠ '}</span>
              {sum === 0 ? words.balanced : words.unbalanced}
            </p>
          </div>
        </div>
      )}
    </Sheet>
  )
}

function LedgerTable({
  entry,
  isHere,
  onMove,
}: {
  entry: LedgerBoxEntry
  isHere: boolean
  onMove(at: number): void
}) {
  const words = useText(text)
  const { position, changeType, at, lines } = entry
  return (
    <table className={`w-full text-sm ${isHere ? 'rounded-lg bg-accent-soft' : ''}`}>
      <caption className="pb-1 text-left text-xs text-muted">
        <span className="font-semibold text-ink">{words.changeTypes[changeType]}</span>{' '}
        {position === null ? (
          <>
            · {words.untoldPosting} · <Moment at={at} />
          </>
        ) : (
          <button type="button" className="underline underline-offset-2" onClick={() => onMove(position)}>
            {words.eventAt(position)}
          </button>
        )}
      </caption>
      <thead>
        <tr className="border-b border-line text-xs text-muted">
          <th scope="col" className="text-left font-medium">
            {words.account}
          </th>
          <th scope="col" className="text-right font-medium">
            {words.amount}
          </th>
          <th scope="col" className="text-right font-medium">
            {words.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ account, amount, total }) => (
          <tr key={account}>
            <th scope="row" className="py-0.5 text-left font-normal">
              <Account name={account} />
            </th>
            <td className="py-0.5 pl-2 text-right">
              <Money amount={amount} signed />
            </td>
            <td className="py-0.5 pl-2 text-right text-muted">
              <Money amount={total} signed />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** An account of the ledger in words. */
function Account({ name }: { name: string }) {
  const { accounts } = useText(text)
  const [kind = '', id = ''] = name.split('/')
  if (kind === 'wallet') return accounts.wallet(id)
  return kind === 'discount' || kind === 'revenue' ? accounts[kind] : name
}
