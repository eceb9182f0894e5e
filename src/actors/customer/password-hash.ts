import { argon2, timingSafeEqual } from 'node:crypto'
import { normalisedPassword } from './password-rules.ts'

/** What one hash costs: `memory` in KiB, held `passes` times over on `parallelism` lanes. */
export interface HashParameters {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

export const hashParameters: HashParameters = { memory: 19 * 1024, passes: 2, parallelism: 1 }

const saltBytes = 16
const tagBytes = 32

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** A stored hash in its parts. Throws when it is none. */
function parsed(stored: string) {
  const [, memory, passes, parallelism, salt = '', tag = ''] = form.exec(stored) ?? []
  if (memory === undefined) throw new Error('A stored password hash is not one of argon2id')
  return {
    parameters: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

function written({ memory, passes, parallelism }: HashParameters, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/** On a thread of the pool, off the event loop. */
function tagOf(
  password: string,
  salt: Buffer,
  tagLength: number,
  parameters: HashParameters,
): Promise<Buffer> {
  const message = Buffer.from(normalisedPassword(password))
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, tagLength, ...parameters }, (error, tag) => {
      if (error) reject(error)
      else resolve(tag)
    })
  })
}

/** The argon2id hash of a password, as a PHC string. `random` gives so many bytes for the salt. */
export async function hashPassword(
  password: string,
  random: (bytes: number) => Buffer,
  parameters: HashParameters,
): Promise<string> {
  const salt = random(saltBytes)
  return written(parameters, salt, await tagOf(password, salt, tagBytes, parameters))
}

/** Whether this is the password that `stored` is the hash of. */
export async function isPasswordOf(stored: string, password: string): Promise<boolean> {
  const { parameters, salt, tag } = parsed(stored)
  return timingSafeEqual(await tagOf(password, salt, tag.length, parameters), tag)
}

/** Whether `stored` was made at another cost than hashes are made now. */
export function isOutdated(stored: string, now: HashParameters): boolean {
  const { memory, passes, parallelism } = parsed(stored).parameters
  return memory !== now.memory || passes !== now.passes || parallelism !== now.parallelism
}

/** Costs what any other does and is the hash of nothing that anybody knows: for who has none. */
export function hashOfNothing(parameters: HashParameters): string {
  return written(parameters, Buffer.alloc(saltBytes), Buffer.alloc(tagBytes))
}
