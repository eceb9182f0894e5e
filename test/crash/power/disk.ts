import type { Random } from '../random.ts'
import type { DiskEvent } from './disk-events.ts'

/*
 * A disk that loses power. What was synced is there. Of what was done to a file since its last sync, each sector shows
 * any of the contents it has had since then: writes are kept, dropped or torn, in any order. Names were put into the
 * directory in order, and those since its last sync are there up to some point.
 */

/** The unit that a disk writes as a whole. */
const sectorBytes = 512

type FileOperation = Extract<DiskEvent, { type: 'write' | 'truncate' }>
interface Pending<Operation> {
  readonly number: number
  readonly operation: Operation
}

/** A file under whatever name, or none. */
interface Inode {
  readonly durable: Content
  pending: Pending<FileOperation>[]
}

interface Naming {
  readonly file: string
  /** None for an unlinked name. */
  readonly inode: Inode | undefined
}

export interface AfterPowerCut {
  readonly files: ReadonlyMap<string, Buffer>
  /** Whether by chance nothing is lost of what was written. */
  readonly isWhole: boolean
}

export class Disk {
  /** Ignores every sync: the disk of the control. */
  readonly #deaf: boolean
  /** Names as the process sees them. */
  readonly #names = new Map<string, Inode>()
  /** Names as they were when the directory was last synced. */
  readonly #durableNames = new Map<string, Inode>()
  #namings: Pending<Naming>[] = []

  constructor({ deaf = false } = {}) {
    this.#deaf = deaf
  }

  /** Does what event number `number` did. */
  apply(event: DiskEvent, number: number): void {
    switch (event.type) {
      case 'create':
        if (!this.#names.has(event.file))
          this.#name(event.file, { durable: new Content(), pending: [] }, number)
        break
      case 'unlink':
        this.#names.delete(event.file)
        this.#namings.push({ number, operation: { file: event.file, inode: undefined } })
        break
      case 'write':
      case 'truncate':
        this.#inode(event.file).pending.push({ number, operation: event })
        break
      case 'sync':
        if (!this.#deaf) flush(this.#inode(event.file), event.before)
        break
      case 'syncDirectory':
        if (!this.#deaf) this.#flushNames(event.before)
        break
      case 'answer':
        break
    }
  }

  /** What may stand on the disk when the power goes now. The same for the same random numbers. */
  afterPowerCut(random: Random): AfterPowerCut {
    const named = random.below(this.#namings.length + 1)
    const names = new Map(this.#durableNames)
    for (const { operation } of this.#namings.slice(0, named)) {
      if (operation.inode === undefined) names.delete(operation.file)
      else names.set(operation.file, operation.inode)
    }
    let isWhole = named === this.#namings.length
    const survival = survivalOf(random)
    const noted: Survival = versions => {
      const surviving = survival(versions)
      isWhole &&= surviving === versions
      return surviving
    }
    const files = new Map([...names].map(([name, inode]) => [name, contentOf(inode, noted)]))
    return { files, isWhole }
  }

  #inode(file: string): Inode {
    const inode = this.#names.get(file)
    if (inode === undefined) throw new Error(`${file} is used before it is made`)
    return inode
  }

  #name(file: string, inode: Inode, number: number): void {
    this.#names.set(file, inode)
    this.#namings.push({ number, operation: { file, inode } })
  }

  #flushNames(before: number): void {
    const kept = this.#namings.filter(({ number }) => number >= before)
    for (const { number, operation } of this.#namings) {
      if (number >= before) continue
      if (operation.inode === undefined) this.#durableNames.delete(operation.file)
      else this.#durableNames.set(operation.file, operation.inode)
    }
    this.#namings = kept
  }
}

function flush(inode: Inode, before: number): void {
  for (const { number, operation } of inode.pending) {
    if (number < before) inode.durable.apply(operation, () => true)
  }
  inode.pending = inode.pending.filter(({ number }) => number >= before)
}

/** Decides of one sector how many of `versions` writes to it are on the disk. */
type Survival = (versions: number) => number

/** Nothing that was not synced, all of it, most of it, or sector by sector whatever came to pass. */
function survivalOf(random: Random): Survival {
  const choice = random.below(10)
  if (choice === 0) return () => 0
  if (choice === 1) return versions => versions
  const keptPercent = choice < 6 ? 1 + random.below(99) : 50
  return versions => (random.chance(keptPercent) ? 1 + random.below(versions) : 0)
}

function contentOf({ durable, pending }: Inode, survival: Survival): Buffer {
  if (pending.length === 0) return durable.bytes
  const versions = new Map<number, number>()
  for (const { operation } of pending) {
    for (const sector of sectorsOf(operation)) versions.set(sector, (versions.get(sector) ?? 0) + 1)
  }
  const surviving = new Map([...versions].map(([sector, count]) => [sector, survival(count)]))
  const seen = new Map<number, number>()
  const content = durable.copy()
  for (const { operation } of pending) {
    content.apply(operation, sector => {
      const version = (seen.get(sector) ?? 0) + 1
      seen.set(sector, version)
      return version <= (surviving.get(sector) ?? 0)
    })
  }
  return content.bytes
}

/** A change of size is kept or lost like a sector of its own. */
const sizeSector = -1

function sectorsOf(operation: FileOperation): number[] {
  if (operation.type === 'truncate') return [sizeSector]
  const { offset, data } = operation
  const first = Math.floor(offset / sectorBytes)
  const last = Math.floor((offset + data.length - 1) / sectorBytes)
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

/** The bytes of a file. What was never written within them is zeros. */
class Content {
  #buffer = Buffer.alloc(0)
  #size = 0

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size)
  }

  copy(): Content {
    const copy = new Content()
    copy.#buffer = Buffer.from(this.bytes)
    copy.#size = this.#size
    return copy
  }

  /** Does what those sectors of an operation do that are kept. */
  apply(operation: FileOperation, isKept: (sector: number) => boolean): void {
    const kept = sectorsOf(operation).filter(isKept)
    const last = kept.at(-1)
    if (last === undefined) return
    if (operation.type === 'truncate') {
      this.#resize(operation.size)
      return
    }
    const { offset, data } = operation
    const end = offset + data.length
    this.#resize(Math.max(this.#size, Math.min(end, (last + 1) * sectorBytes)))
    for (const sector of kept) {
      const from = Math.max(offset, sector * sectorBytes)
      data.copy(this.#buffer, from, from - offset, Math.min(end, (sector + 1) * sectorBytes) - offset)
    }
  }

  #resize(size: number): void {
    if (size > this.#buffer.length) {
      const larger = Buffer.alloc(size * 2)
      this.bytes.copy(larger)
      this.#buffer = larger
    }
    if (size < this.#size) this.#buffer.fill(0, size, this.#size)
    this.#size = size
  }
}
