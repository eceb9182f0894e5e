import type { Database } from 'better-sqlite3'
import type { Config } from '../../src/config.ts'
import { openShop } from '../../src/main.ts'
import { createDirectWriter } from '../../src/persistence/writer.ts'
import type { Random } from '../crash/random.ts'
import type { SimulatedTime } from './simulated-time.ts'
import { Violation } from './violation.ts'

/**
 * Alters one stored wallet as a failing disk might, in a way that is still a number, and lets a new process charge it.
 * Throws `Violation` when nobody notices. The database is of no use afterwards.
 */
export async function checkDamage(
  database: Database,
  config: Config,
  time: SimulatedTime,
  random: Random,
): Promise<void> {
  const wallets = database
    .prepare<[], string>(`SELECT id FROM snapshots WHERE kind = 'balance'`)
    .pluck()
    .all()
  const id = wallets[random.below(wallets.length)]
  database
    .prepare(
      `UPDATE snapshots SET state = replace(state, '"amount":', '"amount":1') WHERE kind = 'balance' AND id = ?`,
    )
    .run(id)
  const shop = openShop({
    config,
    clock: time.clockUntil(() => false),
    mode: 'steps',
    storage: { database, writer: createDirectWriter(database) },
  })
  const answer = shop
    .ask(`balance/${id}`, { type: 'ChargeBalance', amount: 1 }, { correlationId: 'damage' })
    .then(
      reply => reply.type,
      () => undefined,
    )
  shop.runtime.runUntilIdle()
  shop.relay.stop()
  await shop.runtime.stop()
  const type = await answer
  if (type !== undefined) throw new Violation('E7', `wallet/${id} was altered on disk and answered ${type}`)
}
