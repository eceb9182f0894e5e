/**
 * `npm run bench:catalogue`: what each layer before the database is worth when customers look at products. Every variant
 * is a server of its own on its own data; in each round each gets as many requests, in changing order. Prints for each
 * load the medians over the rounds: CPU time of the server per request, what that is to `none` and to `lru` in the same
 * round with its quartiles, and how many of the requests read products from the database; of Redis its own CPU time per
 * request. Redis is left out where there is no `redis-server`.
 */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { productCount } from './catalogue-profile.ts'
import type { CatalogueUsage } from './catalogue-server.ts'
import { Connection } from './connection.ts'
import { median, percentile } from './percentile.ts'
import { processUsage } from './process-usage.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    requests: { type: 'string', default: '2000' },
    only: { type: 'string' },
    variants: { type: 'string', default: 'none,lru,redis,both,far-redis,far-both' },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const requests = Number(values.requests)
const clients = 16

/** Few products are looked at by many: the logarithm of a product's place is even. */
const someProduct = () => Math.floor(productCount ** Math.random())
const searched = ['linen shirt', 'wool', 'cap', 'no. 12', 'SILK', 'felt glove', 'coat', 'nothing like it']

const loads: Readonly<Record<string, () => string>> = {
  'product detail': () => `/products/${someProduct()}`,
  'list of 50': () => '/products?limit=50',
  search: () => `/products?limit=20&q=${encodeURIComponent(searched[Math.floor(Math.random() * 8)] ?? '')}`,
}
const chosen = Object.entries(loads).filter(([name]) => values.only === undefined || name === values.only)
if (values.help || !(rounds > 0) || !(requests > 0) || chosen.length === 0) {
  console.error(
    `usage: npm run bench:catalogue -- [--rounds 20] [--requests 2000] [--only 'product detail'] [--variants none,lru]`,
  )
  process.exit(values.help ? 0 : 2)
}

interface Slice {
  readonly cpuUs: number
  /** Of Redis; the kernel counts in steps of 10 ms, so only the mean over all rounds says something. */
  readonly redisCpuUs: number
  readonly p50Ms: number
  readonly readShare: number
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-catalogue-'))
const children: ChildProcess[] = []
try {
  const redis = await startRedis()
  const variants = values.variants.split(',').filter(name => redis !== undefined || !/redis|both/.test(name))
  const servers = new Map<string, Awaited<ReturnType<typeof start>>>()
  for (const variant of variants) servers.set(variant, await start(variant, redis?.port ?? 0))
  for (const [name, pathOf] of chosen) {
    // Of lists only the pages are kept, and never in Redis.
    const compared =
      name === 'product detail' ? variants : variants.filter(variant => /none|lru/.test(variant))
    const slices = new Map<string, Slice[]>(compared.map(variant => [variant, []]))
    for (let round = 0; round <= rounds; round += 1) {
      for (const variant of round % 2 === 0 ? compared : compared.toReversed()) {
        const slice = await measure(servers.get(variant), redis?.pid, pathOf)
        // The first round warms up.
        if (round > 0) slices.get(variant)?.push(slice)
      }
      console.error(`${name}: round ${round} of ${rounds}`)
    }
    print(name, slices)
  }
} finally {
  for (const child of children) child.kill()
  rmSync(directory, { recursive: true, force: true })
}
process.exit()

async function start(variant: string, redisPort: number) {
  const data = join(directory, variant)
  const child = fork(join(import.meta.dirname, 'catalogue-server.ts'), [
    ...['--variant', variant, '--data', data, '--redis-port', String(redisPort)],
  ])
  children.push(child)
  const [url] = (await once(child, 'message')) as [string]
  const port = Number(new URL(url).port)
  return {
    // A connection of its own for each round: the server closes those that wait for the next one.
    connect: () => Array.from({ length: clients }, () => new Connection(port, fail)),
    async usage(): Promise<CatalogueUsage> {
      child.send('usage')
      const [usage] = (await once(child, 'message')) as [CatalogueUsage]
      return usage
    },
  }
}

function fail(error: unknown): never {
  for (const child of children) child.kill()
  throw error
}

async function measure(
  server: Awaited<ReturnType<typeof start>> | undefined,
  redisPid: number | undefined,
  pathOf: () => string,
): Promise<Slice> {
  if (server === undefined) throw new Error('There is no such server')
  const connections = server.connect()
  const before = await server.usage()
  const redisCpuMs = () => (redisPid === undefined ? 0 : processUsage(redisPid).cpuMs)
  const redisBefore = redisCpuMs()
  const latencies: number[] = []
  let left = requests
  await Promise.all(
    connections.map(
      connection =>
        new Promise<void>(resolve => {
          function next(): void {
            if (left === 0) {
              resolve()
              return
            }
            left -= 1
            const asked = performance.now()
            connection.get(pathOf(), ({ status }) => {
              if (status !== 200) fail(new Error(`A product was answered ${status}`))
              latencies.push(performance.now() - asked)
              next()
            })
          }
          next()
        }),
    ),
  )
  const after = await server.usage()
  for (const connection of connections) connection.close()
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / requests,
    redisCpuUs: ((redisCpuMs() - redisBefore) * 1_000) / requests,
    p50Ms: percentile(latencies, 50),
    readShare: (after.reads - before.reads) / requests,
  }
}

function print(name: string, slices: ReadonlyMap<string, readonly Slice[]>): void {
  console.log(`${name}: ${rounds} rounds of ${requests} requests, ${clients} clients`)
  for (const [variant, measured] of slices) {
    const of = (value: (slice: Slice) => number) => median(measured.map(value))
    const ratioTo = (other: string) => {
      const ratios = measured.map(
        ({ cpuUs }, round) => cpuUs / (slices.get(other)?.[round]?.cpuUs ?? Number.NaN),
      )
      const [low, middle, high] = [25, 50, 75].map(percent => percentile(ratios, percent).toFixed(3))
      return `${middle} of ${other} (${low} to ${high})`
    }
    const cpu = of(slice => slice.cpuUs)
      .toFixed(1)
      .padStart(7)
    const redis = measured.reduce((sum, slice) => sum + slice.redisCpuUs, 0) / measured.length
    const p50 = of(slice => slice.p50Ms).toFixed(2)
    const share = (of(slice => slice.readShare) * 100).toFixed(1)
    console.log(
      `  ${variant.padEnd(9)} ${cpu} µs CPU per request${redis > 0 ? ` and ${redis.toFixed(1)} of Redis` : ''}, ` +
        `${ratioTo('none')}, ${ratioTo('lru')}, p50 ${p50} ms, ${share} % read the database`,
    )
  }
}

async function startRedis(): Promise<{ port: number; pid: number } | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const text of child.stdout) if (String(text).includes('Ready to accept')) break
  return { port, pid: child.pid ?? 0 }
}
