/*
 * Preloaded with `node --import`, it plants the bug that RECOUP_PLANTED_BUG names while its file is loaded, in this
 * process and in every one it starts. Each planting adds a line to the file RECOUP_PLANTED_NOTE, by which whoever started the
 * process knows that there was a bug at all.
 */
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { withBug } from './planted-bug.ts'
import { bugNamed } from './planted-bugs.ts'

const bug = bugNamed(process.env['RECOUP_PLANTED_BUG'] ?? '')
const note = process.env['RECOUP_PLANTED_NOTE']
const target = new URL(`../../${bug.file}`, import.meta.url).href

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (url !== target) return loaded
    const source = withBug(Buffer.from(loaded.source as Uint8Array).toString(), bug)
    if (note !== undefined) appendFileSync(note, `${bug.name}\n`)
    return { ...loaded, source }
  },
})
