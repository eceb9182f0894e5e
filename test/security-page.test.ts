import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const text = readFileSync('docs/SECURITY.md', 'utf8')

const rows = [...text.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, number, requirement = '', code = '', tests = '']) => ({
    number: Number(number),
    requirement,
    code,
    tests,
  }),
)

/** Requirements whose row names no test yet. */
const awaited: number[] = []

const pathsIn = (cell: string) =>
  [...cell.matchAll(/`([\w./-]+\.(?:ts|json))`/g)].map(([, path]) => path ?? '')

describe('docs/SECURITY.md', () => {
  it('has every requirement once', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1))
  })

  it('names only what is there', () => {
    const paths = pathsIn(text)
    expect(paths.length).toBeGreaterThan(40)
    expect(paths.filter(path => !existsSync(path))).toEqual([])
  })

  it('says where each is met, but for what malformed requests find, which is met everywhere', () => {
    const unmet = rows.filter(({ code }) => pathsIn(code).length === 0)
    expect(unmet.map(({ number }) => number)).toEqual([21])
  })

  it('says which test shows each, but for those that await theirs', () => {
    const unshown = rows.filter(({ tests }) => !pathsIn(tests).some(path => path.endsWith('.test.ts')))
    expect(unshown.map(({ number }) => number)).toEqual(awaited)
  })
})
