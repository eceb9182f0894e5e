import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../cli/temporary-directory.ts'
import { openReport } from './open-command.ts'
import { makeOpenPayments } from './open-payments.ts'
import { restartWithOpenPayments } from './restart.ts'

it('A server that starts on open payments answers at once and ends them', async () => {
  using directory = temporaryDirectory()
  const payments = 200
  await makeOpenPayments(directory.path, payments, () => {})
  const figures = await restartWithOpenPayments(directory.path, () => {})
  expect(figures.faults).toEqual([])
  expect(figures.openByStep).toEqual([
    '50 {"compensating":"restoringStock"}',
    '100 {"paying":"deductingBalance"}',
    '50 {"paying":"recordingPayment"}',
  ])
  expect(openReport(figures, payments).blindSpots).toEqual([])
  expect(openReport(figures, payments + 1).blindSpots).toEqual(['Only 200 of 201 payments were open.'])
  const atOnce = { ...figures, listeningMs: 1, readMs: 1, chargeMs: 1, paymentMs: 1 }
  expect(openReport(atOnce, payments).faults).toEqual([])
  expect(openReport({ ...atOnce, paymentMs: 5_001 }, payments).faults).toHaveLength(1)
}, 120_000)
