import { describe, expect, it } from 'vitest'
import type { InvariantResult } from '../../../src/persistence/invariants/invariants.ts'
import { RunningCheck } from '../../../src/persistence/invariants/running-check.ts'
import { alterations } from './alterations.ts'
import { eventfulDatabase, openEventfulShop } from './eventful-shop.ts'
import { dropping, openSmallShop, startedAt } from './small-shop.ts'
import { stories } from './stories.ts'

const broken = (results: readonly InvariantResult[]) =>
  results.flatMap(({ name, violationCount }) => (violationCount > 0 ? [name] : []))

const said = (results: readonly InvariantResult[]) =>
  results.flatMap(({ name, violations }) => violations.map(violation => `${name} ${violation}`))

describe('A running check of an untouched shop', () => {
  for (const [story, { tell, intercept }] of Object.entries(stories)) {
    it(`finds nothing at any commit of ${story}`, () => {
      let check: RunningCheck | undefined
      let commits = 0
      const shop = openSmallShop({
        ...(intercept && { intercept }),
        onCommitted(database, now) {
          check ??= new RunningCheck(database)
          commits += 1
          expect(said(check.advance(now)), `after commit ${commits}`).toEqual([])
        },
      })
      shop.furnish()
      shop.order(1001, 11, 2, 3)
      tell(shop)
      shop.close()
      expect(commits).toBeGreaterThan(10)
    })
  }
})

/** Alterations of what a shop was furnished with, and what is found of them once that is behind the check. */
const ofTheFurnishing: Readonly<Record<string, string[]>> = {
  // The chain was written anew behind the line that the check had come to.
  'two entries are out by one, in opposite directions': ['M5', 'E7'],
  'money came from nowhere': ['M5', 'E7'],
  'a wallet was negative for a while': ['M5', 'E7'],
  'the time of a ledger line was altered': [],
  'a campaign counts one issue too many': [],
  'a campaign issued more than it has': [],
  'a customer has a coupon that was not issued': ['C2'],
  'a product is listed at another price': [],
  'a product is not listed': [],
  'an option is listed at another price': [],
  'an option is listed that does not exist': [],
  'an option is listed under another product': [],
  'a product costs what it is not listed at': [],
  'a campaign that was ended is listed as open': [],
  'a campaign is not listed': [],
  'a transition is missing in the journal': [],
  'a transition names no message': [],
  'a snapshot was altered': [],
  'a journal row was altered': [],
}

/** Alterations that leave rows which the check has not seen, however late they come. */
const leavingRows = new Set([
  'the sequence of the ledger has a gap',
  'more was refunded than was paid',
  'a failed attempt moved money',
  'a payment that does not exist moved money',
  'a stock moved in an unknown way',
  'a stock is negative',
  'a failed attempt kept a unit that another attempt gave back',
  'a failed attempt kept a unit',
  'a paid order took a unit too few',
  'a payment in flight holds a unit that it never asked for',
  'nothing will move a payment',
  'one key was posted twice',
  'the money of an order was taken in two attempts',
  'a payment was announced twice',
  'a reason in the audit log was altered',
  'a row of the audit log is gone',
  'a return gave back more than its share, and everybody agrees on it',
  'something was refunded that nobody returned',
  'what was returned was put back twice',
  'a return was announced twice',
  'a return was taken off the statistics twice',
  'a failed payment was announced',
])

describe.each(['start', 'end'] as const)('A running check from the %s of an altered shop', from => {
  for (const [what, breaks, alter] of alterations) {
    it(`that sees all of it finds ${breaks.join(', ')} when ${what}`, () => {
      let check: RunningCheck | undefined
      const { database, close } = openEventfulShop({
        onOpened(shop) {
          check = new RunningCheck(shop.database, from)
          expect(said(check.advance(startedAt))).toEqual([])
        },
      })
      alter(database)
      expect(broken(check?.advance(startedAt) ?? [])).toEqual(breaks)
      close()
    })

    const found = ofTheFurnishing[what] ?? breaks
    it(`that sees its orders finds ${found.join(', ') || 'nothing'} when ${what}`, () => {
      let check: RunningCheck | undefined
      const { database, close } = openEventfulShop({
        onFurnished(shop) {
          check = new RunningCheck(shop.database, from)
          expect(said(check.advance(startedAt))).toEqual([])
        },
      })
      alter(database)
      expect(broken(check?.advance(startedAt) ?? [])).toEqual(found)
      close()
    })

    const later = leavingRows.has(what) ? breaks : []
    it(`that has seen it all finds ${later.join(', ') || 'nothing'} when ${what}`, () => {
      const database = eventfulDatabase()
      const check = new RunningCheck(database, from)
      check.advance(startedAt)
      alter(database)
      const seenVanish =
        from === 'start' && ['an actor is ahead of its journal', 'an event id is used twice'].includes(what)
      expect(broken(check.advance(startedAt))).toEqual(seenVanish ? breaks : later)
      database.close()
    })
  }
})

describe('A running check from the end', () => {
  for (const [story, { tell, intercept }] of Object.entries(stories)) {
    if (!/return|given back/.test(story)) continue
    it(`finds nothing in ${story}, after whichever commit it was begun`, () => {
      const checks: RunningCheck[] = []
      const shop = openSmallShop({
        ...(intercept && { intercept }),
        onCommitted(database, now) {
          for (const [begun, check] of checks.entries())
            expect(said(check.advance(now)), `begun after commit ${begun}, at ${checks.length}`).toEqual([])
          checks.push(new RunningCheck(database, 'end'))
        },
      })
      shop.furnish()
      shop.order(1001, 11, 2, 3)
      tell(shop)
      shop.close()
      expect(checks.length).toBeGreaterThan(30)
    })
  }

  it('judges the returns of a payment that was paid long ago, over several looks', () => {
    const shop = openSmallShop()
    shop.furnish()
    shop.order(1001, 11, 2, 3)
    shop.pay(1001, 71)
    const check = new RunningCheck(shop.database, 'end')
    shop.giveBack(1001, 9_001, 1, 0)
    expect(said(check.advance(shop.now()))).toEqual([])
    shop.giveBack(1001, 9_002, 0, 2)
    expect(said(check.advance(shop.now()))).toEqual([])
    shop.giveBack(1001, 9_003)
    shop.database.exec(
      `UPDATE sales SET quantity = quantity - 1 WHERE sequence = (SELECT max(sequence) FROM sales)`,
    )
    expect(broken(check.advance(shop.now()))).toEqual(['E8'])
    shop.close()
  })

  it('knows what payments in flight have moved before', () => {
    const shop = openSmallShop({ intercept: dropping('BalanceDeducted', 1) })
    shop.furnish()
    shop.order(1001, 11, 2, 3)
    shop.pay(1001, 71)
    const check = new RunningCheck(shop.database, 'end')
    expect(said(check.advance(shop.now()))).toEqual([])
    shop.wait(2_000)
    const results = check.advance(shop.now())
    expect(said(results)).toEqual([])
    expect(results.filter(({ name }) => ['M6', 'S4', 'E6', 'E8'].includes(name))).toEqual(
      ['M6', 'S4', 'E6', 'E8'].map(name =>
        expect.objectContaining({ name, checked: expect.toSatisfy(n => n > 0) }),
      ),
    )
    shop.close()
  })

  it('expects nothing of a payment that had ended, and only waited for a late message', () => {
    const database = eventfulDatabase()
    const late = JSON.stringify({
      id: 'late',
      from: 'stock/21',
      to: 'payment/1002',
      message: { type: 'Late' },
    })
    database.prepare("INSERT INTO mailbox (id, envelope) VALUES ('late', ?)").run(late)
    const check = new RunningCheck(database, 'end')
    database.exec('DELETE FROM mailbox')
    expect(said(check.advance(startedAt))).toEqual([])
    database.close()
  })

  it('is told that an owed sale was counted', () => {
    const shop = openSmallShop({ intercept: dropping('RecordSale') })
    shop.furnish()
    shop.order(1001, 11, 2, 3)
    shop.pay(1001, 71)
    for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
    const check = new RunningCheck(shop.database, 'end')
    expect(said(check.advance(shop.now()))).toEqual([])
    shop.database.exec(`UPDATE outbox SET outcome = 'delivered' WHERE topic = 'command'`)
    expect(said(check.advance(shop.now()))).toEqual([
      'E8 order 1001 counts 0 sold of product 51 instead of 2',
      'E8 order 1001 counts 0 sold of product 52 instead of 3',
    ])
    shop.close()
  })
})

describe('A damaged row', () => {
  const damagedShop = (sql: string) => {
    let check: RunningCheck | undefined
    const { database, close } = openEventfulShop({
      onFurnished(shop) {
        check = new RunningCheck(shop.database)
        check.advance(startedAt)
      },
    })
    expect(database.prepare(sql).run().changes).toBe(1)
    const results = check?.advance(startedAt) ?? []
    close()
    return results
  }

  it('in a snapshot is named, and no relation is judged by it', () => {
    const results = damagedShop(
      `UPDATE snapshots SET state = replace(state, '"amount":5300', '"amount":5301') WHERE kind = 'balance' AND id = '11'`,
    )
    expect(said(results)).toEqual(['E7 the snapshot of balance/11 was altered'])
  })

  it('in the ledger is named, and no sum is formed of it', () => {
    const results = damagedShop(
      `UPDATE ledger_lines SET amount = amount - 1 WHERE key = '1001/1/deductBalance' AND account = 'wallet/11'`,
    )
    expect(said(results)).toEqual(['M5 ledger line 5 was altered', 'E7 ledger line 5 was altered'])
  })

  it('in the journal is named, and no transition is missed', () => {
    const results = damagedShop(
      `UPDATE journal SET entries = replace(entries, 'PaymentBegun', 'PaymentEnded') WHERE sequence =
        (SELECT max(sequence) FROM journal WHERE entries LIKE '%PaymentBegun%')`,
    )
    expect(said(results)).toEqual([expect.stringMatching(/^E7 journal row \d+ of order\/\d+ was altered$/)])
  })

  it('does not make what comes later look wrong', () => {
    const shop = openSmallShop()
    shop.furnish()
    const check = new RunningCheck(shop.database)
    check.advance(startedAt)
    shop.order(1001, 11, 2, 3)
    shop.pay(1001)
    shop.database.exec(`
      UPDATE ledger_lines SET amount = amount - 1 WHERE sequence = 5;
      UPDATE journal SET checksum = checksum + 1 WHERE sequence = (SELECT max(sequence) FROM journal)`)
    expect(broken(check.advance(startedAt))).toEqual(['M5', 'E7'])
    shop.order(1002, 11, 1, 1)
    shop.pay(1002)
    shop.order(1003, 12, 1, 1)
    shop.pay(1003)
    const results = check.advance(startedAt)
    expect(said(results)).toEqual([])
    expect(results.find(({ name }) => name === 'M6')?.checked).toBe(2)
    shop.close()
  })
})
