/**
 * Loaded before the server, in every thread of it: alters the source as `CRASH_ALTERATIONS` says while it is read. Ends
 * the process when a text that is to be replaced is not there exactly once, so that no control can go blind.
 */
import { registerHooks } from 'node:module'
import type { Alteration } from './alterations.ts'

const alterations = JSON.parse(process.env['CRASH_ALTERATIONS'] ?? '[]') as Alteration[]

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const wanted = alterations.filter(({ file }) => url.endsWith(`/${file}`))
    if (wanted.length === 0) return loaded
    let source = String(loaded.source)
    for (const { file, from, to } of wanted) {
      if (source.split(from).length !== 2) {
        process.stderr.write(`${file} does not contain exactly once: ${from}\n`)
        process.exit(70)
      }
      source = source.replace(from, () => to)
    }
    return { ...loaded, source }
  },
})
