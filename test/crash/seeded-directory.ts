import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recoup } from '../cli/recoup-process.ts'
import { crashProfile } from './crash-profile.ts'

/** Fills a new data directory within `directory` with the shop of so many customers, and says where it is. */
export async function seededDirectory(directory: string, customers: number): Promise<string> {
  const data = join(directory, 'seeded')
  mkdirSync(data, { recursive: true })
  const profile = join(directory, 'crash-profile.json')
  writeFileSync(profile, JSON.stringify(crashProfile(customers)))
  const { status, errors } = await recoup(['seed', '--profile', profile, '--data', data])
  if (status !== 0) throw new Error(errors)
  return data
}
