import { describe, expect, test } from 'vitest'
import { demoProfile } from '../../src/cli/seed/demo-profile.ts'
import { RecoupProcess, recoup } from '../cli/recoup-process.ts'
import { clientOf, line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { reopenScenario } from '../support/open-scenario.ts'
import { overSockets } from '../support/over-sockets.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { migrationsWith, secondActors, toVersion2 } from './payment-2.ts'

const customers = demoProfile.customers.map(({ id }) => id)

describe('A server of version 1 that is killed with payments in flight', () => {
  test.each([
    { silent: 'UseCoupon', stands: 'paying.usingCoupon', screenings: customers.length },
    { silent: 'BalanceDeducted', stands: 'paying.deductingBalance', screenings: 0 },
  ])('in $stands leaves every one of them to version 2, which ends it', async given => {
    const directory = dataDirectory()
    await recoup(['seed', '--data', directory])
    await using server = new RecoupProcess(['--port', '0', '--data', directory], {
      program: 'test/upgrade/silent-server.ts',
      environment: { SILENT_MESSAGE: given.silent },
    })
    const first = clientOf(overSockets(await server.listening))
    const orders = await Promise.all(
      customers.map(async customer => {
        await first.issueCoupon(201, customer)
        const { orderId } = (await first.placeOrder(customer, [line(1062)])).body
        expect((await first.pay(orderId, 201, { Prefer: 'respond-async' })).status).toBe(202)
        return orderId
      }),
    )
    await server.end('SIGKILL')

    const second = reopenScenario({
      dataDirectory: directory,
      clock: new SimulatedClock(Date.now()),
      actors: secondActors({ migrations: migrationsWith(toVersion2) }),
      reported: [`${orders.length} stored actors were brought to the versions that run now.`],
    })
    const payments = () => orders.map(orderId => second.questions.payment(orderId))
    const renamed = given.stands.replace('usingCoupon', 'applyingCoupon')
    expect(payments()).toMatchObject(orders.map(() => ({ step: renamed, attempt: 1 })))
    await second.pass(64_000, 1_000)
    expect(payments()).toMatchObject(orders.map(() => ({ status: 'COMPLETED', attempt: 1 })))
    expect(second.messages.ofType('ScreenPayment')).toHaveLength(given.screenings)
    expect(customers.map(customer => second.questions.balanceAmount(customer))).toEqual(
      customers.map(() => 150_000 - 10_000),
    )
  })
})
