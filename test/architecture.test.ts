import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Files by path, as `src/runtime/runtime.ts`, with their text. */
type Files = Readonly<Record<string, string>>

const files: Files = Object.fromEntries(
  globSync('src/**/*.{ts,sql}').map(path => [path.replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
)

interface Import {
  readonly from: string
  /** A file under `src`, or a package. */
  readonly of: string
  readonly typeOnly: boolean
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/g

function importsOf(all: Files): Import[] {
  return Object.entries(all).flatMap(([from, text]) =>
    [...text.matchAll(importPattern)].map(([, type, fixed, dynamic]) => {
      const name = fixed ?? dynamic ?? ''
      const of = name.startsWith('.') ? join(dirname(from), name).replaceAll('\\', '/') : name
      return { from, of, typeOnly: type !== undefined }
    }),
  )
}

/** `vocabulary` for the files at the root of `src`, but for the two that know more; else the folder. */
function roomOf(path: string): string {
  const [, first = '', second] = path.split('/')
  if (second !== undefined) return first
  return path === 'src/main.ts' || path === 'src/config.ts' ? first : 'vocabulary'
}

const isMessages = (path: string) => /-messages\.ts$/.test(path)
const domainOf = (path: string) => /^src\/actors\/([^/]+)\//.exec(path)?.[1]

/** What the runtime asks of whoever stores for it. */
const runtimePorts = ['actor', 'envelope', 'outbox-relay', 'store'].map(name => `src/runtime/${name}.ts`)

/** The rooms a room may look into, apart from itself. A test says which part of a room, where it is not all of it. */
const mayImport: Record<string, Record<string, (path: Import) => boolean>> = {
  vocabulary: {},
  'config.ts': { vocabulary: all, machines: all },
  runtime: { vocabulary: all },
  persistence: { vocabulary: all, runtime: ({ of }) => runtimePorts.includes(of) },
  delivery: { vocabulary: all, runtime: ({ of }) => runtimePorts.includes(of) },
  machines: { vocabulary: all, runtime: all, actors: ({ of }) => isMessages(of) },
  actors: { vocabulary: all, runtime: all, machines: all },
  charts: { machines: ({ of }) => of === 'src/machines/machine-chart.ts' },
  http: { vocabulary: all, runtime: all, actors: all },
  cli: {
    vocabulary: all,
    'config.ts': all,
    runtime: all,
    actors: all,
    persistence: all,
    delivery: all,
  },
}

function all(): boolean {
  return true
}

function isAllowed(imported: Import): boolean {
  const { from, of } = imported
  const [room, other] = [roomOf(from), roomOf(of)]
  if (room === 'main.ts') return true
  if (room !== other) return mayImport[room]?.[other]?.(imported) ?? false
  const [domain, otherDomain] = [domainOf(from), domainOf(of)]
  return domain === undefined || otherDomain === undefined || domain === otherDomain || isMessages(of)
}

/** Packages that only certain files may know. */
const owners: Record<string, (path: string) => boolean> = {
  xstate: path => roomOf(path) === 'machines',
  '@xstate/store': path => path === 'src/actors/store-actor.ts',
  'better-sqlite3': path => roomOf(path) === 'persistence',
  elkjs: path => roomOf(path) === 'charts',
  hono: path => roomOf(path) === 'http',
}

const inside = ({ of }: Import) => of.startsWith('src/')

function wrongImports(all: Files): string[] {
  return importsOf(all)
    .filter(imported =>
      inside(imported) ? !isAllowed(imported) : owners[imported.of]?.(imported.from) === false,
    )
    .map(({ from, of }) => `${from} imports ${of}`)
}

const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '')

const clockOrChance =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\b(?:setTimeout|setInterval)\(|\brandom(?:UUID|Bytes|Int)\(|\bAbortSignal\.timeout\(/

/** The clock itself, and the server, whose last wait is for the network and decides nothing. */
const mayReadTheClock = ['src/main.ts', 'src/clock.ts', 'src/http/server.ts']

function readingTheClock(all: Files): string[] {
  return Object.keys(all).filter(
    path => !mayReadTheClock.includes(path) && clockOrChance.test(withoutComments(all[path] ?? '')),
  )
}

const vagueName = /(?:^|[-/])(?:utils?|helpers?|common|services?|managers?|impl|types)(?:[-./]|$)/

describe('The source', () => {
  it('is there to be looked at', () => {
    expect(Object.keys(files).length).toBeGreaterThan(60)
    expect(importsOf(files).filter(inside).length).toBeGreaterThan(150)
  })

  it('imports in the directions of the architecture only', () => {
    expect(wrongImports(files)).toEqual([])
  })

  it('takes time and chance from whoever called it', () => {
    expect(readingTheClock(files)).toEqual([])
  })

  it('names files after what they hold', () => {
    expect(Object.keys(files).filter(path => vagueName.test(path))).toEqual([])
  })

  it('leaves nothing to be done', () => {
    expect(Object.keys(files).filter(path => /\b(?:TODO|FIXME|XXX)\b/.test(files[path] ?? ''))).toEqual([])
  })
})

describe('A wrong import', () => {
  it.each([
    ['src/money.ts', './runtime/actor.ts'],
    ['src/config.ts', './actors/questions.ts'],
    ['src/runtime/runtime.ts', '../persistence/database.ts'],
    ['src/runtime/runtime.ts', '../actors/balance/balance-messages.ts'],
    ['src/persistence/retention.ts', '../runtime/runtime.ts'],
    ['src/persistence/read-side.ts', '../actors/read-side.ts'],
    ['src/machines/payment-machine.ts', '../actors/balance/balance.ts'],
    ['src/actors/order/order.ts', '../payment/payment.ts'],
    ['src/actors/answer-questions.ts', '../persistence/read-side.ts'],
    ['src/http/order-routes.ts', '../machines/order-machine.ts'],
    ['src/http/order-routes.ts', '../persistence/database.ts'],
    ['src/cli/seed-command.ts', '../http/app.ts'],
    ['src/http/app.ts', '../main.ts'],
    ['src/http/app.ts', '../delivery/data-platform-sink.ts'],
    ['src/delivery/data-platform-sink.ts', '../runtime/runtime.ts'],
    ['src/actors/order/order.ts', 'xstate'],
    ['src/actors/stock/stock.ts', '@xstate/store'],
  ])('of %s from %s is found, however it is written', (path, of) => {
    const ways = [
      `import { x } from '${of}'`,
      `import type { X } from '${of}'`,
      `import {\n  x,\n} from '${of}'`,
      `export { x } from '${of}'`,
      `import '${of}'`,
      `const x = await import('${of}')`,
    ]
    for (const text of ways) expect(wrongImports({ [path]: `const a = 1\n${text}\n` })).toHaveLength(1)
  })

  it.each([
    ['src/main.ts', './http/app.ts'],
    ['src/persistence/sqlite-store.ts', '../runtime/store.ts'],
    ['src/machines/payment-machine.ts', '../actors/balance/balance-messages.ts'],
    ['src/actors/customer/customer.ts', '../balance/balance-messages.ts'],
    ['src/actors/customer/customer.ts', '../store-actor.ts'],
    ['src/machines/machine-steps.ts', 'xstate'],
  ])('is not one of %s from %s', (path, of) => {
    expect(wrongImports({ [path]: `import { x } from '${of}'` })).toEqual([])
  })
})

describe('A reading of the clock', () => {
  it.each(['Date.now()', 'new Date()', 'Math.random()', 'setTimeout(run, 1)', 'AbortSignal.timeout(1)'])(
    'by %s is found, but not in a comment',
    text => {
      expect(readingTheClock({ 'src/actors/a.ts': `const a = ${text}` })).toEqual(['src/actors/a.ts'])
      expect(readingTheClock({ 'src/actors/a.ts': `// ${text}\n/* ${text} */` })).toEqual([])
      expect(readingTheClock({ 'src/clock.ts': text })).toEqual([])
    },
  )
})

describe('A vague name', () => {
  it.each([
    'src/utils/x.ts',
    'src/order-utils.ts',
    'src/common.ts',
    'src/actors/order/order-service.ts',
    'src/impl/x.ts',
  ])('such as %s is found', path => expect(vagueName.test(path)).toBe(true))
  it.each(['src/runtime/transport.ts', 'src/cli/seed/shop-profile.ts', 'src/http/dependencies.ts'])(
    'is not %s',
    path => expect(vagueName.test(path)).toBe(false),
  )
})
