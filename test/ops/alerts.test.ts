import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataDirectory } from '../support/data-directory.ts'
import { openTestShop } from '../support/open-test-shop.ts'

const rules = readFileSync('ops/alerts.yml', 'utf8')
const promtoolIsThere = spawnSync('promtool', ['--version']).status === 0
// Here it may be missing; where everything is shown, it may not.
const mayBeSkipped = process.env['CI'] !== 'true'

function promtool(...words: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' })
  return { status, text: `${stdout}${stderr}` }
}

describe.skipIf(!promtoolIsThere && mayBeSkipped)('The alert rules, by promtool', () => {
  it('are valid', () => {
    expect(promtool('check', 'rules', 'ops/alerts.yml')).toMatchObject({ status: 0 })
    expect(promtool('check', 'config', 'ops/prometheus.yml')).toMatchObject({ status: 0 })
  })

  it('fire when they should, and not before', () => {
    expect(promtool('test', 'rules', 'ops/alerts.test.yml')).toMatchObject({ status: 0 })
  })

  it.each([
    ['fires too early', 'recoup_payment_oldest_open_seconds > 600', 'recoup_payment_oldest_open_seconds > 1'],
    ['never fires', 'recoup_invariants_broken > 0', 'recoup_invariants_broken > 5'],
    ['waits for too long', 'for: 1m', 'for: 1h'],
  ])('are found wanting when one %s', (_what, find, replace) => {
    const directory = dataDirectory()
    expect(rules).toContain(find)
    writeFileSync(join(directory, 'alerts.yml'), rules.replace(find, replace))
    copyFileSync('ops/alerts.test.yml', join(directory, 'alerts.test.yml'))
    expect(promtool('test', 'rules', join(directory, 'alerts.test.yml')).status).not.toBe(0)
  })
})

describe('The alert rules', () => {
  const alerts = rules.split(/^ {6}- alert: /m).slice(1)

  it('say what happened and what to do, one clear sentence each', () => {
    expect(alerts.length).toBeGreaterThanOrEqual(20)
    for (const alert of alerts) {
      expect(alert).toMatch(/\n {10}summary: .{20,}\.\n/)
      expect(alert).toMatch(/\n {10}action: .{40,}\n?/)
      expect(alert).toMatch(/\n {8}labels: \{ severity: (?:page|ticket) \}\n/)
    }
  })

  it('are each tried', () => {
    const tests = readFileSync('ops/alerts.test.yml', 'utf8')
    const untried = alerts.map(alert => alert.split('\n')[0] ?? '').filter(name => !tests.includes(name))
    expect(untried).toEqual([])
  })

  it('ask only for metrics that the server has', async () => {
    const shop = openTestShop({ sinks: { payments: async () => {} } })
    const text = await (await shop.app.request('/metrics')).text()
    await shop.close()
    const exposed = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
    const asked = new Set(
      alerts.flatMap(alert =>
        [...alert.matchAll(/\b(?:recoup|process|nodejs)_[a-z_]+/g)].map(([name]) =>
          name.replace(/_bucket$/, ''),
        ),
      ),
    )
    expect(asked.size).toBeGreaterThan(15)
    expect([...asked].filter(name => !exposed.has(name))).toEqual([])
  })
})
