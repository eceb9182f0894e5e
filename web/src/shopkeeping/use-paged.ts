import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | undefined
}

/** A list that is fetched page by page; looked at again every `everyMs` as long as few pages are shown. */
export function usePaged<Item>(
  queryKey: readonly unknown[],
  ask: (cursor: { cursor?: string }) => Promise<Page<Item>>,
  everyMs: number,
) {
  const list = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => ask(pageParam === undefined ? {} : { cursor: pageParam }),
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.pages.length < 3 ? everyMs : false,
  })
  return { ...list, items: list.data?.pages.flatMap(({ items }) => items) }
}
