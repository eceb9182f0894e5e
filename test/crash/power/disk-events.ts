import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * One thing that a process did to its database on disk, or that left it, in order. Files go by name; a sync makes
 * durable what was done to its file before event number `before`.
 */
export type DiskEvent =
  | { readonly type: 'create' | 'unlink'; readonly file: string }
  | { readonly type: 'write'; readonly file: string; readonly offset: number; readonly data: Buffer }
  | { readonly type: 'truncate'; readonly file: string; readonly size: number }
  | { readonly type: 'sync'; readonly file: string; readonly before: number }
  | { readonly type: 'syncDirectory'; readonly before: number }
  /** A whole HTTP response. */
  | { readonly type: 'answer'; readonly status: number; readonly body: string }

/** What the process is traced with: every byte of every call, and the path behind every descriptor. */
export const recordingOptions = [
  ...['-f', '--seccomp-bpf', '-y', '-xx', '-s', '16777216'],
  ...['-e', 'trace=pwrite64,write,writev,sendto,fsync,fdatasync,ftruncate,unlink,rename,renameat2,openat'],
]

/** What SQLite keeps for good; the shared-memory file is made anew after a crash, and the lock holds nothing. */
const databaseFiles = new Set(['recoup.db', 'recoup.db-wal', 'recoup.db-journal'])

/**
 * Reads what strace recorded of a process that used the database in `directory`. Throws when the recording is cut off or
 * holds a call that is not understood: a replay of half the truth would prove nothing.
 */
export function diskEventsOf(log: string, directory: string): DiskEvent[] {
  const events: DiskEvent[] = []
  const open = new Map<string, { readonly call: string; readonly before: number }>()
  let last = ''
  for (const line of linesOf(log)) {
    last = line
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? []
    if (rest.endsWith('<unfinished ...>')) {
      const call = rest.slice(0, -'<unfinished ...>'.length).trimEnd()
      // What is being written may be on disk at once, but a sync counts when it has ended.
      if (isSync(call)) open.set(thread, { call, before: events.length })
      else add(events, `${call})`, directory, events.length)
      continue
    }
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/s.exec(rest)
    if (resumed === null) add(events, rest, directory, events.length)
    else {
      const begun = open.get(thread)
      open.delete(thread)
      if (begun !== undefined) add(events, `${begun.call}${resumed[2]}`, directory, begun.before)
    }
  }
  if (!last.endsWith('+++ exited with 0 +++')) throw new Error(`${log} is not whole`)
  return events
}

const isSync = (call: string) => /^f(?:data)?sync\(/.test(call)

function add(events: DiskEvent[], call: string, directory: string, before: number): void {
  const event = eventOf(call, directory, before)
  if (event !== undefined) events.push(event)
}

function eventOf(call: string, directory: string, before: number): DiskEvent | undefined {
  const name = /^(\w+)\(/.exec(call)?.[1]
  switch (name) {
    case 'openat':
    case 'unlink': {
      const path = textOf(/"([^"]*)"/.exec(call)?.[1])
      const file = fileOf(path, directory)
      if (file === undefined || / = -1 /.test(call)) return undefined
      if (name === 'unlink') return { type: 'unlink', file }
      return call.includes('O_CREAT') ? { type: 'create', file } : undefined
    }
    case 'pwrite64': {
      const [, path, data, , offset] = /^\w+\(\d+<([^>]*)>, "([^"]*)", (\d+), (\d+)\)/.exec(call) ?? []
      const file = fileOf(textOf(path), directory)
      if (path !== undefined && file === undefined) return undefined
      return {
        type: 'write',
        file: sure(file, call),
        offset: Number(sure(offset, call)),
        data: bytesOf(data),
      }
    }
    case 'ftruncate': {
      const [, path, size] = /^\w+\(\d+<([^>]*)>, (\d+)\)/.exec(call) ?? []
      const file = fileOf(textOf(path), directory)
      return file === undefined ? undefined : { type: 'truncate', file, size: Number(size) }
    }
    case 'fsync':
    case 'fdatasync': {
      const [, path, result] = /^\w+\(\d+<([^>]*)>\) += (-?\d+)/.exec(call) ?? []
      if (result !== '0') throw new Error(`A sync that did not succeed: ${call.slice(0, 200)}`)
      if (textOf(path) === directory) return { type: 'syncDirectory', before }
      const file = fileOf(textOf(path), directory)
      return file === undefined ? undefined : { type: 'sync', file, before }
    }
    case 'write':
    case 'writev':
    case 'sendto': {
      const [, path] = /^\w+\(\d+<([^>]*)>/.exec(call) ?? []
      const target = textOf(path)
      if (fileOf(target, directory) !== undefined)
        throw new Error(`A write without a place: ${name} to ${target}`)
      return target.startsWith('socket:') ? answerOf(call) : undefined
    }
    case 'rename':
    case 'renameat2': {
      const paths = [...call.matchAll(/"([^"]*)"/g)].map(([, path]) => textOf(path))
      if (paths.some(path => fileOf(path, directory) !== undefined))
        throw new Error(`Renamed: ${paths.join()}`)
      return undefined
    }
    default:
      return undefined
  }
}

function answerOf(call: string): DiskEvent | undefined {
  const parts = [...call.matchAll(/"([^"]*)"/g)].map(([, part]) => bytesOf(part))
  const [head = '', body = ''] = Buffer.concat(parts).toString().split('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1]
  return status === undefined ? undefined : { type: 'answer', status: Number(status), body }
}

function fileOf(path: string, directory: string): string | undefined {
  const file = basename(path)
  return path === `${directory}/${file}` && databaseFiles.has(file) ? file : undefined
}

const bytesOf = (hex: string | undefined) => Buffer.from((hex ?? '').replaceAll('\\x', ''), 'hex')
const textOf = (hex: string | undefined) => bytesOf(hex).toString()

function sure<Value>(value: Value | undefined, call: string): Value {
  if (value === undefined) throw new Error(`Not understood: ${call.slice(0, 200)}`)
  return value
}

const readAtOnce = 1 << 20

/** The lines of a file that may be larger than a string can be. */
function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  const chunk = Buffer.alloc(readAtOnce)
  let rest = ''
  try {
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, length)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  } finally {
    closeSync(file)
  }
}
