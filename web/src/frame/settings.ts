import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { answered, api, presentedToken } from '../api/client.ts'

/** What the server says of itself to everybody: currency, time zone, whether it is a demo. */
const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => answered(api.GET('/settings')),
  staleTime: Number.POSITIVE_INFINITY,
})

export function useSettings() {
  return useSuspenseQuery(settingsQuery).data
}

/** Whoever is logged in here; null for nobody. An operator's token has no account of its own. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  async queryFn({ client }) {
    if (presentedToken.read() !== null) return tokenBearer
    const { auth } = await client.ensureQueryData(settingsQuery)
    if (auth === 'gateway') return null
    return (await answered(api.GET('/sessions/current'))).account
  },
  staleTime: 60_000,
})

const tokenBearer = { customerId: null, username: 'operator token', roles: ['operator'] as readonly string[] }

export function useMe() {
  return useSuspenseQuery(meQuery).data
}

/** Whether somebody with these roles may see what is for operators. */
export function isOperator(me: { readonly roles: readonly string[] } | null): boolean {
  return me !== null && (me.roles.includes('operator') || me.roles.includes('administrator'))
}

/** Logging in and out. Whoever comes next sees nothing of whoever was here before. */
export function useSession() {
  const queries = useQueryClient()
  async function comeAnew() {
    // What the page is made of must not vanish under it; everything else is of somebody else.
    queries.removeQueries({ predicate: ({ queryKey: [first] }) => first !== 'settings' && first !== 'me' })
    await queries.refetchQueries({ queryKey: ['me'] })
  }
  return {
    async logIn(username: string, password: string) {
      await answered(api.POST('/sessions', { body: { username, password } }))
      await comeAnew()
    },
    async signUp(username: string, password: string) {
      await answered(api.POST('/customers', { body: { username, password } }))
      await answered(api.POST('/sessions', { body: { username, password } }))
      await comeAnew()
    },
    async showToken(token: string) {
      presentedToken.keep(token)
      try {
        await answered(api.GET('/operator/payments', { params: { query: { limit: 1 } } }))
      } catch (error) {
        presentedToken.drop()
        throw error
      }
      await comeAnew()
    },
    async logOut() {
      if (presentedToken.read() === null) await answered(api.DELETE('/sessions/current'))
      presentedToken.drop()
      await comeAnew()
    },
  }
}
