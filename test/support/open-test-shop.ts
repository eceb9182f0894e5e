import { readConfig } from '../../src/config.ts'
import { openShop, type Shop, type ShopOptions } from '../../src/main.ts'
import { type Interceptor, interceptedTransport } from '../../src/runtime/transport.ts'
import { SimulatedClock } from './simulated-clock.ts'

/** A whole shop, real from HTTP to SQLite, with a clock that stands still and messages that can be intercepted. */
export function openTestShop(
  options: {
    /** In memory unless a directory is given. */
    dataDirectory?: string
    intercept?: Interceptor
    clock?: SimulatedClock
    environment?: Record<string, string>
  } & Pick<
    ShopOptions,
    'actors' | 'aroundWriter' | 'hashParameters' | 'limits' | 'mode' | 'sinks' | 'writeInPlace'
  > = {},
) {
  const clock = options.clock ?? new SimulatedClock()
  const reports: string[] = []
  const shop: Shop = openShop({
    config: readConfig({
      RECOUP_AUTH: 'gateway',
      RECOUP_DATA: options.dataDirectory ?? ':memory:',
      ...options.environment,
    }),
    hashParameters: { memory: 8, passes: 1, parallelism: 1, ...options.hashParameters },
    clock,
    writeInPlace: options.writeInPlace ?? true,
    random: () => 1,
    ...(options.intercept && { transport: interceptedTransport(options.intercept, clock) }),
    ...(options.actors && { actors: options.actors }),
    ...(options.limits && { limits: options.limits }),
    ...(options.sinks && { sinks: options.sinks }),
    ...(options.aroundWriter && { aroundWriter: options.aroundWriter }),
    ...(options.mode && { mode: options.mode }),
    report: line => void reports.push(line),
  })
  return { ...shop, clock, reports }
}

export type TestShop = ReturnType<typeof openTestShop>
