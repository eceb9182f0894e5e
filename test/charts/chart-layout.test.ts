import { beforeAll, describe, expect, it } from 'vitest'
import type { Box, LaidOutChart } from '../../src/charts/chart-layout.ts'
import { createCharts } from '../../src/charts/charts.ts'
import { isCrossed } from '../../src/charts/clear-labels.ts'
import { machineChart } from '../../src/machines/machine-chart.ts'
import { orderMachine } from '../../src/machines/order-machine.ts'
import { paymentMachine } from '../../src/machines/payment-machine.ts'
import { layOutHere } from '../support/lay-out-here.ts'

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const holds = (outer: Box, inner: Box) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height

describe.each([
  ['payment', paymentMachine],
  ['order', orderMachine],
] as const)('The layout of the %s machine', (_id, machine) => {
  const chart = machineChart(machine)
  let laidOut: LaidOutChart
  beforeAll(async () => {
    laidOut = await layOutHere(chart)
  })
  const leaves = () => laidOut.states.filter(({ id }) => !laidOut.states.some(({ parent }) => parent === id))

  it('has every state within the one it lies in, and none over another', () => {
    const page = { x: 0, y: 0, width: laidOut.width, height: laidOut.height }
    for (const state of laidOut.states) {
      expect(holds(laidOut.states.find(({ id }) => id === state.parent) ?? page, state), state.id).toBe(true)
    }
    for (const a of laidOut.states) {
      for (const b of laidOut.states) {
        if (a !== b && a.parent === b.parent) expect(overlap(a, b), `${a.id} and ${b.id}`).toBe(false)
      }
    }
  })

  it('has no label over a state or another label', () => {
    const labels = laidOut.edges.map(({ id, label }) => ({ id, ...label }))
    for (const label of labels) {
      for (const state of leaves()) expect(overlap(label, state), `${label.id} and ${state.id}`).toBe(false)
      for (const other of labels) {
        if (other !== label) expect(overlap(label, other), `${label.id} and ${other.id}`).toBe(false)
      }
    }
  })

  it('has no line through a label of another', () => {
    for (const { id, label } of laidOut.edges) {
      for (const other of laidOut.edges) {
        if (other.id !== id) expect(isCrossed(label, other.points), `${other.id} through ${id}`).toBe(false)
      }
    }
  })

  it('draws every transition that leads somewhere, from its state to its target', () => {
    const leading = chart.transitions.filter(({ from, to }) => from !== to).map(({ id }) => id)
    expect(laidOut.edges.flatMap(({ transitions }) => transitions).sort()).toEqual([...leading].sort())
    const touches = (box: Box, { x, y }: { x: number; y: number }) =>
      holds(
        { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 },
        { x, y, width: 0, height: 0 },
      )
    for (const { id, from, to, points } of laidOut.edges) {
      const [source, target] = [from, to].map(end => laidOut.states.find(state => state.id === end))
      const [first, last] = [points[0], points.at(-1)]
      if (source === undefined || target === undefined || first === undefined || last === undefined) {
        throw new Error(`${id} has no ends`)
      }
      expect(touches(source, first), `${id} begins at its state`).toBe(true)
      expect(touches(target, last), `${id} ends at its target`).toBe(true)
    }
  })
})

describe('The layout of the payment machine', () => {
  it('has the undoing beside the doing, in reverse order', async () => {
    const { states } = await layOutHere(machineChart(paymentMachine))
    const at = (id: string) => states.find(state => state.id === id)?.y ?? Number.NaN
    expect(at('paying.deductingBalance')).toBeLessThan(at('paying.recordingPayment'))
    expect(at('compensating.refundingBalance')).toBeLessThan(at('compensating.voidingPayment'))
    const [doing, undoing] = ['paying', 'compensating'].map(id => states.find(state => state.id === id))
    expect(undoing?.x).toBeGreaterThan((doing?.x ?? 0) + (doing?.width ?? 0))
  })
})

describe('Charts', () => {
  it('are laid out in a thread of their own as they are here', async () => {
    const chart = machineChart(orderMachine)
    expect(await createCharts([chart]).chart('order')).toEqual(await layOutHere(chart))
  })

  it('lay each machine out once, and again when it could not be done', async () => {
    const chart = machineChart(orderMachine)
    let laid = 0
    const charts = createCharts([chart], async () => {
      laid += 1
      if (laid === 1) throw new Error('no thread')
      return { ...chart, width: 1, height: 1, states: [], edges: [] }
    })
    await expect(charts.chart('order')).rejects.toThrow('no thread')
    await charts.chart('order')
    await charts.chart('order')
    expect(laid).toBe(2)
    expect(charts.chart('lamp')).toBeUndefined()
  })
})
