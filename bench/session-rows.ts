import { hash } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { hashOfNothing, hashParameters } from '../src/actors/customer/password-hash.ts'

/** The token of a customer in the load's sessions: 43 characters, as every token. */
export function tokenOf(customerId: number): string {
  return hash('sha256', `session of ${customerId}`, 'base64url')
}

/**
 * Logs in the 2,000 customers of the load-test profile, in a data directory that nobody runs on: by their passwords it would
 * take a minute of hashing that nothing here is about.
 */
export function addSessions(directory: string): void {
  const database = new Sqlite(join(directory, 'recoup.db'))
  const credentials = database.prepare('INSERT INTO credentials (customer_id, password_hash) VALUES (?, ?)')
  const session = database.prepare('INSERT INTO sessions VALUES (?, ?, 0, ?, ?)')
  const now = Date.now()
  database.transaction(() => {
    for (let customerId = 1001; customerId <= 3000; customerId += 1) {
      credentials.run(customerId, hashOfNothing(hashParameters))
      session.run(hash('sha256', tokenOf(customerId), 'base64url'), customerId, now, now)
    }
  })()
  database.close()
}
