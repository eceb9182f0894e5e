import { describe, expect, it } from 'vitest'
import { assign, createMachine } from 'xstate'
import { getSimplePaths } from 'xstate/graph'
import { orderMachine } from '../../src/machines/order-machine.ts'
import { runPurely } from './model-run.ts'
import { type PureModel, pureOrderModel, purePaymentModel, pureReturnModel } from './modelled-machine.ts'
import { orderModel } from './order-model.ts'
import {
  boundedPaymentMachine,
  paymentModel,
  paymentWorld,
  returnModel,
  withoutReturns,
} from './payment-model.ts'
import { paymentRules } from './payment-rules.ts'
import { returnRules } from './return-rules.ts'
import { exploreGraph, labelsOf, logicOf, traversal, walkSimplePaths } from './state-graph.ts'

const timeoutMs = 120_000
/** At the end of one path of so many, everything that can still come late is said. */
const lateEvery = 20

describe('Every simple path of the payment of one option', () => {
  const result = runPurely(purePaymentModel(1), lateEvery)

  it('keeps what the specification demands of it, in both attempts', () => {
    expect(result.problems).toEqual([])
    expect(result.legs).toBe(2)
    expect(result.paths).toBeGreaterThan(10_000)
    expect(result.late).toBeGreaterThan(10_000)
    expect(Object.keys(result.ends).sort()).toEqual(['completed', 'failed', 'idle'])
  })

  const returns = runPurely(pureReturnModel(), lateEvery, { coverage: result.coverage })

  it('keeps what the specification demands of its returns, in parts and as a whole', () => {
    expect(returns.problems).toEqual([])
    expect(returns.legs).toBeGreaterThan(6)
    expect(returns.paths).toBeGreaterThan(1_000)
    expect(Object.keys(returns.ends).sort()).toEqual(['completed', 'returned'])
  })

  it('is among paths that visit every state and take every transition', () => {
    expect([result.coverage.missingStates, result.coverage.missingTransitions]).toEqual([[], []])
  })
})

describe('Every simple path of the payment of two options that are never asked twice', () => {
  it(
    'keeps what the specification demands of it',
    () => {
      const machine = boundedPaymentMachine().provide({ guards: { mayResend: () => false } })
      const world = paymentWorld(2)
      const result = runPurely(
        {
          name: 'two options',
          model: paymentModel(world, machine, withoutReturns(world)),
          rules: paymentRules(world),
        },
        lateEvery,
      )
      expect(result.problems).toEqual([])
      expect(result.paths).toBeGreaterThan(3_000)
    },
    timeoutMs,
  )
})

describe('Every simple path of the order', () => {
  const result = runPurely(pureOrderModel(), 1)

  it('keeps what the specification demands of it', () => {
    expect(result.problems).toEqual([])
    expect(result.paths).toBeGreaterThan(1_000)
    expect(Object.keys(result.ends).sort()).toEqual([
      'CANCELLED',
      'EXPIRED',
      'PAID',
      'PARTIALLY_RETURNED',
      'RETURNED',
    ])
  })

  it('is among paths that visit every state and take every transition', () => {
    expect([result.coverage.missingStates, result.coverage.missingTransitions]).toEqual([[], []])
  })

  it(
    'is what xstate/graph calls a simple path, too',
    () => {
      const model = orderModel()
      const start = model.start().state
      const theirs = getSimplePaths(
        logicOf(model) as never,
        { ...traversal(model, start), toState: model.isTarget } as never,
      ).map(labelsOf)
      const ours: string[][] = []
      walkSimplePaths(exploreGraph(model, start), undefined, {
        enter: () => undefined,
        target: (_, path) => ours.push(path.map(({ event }) => event.label)),
      })
      expect(ours.map(String).sort()).toEqual(theirs.map(String).sort())
    },
    timeoutMs,
  )
})

describe('A payment machine that is wrong', () => {
  const machine = boundedPaymentMachine().provide({ guards: { mayResend: () => false } })
  const wrong = [
    {
      how: 'does not wait until the stock is back',
      machine: machine.provide({ guards: { noStockToRestore: () => true } }),
      found: 'failed before restoreStock/61 was answered',
    },
    {
      how: 'does not wait until the money is back',
      machine: machine.provide({ guards: { nothingToRefund: () => true } }),
      found: 'failed before refundBalance was answered',
    },
    {
      how: 'forgets to send an undo',
      machine: machine.provide({ actions: { releaseOrder: () => {} } }),
      found: 'failed having undone',
    },
    {
      how: 'undoes what was refused',
      machine: machine.provide({ actions: { noteCouponRefused: assign({ coupon: 'sent' }) } }),
      found: 'failed having undone',
    },
    {
      how: 'does not notice a cancellation',
      machine: machine.provide({ guards: { cancelled: () => false } }),
      found: 'completed in spite of PAYMENT_CANCELLED',
    },
    {
      how: 'does not answer a payer who failed',
      machine: machine.provide({ actions: { answerFailed: () => {} } }),
      found: 'the payer was answered 0 times',
    },
    {
      how: 'forgets the sale that is owed',
      machine: machine.provide({ actions: { oweSale: () => {} } }),
      found: 'completed with 0 sales owed',
    },
    {
      how: 'announces nothing',
      machine: machine.provide({ actions: { announceCompleted: () => {} } }),
      found: 'announced 0 times',
    },
    {
      how: 'keeps what is no plain data',
      machine: machine.provide({
        actions: { noteBalanceDeducted: assign({ balance: 'done', paidAt: new Date(0) as never }) },
      }),
      found: 'does not survive JSON',
    },
  ]

  it.each(wrong)('is found when it $how', ({ machine, found }) => {
    const world = paymentWorld(1)
    const result = runPurely(
      {
        name: 'wrong',
        model: paymentModel(world, machine, withoutReturns(world)),
        rules: paymentRules(world),
      },
      1_000,
    )
    expect(result.problems.join('\n')).toContain(found)
  })
})

describe('A payment machine that is wrong about returns', () => {
  const machine = boundedPaymentMachine()
  const wrong = [
    {
      how: 'gives nothing of the money back',
      machine: machine.provide({ actions: { refundReturn: () => {} } }),
      found: 'returned having sent',
    },
    {
      how: 'does not wait until the stock is back',
      machine: machine.provide({ guards: { everyOptionRestocked: () => true } }),
      found: 'was sent before what comes before it was answered',
    },
    {
      how: 'keeps the coupon',
      machine: machine.provide({ guards: { couponStays: () => true } }),
      found: 'returned although giveCouponBack is open',
    },
    {
      how: 'gives the coupon back with the first unit',
      machine: machine.provide({ guards: { couponStays: ({ context }) => context.couponId === null } }),
      found: 'it went on when giveCouponBack was answered, which was never sent',
    },
    {
      how: 'does not answer whoever returned',
      machine: machine.provide({ actions: { answerReturned: () => {} } }),
      found: 'who returned was answered 0 times',
    },
    {
      how: 'announces nothing',
      machine: machine.provide({ actions: { announceReturned: () => {} } }),
      found: 'the return was announced 0 times',
    },
    {
      how: 'is never done with the last unit',
      machine: machine.provide({ guards: { everythingReturned: () => false } }),
      found: 'a return that is the last ends in completed',
    },
    {
      how: 'takes more back than there is',
      machine: machine.provide({ actions: { refuseExcess: () => {} } }),
      found: 'ReturnItems too many is not just refused',
    },
    {
      how: 'does not refuse a second return',
      machine: machine.provide({ actions: { refuseSecondReturn: () => {} } }),
      found: 'ReturnItems all is not just refused in returning',
    },
  ]

  it.each(wrong)('is found when it $how', ({ machine, found }) => {
    const world = paymentWorld(2)
    const result = runPurely(
      { name: 'wrong', model: returnModel(world, machine), rules: returnRules(world) },
      1_000,
    )
    expect(result.problems.join('\n')).toContain(found)
  })
})

describe('An order machine that is wrong', () => {
  const wrong = [
    {
      how: 'does not answer who cancelled',
      machine: orderMachine.provide({ actions: { answerCancellers: () => {} } }),
      found: 'cancelled and',
    },
    {
      how: 'misses an event of its stream',
      machine: orderMachine.provide({ actions: { appendEvent: () => {} } }),
      found: 'appended 0 events',
    },
    {
      how: 'keeps the record of a payment that was voided',
      machine: orderMachine.provide({ actions: { dropPayment: () => {} } }),
      found: 'its payment record is not that of its stream',
    },
    {
      how: 'never knows that nothing is left',
      machine: orderMachine.provide({ guards: { isLast: () => false } }),
      found: 'of the rest is in its stream as',
    },
    {
      how: 'does not answer a return',
      machine: orderMachine.provide({ actions: { answerReturned: () => {} } }),
      found: 'RecordReturn was answered 0 times',
    },
  ]

  it.each(wrong)('is found when it $how', ({ machine, found }) => {
    const model: PureModel<never> = {
      ...(pureOrderModel() as PureModel<never>),
      model: orderModel(undefined, machine) as never,
    }
    expect(runPurely(model, 1).problems.join('\n')).toContain(found)
  })
})

describe('A payment machine that takes more', () => {
  const { config, implementations } = boundedPaymentMachine().provide({ guards: { mayResend: () => false } })
  const world = paymentWorld(1)
  const larger = createMachine(
    {
      ...config,
      on: { ...config.on, ArchivePayment: '.archived' },
      states: { ...config.states, archived: {} },
    } as never,
    implementations as never,
  )

  it('asks for what the new event looks like', () => {
    expect(() =>
      exploreGraph(paymentModel(world, larger), paymentModel(world, larger).start().state),
    ).toThrow(
      'The payment machine takes ArchivePayment, and nothing says what one looks like; add a builder of it to test/model/payment-model.ts.',
    )
  })

  it('is followed to a new resting place by itself', () => {
    const model = paymentModel(world, larger, {
      ...withoutReturns(world),
      ArchivePayment: state =>
        state.value === 'completed' ? [{ from: 'door/payer', message: { type: 'ArchivePayment' } }] : [],
    })
    const result = runPurely({ name: 'larger', model, rules: paymentRules(world) }, 1_000)
    expect(result.ends['archived']).toBeGreaterThan(0)
    const isReturn = (name: string) => /^return|ReturnItems/.test(name)
    expect(result.coverage.missingStates.filter(name => !isReturn(name))).toEqual([])
    // Nothing is asked twice here, which saves most of the paths.
    const missing = result.coverage.missingTransitions.filter(name => !isReturn(name))
    expect(missing.filter(name => !name.includes('[mayResend]'))).toEqual([])
  })
})
