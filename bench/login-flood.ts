import { Connection } from './connection.ts'

/** How long somebody who was sent away waits before they come again, in milliseconds. */
const againMs = 10

/**
 * So many strangers who try passwords all the time, each try from another address, so that only the queue of hashes
 * slows them down. `stop` tells how many were compared and how many sent away.
 */
export function startLoginFlood(port: number, strangers: number) {
  const statuses: Record<number, number> = {}
  let tries = 0
  let stopped = false

  function tryOn(connection: Connection): void {
    if (stopped) {
      connection.close()
      return
    }
    tries += 1
    const from = `X-Forwarded-For: 10.${(tries >> 16) & 255}.${(tries >> 8) & 255}.${tries & 255}\r\n`
    const body = `{"username":"customer${1001 + (tries % 2000)}","password":"not the password"}`
    connection.post(
      '/sessions',
      body,
      ({ status }) => {
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status !== 401 && status !== 503) throw new Error(`A login was answered with ${status}`)
        if (status === 401) tryOn(connection)
        else setTimeout(() => tryOn(connection), againMs)
      },
      from,
    )
  }

  for (let stranger = 0; stranger < strangers; stranger += 1) tryOn(new Connection(port, () => {}))
  return {
    stop(): { compared: number; sentAway: number } {
      stopped = true
      return { compared: statuses[401] ?? 0, sentAway: statuses[503] ?? 0 }
    },
  }
}
