import { describe, expect, it } from 'vitest'
import { type CouponState, coupon } from '../../../src/actors/coupon/coupon.ts'
import { behindGate } from '../../../src/actors/coupon/coupon-gate.ts'
import type { CouponReply } from '../../../src/actors/coupon/coupon-messages.ts'
import { ownedCoupon } from '../../../src/actors/coupon/owned-coupon.ts'
import { createCouponIssues } from '../../../src/persistence/coupon-gate/coupon-issues.ts'
import { createRedisCouponGate } from '../../../src/persistence/coupon-gate/redis-coupon-gate.ts'
import { createDirectReader } from '../../../src/persistence/reader.ts'
import type { RedisCalls } from '../../../src/persistence/redis/redis-connection.ts'
import { RedisGone } from '../../../src/persistence/redis/redis-connection.ts'
import { erased } from '../../../src/runtime/actor.ts'
import type { Address, Message } from '../../../src/runtime/envelope.ts'
import { requestActor } from '../../../src/runtime/request-actor.ts'
import { dayMs, fixed } from '../../actors/coupon/coupon-terms.ts'
import { until } from '../../crash/until.ts'
import { openTestRuntime } from '../../runtime/open-test-runtime.ts'
import { describeWithRedis, type TestRedis } from '../../support/describe-with-redis.ts'

const issueTo = (customerId: number): Message => ({ type: 'IssueCoupon', customerId })

async function campaignOf(totalQuantity: number, terms = fixed) {
  const runtime = openTestRuntime({
    actors: [coupon, ownedCoupon, requestActor].map(one => erased(one as never)),
  })
  await runtime.run('coupon/71', { type: 'CreateCoupon', couponId: 71, totalQuantity, terms })
  return Object.assign(runtime, {
    issued: () =>
      runtime.database
        .prepare<[], number>('SELECT customer_id FROM coupon_issues ORDER BY customer_id')
        .pluck()
        .all(),
  })
}

type Campaign = Awaited<ReturnType<typeof campaignOf>>
type Issue = (to: Address, message: Message, options?: object) => Promise<Message>

async function codeOf(reply: Promise<Message>): Promise<string> {
  const answer = (await reply) as CouponReply
  return answer.type === 'IssueCouponRejected' ? answer.refusal.code : answer.type
}

const crowd = (size: number) => Array.from({ length: size }, (_, index) => index + 1)

/** What is true however a request comes to the campaign. */
function issueContract(open: (campaign: Campaign) => Issue): void {
  it('issues exactly as many as there are, one each, and tells everybody else why not', async () => {
    const campaign = await campaignOf(20)
    const issue = open(campaign)
    const customers = [...crowd(30), ...crowd(30)]
    const codes = await Promise.all(
      customers.map(customerId => codeOf(issue('coupon/71', issueTo(customerId)))),
    )
    const count = (code: string) => codes.filter(one => one === code).length
    expect(campaign.issued()).toHaveLength(20)
    expect(count('CouponIssued')).toBe(20)
    expect(count('COUPON_ALREADY_ISSUED')).toBe(20)
    expect(count('COUPON_INSUFFICIENT')).toBe(20)
  })

  it('tells one who has it that it is so, also when all are issued', async () => {
    const issue = open(await campaignOf(1))
    expect(await codeOf(issue('coupon/71', issueTo(11)))).toBe('CouponIssued')
    expect(await codeOf(issue('coupon/71', issueTo(11)))).toBe('COUPON_ALREADY_ISSUED')
    expect(await codeOf(issue('coupon/71', issueTo(12)))).toBe('COUPON_INSUFFICIENT')
  })

  it('says of a campaign that is over that it is, whoever asks', async () => {
    const campaign = await campaignOf(1)
    const issue = open(campaign)
    await issue('coupon/71', issueTo(11))
    campaign.clock.advance(8 * dayMs)
    for (const customerId of [11, 12]) {
      expect(await codeOf(issue('coupon/71', issueTo(customerId)))).toBe('COUPON_INVALID_PERIOD')
    }
  })

  it('says of a campaign that was ended early that it is over, also when all are issued', async () => {
    const campaign = await campaignOf(1)
    const issue = open(campaign)
    await issue('coupon/71', issueTo(11))
    await campaign.run('coupon/71', { type: 'EndCoupon' })
    for (const customerId of [11, 12]) {
      expect(await codeOf(issue('coupon/71', issueTo(customerId)))).toBe('COUPON_INVALID_PERIOD')
    }
  })

  it('says that a campaign has not begun, and issues once it has', async () => {
    const campaign = await campaignOf(1, { ...fixed, startedAt: fixed.startedAt + dayMs })
    const issue = open(campaign)
    expect(await codeOf(issue('coupon/71', issueTo(11)))).toBe('COUPON_INVALID_PERIOD')
    campaign.clock.advance(dayMs)
    expect(await codeOf(issue('coupon/71', issueTo(12)))).toBe('CouponIssued')
  })

  it('knows no campaign that there is not', async () => {
    const issue = open(await campaignOf(1))
    expect(await codeOf(issue('coupon/99', issueTo(11)))).toBe('COUPON_NOT_FOUND')
  })

  it('answers the first answer again under its idempotency key', async () => {
    const issue = open(await campaignOf(1))
    const begin = (hash: string) => ({ type: 'BeginRequest', hash, to: 'coupon/71', message: issueTo(11) })
    expect(await codeOf(issue('request/one', begin('a')))).toBe('CouponIssued')
    expect(await codeOf(issue('coupon/71', issueTo(11)))).toBe('COUPON_ALREADY_ISSUED')
    expect(await issue('request/one', begin('a'))).toMatchObject({
      type: 'RequestReplayed',
      answer: { type: 'CouponIssued' },
    })
    expect(await codeOf(issue('request/two', begin('a')))).toBe('COUPON_ALREADY_ISSUED')
  })
}

let generations = 0

/** The campaign behind a gate, with a look at who came through. */
function gateOf(campaign: Campaign, { client }: Pick<TestRedis, 'client'>) {
  const asked: number[] = []
  let valve = Promise.resolve()
  const redis: RedisCalls & { state: string; generation: string } = {
    state: 'closed',
    generation: `generation-${++generations}`,
    call: run => run(client),
  }
  const state = (couponId: number) => campaign.stored(`coupon/${couponId}`) as CouponState | undefined
  const gate = createRedisCouponGate({
    redis,
    issues: createCouponIssues(createDirectReader(campaign.database)),
    totalQuantity: couponId => state(couponId)?.totalQuantity,
    clock: campaign.clock,
    report: line => expect.unreachable(line),
  })
  async function ask(to: Address, message: Message, _options?: object): Promise<Message> {
    if (message.type === 'IssueCoupon') asked.push(message['customerId'] as number)
    await valve
    return campaign.run(to, message)
  }
  const issue = behindGate(ask, gate, state, () => campaign.clock.now())
  return {
    redis,
    asked,
    issue: ((to, message, options) => issue(to, message, options)) satisfies Issue as Issue,
    code: (customerId: number) => codeOf(issue('coupon/71', issueTo(customerId), {})),
    /** Keeps everybody who came through waiting; the function returned lets them all go on. */
    shut() {
      const { promise, resolve } = Promise.withResolvers<void>()
      valve = promise
      return resolve
    },
  }
}

describe('A campaign alone', () => {
  issueContract(campaign => (to, message) => campaign.run(to, message))
})

describeWithRedis('A campaign behind its gate in Redis', redis => {
  const untilAsked = (gate: ReturnType<typeof gateOf>, count: number) =>
    until(`${count} came through`, 5_000, () => gate.asked.length === count)
  /** Whatever was noted after an answer is in Redis once it answers this. */
  const noted = () => redis.client.ping()

  issueContract(campaign => {
    const { issue } = gateOf(campaign, redis)
    return issue
  })

  it('refuses at the gate what it knows, without asking the campaign', async () => {
    const gate = gateOf(await campaignOf(1), redis)
    await gate.code(11)
    await noted()
    expect([await gate.code(11), await gate.code(12)]).toEqual([
      'COUPON_ALREADY_ISSUED',
      'COUPON_INSUFFICIENT',
    ])
    expect(gate.asked).toEqual([11])
  })

  it('lets as many go on as there are coupons left, and the others wait for what becomes of them', async () => {
    const campaign = await campaignOf(3)
    const gate = gateOf(campaign, redis)
    const open = gate.shut()
    const codes = Promise.all(crowd(10).map(gate.code))
    await untilAsked(gate, 3)
    await noted()
    expect(gate.asked).toEqual([1, 2, 3])
    open()
    expect((await codes).toSorted()).toEqual([
      ...Array(7).fill('COUPON_INSUFFICIENT'),
      ...Array(3).fill('CouponIssued'),
    ])
    expect(gate.asked).toEqual([1, 2, 3])
  })

  it('takes an admission back when the campaign refuses for a reason that may pass', async () => {
    const campaign = await campaignOf(1, { ...fixed, startedAt: fixed.startedAt + dayMs })
    const gate = gateOf(campaign, redis)
    const open = gate.shut()
    const first = gate.code(1)
    await untilAsked(gate, 1)
    const second = gate.code(2)
    await noted()
    expect(gate.asked).toEqual([1])
    open()
    expect(await first).toBe('COUPON_INVALID_PERIOD')
    await untilAsked(gate, 2)
    expect(await second).toBe('COUPON_INVALID_PERIOD')
  })

  it('lets a waiting customer go on to the campaign after two seconds, and others after five', async () => {
    const campaign = await campaignOf(1)
    const gate = gateOf(campaign, redis)
    const open = gate.shut()
    const codes = [gate.code(1)]
    await untilAsked(gate, 1)
    codes.push(gate.code(2))
    await noted()
    await noted()
    campaign.clock.advance(2_000)
    await untilAsked(gate, 2)
    campaign.clock.advance(3_000)
    codes.push(gate.code(3))
    await untilAsked(gate, 3)
    open()
    expect((await Promise.all(codes)).toSorted()).toEqual([
      'COUPON_INSUFFICIENT',
      'COUPON_INSUFFICIENT',
      'CouponIssued',
    ])
  })

  it.each(['is emptied', 'comes back as a new one'])('reads the campaign again when Redis %s', async what => {
    const gate = gateOf(await campaignOf(2), redis)
    for (const customerId of [11, 12]) await gate.code(customerId)
    if (what === 'is emptied') await redis.client.flushdb()
    else gate.redis.generation += '-back'
    expect([await gate.code(11), await gate.code(13)]).toEqual([
      'COUPON_ALREADY_ISSUED',
      'COUPON_INSUFFICIENT',
    ])
    expect(gate.asked).toEqual([11, 12])
  })

  it('reads a campaign of many customers', { timeout: 20_000 }, async () => {
    const campaign = await campaignOf(2_500)
    for (const customerId of crowd(2_500)) await campaign.run('coupon/71', issueTo(customerId))
    const gate = gateOf(campaign, redis)
    expect([await gate.code(2_500), await gate.code(2_501)]).toEqual([
      'COUPON_ALREADY_ISSUED',
      'COUPON_INSUFFICIENT',
    ])
    expect(gate.asked).toEqual([])
  })

  it('stays right when Redis is emptied again and again while a crowd comes', async () => {
    const campaign = await campaignOf(50)
    const gate = gateOf(campaign, redis)
    const codes = await Promise.all(
      crowd(120).map(async customerId => {
        if (customerId % 10 === 0) await redis.client.flushdb()
        return gate.code(customerId)
      }),
    )
    expect(codes.filter(code => code === 'CouponIssued')).toHaveLength(50)
    expect(campaign.issued()).toHaveLength(50)
    expect(codes.filter(code => code === 'COUPON_INSUFFICIENT')).toHaveLength(70)
  })

  it('lets everybody through when Redis is gone, and learns again from what they are told', async () => {
    const gate = gateOf(await campaignOf(1), redis)
    gate.redis.state = 'open'
    expect([await gate.code(11), await gate.code(12)]).toEqual(['CouponIssued', 'COUPON_INSUFFICIENT'])
    const { call } = gate.redis
    gate.redis.state = 'closed'
    gate.redis.call = () => Promise.reject(new RedisGone('gone'))
    expect(await gate.code(11)).toBe('COUPON_ALREADY_ISSUED')
    gate.redis.call = call
    expect(await gate.code(11)).toBe('COUPON_ALREADY_ISSUED')
    expect(gate.asked).toEqual([11, 12, 11])
  })

  it('leaves no key without an end to its life, and no number below zero', async () => {
    const gate = gateOf(await campaignOf(2), redis)
    const open = gate.shut()
    const codes = crowd(5).map(gate.code)
    await untilAsked(gate, 2)
    const keys = await redis.client.keys('*')
    expect(keys.length).toBeGreaterThan(1)
    for (const key of keys) expect(await redis.client.pttl(key)).toBeGreaterThan(0)
    open()
    await Promise.all(codes)
    await noted()
    for (const key of await redis.client.keys('*')) expect(await redis.client.pttl(key)).toBeGreaterThan(0)
    const hash = (await redis.client.keys('*')).find(key => key.endsWith(':71')) ?? ''
    expect(await redis.client.hgetall(hash)).toEqual({ total: '2' })
    expect((await redis.client.smembers(`${hash}:issued`)).toSorted()).toEqual(['1', '2'])
  })
})
