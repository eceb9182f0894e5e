import { alteredBy, believesFailedCommits } from '../alterations.ts'
import type { CrashCommand } from '../crash-command.ts'
import { type CrashReport, sentencesOf } from '../crash-report.ts'
import { type DiskFullFigures, fillDiskUnderLoad } from './disk-full-run.ts'

export const fullCommand: CrashCommand = {
  summary: 'fills the disk of the server under load and empties it again; needs the right to mount',
  options: { rounds: 20 },
  seeded: true,
  async run({ rounds = 0, seed = 0 }, directory, say) {
    const figures = await fillDiskUnderLoad({ directory: `${directory}/real`, rounds, seed, say })
    const control = await fullControl(`${directory}/control`, seed)
    return fullReport(seed, figures, control)
  },
}

/** What is found of a server that takes a failed commit for one that is there. */
export function fullControl(directory: string, seed: number): Promise<DiskFullFigures | undefined> {
  return fillDiskUnderLoad({
    directory,
    rounds: 1,
    seed,
    environment: alteredBy(believesFailedCommits),
    believes: true,
  })
}

export function fullReport(
  seed: number,
  figures: DiskFullFigures | undefined,
  control: DiskFullFigures | undefined,
): CrashReport {
  const title = `full disk, seed ${seed}`
  if (figures === undefined || control === undefined) {
    return {
      title,
      figures: [],
      faults: [],
      blindSpots: ['No file system may be mounted here: run it as root.'],
    }
  }
  const { rounds, acknowledgements, refused, reads, recoveredMsMax, faults } = figures
  return {
    title,
    figures: [
      `${rounds} times full: ${acknowledgements} requests acknowledged, ${refused} refused with 503, ${reads} questions answered while it was full`,
      `writing again ${recoveredMsMax} ms after there was space, at most`,
      `control, a server that believes in failed commits: ${control.faults.length} faults`,
    ],
    faults,
    blindSpots: sentencesOf([
      [rounds === 0, 'The disk was never full.'],
      [refused === 0, 'Nothing was refused.'],
      [acknowledgements === 0, 'Nothing was acknowledged.'],
      [control.faults.length === 0, 'A server that believes in failed commits was not found out.'],
    ]),
  }
}
