import Sqlite, { type Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { checkInvariants, invariants } from '../../../src/persistence/invariants/invariants.ts'
import { alterations } from './alterations.ts'
import { eventful, eventfulDatabase } from './eventful-shop.ts'
import { type ForgedLine, forgeEntry, forgeJournal } from './forged-rows.ts'
import { openSmallShop, startedAt } from './small-shop.ts'
import { stories } from './stories.ts'

const dayMs = 86_400_000

function broken(database: Database, now = startedAt): string[] {
  return checkInvariants(database, now).flatMap(({ name, violations }) =>
    violations.length > 0 ? [name] : [],
  )
}

describe('An untouched database', () => {
  for (const [story, { tell, intercept }] of Object.entries(stories)) {
    it(`holds at every commit of ${story}`, () => {
      let commits = 0
      const shop = openSmallShop({
        ...(intercept && { intercept }),
        onCommitted(database, now) {
          commits += 1
          expect(broken(database, now), `after commit ${commits}`).toEqual([])
        },
      })
      shop.furnish()
      shop.order(1001, 11, 2, 3)
      tell(shop)
      shop.close()
      expect(commits).toBeGreaterThan(10)
    })
  }

  it('holds when it is empty', () => {
    const shop = openSmallShop()
    expect(broken(shop.database)).toEqual([])
    shop.close()
  })

  it('looks at something for every invariant', () => {
    const database = eventfulDatabase()
    expect(checkInvariants(database, startedAt).filter(({ checked }) => checked === 0)).toEqual([])
    database.close()
  })
})

describe('An altered database', () => {
  for (const [what, breaks, alter] of alterations) {
    it(`breaks ${breaks.join(', ')} when ${what}`, () => {
      const database = eventfulDatabase()
      alter(database)
      expect(broken(database)).toEqual(breaks)
      database.close()
    })
  }

  it('is shown to break every invariant', () => {
    const shown = new Set(alterations.flatMap(([, breaks]) => breaks))
    expect(invariants.map(({ name }) => name).filter(name => !shown.has(name))).toEqual([])
  })

  it('names the row, keeps the first five violations and counts them all', () => {
    const database = eventfulDatabase()
    database.exec('UPDATE ledger_lines SET at = at + 1 WHERE sequence BETWEEN 2 AND 8')
    const chain = checkInvariants(database, startedAt).find(({ name }) => name === 'M5')
    expect(chain?.violationCount).toBe(7)
    expect(chain?.violations).toEqual([2, 3, 4, 5, 6].map(line => `ledger line ${line} was altered`))
    database.close()
  })

  it('has undecided invariants where a state is no JSON any more, and decides the others', () => {
    const database = eventfulDatabase()
    database.exec(`UPDATE snapshots SET state = '{' WHERE kind = 'ownedCoupon'`)
    const results = new Map(
      checkInvariants(database, startedAt).map(result => [result.name, result.violations]),
    )
    expect(results.get('C2')).toEqual(['cannot be decided: malformed JSON'])
    expect(results.get('E7')).toEqual([
      'the snapshot of ownedCoupon/71:11 was altered',
      'the snapshot of ownedCoupon/71:12 was altered',
    ])
    expect(results.get('M3')).toEqual([])
    database.close()
  })

  it('is summed without losing digits', () => {
    const database = eventfulDatabase()
    const line: ForgedLine = ['cash-in', Number.MAX_SAFE_INTEGER]
    forgeEntry(database, 'CHARGE', 'x', [line, line, line, ['revenue', 2]])
    const sum = checkInvariants(database, startedAt).find(({ name }) => name === 'M2')
    expect(sum?.violations).toEqual([
      `all accounts together sum to ${3n * BigInt(Number.MAX_SAFE_INTEGER) + 2n}`,
    ])
    database.close()
  })
})

describe('A database that retention has worked on', () => {
  it('holds without the events of more than 30 days ago, and breaks E6 without later ones', () => {
    const database = eventfulDatabase()
    database.exec('DELETE FROM outbox')
    expect(broken(database, startedAt + 30 * dayMs)).toEqual(['E6'])
    expect(broken(database, startedAt + 30 * dayMs + 1)).toEqual([])
    database.close()
  })

  it('holds without the oldest of the journal after 90 days, and breaks E5 before', () => {
    const database = eventfulDatabase()
    database.exec('DELETE FROM journal WHERE sequence <= 20')
    expect(broken(database, startedAt + 90 * dayMs + 1)).toEqual([])
    forgeJournal(database, 'UPDATE journal SET sequence = 1 WHERE sequence = 21')
    expect(broken(database, startedAt + 90 * dayMs)).toEqual(['E5'])
    expect(broken(database, startedAt + 90 * dayMs + 1)).toEqual([])
    database.close()
  })

  it('still breaks E5 when a later row of the journal is missing', () => {
    const database = eventfulDatabase()
    database.exec('DELETE FROM journal WHERE sequence <= 20 OR sequence = 44')
    expect(broken(database, startedAt + 91 * dayMs)).toEqual(['E5'])
    database.close()
  })
})

describe('A database that cannot be checked', () => {
  it('says so when it is empty', () => {
    const database = new Sqlite(':memory:')
    expect(() => checkInvariants(database, startedAt)).toThrow(
      /has the schema 0 and not \d+; start its server once/,
    )
    database.close()
  })

  it('says so when its pages are damaged', () => {
    const damaged = Buffer.from(eventful)
    damaged.fill(0x7f, 8_192)
    const database = new Sqlite(damaged)
    expect(() => checkInvariants(database, startedAt)).toThrow(/cannot be read .*restore it from a backup/)
    database.close()
  })
})
