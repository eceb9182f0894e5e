import { describe, expect, it } from 'vitest'
import type { StaffCreditReply, StaffMember } from '../../../src/actors/operator/staff-credit-messages.ts'
import type { Envelope, Message } from '../../../src/runtime/envelope.ts'
import { dataDirectory } from '../../support/data-directory.ts'
import { openScenario, reopenScenario, type Scenario, smallProfile } from '../../support/open-scenario.ts'

const minji = { id: 7, name: 'minji' }
const seojun = { id: 8, name: 'seojun' }
const nobody = { id: null, name: 'operator' }
const approvalLimit = 100_000

const credit = (amount: number, by: StaffMember = minji) => ({
  type: 'ProposeCredit',
  ...{ creditId: 1, customerId: 1, amount, reason: 'A parcel was lost.', by, approvalLimit },
})

const open = () => openScenario({ profile: smallProfile })

function staff(shop: Scenario) {
  const ask = (by: { name: string }, message: Message) =>
    shop.ask('staffCredit/1', message, {
      correlationId: 'staffCredit/1',
      operator: { name: by.name, reason: 'A parcel was lost.' },
    }) as Promise<StaffCreditReply & { refusal?: unknown }>
  return {
    propose: (amount: number, by: StaffMember = minji) => ask(by, credit(amount, by)),
    approve: (by: StaffMember) => ask(by, { type: 'ApproveCredit', by, reason: 'I have seen it.' }),
    decline: (by: StaffMember) => ask(by, { type: 'DeclineCredit', by }),
  }
}

/** The demo shop gives each of its customers 150,000. */
const balanceOf = (shop: Scenario) => shop.questions.balanceAmount(1)
const audited = (shop: Scenario) =>
  shop.database.prepare('SELECT operator, action, subject, outcome FROM audit_log ORDER BY sequence').all()

describe('ProposeCredit', () => {
  it('charges the balance at once up to the limit', async () => {
    const shop = await open()
    const { propose } = staff(shop)
    expect(await propose(approvalLimit)).toMatchObject({
      type: 'CreditGiven',
      ...{ creditId: 1, customerId: 1, amount: approvalLimit, status: 'CREDITED' },
      ...{ proposedBy: minji, decidedBy: null, reason: 'A parcel was lost.' },
    })
    expect(balanceOf(shop)).toBe(250_000)
  })

  it('moves nothing above the limit', async () => {
    const shop = await open()
    const { propose } = staff(shop)
    expect(await propose(approvalLimit + 1)).toMatchObject({ type: 'CreditProposed', status: 'PROPOSED' })
    expect(balanceOf(shop)).toBe(150_000)
  })

  it('of the same credit again is refused', async () => {
    const shop = await open()
    const { propose } = staff(shop)
    await propose(5)
    expect(await propose(5)).toMatchObject({
      type: 'ProposeCreditRejected',
      refusal: { code: 'CREDIT_NOT_OPEN', facts: { creditId: 1, status: 'CREDITED' } },
    })
    expect(balanceOf(shop)).toBe(150_005)
  })

  it('is refused with what the balance says, and moves nothing', async () => {
    const shop = await open()
    const message = { ...credit(5), customerId: 999 }
    const reply = await shop.ask('staffCredit/1', message, { correlationId: 'staffCredit/1' })
    expect(reply).toMatchObject({ type: 'ProposeCreditRejected', refusal: { code: 'BALANCE_NOT_FOUND' } })
    expect(shop.operatorQuestions.credit(1)?.status).toBe('REFUSED')
  })
})

describe('ApproveCredit', () => {
  it('by somebody else charges the balance, once', async () => {
    const shop = await open()
    const { propose, approve } = staff(shop)
    await propose(200_000)
    expect(await approve(seojun)).toMatchObject({
      type: 'CreditGiven',
      status: 'CREDITED',
      decidedBy: seojun,
    })
    expect(await approve(seojun)).toMatchObject({ refusal: { code: 'CREDIT_NOT_OPEN' } })
    expect(balanceOf(shop)).toBe(350_000)
    expect((await shop.get('/balances/1/balance-histories')).body).toMatchObject([
      { changeType: 'CHARGE', changeAmount: 150_000 },
      { changeType: 'CHARGE', changeAmount: 200_000, totalAmount: 350_000 },
    ])
  })

  it.each([
    ['whoever proposed it', minji, minji],
    ['whoever proposed it, under another name', minji, { id: 7, name: 'seojun' }],
    ['somebody whom nobody knows', minji, nobody],
    ['anybody, where nobody knows who proposed it', nobody, seojun],
  ])('by %s is refused and moves nothing', async (_who, proposer, approver) => {
    const shop = await open()
    const { propose, approve } = staff(shop)
    await propose(200_000, proposer)
    expect(await approve(approver)).toMatchObject({
      type: 'ApproveCreditRejected',
      refusal: { code: 'CREDIT_SELF_APPROVAL', facts: { creditId: 1 } },
    })
    expect(balanceOf(shop)).toBe(150_000)
    expect(shop.operatorQuestions.credit(1)?.status).toBe('PROPOSED')
  })

  it('by two at once charges the balance once', async () => {
    const shop = await open()
    const { propose, approve } = staff(shop)
    await propose(200_000)
    const replies = await Promise.all([approve(seojun), approve({ id: 9, name: 'haeun' })])
    expect(replies.map(({ type }) => type).sort()).toEqual(['ApproveCreditRejected', 'CreditGiven'])
    expect(balanceOf(shop)).toBe(350_000)
  })

  it('of a credit that nobody proposed is refused', async () => {
    const shop = await open()
    const { approve, decline } = staff(shop)
    expect(await approve(seojun)).toMatchObject({ refusal: { code: 'CREDIT_NOT_FOUND' } })
    expect(await decline(seojun)).toMatchObject({ refusal: { code: 'CREDIT_NOT_FOUND' } })
  })

  it('leaves rows of both in the audit log, and of every refusal', async () => {
    const shop = await open()
    const { propose, approve } = staff(shop)
    await propose(200_000)
    await approve(minji)
    await approve(seojun)
    expect(audited(shop)).toEqual([
      { operator: 'minji', action: 'ProposeCredit', subject: 'staffCredit/1', outcome: 'CreditProposed' },
      {
        operator: 'minji',
        action: 'ApproveCredit',
        subject: 'staffCredit/1',
        outcome: 'CREDIT_SELF_APPROVAL',
      },
      { operator: 'seojun', action: 'ApproveCredit', subject: 'staffCredit/1', outcome: '' },
      { operator: 'seojun', action: 'ChargeBalance', subject: 'balance/1', outcome: 'BalanceCharged' },
    ])
  })

  it.each([
    ['the charge is lost', ({ to }: Envelope) => to === 'balance/1'],
    ['its answer is lost', ({ from }: Envelope) => from === 'balance/1'],
  ])('goes on until the balance has answered when %s, and charges it once', async (_what, isLost) => {
    const shop = await open()
    const { propose, approve } = staff(shop)
    await propose(200_000)
    shop.messages.rule = envelope => (isLost(envelope) ? 'drop' : 'deliver')
    const approved = approve(seojun)
    await shop.pass(2_000)
    expect(shop.operatorQuestions.credit(1)?.status).toBe('CREDITING')
    shop.messages.rule = () => 'deliver'
    await shop.pass(4_000)
    expect(await approved).toMatchObject({ type: 'CreditGiven' })
    expect(balanceOf(shop)).toBe(350_000)
    expect(shop.database.prepare("SELECT * FROM timers WHERE actor = 'staffCredit/1'").all()).toEqual([])
  })
})

describe('DeclineCredit', () => {
  it('ends a proposal for good, also by whoever made it', async () => {
    const shop = await open()
    const { propose, approve, decline } = staff(shop)
    await propose(200_000)
    expect(await decline(minji)).toMatchObject({
      type: 'CreditDeclined',
      status: 'DECLINED',
      decidedBy: minji,
    })
    expect(await approve(seojun)).toMatchObject({ refusal: { code: 'CREDIT_NOT_OPEN' } })
    expect(await decline(seojun)).toMatchObject({ refusal: { code: 'CREDIT_NOT_OPEN' } })
    expect(balanceOf(shop)).toBe(150_000)
  })
})

describe('a proposal', () => {
  it('is there after a restart, and is listed until it is decided', async () => {
    const directory = dataDirectory()
    const before = await openScenario({ profile: smallProfile, dataDirectory: directory })
    await staff(before).propose(200_000)
    await before.close()

    const shop = reopenScenario({ profile: smallProfile, dataDirectory: directory })
    const listed = () => shop.operatorQuestions.openCredits({ limit: 10 }).items
    expect(listed()).toMatchObject([{ creditId: 1, amount: 200_000, proposedBy: minji }])
    await staff(shop).approve(seojun)
    expect(listed()).toEqual([])
    expect(balanceOf(shop)).toBe(350_000)
  })
})
