import { describe, expect, it } from 'vitest'
import { Random } from '../random.ts'
import { Disk } from './disk.ts'
import type { DiskEvent } from './disk-events.ts'

const file = 'recoup.db'
const sector = 512

function diskAfter(events: readonly DiskEvent[], options?: { deaf: boolean }): Disk {
  const disk = new Disk(options)
  for (const [number, event] of events.entries()) disk.apply(event, number)
  return disk
}

const write = (offset: number, length: number, fill: string): DiskEvent => ({
  type: 'write',
  file,
  offset,
  data: Buffer.alloc(length, fill),
})

/** Every content that some cut leaves, as text; a file that is not there as `none`. */
function leftBy(disk: Disk): Set<string> {
  const random = new Random(1)
  return new Set(
    Array.from({ length: 400 }, () => disk.afterPowerCut(random).files.get(file)?.toString() ?? 'none'),
  )
}

const a = 'a'.repeat(sector)
const b = 'b'.repeat(sector)
const zeros = '\0'.repeat(sector)
const made: DiskEvent[] = [
  { type: 'create', file },
  { type: 'syncDirectory', before: 1 },
]
const synced: DiskEvent[] = [...made, write(0, 2 * sector, 'a'), { type: 'sync', file, before: 3 }]

describe('A power cut', () => {
  it('leaves what was synced', () => {
    expect(leftBy(diskAfter(synced))).toEqual(new Set([a + a]))
  })

  it('keeps, drops or tears what was not synced, and never within a sector', () => {
    expect(leftBy(diskAfter([...made, write(0, 2 * sector, 'a')]))).toEqual(
      new Set(['', a, zeros + a, a + a]),
    )
    expect(leftBy(diskAfter([...synced, write(sector, sector, 'b')]))).toEqual(new Set([a + a, a + b]))
  })

  it('leaves of a sector any content that it had since the sync', () => {
    const half = sector / 2
    const disk = diskAfter([...synced, write(0, half, 'b'), write(half, half, 'c')])
    const [first, second] = ['b'.repeat(half), 'c'.repeat(half)]
    expect(leftBy(disk)).toEqual(new Set([a + a, first + 'a'.repeat(half) + a, first + second + a]))
  })

  it('keeps or loses a change of size', () => {
    expect(leftBy(diskAfter([...synced, { type: 'truncate', file, size: sector }]))).toEqual(
      new Set([a + a, a]),
    )
  })

  it('takes a name that was not synced, and gives one back that was removed', () => {
    const unnamed = diskAfter([
      made[0] as DiskEvent,
      write(0, sector, 'a'),
      { type: 'sync', file, before: 2 },
    ])
    expect(leftBy(unnamed)).toEqual(new Set(['none', a]))
    expect(leftBy(diskAfter([...synced, { type: 'unlink', file }]))).toEqual(new Set(['none', a + a]))
  })

  it('does not make durable what was written while a sync ran', () => {
    const disk = diskAfter([
      ...made,
      write(0, sector, 'a'),
      write(0, sector, 'b'),
      { type: 'sync', file, before: 3 },
    ])
    expect(leftBy(disk)).toEqual(new Set([a, b]))
  })

  it('takes everything from a disk that ignores syncs', () => {
    expect(leftBy(diskAfter(synced, { deaf: true }))).toContain('none')
  })
})
