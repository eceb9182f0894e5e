import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { ConfigInvalid } from '../config.ts'
import { adminCommand } from './admin-command.ts'
import { backupCommand } from './backup-command.ts'
import { checkCommand } from './check-command.ts'
import { checkUpgradeCommand } from './check-upgrade-command.ts'
import type { Command } from './command.ts'
import { dataPlatformCommand } from './data-platform-command.ts'
import { dataPlatformDemoCommand } from './data-platform-demo-command.ts'
import { demoCommand } from './demo-command.ts'
import { operatorCommand } from './operator-command.ts'
import { ordersCommand } from './orders-command.ts'
import { replayCommand } from './replay-command.ts'
import { restoreCommand } from './restore-command.ts'
import { seedCommand } from './seed-command.ts'
import { serveCommand } from './serve-command.ts'
import type { Terminal } from './shop.ts'

const commands: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  demo: demoCommand,
  seed: seedCommand,
  replay: replayCommand,
  check: checkCommand,
  operator: operatorCommand,
  orders: ordersCommand,
  'data-platform': dataPlatformCommand,
  'data-platform-demo': dataPlatformDemoCommand,
  admin: adminCommand,
  backup: backupCommand,
  restore: restoreCommand,
  'check-upgrade': checkUpgradeCommand,
}

const commonOptions = { help: { type: 'boolean', short: 'h' } } satisfies ParseArgsOptionsConfig

/**
 * Runs one command line and resolves with the exit status: 0 done, 1 it could not be done (the reason is on the error
 * stream in one sentence), 2 wrongly used.
 */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words
  const fail = (line: string) => terminal.errorStream.write(`${line}\n`)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(overview())
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    terminal.out(terminal.version)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    fail(`There is no command ${name}; recoup --help lists them.`)
    return 2
  }
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] }
  try {
    parsed = parseArgs({
      args: rest,
      options: { ...commonOptions, ...command.options },
      allowPositionals: true,
    }) as typeof parsed
  } catch (error) {
    // What follows its first sentence is advice for people who write parsers.
    const [fault] = (error as Error).message.split(/\.\s/)
    fail(`${fault?.replace(/\.$/, '')}. Usage: ${command.usage}`)
    return 2
  }
  if (parsed.values['help']) {
    terminal.out(`${command.usage}\n\n${command.summary}`)
    return 0
  }
  const { positionals } = command
  const [least, most] = typeof positionals === 'number' ? [positionals, positionals] : positionals
  if (parsed.positionals.length < least || parsed.positionals.length > most) {
    fail(`Usage: ${command.usage}`)
    return 2
  }
  try {
    return await command.run(parsed, terminal)
  } catch (error) {
    fail(
      isForPeople(error) ? error.message : `Something went wrong that should not: ${(error as Error).stack}`,
    )
    return error instanceof ConfigInvalid ? 2 : 1
  }
}

/** The errors whose message is written for whoever typed the command. */
const forPeople = new Set([
  'AccountRefused',
  'AlreadySeeded',
  'ConfigInvalid',
  'CopyError',
  'DataDirectoryError',
  'ListenError',
  'OperatorRefused',
  'RedisUnavailable',
  'PasswordNotGiven',
  'RetailFileUnreadable',
  'SeedProfileInvalid',
  'UpgradeRefused',
])

function isForPeople(error: unknown): error is Error {
  return error instanceof Error && forPeople.has(error.name)
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(18)} ${summary}`)
  return `Usage: recoup <command> [options]\n\n${lines.join('\n')}\n\nrecoup <command> --help tells more.`
}
