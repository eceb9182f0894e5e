import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Snapshot } from '../runtime/store.ts'

/*
 * What tells a row that was altered on disk from the one that was written: SQLite keeps no checksums of its own. The
 * texts that are hashed are part of the file format; changing one makes every stored row look altered.
 */

/** CRC-32 of a snapshot. */
export function snapshotChecksum({ kind, id, version, transition, state }: Snapshot): number {
  return crc32(state, crc32(`${kind}/${id}\n${version}\n${transition}\n`))
}

/** CRC-32 of a journal row; `entries` is JSON text, `committedAt` milliseconds. */
export function journalChecksum(
  sequence: number,
  saga: string,
  committedAt: number,
  entries: string,
): number {
  return crc32(entries, crc32(`${sequence}\n${saga}\n${committedAt}\n`))
}

/**
 * For rows of schema 1, whose checksum did not cover their place: the one that does if the row is what was written,
 * else the old one, which does not fit.
 */
export function placedJournalChecksum(
  sequence: number,
  saga: string,
  committedAt: number,
  entries: string,
  checksum: number,
): number {
  const intact = crc32(entries, crc32(`${saga}\n${committedAt}\n`)) === checksum
  return intact ? journalChecksum(sequence, saga, committedAt, entries) : checksum
}

/** A row of the audit log as it is stored; `at` in milliseconds. */
export interface StoredAuditRow {
  readonly sequence: number
  readonly at: number
  readonly operator: string
  readonly action: string
  readonly subject: string
  readonly reason: string
  readonly outcome: string
}

/** A journal row as it is stored. */
export interface StoredJournalRow {
  readonly sequence: number
  readonly saga: string
  readonly committedAt: number
  readonly entries: string
  readonly checksum: number
}

export function isJournalRowIntact(row: StoredJournalRow): boolean {
  return journalChecksum(row.sequence, row.saga, row.committedAt, row.entries) === row.checksum
}

/** A line of the ledger as it is stored: `amount` signed, in the minor unit, `at` in milliseconds. */
export interface StoredLedgerLine {
  readonly sequence: number
  readonly entry: number
  readonly account: string
  readonly amount: number
  /** What the wallet holds after the line; null on the accounts that keep no total. */
  readonly totalAfter: number | null
  readonly changeType: string
  readonly key: string
  readonly at: number
}

/** The hash that the first row of a chain follows. */
export const chainStart: Buffer = Buffer.alloc(32)

/** SHA-256 over the hash of the line before and the line itself, 32 bytes: one chain over the whole ledger. */
export function ledgerHash(previous: Buffer, line: StoredLedgerLine): Buffer {
  const { sequence, entry, account, amount, totalAfter, changeType, key, at } = line
  const text = `${sequence}\n${entry}\n${account}\n${amount}\n${totalAfter ?? ''}\n${changeType}\n${key}\n${at}`
  return createHash('sha256').update(previous).update(text).digest()
}

/** SHA-256 over the hash of the row before and the row itself, 32 bytes: one chain over the whole audit log. */
export function auditHash(previous: Buffer, row: StoredAuditRow): Buffer {
  const { sequence, at, operator, action, subject, reason, outcome } = row
  const text = JSON.stringify([sequence, at, operator, action, subject, reason, outcome])
  return createHash('sha256').update(previous).update(text).digest()
}
