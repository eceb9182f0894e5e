import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { demoProfile } from './demo-profile.ts'
import { loadTestProfile } from './load-test-profile.ts'
import { type ShopProfile, shopProfile } from './shop-profile.ts'

/** The file named as a profile cannot be used; the message says why, with the path to each faulty field. */
export class SeedProfileInvalid extends Error {
  override name = 'SeedProfileInvalid'
}

/**
 * The profile `name`: `demo`, `load-test`, or else a JSON file in the shape of `shopProfile`. Rejects with
 * `SeedProfileInvalid` when the file cannot be read or is not of that shape.
 */
export async function seedProfile(name: string): Promise<ShopProfile> {
  if (name === 'demo') return demoProfile
  if (name === 'load-test') return loadTestProfile
  let content: unknown
  try {
    content = JSON.parse(await readFile(name, 'utf8'))
  } catch (error) {
    throw new SeedProfileInvalid(`Cannot read the profile ${name}: ${reasonOf(error)}`)
  }
  const profile = shopProfile.safeParse(content)
  if (profile.success) return profile.data
  throw new SeedProfileInvalid(`${name} does not describe a shop:\n${z.prettifyError(profile.error)}`)
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return `it is not JSON (${error.message})`
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return 'there is no such file (the built-in profiles are demo and load-test)'
  }
  return String(error)
}
