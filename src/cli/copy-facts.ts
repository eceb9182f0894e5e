import type { CopyFacts } from '../persistence/database-copy.ts'

/** What is in a backup, and the time it stands for, as the end of a sentence. */
export function copyFactsLine({ orders, payments, bytes, lastCommitAt, invariants }: CopyFacts): string {
  const size = `${(bytes / 1e6).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`
  const asOf = lastCommitAt === null ? 'nothing has happened yet' : `as of ${timeOf(lastCommitAt)}`
  return `${count(orders, 'order')}, ${count(payments, 'payment')}, ${size}, ${asOf}, all ${invariants} invariants hold`
}

/** The same as data. */
export function copyFactsJson(facts: CopyFacts) {
  return { ...facts, lastCommitAt: facts.lastCommitAt === null ? null : timeOf(facts.lastCommitAt) }
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function count(things: number, name: string): string {
  return `${things.toLocaleString('en')} ${name}${things === 1 ? '' : 's'}`
}
