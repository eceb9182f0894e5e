import createClient from 'openapi-fetch'
import type { components, paths } from './schema.d.ts'

export type Schemas = components['schemas']

/** What the server, or the way to it, said instead of an answer. `code` is that of the problem document. */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: string
  /** 0 when nobody answered. */
  readonly status: number
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: string, detail: string, status: number, facts: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.code = code
    this.status = status
    this.facts = facts
  }
}

const tokenStoredAs = 'recoup-token'

/** A bearer token, where there is no cookie: an operator's, behind a gateway. It ends with the tab. */
export const presentedToken = {
  read: () => sessionStorage.getItem(tokenStoredAs),
  keep: (token: string) => sessionStorage.setItem(tokenStoredAs, token),
  drop: () => sessionStorage.removeItem(tokenStoredAs),
}

/** Headers that say who asks, for what does not go through `api`. */
export function ownHeaders(): Record<string, string> {
  const token = presentedToken.read()
  return token === null ? {} : { Authorization: `Bearer ${token}` }
}

/** Everything the server can be asked, typed by its API document. */
export const api = createClient<paths>({ baseUrl: location.origin })

api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(ownHeaders())) request.headers.set(name, value)
    return request
  },
})

interface Answered<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The answer itself. Throws `Problem` when there is none. */
export async function answered<Data>(asking: Promise<Answered<Data>>): Promise<Data> {
  return (await pageAnswered(asking)).items
}

/** A page of a list with the cursor of the next one, from its `Link`. Throws `Problem`. */
export async function pageAnswered<Data>(
  asking: Promise<Answered<Data>>,
): Promise<{ items: Data; next: string | undefined }> {
  let answer: Answered<Data>
  try {
    answer = await asking
  } catch (error) {
    throw new Problem('UNREACHABLE', String(error), 0)
  }
  const { data, error, response } = answer
  if (!response.ok) throw problemOf(error, response.status)
  return { items: data as Data, next: cursorOf(response.headers.get('link')) }
}

/** What a refused answer's body says. */
export function problemOf(body: unknown, status: number): Problem {
  const { code, detail, ...facts } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  return new Problem(
    typeof code === 'string' ? code : 'UNKNOWN',
    typeof detail === 'string' ? detail : `The server answered ${status}.`,
    status,
    facts,
  )
}

function cursorOf(link: string | null): string | undefined {
  const target = link?.match(/<([^>]+)>;\s*rel="?next"?/)?.[1]
  return target === undefined
    ? undefined
    : (new URL(target, location.origin).searchParams.get('cursor') ?? undefined)
}
