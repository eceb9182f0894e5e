import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { snapshotChecksum } from '../../src/persistence/checksum.ts'
import { line } from '../support/client.ts'
import { openScenario } from '../support/open-scenario.ts'
import { recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** A data directory with orders in every status, and their numbers. */
async function directoryWithOrders() {
  const directory = temporaryDirectory()
  const shop = await openScenario({ dataDirectory: directory.path })
  const place = async () => (await shop.placeOrder(1, [line(1011), line(1012)])).body.orderId
  const ids = { created: await place(), cancelled: await place(), paid: await place(), partly: await place() }
  await shop.cancel(ids.cancelled)
  for (const orderId of [ids.paid, ids.partly]) {
    await shop.charge(1, 1_000_000)
    await shop.pay(orderId)
  }
  await shop.returnItems(ids.partly, [{ productOptionId: 1011, quantity: 1 }])
  await shop.close()
  return { directory, ids }
}

function alter(directory: string, sql: string): void {
  const database = new Sqlite(join(directory, 'recoup.db'))
  database.function('checksum', (kind, id, version, transition, state) =>
    snapshotChecksum({ kind, id, version, transition, state } as Parameters<typeof snapshotChecksum>[0]),
  )
  database.exec(sql)
  database.close()
}

const run = (directory: string, ...flags: string[]) =>
  recoup(['orders', 'rebuild', '--data', directory, ...flags])
const stateOf = (directory: string) => {
  const database = new Sqlite(join(directory, 'recoup.db'), { readonly: true })
  try {
    const rows = database.prepare<[], { id: string; transition: number; state: string }>(
      "SELECT id, transition, state FROM snapshots WHERE kind = 'order'",
    )
    return rows.all().map(({ state, ...row }) => ({ ...row, state: JSON.parse(state) }))
  } finally {
    database.close()
  }
}

describe.concurrent('recoup orders rebuild', () => {
  it('--verify says that every order is the fold of its events', async () => {
    const { directory } = await directoryWithOrders()
    using _ = directory
    const { status, output } = await run(directory.path, '--verify')
    expect({ status, output: output.trim() }).toEqual({
      status: 0,
      output: '4 orders are the fold of their 10 events',
    })
  })

  it('makes orders anew whose snapshots were altered, forged or lost, just as they were', async () => {
    const { directory, ids } = await directoryWithOrders()
    using _ = directory
    const before = stateOf(directory.path)
    alter(
      directory.path,
      `UPDATE snapshots SET state = replace(state, 'PAID', 'CREATED') WHERE kind = 'order' AND id = '${ids.paid}';
       UPDATE snapshots SET state = json_set(state, '$.value', 'RETURNED') WHERE kind = 'order' AND id = '${ids.partly}';
       UPDATE snapshots SET checksum = checksum(kind, id, version, transition, state) WHERE id = '${ids.partly}';
       DELETE FROM snapshots WHERE kind = 'order' AND id = '${ids.cancelled}'`,
    )

    const verified = await run(directory.path, '--verify')
    expect(verified.status).toBe(1)
    expect(verified.output).toContain(`the snapshot of order ${ids.paid} was altered`)
    expect(verified.output).toContain(`order ${ids.partly} is RETURNED, its events say PARTIALLY_RETURNED`)
    expect(verified.output).toContain(`order ${ids.cancelled} has events and no state`)

    const rebuilt = await run(directory.path)
    expect(rebuilt.output).toContain(
      '3 of 4 orders were not the fold of their events; 3 of them made anew from their events',
    )
    expect(rebuilt.status).toBe(0)
    expect(stateOf(directory.path)).toEqual(before)
    expect((await run(directory.path, '--verify')).status).toBe(0)
    expect((await recoup(['check', '--data', directory.path])).status).toBe(0)
  })

  it('leaves an order alone whose own events do not follow from each other', async () => {
    const { directory, ids } = await directoryWithOrders()
    using _ = directory
    alter(directory.path, `DELETE FROM order_events WHERE order_id = ${ids.paid} AND type = 'PaymentBegun'`)
    const before = stateOf(directory.path)
    const { status, output } = await run(directory.path, '--json')
    expect(status).toBe(1)
    expect(JSON.parse(output)).toMatchObject({ orders: 4, differingCount: 1, brokenStreams: 1 })
    expect(stateOf(directory.path)).toEqual(before)
  })

  it.each([[['orders', 'burn']], [['orders']]])('%j is wrong usage', async words => {
    expect(await recoup(words)).toMatchObject({ status: 2 })
  })
})
