/*
 * The tests of the product with one bug in it: RECOUP_PLANTED_BUG names which, or none. Vitest reads the source with its own loader,
 * so the bug is planted by a plugin; where it was, it adds a line to the file RECOUP_PLANTED_NOTE.
 */
import { appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { withBug } from './planted-bug.ts'
import { bugNamed } from './planted-bugs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const name = process.env['RECOUP_PLANTED_BUG']
const bug = name ? bugNamed(name) : undefined
const note = process.env['RECOUP_PLANTED_NOTE']

export default defineConfig({
  root,
  plugins: [
    {
      name: 'planted-bug',
      enforce: 'pre',
      transform(source, id) {
        if (bug === undefined || id.split('?')[0] !== `${root}${bug.file}`) return null
        const planted = withBug(source, bug)
        if (note !== undefined) appendFileSync(note, `${bug.name}\n`)
        return { code: planted, map: null }
      },
    },
  ],
  test: {
    // What runs the product in this process; a command in a process of its own would run it without the bug.
    include: ['runtime', 'machines', 'actors', 'persistence', 'http', 'scenarios'].map(
      room => `test/${room}/**/*.test.ts`,
    ),
    maxWorkers: 1,
    // A slow machine must not look like a bug.
    testTimeout: 240_000,
    bail: 1,
    // What one bug made of a file must not be taken for the file by the next.
    fsModuleCache: false,
  },
})
