/** A text of a source file and what stands in its place when the server is started for a control. */
export interface Alteration {
  /** From the root of the project. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The answer leaves at once; the batch is written when the one after the next is given. */
export const answersBeforeCommit: readonly Alteration[] = [
  {
    file: 'src/persistence/writer.ts',
    from: '  const waiting: ((outcome: Outcome) => void)[] = []',
    to: '  const waiting: ((outcome: Outcome) => void)[] = []\n  const held: Calls[] = []',
  },
  {
    file: 'src/persistence/writer.ts',
    from: `      thread.postMessage(calls)
      return new Promise(resolve => waiting.push(resolve))`,
    to: `      held.push(calls)
      if (held.length > 2) thread.postMessage(held.shift())
      return Promise.resolve({ type: 'written' })`,
  },
]

/** The log is put into the database every few commits. */
export const checkpointsOften: readonly Alteration[] = [
  {
    file: 'src/persistence/database.ts',
    from: "database.pragma('wal_autocheckpoint = 4000')",
    to: "database.pragma('wal_autocheckpoint = 60')",
  },
]

/** Commits are not synced, and the server does not mind. */
export const synchronousNormal: readonly Alteration[] = [
  {
    file: 'src/persistence/database.ts',
    from: "database.pragma('synchronous = FULL')",
    to: "database.pragma('synchronous = NORMAL')",
  },
  { file: 'src/persistence/batch-writer.ts', from: 'let durable = false', to: 'let durable = true' },
]

/** A commit that fails is taken for one that is there. */
export const believesFailedCommits: readonly Alteration[] = [
  {
    file: 'src/persistence/batch-writer.ts',
    from: "return { type: refused ? 'refused' : 'indeterminate', reason: String(error) }",
    to: "return { type: 'written' }",
  },
]

/** The environment of a server whose source is altered so. */
export function alteredBy(...alterations: readonly (readonly Alteration[])[]): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${new URL('./altered-source.ts', import.meta.url)}`,
    CRASH_ALTERATIONS: JSON.stringify(alterations.flat()),
  }
}
