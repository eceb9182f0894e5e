import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokenInvariants } from '../../../src/cli/invariants-of.ts'
import { readConfig } from '../../../src/config.ts'
import { openDatabase } from '../../../src/persistence/database.ts'
import { checkInvariants } from '../../../src/persistence/invariants/invariants.ts'
import { Random } from '../random.ts'
import { type Acknowledgement, acknowledgementOf, missingFrom } from './acknowledged.ts'
import { Disk } from './disk.ts'
import type { PowerRecording } from './power-recording.ts'

/*
 * Cuts the power again and again in a recording: puts on a disk what may be there then, opens it like the server does
 * and looks for everything that was acknowledged before the cut.
 */

export interface PowerCutFigures {
  readonly name: string
  cuts: number
  /** Cuts after which the disk was not what the process had written. */
  cutsWithLoss: number
  events: number
  syncs: number
  acknowledgements: number
  /** Acknowledgements looked for, over all cuts. */
  lookedFor: number
  /** Cuts after which something was missing or broken. */
  cutsAtFault: number
  /** What was, of the first of them. */
  faults: string[]
}

export interface PowerCutOptions {
  /** For one database at a time; best in memory. */
  readonly directory: string
  readonly cuts: number
  readonly seed: number
  /** The disk ignores every sync. */
  readonly deaf?: boolean
  /** Where the disks of the first faults are kept. */
  readonly keep?: string
  say?(line: string): void
}

const faultsKeptMax = 5
const tellEvery = 1_000

const { timeZone, currency } = readConfig({})

export function cutPower(recording: PowerRecording, options: PowerCutOptions): PowerCutFigures {
  const { cuts, seed, deaf = false, say } = options
  const { events, seeded } = recording
  const random = new Random(seed)
  const disk = new Disk({ deaf })
  const acknowledged: Acknowledgement[] = []
  const figures: PowerCutFigures = {
    name: recording.name,
    cuts: 0,
    cutsWithLoss: 0,
    events: events.length,
    syncs: events.filter(({ type }) => type === 'sync').length,
    acknowledgements: 0,
    lookedFor: 0,
    cutsAtFault: 0,
    faults: [],
  }
  const moments = Array.from({ length: cuts }, () => random.below(events.length + 1)).toSorted(
    (a, b) => a - b,
  )
  let next = 0
  for (let number = 0; number <= events.length; number += 1) {
    for (; moments[next] === number; next += 1) {
      cutOnce(
        disk,
        `${recording.name}, seed ${seed}, cut ${next} before event ${number}`,
        random,
        acknowledged,
        figures,
        options,
      )
      if (figures.cuts % tellEvery === 0)
        say?.(`${recording.name}: ${figures.cuts} cuts, ${figures.cutsAtFault} at fault`)
    }
    const event = events[number]
    if (event === undefined) break
    disk.apply(event, number)
    if (number === seeded) acknowledged.push(seeding)
    const acknowledgement = event.type === 'answer' ? acknowledgementOf(event) : undefined
    if (acknowledgement !== undefined) acknowledged.push(acknowledgement)
  }
  figures.acknowledgements = acknowledged.length
  return figures
}

/** What `recoup seed` promises by ending well. */
const seeding: Acknowledgement = {
  what: 'the shop as it was seeded',
  sql: `SELECT 1 WHERE EXISTS (SELECT 1 FROM snapshots WHERE kind = 'balance')
    AND EXISTS (SELECT 1 FROM snapshots WHERE kind = 'coupon')
    AND (SELECT count(*) FROM products) = 10 AND (SELECT count(*) FROM product_options) = 40`,
  values: [],
}

function cutOnce(
  disk: Disk,
  name: string,
  random: Random,
  acknowledged: readonly Acknowledgement[],
  figures: PowerCutFigures,
  { directory, keep }: PowerCutOptions,
): void {
  const { files, isWhole } = disk.afterPowerCut(random)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  for (const [file, content] of files) writeFileSync(join(directory, file), content)
  figures.cuts += 1
  figures.lookedFor += acknowledged.length
  if (!isWhole) figures.cutsWithLoss += 1
  const found = faultsOf(directory, acknowledged)
  if (found.length === 0) return
  figures.cutsAtFault += 1
  if (figures.faults.length >= faultsKeptMax) return
  figures.faults.push(`${name}: ${found.slice(0, faultsKeptMax).join('; ')}`)
  if (keep === undefined) return
  const kept = join(keep, name.replaceAll(/[^\w]+/g, '-'))
  mkdirSync(kept, { recursive: true })
  for (const [file, content] of files) writeFileSync(join(kept, file), content)
}

/** Opens the database as the server does, which recovers it. */
function faultsOf(directory: string, acknowledged: readonly Acknowledgement[]): string[] {
  try {
    const database = openDatabase(directory, { timeZone, currency })
    try {
      const broken = brokenInvariants(checkInvariants(database, Date.now()))
      return [
        ...missingFrom(database, acknowledged),
        ...broken.map(invariant => `${invariant} does not hold`),
      ]
    } finally {
      database.close()
    }
  } catch (error) {
    return [String(error)]
  }
}
