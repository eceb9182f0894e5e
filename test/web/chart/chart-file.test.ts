import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { createMachine } from 'xstate'
import { machineChart } from '../../../src/machines/machine-chart.ts'
import { orderMachine } from '../../../src/machines/order-machine.ts'
import { paymentMachine } from '../../../src/machines/payment-machine.ts'
import { chartFile } from '../../../web/src/chart/chart-file.tsx'
import { layOutHere } from '../../support/lay-out-here.ts'

const goldenFile = (id: string) => `test/golden-charts/${id}.svg`

async function drawn(machine: AnyStateMachine): Promise<string> {
  const chart = await layOutHere(machineChart(machine))
  return chartFile(chart as Parameters<typeof chartFile>[0])
}

describe('The picture of a machine that ships', () => {
  it.each([
    ['payment', paymentMachine],
    ['order', orderMachine],
  ] as const)('is the golden one: %s; `npm run charts` draws it anew', async (id, machine) => {
    const picture = await drawn(machine)
    if (process.env['RECOUP_DRAW_CHARTS'] === '1') writeFileSync(goldenFile(id), picture)
    expect(picture).toBe(readFileSync(goldenFile(id), 'utf8'))
  })
})

describe('The picture of any machine', () => {
  const states = { off: { on: { PUSH: 'on' } }, on: { description: 'It shines.', on: { PUSH: 'off' } } }

  it('changes with the machine, and nothing else has to', async () => {
    const before = await drawn(createMachine({ id: 'lamp', initial: 'off', states }))
    const after = await drawn(
      createMachine({
        id: 'lamp',
        initial: 'off',
        states: { ...states, on: { ...states.on, after: { 1000: 'broken' } }, broken: { type: 'final' } },
      }),
    )
    expect(before).not.toContain('broken')
    expect(after).toContain('data-state="broken"')
    expect(after).toContain('data-edge="on→broken"')
    expect(after).toContain('after 1000')
  })

  it('tells what is undone by a sign and a dashed border', async () => {
    const machine = createMachine({
      id: 'undo',
      initial: 'doing',
      states: {
        doing: { on: { FAIL: 'undoing' } },
        undoing: { tags: 'compensation', initial: 'giving', states: { giving: {} } },
      },
    })
    const picture = await drawn(machine)
    expect(picture).toContain('↶ giving')
    expect(picture).toContain('undone from the bottom up')
    expect(picture).toContain('stroke-dasharray')
    expect(await drawn(createMachine({ id: 'lamp', initial: 'off', states }))).not.toContain(
      'stroke-dasharray',
    )
  })
  it('gives a state that nothing leads out of a second border', async () => {
    const borders = async (id: string) => {
      const picture = await drawn(
        createMachine({ id: 'door', initial: 'open', states: { open: { on: { SHUT: 'shut' } }, shut: {} } }),
      )
      const group = picture.split('data-state=').find(part => part.startsWith(`"${id}"`)) ?? ''
      return group.split('<rect').length - 1
    }
    expect(await borders('open')).toBe(1)
    expect(await borders('shut')).toBe(2)
  })
})
