-- A parked event still stands before the later ones of its key: they must not overtake it.
ALTER TABLE outbox ADD COLUMN parked_at INTEGER;
UPDATE outbox SET parked_at = created_at WHERE outcome LIKE 'parked: %';

-- Each topic is delivered by itself, and the first of a key is found without looking at all that is owed.
DROP INDEX outbox_owed;
CREATE INDEX outbox_due ON outbox (topic, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (topic, key, parked_at, created_at)
  WHERE next_attempt_at IS NOT NULL OR parked_at IS NOT NULL;
