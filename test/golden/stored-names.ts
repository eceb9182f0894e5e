import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname

/**
 * Every name that anything has on disk: the columns of all tables, and the fields of all states, messages and events that
 * the golden scenes leave there.
 */
export function storedNames(): string[] {
  const names = new Set<string>()
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.sql')) continue
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, name] of text.matchAll(/"(\w+)":/g)) names.add(name ?? '')
    for (const [, name] of text.matchAll(/^\s+(\w+) (?:TEXT|INTEGER|BLOB)/gm)) names.add(name ?? '')
  }
  return [...names].sort()
}
