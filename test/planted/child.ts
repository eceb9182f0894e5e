import { spawn } from 'node:child_process'

/** How a program that was started came out. */
export interface Outcome {
  /** Exit status; null when it had to be ended. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** Runs a program to its end, or until `timeoutMs` is over; then its `status` is null. */
export function runChild(
  command: string,
  words: readonly string[],
  { env, timeoutMs }: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Outcome> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    child.on('error', reject)
    child.on('close', status => {
      clearTimeout(timer)
      resolve({ status, ...text, seconds: (performance.now() - startedAt) / 1_000 })
    })
  })
}
