import { createApp } from '../../src/http/app.ts'
import { type FakeDependencies, fakeDependencies, type Overrides } from './fake-dependencies.ts'

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever came back; tests say what they expect of it.
  body: any
  headers: Headers
}

export interface Client {
  dependencies: FakeDependencies
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** `body` is sent as JSON; a string is sent as it stands. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** Talks to an app on fake dependencies, without a socket. */
export function client(overrides?: Overrides): Client {
  const dependencies = fakeDependencies(overrides)
  const app = createApp(dependencies)
  async function request(path: string, init: RequestInit): Promise<Answer> {
    const response = await app.request(path, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
  }
  return {
    dependencies,
    get: (path, headers = {}) => request(path, { headers }),
    send: (method, path, body, headers = {}) =>
      request(path, {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
