import { expect } from 'vitest'
import { temporaryDirectory } from '../../cli/temporary-directory.ts'
import { itTraces } from '../it-traces.ts'
import { powerReport, recordAndCut } from './power-command.ts'

itTraces(
  'A power cut takes nothing that was acknowledged; without syncs it does',
  async () => {
    using directory = temporaryDirectory()
    const seed = 5
    const figures = await recordAndCut({
      directory: directory.path,
      cuts: 60,
      seed,
      customers: 2,
      requests: 5,
    })
    const { faults, blindSpots } = powerReport(seed, figures)
    expect(faults).toEqual([])
    expect(blindSpots).toEqual([])
    const { synced, controls } = figures
    expect(synced.every(({ acknowledgements }) => acknowledgements > 5)).toBe(true)

    const deafened = powerReport(seed, { synced: controls, controls: synced })
    expect(deafened.faults.length).toBeGreaterThan(0)
    expect(deafened.blindSpots.length).toBeGreaterThan(0)
  },
  120_000,
)
