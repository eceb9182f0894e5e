import Elk from 'elkjs/lib/elk.bundled.js'
import { type LaidOutChart, layOut } from '../../src/charts/chart-layout.ts'
import type { MachineChart } from '../../src/machines/machine-chart.ts'

// The package says its class is the module; to Node it is the default of it.
const elk = new (Elk as unknown as typeof Elk.default)()

/** A chart laid out without a thread of its own, which takes a test longer than the layout. */
export const layOutHere = (chart: MachineChart): Promise<LaidOutChart> => layOut(elk, chart)
