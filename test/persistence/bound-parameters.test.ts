import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Files by path, with their text. */
type Files = Readonly<Record<string, string>>

const files: Files = Object.fromEntries(
  globSync('src/**/*.ts').map(path => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
)

/** A template, with templates inside what it interpolates; without its comments and strings nothing else has backquotes. */
const template = /`(?:[^`\\$]|\\.|\$(?!\{)|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\})*`/g

const isSql =
  /\b(?:SELECT\b[\s\S]*\bFROM|INSERT (?:OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|ALTER TABLE|ATTACH|WHERE|ORDER BY|PRAGMA)\b|^`(?:journal_mode|user_version|table_info|max_page_count)\b/

/** What stands between `${` and `}`. */
function interpolated(text: string): string[] {
  return [...text.matchAll(/\$\{((?:[^{}`]|`[^`]*`|\{[^{}]*\})*)\}/g)].map(([, inside]) =>
    (inside ?? '').trim(),
  )
}

/** Names of texts that are written out in the source, `const columns = '…'`, at the top of a module. */
function constants(all: Files): Set<string> {
  const names = Object.values(all).flatMap(text =>
    [...text.matchAll(/^(?:export )?const (\w+)(?::[^=\n]+)? =\s*['`\d]/gm)].map(([, name]) => name ?? ''),
  )
  return new Set(names)
}

/** SQL that is put together from anything but texts that are written out in the source. */
function composedSql(all: Files): string[] {
  const known = constants(all)
  return Object.entries(all).flatMap(([path, text]) =>
    [...text.matchAll(template)]
      .filter(([literal]) => isSql.test(literal))
      .flatMap(([literal]) => interpolated(literal))
      .filter(inside => !known.has(inside))
      .map(inside => `${path.split('/').at(-1)}: ${inside}`),
  )
}

/** What is put into SQL and is not a text of its own module, and why it can be nothing that came from outside. */
const reasons: Readonly<Record<string, string>> = {
  'batch-writer.ts: table': 'a key of the constant table of columns',
  "batch-writer.ts: columns.join(', ')": 'a value of the constant table of columns',
  "batch-writer.ts: columns.map(() => '?').join(', ')": 'as many question marks as there are columns',
  'batch-writer.ts: columnsOfTable': 'written out by each of its callers, in the same file',
  'database-copy.ts: journalMode': 'a pragma takes no parameter; one of two constants, by its type',
  'database.ts: version + 1': 'a pragma takes no parameter; a count of the migrations',
  'outbox-table.ts: isNext': 'a constant inside the function that uses it',
  'sqlite-store.ts: table': 'the table that a step of an actor appends to, a constant of the source',
  "sqlite-store.ts: keys.join(' AND ')": 'names of columns, from the schema itself',
  'running-check.ts: table': 'written out by each of its callers, in the same file',
  'appended-rows.ts: identity': 'written out by each of its callers',
  'appended-rows.ts: table': 'written out by each of its callers',
  'books-at-start.ts: order': 'an expression that its callers, in the same function, write out',
  'books-at-start.ts: ofTheirKeys': 'an expression written out above it',
  "books-at-start.ts: ofThem('order_id')": 'an expression written out here',
  "books-at-start.ts: ofThem(`message ->> '$.orderId'`)": 'an expression written out here',
  "stock-judgement.ts: directed.join(' ')": 'made of the constant table of movements',
}

/** `$<a>` stands for an interpolation, which a text of a test cannot hold as such. */
const interpolating = (text: string) => text.replaceAll(/\$<([^>]*)>/g, '$${$1}')

describe('SQL', () => {
  it('is made of constants; every value is bound', () => {
    expect(composedSql(files).filter(found => reasons[found] === undefined)).toEqual([])
  })

  it('has no reason for what is no longer there', () => {
    expect(Object.keys(reasons).filter(found => !composedSql(files).includes(found))).toEqual([])
  })

  it('is looked for where it is', () => {
    const templates = Object.values(files).flatMap(text => [...text.matchAll(template)])
    expect(templates.filter(([literal]) => isSql.test(literal)).length).toBeGreaterThan(40)
  })

  it.each([
    'const row = database.prepare(`SELECT * FROM orders WHERE id = $<id>`)',
    "const row = database.prepare(`DELETE FROM orders WHERE name = '$<request.name>'`)",
    'reader.prepare<[]>(`\n  SELECT a FROM b\n  ORDER BY $<column> LIMIT ?`)',
    'database.exec(`UPDATE t SET a = $<value>`)',
    'database.pragma(`user_version = $<version>`)',
  ])('that is not is found: %s', text => {
    expect(composedSql({ 'src/a.ts': interpolating(text) })).toHaveLength(1)
  })

  it('of a constant is none of them', () => {
    const text = "const columns = 'a, b'\nprepare(`SELECT $<columns> FROM t WHERE a = ?`)"
    expect(composedSql({ 'src/a.ts': interpolating(text) })).toEqual([])
  })

  it('is not joined with a plus', () => {
    const joined = Object.entries(files).filter(([, text]) =>
      /['"`](?:SELECT|INSERT|UPDATE|DELETE) [^'"`\n]*['"`]\s*\+|\.(?:prepare|exec)\([^)\n]*['"`]\s*\+/.test(
        text,
      ),
    )
    expect(joined.map(([path]) => path)).toEqual([])
  })
})
