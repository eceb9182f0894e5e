import { CursorInvalid, type Page, type PageRequest } from './questions.ts'
import type { Slice } from './read-side.ts'

/** One row more than asked for tells whether there is a next page. */
export function sliceOf({ limit, cursor }: PageRequest): Slice {
  return { after: cursor === undefined ? undefined : decodeCursor(cursor), limit: limit + 1 }
}

/** The rows that were asked for; `placeOf` is where the next page goes on after a row. */
export function pageOf<Row, Item = Row>(
  rows: readonly Row[],
  { limit }: PageRequest,
  placeOf: (row: Row) => number,
  itemOf: (row: Row) => Item = row => row as unknown as Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const items = shown.map(itemOf)
  return rows.length > limit && last !== undefined ? { items, next: encodeCursor(placeOf(last)) } : { items }
}

function encodeCursor(place: number): string {
  return Buffer.from(String(place)).toString('base64url')
}

function decodeCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString()
  const place = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(place))
    throw new CursorInvalid(`The cursor ${cursor} is not one of ours`)
  return place
}
