import { readFileSync } from 'node:fs'
import { hasGolden, writeGolden } from './golden-file.ts'
import { goldenScenes } from './golden-scenes.ts'
import { onStage } from './golden-stage.ts'

/* Keeps what this release stores in every scene: `npm run golden`. What is kept of a release is never written again. */

const { version: release } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

const missing = Object.entries(goldenScenes).filter(([scene]) => !hasGolden(release, scene))
for (const [scene, { play, tickStepsMax }] of missing) {
  await onStage(async stage => {
    await play(stage)
    writeGolden(release, scene, stage.shop.database)
  }, tickStepsMax)
  process.stderr.write(`${scene}\n`)
}
if (missing.length === 0) {
  process.stderr.write(
    `Every golden snapshot of ${release} is there and is not written again; raise the version in package.json first.\n`,
  )
  process.exitCode = 1
} else {
  process.stdout.write(`wrote ${missing.length} golden snapshots of ${release}\n`)
}
