import type { Command } from './command.ts'
import { runServer, serverOptions } from './run-server.ts'

export const serveCommand: Command = {
  summary: 'Runs the server; prints one line when it listens; SIGTERM drains it.',
  usage: 'recoup serve [--port 8080] [--host 127.0.0.1] [--data recoup-data]',
  options: serverOptions,
  positionals: 0,
  run: runServer,
}
