import { setTimeout as pause } from 'node:timers/promises'
import { answerMsMax } from './traffic.ts'

/** What was asked with sessions, how much of it was answered as it should be, and what never may be, since the start. */
export interface SessionCounts {
  looks: number
  looksAnswered: number
  ended: number
  /** Answers to an ended session, or about somebody else. */
  wrong: number
}

interface Customer {
  readonly customerId: number
  readonly username: string
  password: string
}

interface Login {
  readonly customer: Customer
  readonly token: string
  /** Being ended it may count or not; from the answer on it may not. */
  state: 'begun' | 'ending' | 'ended'
}

const customers = 10
const logOuts = 4
const passwordChanges = 2
const lookEveryMs = 40

/** Customers who log in once, ask who they are, and of whom some log out or change their password in the middle. */
export class SessionTrickle {
  readonly counts: SessionCounts = { looks: 0, looksAnswered: 0, ended: 0, wrong: 0 }
  readonly #url: string
  readonly #customers: readonly Customer[]
  readonly #ended: Login[] = []
  #logins: readonly Login[] = []
  #running = false
  #loops: Promise<void>[] = []

  private constructor(url: string, known: readonly Customer[]) {
    this.#url = url
    this.#customers = known
  }

  /** Signs them up. */
  static async open(url: string): Promise<SessionTrickle> {
    const known: Customer[] = []
    const trickle = new SessionTrickle(url, known)
    for (let index = 0; index < customers; index += 1) {
      const account = { username: `trickle-${index}`, password: 'linen shirts dry in the wind' }
      const { customerId } = await trickle.#expect(201, 'POST', '/customers', account)
      known.push({ ...account, customerId: customerId as number })
    }
    return trickle
  }

  async start(): Promise<void> {
    this.#logins = await Promise.all(
      this.#customers.map(async customer => {
        const { username, password } = customer
        const { token } = await this.#expect(201, 'POST', '/sessions', { username, password })
        return { customer, token: token as string, state: 'begun' as const }
      }),
    )
    this.#running = true
    this.#loops = this.#logins.map(login => this.#lookAgainAndAgain(login))
  }

  /** Resolves once it was answered that they have ended. */
  async endSome(): Promise<void> {
    const logins = this.#logins.slice(0, logOuts + passwordChanges)
    await Promise.all(
      logins.map(async (login, index) => {
        const { customer, token } = login
        login.state = 'ending'
        if (index < logOuts) await this.#expect(204, 'DELETE', '/sessions/current', undefined, token)
        else {
          const passwords = { currentPassword: customer.password, password: `${customer.password} again` }
          await this.#expect(200, 'PATCH', '/customers/me', passwords, token)
          customer.password = passwords.password
        }
        login.state = 'ended'
        this.counts.ended += 1
        this.#ended.push(login)
      }),
    )
  }

  /** Resolves once every answer is there, also to every session that ever ended. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(this.#loops)
    for (const login of this.#ended) await this.#look(login)
  }

  async #lookAgainAndAgain(login: Login): Promise<void> {
    while (this.#running) {
      await this.#look(login)
      await pause(lookEveryMs)
    }
  }

  async #look(login: Login): Promise<void> {
    const { customer, token, state: before } = login
    const began = performance.now()
    const answer = await this.#send('GET', '/customers/me', undefined, token).catch(() => undefined)
    const inTime = performance.now() - began < answerMsMax
    const isTheirs = answer?.status === 200 && answer.body['customerId'] === customer.customerId
    const isRefused = answer?.status === 401
    this.counts.looks += 1
    if (answer?.status === 200 && (before === 'ended' || !isTheirs)) this.counts.wrong += 1
    else if (inTime && ((isTheirs && before !== 'ended') || (isRefused && login.state !== 'begun')))
      this.counts.looksAnswered += 1
  }

  async #expect(status: number, method: string, path: string, body?: object, token?: string) {
    const answer = await this.#send(method, path, body, token)
    if (answer.status === status) return answer.body
    throw new Error(`${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`)
  }

  async #send(method: string, path: string, body?: object, token?: string) {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
  }
}
