import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DamageReport, faultsOf, renderDamageReport } from './damage-report.ts'
import { runDamage } from './damage-run.ts'

let report: DamageReport
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'recoup-damage-'))
  try {
    report = await runDamage({ directory, seed: 7, payments: 40, rows: 250, files: 8, say() {} })
  } finally {
    rmSync(directory, { recursive: true })
  }
}, 60_000)

describe('A damage run', () => {
  it('notices every flipped bit and every exchange in snapshots, ledger and journal', () => {
    expect(faultsOf(report), renderDamageReport(report)).toEqual([])
    expect(report.classes.reduce((sum, { damages }) => sum + damages, 0)).toBe(250)
    expect(Object.values(report.file).reduce((sum, times) => sum + times, 0)).toBe(8)
    expect(report.control).toEqual({ flips: 3, noticed: 0 })
  })

  it('is at fault when something was not noticed, or when it was blind', () => {
    const [first, ...others] = report.classes.filter(({ promised }) => promised)
    if (first === undefined) throw new Error('Nothing was promised')
    expect(faultsOf({ ...report, classes: [{ ...first, unnoticed: 1 }, ...others] })).toEqual([
      `1 of the class ${first.name} were not noticed.`,
    ])
    expect(faultsOf({ ...report, classes: [] })).toEqual(['Nothing was damaged.'])
    expect(faultsOf({ ...report, control: { flips: 3, noticed: 1 } })).toHaveLength(1)
    expect(faultsOf({ ...report, control: { flips: 0, noticed: 0 } })).toEqual(['There was no control.'])
    expect(faultsOf({ ...report, firstBadNamed: report.firstBadAsked - 1 })).toHaveLength(1)
  })
})
