import { brokenInvariants, invariantLines, invariantsOf } from '../../src/cli/invariants-of.ts'
import { systemClock } from '../../src/clock.ts'
import type { Client } from './client.ts'
import { contradictions } from './contradictions.ts'
import { settled } from './settled.ts'

/**
 * Lets a server end what a crash left, first by itself and then with the customers' own retries; then holds what it says
 * against what they were told, and its directory against every invariant. Gives back one sentence for each fault.
 */
export async function settleAndCompare(
  directory: string,
  url: string,
  clients: readonly Client[],
): Promise<string[]> {
  await settled(directory, url)
  await Promise.all(clients.map(client => client.resume(url)))
  await settled(directory, url)
  const found = await Promise.all(clients.map(({ notes }) => contradictions(notes, url)))
  return [...found.flat(), ...clients.flatMap(({ notes }) => notes.faults.splice(0)), ...broken(directory)]
}

/** The lines of the invariants that do not hold on the last commit of the directory. */
export function broken(directory: string): string[] {
  const results = invariantsOf(directory, systemClock)
  if (brokenInvariants(results).length === 0) return []
  return invariantLines(results.filter(({ violationCount }) => violationCount > 0))
}
