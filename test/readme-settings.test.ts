import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { settingNames } from '../src/config.ts'

const readme = readFileSync('README.md', 'utf8')
/** What the first column of the settings table names. */
const listed = [...readme.matchAll(/^\| (`RECOUP_[^|]*) \|/gm)].flatMap(([, names = '']) =>
  [...names.matchAll(/`(RECOUP_[A-Z_]+)`/g)].map(([, name = '']) => name),
)

describe("The README's table of settings", () => {
  it('has every setting that there is', () => {
    expect(settingNames.filter(name => !listed.includes(name))).toEqual([])
  })

  it('has none that there is not, and none twice', () => {
    expect(listed.filter(name => !settingNames.includes(name))).toEqual([])
    expect(new Set(listed).size).toBe(listed.length)
  })
})
