-- A message that was set aside waits for an operator until it has a resolution; its actor takes no other meanwhile.
-- REFUSED: its caller was told at once, so nobody waits. RETRIED, EDITED, SKIPPED: what an operator did.
ALTER TABLE dead_letters ADD COLUMN resolution TEXT;
ALTER TABLE dead_letters ADD COLUMN resolved_at INTEGER;
CREATE INDEX dead_letters_waiting ON dead_letters (actor) WHERE resolution IS NULL;

-- What operators did and why: append-only, one chain of hashes, kept for ever. `outcome` is what they were answered.
CREATE TABLE audit_log (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  operator TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  outcome TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;

-- The checksum of a journal row now covers its place, so that two rows that changed places are noticed. A row that was
-- altered before this keeps a checksum that does not fit.
UPDATE journal SET checksum = placed_journal_checksum(sequence, saga, committed_at, entries, checksum);
