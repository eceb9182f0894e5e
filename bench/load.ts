/**
 * The load as a process of its own, so that it has the second core and its CPU time is not the server's. Prints the
 * result as one line of JSON. `--spike` is the coupon spike, everything else the order and pay load.
 */
import { parseArgs } from 'node:util'
import { couponSpike } from './coupon-spike.ts'
import { orderLoad } from './order-load.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    pid: { type: 'string' },
    spike: { type: 'boolean', default: false },
    hot: { type: 'boolean', default: false },
    clients: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
    'warm-up-seconds': { type: 'string', default: '2' },
    'orders-max': { type: 'string', default: '4000000' },
    seed: { type: 'string', default: '1' },
  },
})
const port = Number(values.port)
const pid = Number(values.pid)
if (!(port > 0 && pid > 0)) throw new Error('--port and --pid of a running server are needed')

const result = values.spike
  ? await couponSpike(port, pid)
  : await orderLoad({
      port,
      pid,
      clients: Number(values.clients),
      warmUpMs: Number(values['warm-up-seconds']) * 1000,
      measureMs: Number(values.seconds) * 1000,
      hot: values.hot,
      ordersMax: Number(values['orders-max']),
      seed: Number(values.seed),
    })
console.log(JSON.stringify(result))
// Connections that were never answered would keep the process.
process.exit()
