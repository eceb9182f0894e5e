#!/usr/bin/env node
// Plain JavaScript, because an older Node dies while reading TypeScript and could not say why.
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 7)) {
  console.error(
    `Recoup needs Node 24.7 or newer, and this is ${process.versions.node}; npm install node@24 brings one.`,
  )
  process.exit(1)
}

// The package carries compiled files; a checkout runs its sources.
const compiled = new URL('../dist/main.js', import.meta.url)
const source = new URL('../src/main.ts', import.meta.url)
const { main } = await import(existsSync(source) ? source : compiled)
process.exitCode = await main(process.argv.slice(2))
