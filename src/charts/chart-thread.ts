import { parentPort, workerData } from 'node:worker_threads'
import Elk from 'elkjs/lib/elk.bundled.js'
import type { MachineChart } from '../machines/machine-chart.ts'
import { layOut } from './chart-layout.ts'

/*
 * A thread that lays one chart out and ends. ELK takes about half a second to be loaded and to do it, for which payments
 * would otherwise wait.
 */

// The package says its class is the module; to Node it is the default of it.
const ElkOfModule = Elk as unknown as typeof Elk.default
parentPort?.postMessage(await layOut(new ElkOfModule(), workerData as MachineChart))
