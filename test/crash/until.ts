import { setTimeout as pause } from 'node:timers/promises'

const askEveryMs = 5

/** Asks again and again until the answer is yes. Rejects, saying what was waited for, when it takes `withinMs`. */
export async function until(
  what: string,
  withinMs: number,
  isSo: () => boolean | Promise<boolean>,
  everyMs = askEveryMs,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain until ${what}`)
    await pause(everyMs)
  }
}
