import type { Clock } from '../clock.ts'
import type { AuditEntry } from '../runtime/store.ts'

/** Where audit rows go; resolves once they are on disk. */
export interface AuditTrail {
  append(entries: readonly AuditEntry[]): Promise<void>
}

/** What happens at the door and is worth a row, without its time. */
export type DoorEntry = Omit<AuditEntry, 'at'>

const windowMs = 10 * 60_000
/** So many rows of one kind in a window; what comes after them is counted. */
const rowsMax = 10
/** So many kinds are told apart in a window. */
const kindsMax = 1_000

const others = ({ action, outcome }: DoorEntry) => `${action} ${outcome}, others`

interface Counted {
  written: number
  left: number
  example: DoorEntry
}

/**
 * Writes down who logged in and who was turned away. Strangers cannot make the log grow as they like: of each kind so many rows are
 * written in a window, and of the rest how many there were. `report` is told when a row could not be written.
 */
export function createDoorAudit({
  trail,
  clock,
  report,
}: {
  trail: AuditTrail
  clock: Clock
  report(line: string): void
}) {
  const kinds = new Map<string, Counted>()
  let cancelEnd: (() => void) | undefined

  async function append(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return
    try {
      await trail.append(entries)
    } catch (error) {
      report(`${entries.length} rows of the audit log could not be written: ${String(error)}`)
    }
  }

  async function endWindow(): Promise<void> {
    cancelEnd?.()
    cancelEnd = undefined
    const at = clock.now()
    const entries = [...kinds.values()]
      .filter(({ left }) => left > 0)
      .map(({ left, example: { action, outcome } }) => ({
        at,
        operator: '*',
        action,
        subject: '*',
        reason: `${left} more within ${windowMs / 60_000} minutes`,
        outcome,
      }))
    kinds.clear()
    await append(entries)
  }

  return {
    /** `kind` is what is counted together: one account, or all strangers. Resolves when the row is on disk. */
    async note(kind: string, entry: DoorEntry): Promise<void> {
      cancelEnd ??= clock.wait(windowMs, () => void endWindow())
      const counted = kinds.get(kind) ?? kinds.get(others(entry)) ?? { written: 0, left: 0, example: entry }
      kinds.set(kinds.size < kindsMax || kinds.has(kind) ? kind : others(entry), counted)
      if (counted.written === rowsMax) {
        counted.left += 1
        return
      }
      counted.written += 1
      await append([{ at: clock.now(), ...entry }])
    },
    /** Writes down what was only counted so far. */
    close: endWindow,
  }
}

export type DoorAudit = ReturnType<typeof createDoorAudit>
