import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { type Harness, tryBug } from './harness.ts'
import { type PlantedBug, withBug } from './planted-bug.ts'
import { bugNamed, plantedBugs } from './planted-bugs.ts'
import { simulatorHarness } from './simulator-harness.ts'

// Two cores, and whatever else runs on them.
vi.setConfig({ testTimeout: 120_000 })

const sourceOf = ({ file }: PlantedBug) =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

const parse = (source: string) => stripTypeScriptTypes(source, { mode: 'strip' })

describe('The planted bugs', () => {
  it('are at least forty, each with a name and a sentence of its own', () => {
    expect(plantedBugs.length).toBeGreaterThanOrEqual(40)
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length)
    expect(new Set(plantedBugs.map(({ sentence }) => sentence)).size).toBe(plantedBugs.length)
  })

  it.each(plantedBugs.map(({ name }) => name))('include %s, which has its place in the source', name => {
    const bug = bugNamed(name)
    const source = sourceOf(bug)
    const planted = withBug(source, bug)
    expect(planted).not.toBe(source)
    expect(parse(planted)).not.toBe(parse(source))
  })
})

describe('A bug', () => {
  const bug = { name: 'a-bug', sentence: 'It is wrong.', file: 'src/a.ts', find: 'a < b', replace: 'a $& b' }

  it('is put in its one place, letter by letter', () => {
    expect(withBug('if (a < b) c()', bug)).toBe('if (a $& b) c()')
  })

  it.each([
    ['moved away', 'if (a <= b) c()', 0],
    ['come twice', 'a < b || a < b', 2],
  ])('is refused when its place has %s', (_, source, places) => {
    expect(() => withBug(source, bug)).toThrow(
      `The bug a-bug has ${places} places in src/a.ts instead of one`,
    )
  })

  it('is refused when there is none of its name', () => {
    expect(() => bugNamed('no-bug')).toThrow('There is no bug to plant that is called "no-bug".')
  })
})

describe('The simulator', () => {
  const simulator = simulatorHarness({ histories: 4, seed: 1 })

  it.each([
    ['answer-before-commit', 'E2'],
    ['snapshot-a-commit-behind', 'M3'],
    ['one-timer-of-a-batch-lost', 'O4'],
  ])('notices %s as a breach of %s', async (name, broken) => {
    expect(await tryBug(simulator, bugNamed(name))).toMatchObject({ verdict: { broken } })
  })

  it('notices nothing where no bug was planted', async () => {
    const trial = await tryBug(simulator, undefined)
    expect(trial).toMatchObject({ verdict: { after: 4 } })
    expect(trial.verdict?.broken).toBeUndefined()
  })

  it('comes to no verdict on a bug whose file was never loaded', async () => {
    const idle: Harness = {
      ...simulator,
      command: bug => [...simulator.command(bug, '').slice(0, 2), '-e', ''],
    }
    const bug = bugNamed('answer-before-commit')
    const { verdict, failure } = await tryBug(idle, bug)
    expect([verdict, failure]).toEqual([undefined, expect.stringContaining(`${bug.file} was never loaded`)])
  })
})
