import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { fieldRules } from '../../src/actors/shown-fields.ts'
import { shownAddress, shownContext, shownMessage, shownPatch } from '../../src/actors/shown-journal.ts'
import { databasePath } from '../../src/persistence/database.ts'
import { unpackJournal } from '../../src/persistence/packing.ts'
import { kindOf, type Message } from '../../src/runtime/envelope.ts'
import type { JournalEntry } from '../../src/runtime/store.ts'
import { goldenReleases, goldenSceneNames, restoreGolden } from '../golden/golden-file.ts'
import { dataDirectory } from '../support/data-directory.ts'

/** Every journal entry that the golden scenes left on disk. */
function goldenEntries(): JournalEntry[] {
  return goldenReleases().flatMap(release =>
    goldenSceneNames(release).flatMap(scene => {
      const directory = dataDirectory()
      restoreGolden(release, scene, directory)
      const database = new Sqlite(databasePath(directory))
      try {
        const rows = database.prepare<[], string>('SELECT entries FROM journal').pluck().all()
        return rows.flatMap(unpackJournal)
      } finally {
        database.close()
      }
    }),
  )
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(namesIn)
  return Object.entries(value).flatMap(([name, field]) => [name, ...namesIn(field)])
}

const price = { originalPrice: 45_000, discountAmount: 0 }

describe('a shown message', () => {
  it('keeps what may be seen, however deep it stands', () => {
    const sale = {
      type: 'RecordSale',
      orderId: 1001,
      paidAt: 5,
      sales: [{ productId: 101, quantity: 2 }],
    }
    expect(shownMessage(sale)).toEqual(sale)
  })

  it('leaves out a field that nobody has decided on, wherever it stands', () => {
    const message = {
      type: 'DeductBalance',
      ...price,
      cardNumber: '4000',
      items: [{ quantity: 1, giftNote: 'x' }],
    }
    expect(shownMessage(message)).toEqual({ type: 'DeductBalance', ...price, items: [{ quantity: 1 }] })
  })

  it('of a type that nobody has heard of it keeps the type', () => {
    expect(shownMessage({ type: 'Whisper', words: 'hush' })).toEqual({ type: 'Whisper' })
  })

  it('shows the names of things, and not those of people', () => {
    expect(shownMessage({ type: 'ChangeProduct', name: 'Linen blouse' })).toHaveProperty(
      'name',
      'Linen blouse',
    )
    expect(shownMessage({ type: 'ApproveCredit', by: { id: 1, name: 'minji' }, reason: 'a gift' })).toEqual({
      type: 'ApproveCredit',
    })
    expect(shownMessage({ type: 'CreateCustomer', customerId: 1, username: 'minji' })).toEqual({
      type: 'CreateCustomer',
      customerId: 1,
    })
    expect(shownMessage({ type: 'Greet', name: 'minji' })).toEqual({ type: 'Greet' })
  })

  it('looks into a message within a message', () => {
    const message: Message = { type: 'ChangeProduct', name: 'Linen blouse', secret: 1 }
    expect(shownMessage({ type: 'BeginRequest', hash: 'abc', to: 'product/1', message })).toEqual({
      type: 'BeginRequest',
      message: { type: 'ChangeProduct', name: 'Linen blouse' },
    })
  })

  it('tells why something was refused', () => {
    const refusal = { code: 'BALANCE_INSUFFICIENT', facts: { available: 1, requested: 2, username: 'minji' } }
    expect(shownMessage({ type: 'DeductBalanceRejected', refusal })).toEqual({
      type: 'DeductBalanceRejected',
      refusal: { code: 'BALANCE_INSUFFICIENT', facts: { available: 1, requested: 2 } },
    })
  })
})

describe('a shown patch', () => {
  it('keeps changes of what may be seen, and removals of it', () => {
    const patch = [[['stock', 0], 'done'], [['returns', 'underWay']], [['awaited'], 0]] as const
    expect(shownPatch('payment', patch)).toEqual(patch)
  })

  it('leaves out changes within what is hidden, and hidden fields of what was set as a whole', () => {
    const patch = [
      [['payer', 'from'], 'door/1'],
      [['surprise'], 1],
      [[], { orderId: 1001, payer: { from: 'door/1' } }],
    ] as const
    expect(shownPatch('payment', patch)).toEqual([[[], { orderId: 1001 }]])
  })

  it('knows by the kind of actor whose name it is', () => {
    expect(shownPatch('product', [[['name'], 'Linen blouse']])).toHaveLength(1)
    expect(shownPatch('customer', [[['name'], 'minji']])).toEqual([])
    expect(shownContext('product', { name: 'Linen blouse', secret: 1 })).toEqual({ name: 'Linen blouse' })
    expect(shownContext('coupon', { terms: { name: 'Spring' } })).toEqual({ terms: { name: 'Spring' } })
  })
})

describe('a shown address', () => {
  it('keeps numbers and hashes, and hides what a person is called', () => {
    expect(shownAddress('payment/1001')).toBe('payment/1001')
    expect(shownAddress('ownedCoupon/201:1')).toBe('ownedCoupon/201:1')
    expect(shownAddress('door/mk0koo00-0-1')).toBe('door/mk0koo00-0-1')
    expect(shownAddress('request/luiW18HH-QnpW_vf1RfHRBXawGumkm6YJPHIWSsOTdg')).toMatch(/^request\/luiW/)
    expect(shownAddress('campaignQuota/minji')).toBe('campaignQuota/…')
  })
})

describe('what is decided of each field', () => {
  it('says something about every field of every message and context that is on disk', () => {
    const names = new Set(
      goldenEntries().flatMap(({ message, patch = [] }) => [
        ...namesIn(message),
        ...patch.flatMap(([path, value]) => [
          ...path.filter(part => typeof part === 'string'),
          ...namesIn(value),
        ]),
      ]),
    )
    expect(names.size).toBeGreaterThan(80)
    expect([...names].filter(name => !(name in fieldRules))).toEqual([])
  })

  it('shows nobody of the staff, no username and no free text in anything that is on disk', () => {
    const entries = goldenEntries()
    const shown = entries.map(({ actor, from, message, patch = [] }) => [
      shownAddress(actor),
      shownAddress(from),
      shownMessage(message),
      shownPatch(kindOf(actor), patch),
    ])
    expect(JSON.stringify(entries)).toMatch(/minji.*A gift\./)
    expect(JSON.stringify(shown)).not.toMatch(/minji|A gift\.|username|hash/)
  })

  it('gives a reason for each field that is hidden', () => {
    for (const [name, rule] of Object.entries(fieldRules)) {
      if (typeof rule === 'object' && 'hidden' in rule) expect(rule.hidden, name).toMatch(/^it |^what /)
    }
  })
})
