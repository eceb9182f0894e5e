/**
 * Runs `run` on every item, at most `atOnceMax` at a time, taking items only as there is room for them. The first
 * failure stops the taking and is passed on; what is under way then is not waited for.
 */
export async function inParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnceMax: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let failed = false
  const work = async () => {
    while (!failed) {
      const next = await iterator.next()
      if (next.done) return
      await run(next.value)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnceMax }, work))
  } catch (error) {
    failed = true
    await iterator.return?.()
    throw error
  }
}
