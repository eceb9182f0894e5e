import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig, secretNames, settingNames } from '../../src/config.ts'
import { dataDirectory } from '../support/data-directory.ts'

const read = (path: string) => readFileSync(path, 'utf8')
const dockerfile = read('Dockerfile')
const compose = read('compose.yml')
const unit = read('ops/recoup.service')

/** Longer than the server drains for; see `run-server.ts`. */
const drainSeconds =
  Number(/drainMsMax = ([\d_]+)/.exec(read('src/cli/run-server.ts'))?.[1]?.replaceAll('_', '')) / 1_000

/** The settings that a file gives, with what it gives them. */
function settingsIn(text: string, pattern: RegExp): Record<string, string> {
  return Object.fromEntries([...text.matchAll(pattern)].map(([, name = '', value = '']) => [name, value]))
}

/** `${NAME:-standard}` and `${NAME:?advice}` as a shell would fill them in. */
const filledIn = (value: string) =>
  value
    .replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')
    .replaceAll(/\$\{[A-Z_]+(?::\?[^}]*)?\}/g, 'sixteen-characters')

const given = {
  Dockerfile: settingsIn(dockerfile, /\b(RECOUP_[A-Z_]+)=(\S+)/g),
  'compose.yml': settingsIn(compose, /^ {6}(RECOUP_[A-Z_]+): (.+)$/gm),
  'recoup.service': settingsIn(unit, /^Environment=(RECOUP_[A-Z_]+)=(.+)$/gm),
}

describe.each(Object.entries(given))('The settings in %s', (_file, settings) => {
  it('are settings that there are', () => {
    expect(Object.keys(settings).length).toBeGreaterThan(2)
    expect(Object.keys(settings).filter(name => !settingNames.includes(name))).toEqual([])
  })

  it('have values that are taken', () => {
    const environment = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, filledIn(value)]),
    )
    expect(() => readConfig({ RECOUP_TRUSTED_PROXIES: '10.0.0.1', ...environment })).not.toThrow()
  })

  it('hold no secret', () => {
    const secrets = Object.entries(settings).filter(([name]) => secretNames.has(name))
    for (const [, value] of secrets) expect(value).toMatch(/\$\{[A-Z_]+:\?/)
  })
})

describe('The image', () => {
  it('runs as a user of its own, keeps the data in a volume, and is asked whether it is ready', () => {
    const last = dockerfile.split(/^FROM /m).at(-1) ?? ''
    expect(last).toMatch(/^node:24-slim\n/)
    expect(last).toMatch(/^USER recoup$/m)
    expect(last.indexOf('USER recoup')).toBeLessThan(last.indexOf('ENTRYPOINT'))
    expect(last).toContain(`VOLUME ${given.Dockerfile['RECOUP_DATA']}`)
    expect(last).toMatch(/HEALTHCHECK [^\n]*\\\n[^\n]*\/readyz/)
    expect(last).toContain('npm ci --omit=dev')
  })

  it('copies only what is there and not held back', () => {
    const kept = new Set(
      read('.dockerignore')
        .split('\n')
        .filter(line => line.startsWith('!'))
        .map(line => line.slice(1)),
    )
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    )
    expect(copied.length).toBeGreaterThan(8)
    expect(copied.filter(name => !kept.has(name))).toEqual([])
    expect(copied.filter(name => !existsSync(name))).toEqual([])
  })
})

describe('The composition', () => {
  it('has the shop, Redis with a password that evicts nothing, and Prometheus with the alert rules', () => {
    expect([...compose.matchAll(/^ {2}([a-z]+):$/gm)].map(([, name]) => name)).toEqual([
      'app',
      'redis',
      'prometheus',
    ])
    expect(compose).toMatch(/'--requirepass', '\$\{REDIS_PASSWORD\b/)
    expect(compose).toContain("'--maxmemory-policy', 'noeviction'")
    expect(compose).toContain('./ops/alerts.yml:/etc/prometheus/alerts.yml:ro')
    expect(read('ops/prometheus.yml')).toContain("targets: ['app:8080']")
  })

  it('opens no port to others than this machine', () => {
    const ports = [...compose.matchAll(/^ {6}- '([\d.:]+)'$/gm)].map(([, port]) => port)
    expect(ports).toHaveLength(2)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })
})

describe('Whoever stops it', () => {
  it('waits for longer than it drains', () => {
    expect(drainSeconds).toBe(20)
    expect(Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1])).toBeGreaterThan(drainSeconds)
    expect(Number(/TimeoutStopSec=(\d+)s/.exec(unit)?.[1])).toBeGreaterThan(drainSeconds)
  })
})

const analyzerIsThere = spawnSync('systemd-analyze', ['--version']).status === 0

describe('The unit', () => {
  it('gives up its rights', () => {
    for (const line of [
      'DynamicUser=yes',
      'StateDirectory=recoup',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'Restart=on-failure',
    ]) {
      expect(unit.split('\n')).toContain(line)
    }
    expect(unit).toMatch(/^EnvironmentFile=\/etc\/recoup\/recoup\.env$/m)
  })

  it.skipIf(!analyzerIsThere)('is one that systemd takes', () => {
    const path = join(dataDirectory(), 'recoup.service')
    const verify = () => {
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
        encoding: 'utf8',
      })
      return { status, said: `${stdout}${stderr}` }
    }
    // The package is not installed here; anything that can be run stands for it.
    const here = unit.replace('/opt/recoup/bin/recoup', '/bin/true')
    writeFileSync(path, here)
    expect(verify()).toEqual({ status: 0, said: '' })
    writeFileSync(path, here.replace('ProtectSystem=strict', 'ProtectSystems=strict'))
    expect(verify().said).toContain('ProtectSystems')
  })
})
