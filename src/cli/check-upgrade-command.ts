import type { Config } from '../config.ts'
import {
  asDirectoryError,
  assertSettings,
  databasePath,
  ofDirectory,
  openDatabaseReadOnly,
  schemaVersion,
  schemaVersionOf,
} from '../persistence/database.ts'
import { createUpgradeStore } from '../persistence/upgrade-store.ts'
import type { ActorDefinition } from '../runtime/actor.ts'
import { UpgradeRefused } from '../runtime/upgrade.ts'
import { type GroupFate, planUpgrade } from '../runtime/upgrade-plan.ts'
import { type Command, configOf } from './command.ts'

export const checkUpgradeCommand: Command = {
  summary: 'Says what this version would do to a data directory, also beside a running server; only reads.',
  usage: 'recoup check-upgrade [--data recoup-data] [--json]',
  options: { data: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 0,
  async run(given, terminal) {
    const config = configOf(given, terminal)
    const upgrade = upgradeOf(config, terminal.actorsOf(config))
    terminal.out(given.values['json'] ? JSON.stringify(upgrade) : upgradeLines(upgrade).join('\n'))
    const refused = upgrade.groups.filter(({ fate }) => fate === 'refused')
    if (refused.length === 0) return 0
    throw new UpgradeRefused(databasePath(config.dataDirectory), refused)
  },
}

interface Upgrade {
  readonly schema: { readonly stored: number; readonly here: number }
  readonly groups: readonly (GroupFate & { readonly to: number | null })[]
}

/** What opening the data directory of `config` with `actors` would do. Throws `DataDirectoryError`. */
function upgradeOf(config: Config, actors: readonly ActorDefinition[]): Upgrade {
  const { dataDirectory, timeZone, currency } = config
  const database = openDatabaseReadOnly(dataDirectory)
  try {
    const stored = schemaVersionOf(database)
    const schema = { stored, here: schemaVersion }
    if (stored === 0) return { schema, groups: [] }
    assertSettings(database, { timeZone, currency })
    const plan = database.transaction(() => planUpgrade(actors, createUpgradeStore(database))).deferred()
    const versions = new Map(actors.map(({ kind, version }) => [kind, version]))
    return { schema, groups: plan.groups.map(group => ({ ...group, to: versions.get(group.kind) ?? null })) }
  } catch (error) {
    throw asDirectoryError(error, databasePath(dataDirectory), ofDirectory)
  } finally {
    database.close()
  }
}

function upgradeLines({ schema, groups }: Upgrade): string[] {
  const { stored, here } = schema
  return [
    stored === here ? `Schema ${stored} is the one known here.` : `Schema ${stored} will become ${here}.`,
    ...groups.map(({ kind, version, form, count, fate, to, first, reason }) => {
      const will = {
        runs: 'runs as it is',
        migrated: `will be migrated to version ${to}`,
        earlier: `goes on in version ${version}`,
        altered: 'was altered on disk and is not looked at',
        refused: `REFUSED: ${reason}`,
      }
      return `${String(count).padStart(9)}  ${kind} version ${version}, ${form}: ${will[fate]} (first ${first})`
    }),
  ]
}
