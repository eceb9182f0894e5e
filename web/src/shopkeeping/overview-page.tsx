import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useLanguage, useText } from '../frame/language.tsx'
import { Badge } from '../parts/badge.tsx'
import { duration, Moment } from '../parts/moment.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { Page, Sheet } from '../parts/sheet.tsx'
import { milliseconds, percent, perSecond } from './figure-words.ts'
import { FiguresTable } from './figures-table.tsx'
import type { Health, HealthFigures } from './health-figures.ts'
import { type Line, LiveChart } from './live-chart.tsx'
import { text } from './text.ts'
import { useHealth } from './use-health.ts'

/** Health at a glance. */
export function OverviewPage() {
  const words = useText(text)
  const { health, figures, error, isPending } = useHealth()
  return (
    <Page title={words.overview}>
      {isPending ? <Loading /> : error !== null ? <Failed error={error} /> : null}
      {health !== undefined && (
        <>
          <Facts health={health} />
          <Charts figures={figures} />
          <Outside health={health} />
        </>
      )}
    </Page>
  )
}

function Facts({ health }: { health: Health }) {
  const words = useText(text)
  const { language } = useLanguage()
  const { payments, deadLettersWaiting, closed } = health
  const open = Object.values(payments.open).reduce((sum, count) => sum + count, 0)
  const stuck = payments.waiting + deadLettersWaiting > 0
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Fact name={words.door}>
        {closed === null ? (
          <Badge tone="good" sign="✓">
            {words.takenIn}
          </Badge>
        ) : (
          <Badge tone="danger" sign="✕">
            {words[closed]}
          </Badge>
        )}
      </Fact>
      <Fact name={words.inFlight}>
        <span className="text-2xl font-semibold tabular-nums">{open}</span>
      </Fact>
      <Fact name={words.oldest}>
        <span className="text-2xl font-semibold tabular-nums">
          {open === 0 ? words.none : duration(payments.oldestOpenMs, language)}
        </span>
      </Fact>
      <Fact name={words.needsSomebody}>
        {stuck ? (
          <Link to="/console/stuck" className="font-semibold text-danger underline">
            {words.stuck(payments.waiting, deadLettersWaiting)}
          </Link>
        ) : (
          <Badge tone="good" sign="✓">
            {words.nothingStuck}
          </Badge>
        )}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="rounded-2xl border border-line bg-sheet p-4">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="mt-1">{children}</dd>
    </div>
  )
}

function Charts({ figures }: { figures: readonly HealthFigures[] }) {
  const words = useText(text)
  const last = figures.at(-1)
  if (last === undefined) return <Loading />
  const at = figures.map(figure => figure.at)
  const line = (
    label: string,
    colour: Line['colour'],
    read: (figure: HealthFigures) => number | null,
    dash?: readonly number[],
  ): Line => ({ label, colour, values: figures.map(read), ...(dash && { dash }) })
  const quiet = figures.every(({ paymentsPerSecond }) => paymentsPerSecond === 0)
  return (
    <>
      {quiet && (
        <p className="rounded-2xl border border-dashed border-line px-4 py-3 text-muted">{words.quiet}</p>
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <ChartSheet
          title={words.paymentsPerSecond}
          at={at}
          show={perSecond}
          lines={[line(words.paymentsPerSecond, '--accent', figure => figure.paymentsPerSecond)]}
        />
        <ChartSheet
          title={words.latency}
          at={at}
          show={milliseconds}
          lines={[
            line('p50', '--accent', figure => figure.p50Ms),
            line('p95', '--info', figure => figure.p95Ms, [6, 4]),
            line('p99', '--undo', figure => figure.p99Ms, [2, 3]),
          ]}
        />
        <ChartSheet
          title={words.rates}
          at={at}
          show={percent}
          lines={[
            line(words.success, '--accent', figure => figure.successRate),
            line(words.compensated, '--undo', figure => figure.compensationRate, [6, 4]),
          ]}
        />
        <ChartSheet
          title={words.commits}
          at={at}
          show={milliseconds}
          lines={[
            line('p50', '--accent', figure => figure.commitP50Ms),
            line('p99', '--undo', figure => figure.commitP99Ms, [2, 3]),
          ]}
        />
      </div>
      <FiguresTable figures={figures} />
    </>
  )
}

/** A chart with its last figures in words. */
function ChartSheet({
  title,
  at,
  lines,
  show,
}: {
  title: string
  at: readonly number[]
  lines: readonly Line[]
  show(value: number): string
}) {
  return (
    <Sheet title={title}>
      <dl className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {lines.map(({ label, values, dash }) => {
          const last = values.findLast(value => value !== null)
          return (
            <div key={label} className="flex gap-1.5">
              <dt className="text-muted">
                <span aria-hidden="true">{dash === undefined ? '━' : dash[0] === 2 ? '┈' : '╌'} </span>
                {label}
              </dt>
              <dd className="font-semibold tabular-nums">{last == null ? '–' : show(last)}</dd>
            </div>
          )
        })}
      </dl>
      <LiveChart at={at} lines={lines} show={show} />
    </Sheet>
  )
}

function Outside({ health }: { health: Health }) {
  const words = useText(text)
  const { breakers, outbox, checks, residentBytes, startedAt, version } = health
  const redis = breakers['redis']
  return (
    <Sheet title={words.outside}>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Row name={words.redis}>{redis === undefined ? words.noRedis : <State state={redis} />}</Row>
        {outbox
          .filter(({ topic, owed, parked }) => topic in breakers || owed + parked > 0)
          .map(({ topic, owed, parked }) => (
            <Row key={topic} name={`Outbox: ${topic}`}>
              <span className="mr-2">{words.outboxLine(owed, parked)}</span>
              {breakers[topic] !== undefined && <State state={breakers[topic]} />}
            </Row>
          ))}
        <Row name={words.invariants}>
          {checks === null ? (
            words.unchecked
          ) : checks.breaches.length > 0 ? (
            <span className="font-semibold text-danger">{words.broken(checks.breaches.join(', '))}</span>
          ) : (
            <Badge tone="good" sign="✓">
              {words.checked(checks.run)}
            </Badge>
          )}
          {checks !== null && checks.damagedRows > 0 && (
            <span className="ml-2 text-danger">{words.damaged(checks.damagedRows)}</span>
          )}
        </Row>
        <Row name={words.memory}>{(residentBytes / 2 ** 20).toFixed(0)} MB</Row>
        <Row name={words.since}>
          <Moment at={startedAt} />
        </Row>
        <Row name={words.version}>{version}</Row>
      </dl>
    </Sheet>
  )
}

function State({ state }: { state: 'closed' | 'open' | 'half-open' }) {
  const words = useText(text)
  return state === 'closed' ? (
    <Badge tone="good" sign="✓">
      {words.closed}
    </Badge>
  ) : (
    <Badge tone="undo" sign="!">
      {words[state]}
    </Badge>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
