import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** A password is never taken from the command line, where every user of the machine can read it, nor from a default. */
export class PasswordNotGiven extends Error {
  override name = 'PasswordNotGiven'
}

interface TerminalInput extends Readable {
  isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** The first line of `input`, for passwords that come from another program. */
export async function pipedPassword(input: Readable): Promise<string> {
  const [line = ''] = (await text(input)).split(/\r?\n/)
  if (line === '') throw new PasswordNotGiven('There is no password on the first line of standard input.')
  return line
}

/** Asks for a password twice, without showing what is typed. */
export async function promptedPassword(
  input: TerminalInput,
  prompts: NodeJS.WritableStream,
): Promise<string> {
  if (!input.isTTY || input.setRawMode === undefined) {
    throw new PasswordNotGiven(
      'There is no terminal to ask for a password; give it on standard input with --password-stdin.',
    )
  }
  input.setRawMode(true)
  try {
    const keys = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const line = createLineReader(keys)
    prompts.write('Password: ')
    const first = await line()
    prompts.write('\nThe same again: ')
    const second = await line()
    prompts.write('\n')
    if (first !== second) throw new PasswordNotGiven('The two are not the same; nothing was changed.')
    return first
  } finally {
    input.setRawMode(false)
    input.destroy()
  }
}

const interrupt = '\u0003'
const end = '\u0004'

/** Reads what is typed up to Enter, where a backspace takes the last character back. */
function createLineReader(keys: AsyncIterator<Buffer>): () => Promise<string> {
  const decoder = new TextDecoder()
  let typed: string[] = []
  return async () => {
    const line: string[] = []
    for (;;) {
      while (typed.length > 0) {
        const character = typed.shift()
        if (character === '\r' || character === '\n') return line.join('')
        if (character === interrupt || character === end) {
          throw new PasswordNotGiven('No password was given; nothing was changed.')
        }
        if (character === '\u007f' || character === '\b') line.pop()
        else if (character !== undefined) line.push(character)
      }
      const { value, done } = await keys.next()
      if (done) throw new PasswordNotGiven('No password was given; nothing was changed.')
      typed = [...decoder.decode(value, { stream: true })]
    }
  }
}
