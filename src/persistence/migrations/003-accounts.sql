-- Who is called what. The key is the username in the form in which two of them are the same.
CREATE TABLE usernames (
  username_key TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a customer logs in with: the hash in PHC form, never the password. A session counts as long as it was begun in
-- the epoch that stands here, so that one write ends all of them.
CREATE TABLE credentials (
  customer_id INTEGER PRIMARY KEY,
  password_hash TEXT NOT NULL,
  session_epoch INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What customers tell about themselves. Erased here it is gone: it stands in no journal, state or event.
CREATE TABLE profiles (
  customer_id INTEGER PRIMARY KEY,
  display_name TEXT,
  email TEXT,
  phone TEXT
) STRICT;

-- Who is logged in. Of the token only its SHA-256 is kept.
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  session_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);
