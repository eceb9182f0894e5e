import type { ReactNode } from 'react'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { text as partsText } from '../parts/text.ts'
import type { usePaged } from './use-paged.ts'

export interface Column<Item> {
  readonly name: ReactNode
  readonly cell: (item: Item) => ReactNode
  readonly end?: boolean
  /** Left out where there is no room for it. */
  readonly wide?: boolean
}

/** A list as a table, with the way to its next page. `empty` is shown where there is nothing. */
export function PagedTable<Item>({
  label,
  list,
  columns,
  keyOf,
  empty,
}: {
  label: string
  list: ReturnType<typeof usePaged<Item>>
  columns: readonly Column<Item>[]
  keyOf(item: Item): string | number
  empty: ReactNode
}) {
  const words = useText(partsText)
  const { items, error, hasNextPage, isFetchingNextPage, fetchNextPage } = list
  if (error !== null) return <Failed error={error} />
  if (items === undefined) return <Loading />
  if (items.length === 0) return empty
  const look = ({ end = false, wide = false }: Column<Item>) =>
    `px-3 py-2 sm:px-4 ${end ? 'text-right' : 'text-left'} ${wide ? 'hidden sm:table-cell' : ''}`
  return (
    <>
      <section aria-label={label} className="overflow-x-auto rounded-2xl border border-line bg-sheet">
        <table className="w-full text-sm">
          <thead className="text-muted">
            <tr className="border-b border-line">
              {columns.map((column, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table do not change places.
                <th key={place} scope="col" className={`${look(column)} font-medium`}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(item => (
              <tr key={keyOf(item)} className="border-b border-line last:border-0 hover:bg-paper">
                {columns.map((column, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a table do not change places.
                  <td key={place} className={`${look(column)} [&_a]:whitespace-nowrap`}>
                    {column.cell(item)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {hasNextPage && (
        <div className="mt-3 text-center">
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            {words.more}
          </Button>
        </div>
      )}
    </>
  )
}
