import type { CrashCommand } from './crash-command.ts'
import { CrashRun } from './crash-run.ts'
import { killReport } from './kill-report.ts'

export const killsCommand: CrashCommand = {
  summary: 'kills the server again and again under load, on one data directory',
  options: { kills: 100 },
  seeded: true,
  async run({ kills = 0, seed = 0 }, directory, say) {
    const run = new CrashRun({ directory, kills, seed, say })
    await run.run()
    return killReport(run.report)
  },
}
