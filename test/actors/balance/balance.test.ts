import { describe, expect, it } from 'vitest'
import { balance } from '../../../src/actors/balance/balance.ts'
import { chargeAmountMax, walletAmountMax } from '../../../src/money.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { openTestRuntime, type Sent, type TestRuntime } from '../../runtime/open-test-runtime.ts'

const wallet = 'balance/11'
const key = { scope: '1001/1', name: 'deductBalance' }
const charge = (amount: number) => ({ type: 'ChargeBalance', amount })
const deduct = (originalPrice: number, discountAmount = 0): Sent => ({
  to: wallet,
  message: { type: 'DeductBalance', originalPrice, discountAmount },
  key,
  resent: true,
})
const refund = (originalPrice: number, discountAmount = 0): Sent => ({
  to: wallet,
  message: { type: 'RefundBalance', originalPrice, discountAmount },
  key: { ...key, name: 'refundBalance' },
  undoes: key,
  resent: true,
})

const openRuntime = () => openTestRuntime({ actors: [erased(balance)] })

/** A wallet that lacks one to its limit; charging it that far would take a thousand charges. */
const almostFull: typeof balance = {
  ...balance,
  step: (state = { customerId: 11, amount: walletAmountMax - 1 }, incoming) => balance.step(state, incoming),
}

/** A wallet that holds `amount`. */
async function walletOf(amount: number): Promise<TestRuntime> {
  const runtime = openRuntime()
  await runtime.tell({ to: wallet, message: { type: 'OpenBalance', customerId: 11 } })
  if (amount > 0) await runtime.run(wallet, charge(amount))
  return runtime
}

const amountOf = ({ stored }: TestRuntime) => (stored(wallet) as { amount: number }).amount

const lastEntry = ({ database }: TestRuntime) =>
  database
    .prepare(
      `SELECT change_type, account, amount, total_after FROM ledger_lines
       WHERE entry = (SELECT max(entry) FROM ledger_lines) ORDER BY sequence`,
    )
    .raw()
    .all()

const ledgerSize = ({ database }: TestRuntime) =>
  database.prepare('SELECT count(*) FROM ledger_lines').pluck().get()

describe('OpenBalance', () => {
  it('starts at nothing, and a second time changes nothing', async () => {
    const runtime = await walletOf(500)
    await runtime.tell({ to: wallet, message: { type: 'OpenBalance', customerId: 11 } })
    expect(runtime.stored(wallet)).toEqual({ customerId: 11, amount: 500 })
  })
})

describe('ChargeBalance', () => {
  it('adds to the wallet, against cash-in', async () => {
    const runtime = await walletOf(500)
    expect(await runtime.run(wallet, charge(1_000))).toEqual({
      type: 'BalanceCharged',
      customerId: 11,
      amount: 1_500,
    })
    expect(lastEntry(runtime)).toEqual([
      ['CHARGE', 'wallet/11', 1_000, 1_500],
      ['CHARGE', 'cash-in', -1_000, null],
    ])
  })

  it.each([1, chargeAmountMax])('takes %d', async amount => {
    const runtime = await walletOf(0)
    expect(await runtime.run(wallet, charge(amount))).toMatchObject({ amount })
  })

  it.each([0, -1, 1.5, chargeAmountMax + 1, Number.NaN])('refuses %d', async amount => {
    const runtime = await walletOf(500)
    expect(await runtime.run(wallet, charge(amount))).toEqual({
      type: 'ChargeBalanceRejected',
      refusal: { code: 'BALANCE_INVALID_AMOUNT', facts: { amount } },
    })
    expect(amountOf(runtime)).toBe(500)
  })

  it('fills the wallet to its limit and refuses to pass it', async () => {
    const full = openTestRuntime({ actors: [erased(almostFull)] })
    expect(await full.run(wallet, charge(1))).toMatchObject({ amount: walletAmountMax })
    expect(await full.run(wallet, charge(1))).toEqual({
      type: 'ChargeBalanceRejected',
      refusal: { code: 'BALANCE_LIMIT_EXCEEDED', facts: { amount: walletAmountMax, limit: walletAmountMax } },
    })
  })

  it('refuses when there is no such wallet, and leaves no row', async () => {
    const runtime = openRuntime()
    expect(await runtime.run(wallet, charge(1))).toEqual({
      type: 'ChargeBalanceRejected',
      refusal: { code: 'BALANCE_NOT_FOUND', facts: { customerId: 11 } },
    })
    expect(runtime.stored(wallet)).toBeUndefined()
  })

  it('of two at once counts both, one after the other', async () => {
    const { ask } = await walletOf(0)
    const charged = await Promise.all([ask(wallet, charge(5_000)), ask(wallet, charge(3_000))])
    expect(charged.map(({ amount }) => amount)).toEqual([5_000, 8_000])
  })
})

describe('DeductBalance', () => {
  it('takes what is payable and posts the discount beside it', async () => {
    const runtime = await walletOf(10_000)
    expect(await runtime.tell(deduct(3_000, 300))).toEqual([{ type: 'BalanceDeducted', amount: 7_300 }])
    expect(lastEntry(runtime)).toEqual([
      ['USE', 'wallet/11', -2_700, 7_300],
      ['USE', 'discount', -300, null],
      ['USE', 'revenue', 3_000, null],
    ])
  })

  it('takes all that the wallet holds', async () => {
    const runtime = await walletOf(3_000)
    expect(await runtime.tell(deduct(3_000))).toEqual([{ type: 'BalanceDeducted', amount: 0 }])
  })

  it('of nothing is answered, and writes no history of the wallet', async () => {
    const runtime = await walletOf(500)
    expect(await runtime.tell(deduct(300, 300))).toEqual([{ type: 'BalanceDeducted', amount: 500 }])
    expect(lastEntry(runtime)).toEqual([
      ['USE', 'discount', -300, null],
      ['USE', 'revenue', 300, null],
    ])
  })

  it('of an order that costs nothing writes no ledger line', async () => {
    const runtime = await walletOf(500)
    const before = ledgerSize(runtime)
    expect(await runtime.tell(deduct(0))).toEqual([{ type: 'BalanceDeducted', amount: 500 }])
    expect(ledgerSize(runtime)).toBe(before)
  })

  it('refuses more than the wallet holds', async () => {
    const runtime = await walletOf(2_999)
    const before = ledgerSize(runtime)
    expect(await runtime.tell(deduct(3_300, 300))).toEqual([
      {
        type: 'DeductBalanceRejected',
        refusal: { code: 'BALANCE_INSUFFICIENT', facts: { available: 2_999, requested: 3_000 } },
      },
    ])
    expect(amountOf(runtime)).toBe(2_999)
    expect(ledgerSize(runtime)).toBe(before)
  })

  it('refuses when there is no such wallet', async () => {
    expect(await openRuntime().tell(deduct(1))).toMatchObject([{ refusal: { code: 'BALANCE_NOT_FOUND' } }])
  })

  it('repeated takes once, also after a restart', async () => {
    const first = await walletOf(10_000)
    const answers = [
      ...(await first.tell(deduct(3_000), deduct(3_000))),
      ...(await first.crash().tell(deduct(3_000))),
    ]
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ type: 'BalanceDeducted', amount: 7_000 })))
  })

  it('of two at once that the wallet can pay takes both', async () => {
    const runtime = await walletOf(10_000)
    const other = { ...deduct(5_000), key: { scope: '1002/1', name: 'deductBalance' } }
    expect(await runtime.tell(deduct(5_000), other)).toEqual([
      { type: 'BalanceDeducted', amount: 5_000 },
      { type: 'BalanceDeducted', amount: 0 },
    ])
  })
})

describe('RefundBalance', () => {
  it('gives back what was taken, and posts the exact negative', async () => {
    const runtime = await walletOf(10_000)
    await runtime.tell(deduct(3_000, 300))
    expect(await runtime.tell(refund(3_000, 300))).toEqual([{ type: 'BalanceRefunded', amount: 10_000 }])
    expect(lastEntry(runtime)).toEqual([
      ['ROLLBACK', 'wallet/11', 2_700, 10_000],
      ['ROLLBACK', 'discount', 300, null],
      ['ROLLBACK', 'revenue', -3_000, null],
    ])
  })

  it.each([
    ['never came', []],
    ['was refused', [deduct(99_999)]],
  ])('of a deduction that %s changes nothing', async (_case, earlier) => {
    const runtime = await walletOf(500)
    await runtime.tell(...earlier)
    const before = ledgerSize(runtime)
    expect(await runtime.tell(refund(99_999))).toEqual([{ type: 'BalanceRefunded', amount: 500 }])
    expect(ledgerSize(runtime)).toBe(before)
  })

  it('may pass the limit of the wallet: an undo cannot be refused', async () => {
    const full = openTestRuntime({ actors: [erased(almostFull)] })
    await full.tell(deduct(1_000))
    await full.run(wallet, charge(1_001))
    expect(await full.tell(refund(1_000))).toEqual([
      { type: 'BalanceRefunded', amount: walletAmountMax + 1_000 },
    ])
  })

  it('without a wallet is answered', async () => {
    expect(await openRuntime().tell(refund(1))).toEqual([{ type: 'BalanceRefunded', amount: 0 }])
  })
})
