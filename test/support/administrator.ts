import type { Client } from './client.ts'

const token = 'a-token-of-administrators'

/** The settings of a shop that has administrators. */
export const withAdministrators = { RECOUP_OPERATOR_TOKEN: token }

const asAdministrator = { Authorization: `Bearer ${token}` }

/** An administrator's side of the HTTP contract. */
export function administratorOf({ request }: Pick<Client, 'request'>) {
  const send =
    (method: string) =>
    (path: string, body?: object, headers = {}) =>
      request(method, path, body, { ...asAdministrator, ...headers })
  return { see: send('GET'), post: send('POST'), patch: send('PATCH') }
}
