import type { Redis } from 'ioredis'

/**
 * What is wrong with how this Redis makes room, as one line, or nothing. Counts that lose a key to make room are noticed and
 * read from the database instead, so it costs time and not truth; but whoever set it up should know.
 * Rejects when Redis was lost before it answered.
 */
export async function evictionWarning(client: Redis): Promise<string | undefined> {
  let settings: unknown
  try {
    settings = await client.config('GET', 'maxmemory*')
  } catch (error) {
    if (!/NOPERM|unknown command/.test(String(error))) throw error
    return 'Redis does not say what it evicts when it is full (CONFIG GET is refused); set maxmemory-policy to noeviction there.'
  }
  const pairs = settings as string[]
  const settingOf = (name: string) => pairs[pairs.indexOf(name) + 1]
  const policy = settingOf('maxmemory-policy')
  if (settingOf('maxmemory') === '0' || policy === 'noeviction') return undefined
  return (
    `Redis evicts by ${policy} when it is full, which may take sessions and what is counted there; ` +
    'set maxmemory-policy to noeviction, or give Recoup a Redis of its own.'
  )
}
