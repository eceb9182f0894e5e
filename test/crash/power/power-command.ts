import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { alteredBy, checkpointsOften, synchronousNormal } from '../alterations.ts'
import type { CrashCommand } from '../crash-command.ts'
import { type CrashReport, sentencesOf } from '../crash-report.ts'
import { cutPower, type PowerCutFigures } from './power-cuts.ts'
import { type PowerRecording, recordPower } from './power-recording.ts'

/** Controls lose something in nearly every cut; they need no more than so many. */
const controlCutsMax = 1_000

/** A server that commits every few steps, so that cuts find payments half done. */
const inFewSteps = { program: 'test/crash/syncs/saga-path-server.ts' }
const fewSteps = { CRASH_PATH: 'completed', CRASH_TICK_STEPS: '4' }

export interface PowerOptions {
  readonly directory: string
  readonly cuts: number
  readonly seed: number
  readonly customers: number
  readonly requests: number
  say?(line: string): void
}

export interface PowerFigures {
  /** As they must be: without a fault. */
  readonly synced: readonly PowerCutFigures[]
  /** As they must not be. */
  readonly controls: readonly PowerCutFigures[]
}

/** Records the server as it is and one that puts its log into the database all the time, and cuts the power of both. */
export async function recordAndCut(options: PowerOptions): Promise<PowerFigures> {
  const { directory, cuts, customers, requests, seed, say } = options
  const record = async (name: string, more: Partial<Parameters<typeof recordPower>[0]> = {}) => {
    const recording = await recordPower({
      name,
      directory: join(directory, name),
      seed,
      customers,
      requests,
      ...more,
    })
    say?.(`recorded ${name}: ${recording.events.length} events, ${recording.answers} answers`)
    return recording
  }
  const cut = (recording: PowerRecording, count: number, deaf = false) =>
    cutPower(deaf ? { ...recording, name: 'no sync' } : recording, {
      // In memory, where there is such a place: nothing here needs to last.
      directory: existsSync('/dev/shm') ? `/dev/shm/recoup-power-${process.pid}` : join(directory, 'disk'),
      cuts: count,
      seed,
      deaf,
      ...(!deaf && { keep: directory }),
      ...(say && { say }),
    })

  const asItIs = await record('as it is')
  const environment = { ...fewSteps, ...alteredBy(checkpointsOften) }
  const checkpointing = await record('with checkpoints', { ...inFewSteps, environment })
  const normal = await record('synchronous=NORMAL', {
    ...inFewSteps,
    environment: { ...fewSteps, ...alteredBy(checkpointsOften, synchronousNormal) },
  })
  const controlCuts = Math.min(cuts, controlCutsMax)
  return {
    synced: [cut(asItIs, Math.ceil(cuts / 2)), cut(checkpointing, Math.floor(cuts / 2))],
    controls: [cut(normal, controlCuts), cut(checkpointing, controlCuts, true)],
  }
}

export const powerCommand: CrashCommand = {
  summary: 'cuts the power at any moment of a recorded life, and drops or tears what was not synced',
  options: { cuts: 20_000, customers: 4, requests: 20 },
  seeded: true,
  async run({ cuts = 0, customers = 0, requests = 0, seed = 0 }, directory, say) {
    return powerReport(seed, await recordAndCut({ directory, cuts, seed, customers, requests, say }))
  },
}

export function powerReport(seed: number, { synced, controls }: PowerFigures): CrashReport {
  return {
    title: `power cuts, seed ${seed}`,
    figures: [...synced.map(lineOf), ...controls.map(figures => `control ${lineOf(figures)}`)],
    faults: synced.flatMap(({ cutsAtFault, faults }) =>
      cutsAtFault > faults.length ? [...faults, `… in ${cutsAtFault} cuts in all`] : faults,
    ),
    blindSpots: [
      ...synced.flatMap(({ name, cutsWithLoss, lookedFor, syncs }) =>
        sentencesOf([
          [syncs === 0, `${name}: Nothing was synced.`],
          [cutsWithLoss === 0, `${name}: No cut took anything off the disk.`],
          [lookedFor === 0, `${name}: Nothing was acknowledged before a cut.`],
        ]),
      ),
      ...controls.flatMap(({ name, cutsAtFault }) =>
        sentencesOf([[cutsAtFault === 0, `${name}: It should lose something, and no cut found that out.`]]),
      ),
    ],
  }
}

function lineOf(figures: PowerCutFigures): string {
  const { name, cuts, cutsWithLoss, cutsAtFault, events, syncs, acknowledgements, lookedFor } = figures
  return (
    `${name}: ${cuts} cuts, ${cutsWithLoss} of them took something; ${cutsAtFault} at fault ` +
    `(${events} events, ${syncs} syncs; ${acknowledgements} acknowledgements, looked for ${lookedFor} times)`
  )
}
