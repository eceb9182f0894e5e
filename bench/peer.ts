import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server that can be measured: the commands that prepare a data directory, and the one that serves it. */
export interface Peer {
  name: string
  prepare: readonly (readonly string[])[]
  serve: readonly string[]
  /** The checkout it runs from; this one unless given. */
  root?: string
  /** What it is told beside that. */
  environment?: Readonly<Record<string, string>>
}

export interface RunningServer {
  port: number
  pid: number
  /** Ends it with SIGTERM and waits until it is gone. */
  stop(): Promise<void>
}

export const peers: readonly Peer[] = [
  {
    name: 'recoup',
    prepare: [['src/main.ts', 'seed', '--profile', 'load-test']],
    serve: ['src/main.ts', 'serve', '--port', '0'],
  },
  { name: 'hand-written', prepare: [], serve: ['bench/hand-written-server.ts', '--port', '0'] },
]

const root = fileURLToPath(new URL('..', import.meta.url))
const startTimeoutMs = 60_000

/**
 * Starts a peer on a data directory and waits until it says where it listens. Rejects, with what it wrote to stderr,
 * when it ends before that or takes longer than a minute.
 */
export async function startServer(peer: Peer, dataDirectory: string): Promise<RunningServer> {
  for (const command of peer.prepare) await runNode([...command, '--data', dataDirectory], peer.root)
  const child = spawn(process.execPath, [...peer.serve, '--data', dataDirectory], settings(peer))
  const exited = once(child, 'exit')
  const errors = collect(child.stderr)
  const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const port = Number(/listening on http:\/\/[^/]*:(\d+)/.exec(line)?.[1])
      if (Number.isNaN(port) || child.pid === undefined) continue
      // Leaving the loop has paused the stream; what it still says is read so that it never blocks on a full pipe.
      child.stdout.resume()
      return {
        port,
        pid: child.pid,
        async stop() {
          child.kill('SIGTERM')
          await exited
        },
      }
    }
  } finally {
    clearTimeout(timer)
  }
  throw new Error(`${peer.name} ended before it listened: ${await errors}`)
}

/** Runs a Node program of this checkout to its end and gives back its output. Rejects when it fails. */
export async function runNode(args: readonly string[], cwd?: string): Promise<string> {
  const child = spawn(process.execPath, args, settings(cwd === undefined ? {} : { root: cwd }))
  const [output, errors, [code]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    once(child, 'exit'),
  ])
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}: ${errors}`)
  return output
}

function settings({ root: cwd = root, environment }: Pick<Peer, 'root' | 'environment'>) {
  const env = { ...process.env, RECOUP_AUTH: 'gateway', ...environment }
  return { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}
