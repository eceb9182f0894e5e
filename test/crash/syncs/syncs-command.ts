import { join } from 'node:path'
import { inParallel } from '../../../src/cli/seed/in-parallel.ts'
import { alteredBy, answersBeforeCommit } from '../alterations.ts'
import type { CrashCommand } from '../crash-command.ts'
import { type CrashReport, sentencesOf } from '../crash-report.ts'
import { type SagaPath, sagaPathOf, sagaPaths } from './saga-paths.ts'
import { type SyncKillFigures, type SyncKillOptions, SyncKills } from './sync-kills.ts'

const pathsAtOnce = 2
const everySync = Number.POSITIVE_INFINITY

/** Kills along each of the paths, on one server after the other. */
export async function killAtSyncs(
  paths: readonly SagaPath[],
  servers: readonly SyncKillOptions[],
): Promise<SyncKillFigures[]> {
  const runs: SyncKillFigures[] = []
  for (const options of servers) {
    const kills = new SyncKills(options)
    await kills.seed()
    await inParallel(paths, pathsAtOnce, path => kills.run(path))
    runs.push(kills.figures)
  }
  return runs
}

/** How many faults a server has that answers before it commits: the control. */
async function faultsOfEarlyAnswers(directory: string): Promise<number> {
  const environment = alteredBy(answersBeforeCommit)
  const [figures] = await killAtSyncs(
    [sagaPathOf('completed, asked without a key')],
    [{ directory, recoverySyncsMax: 0, environment }],
  )
  return figures?.faults.length ?? 0
}

export const syncsCommand: CrashCommand = {
  summary: `kills the server at each sync of each saga path: as it is, with --steps steps a commit, and with --few, where recovery too is killed at each sync`,
  options: { steps: 1, few: 3 },
  async run({ steps = 0, few = 0 }, directory, say) {
    const at = (name: string) => join(directory, name)
    const runs = await killAtSyncs(sagaPaths, [
      { directory: at('as-it-is'), recoverySyncsMax: everySync, say },
      { directory: at('steps'), tickSteps: steps, recoverySyncsMax: 0, say },
      { directory: at('few'), tickSteps: few, recoverySyncsMax: everySync, say },
    ])
    return syncReport(runs, await faultsOfEarlyAnswers(at('control')))
  },
}

export function syncReport(runs: readonly SyncKillFigures[], controlFaults: number): CrashReport {
  const sum = (of: (figures: SyncKillFigures) => number) =>
    runs.reduce((total, figures) => total + of(figures), 0)
  const syncs = runs.flatMap(run => [...run.syncs])
  const planned = syncs.reduce((total, [, count]) => total + count, 0)
  const kills = sum(run => run.kills)
  const acknowledgements = sum(run => run.acknowledgements)
  const missed = runs.flatMap(run => run.missed)
  return {
    title: 'kills at every sync',
    figures: [
      ...syncs.map(([path, count]) => `${String(count).padStart(3)} syncs: ${path}`),
      `${planned} syncs in all, a kill fired at ${kills}; ${sum(run => run.recoveryKills)} kills at the syncs of recovery`,
      `${acknowledgements} acknowledgements given before the kills; ${sum(run => run.compared)} servers after them compared with the notes and checked`,
      `control, a server that answers before it commits: ${controlFaults} faults`,
    ],
    faults: runs.flatMap(run => run.faults),
    blindSpots: [
      ...missed.map(sync => `No kill fired at ${sync}.`),
      ...sentencesOf([
        [kills === 0, 'No kill fired.'],
        [acknowledgements === 0, 'Nothing was acknowledged before a kill.'],
        [controlFaults === 0, 'A server that answers before it commits was not found out.'],
      ]),
    ],
  }
}
