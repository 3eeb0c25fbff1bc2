-- Tables that were added without a new version: older programs leave them alone.

-- What the calculations of a worker may take, in bytes, if that is known.
CREATE TABLE IF NOT EXISTS worker_memory (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The tokens of deliveries that count although another followed: their leases
-- expired, and they were not released since.
CREATE TABLE IF NOT EXISTS lost_claims (n INTEGER NOT NULL, token TEXT NOT NULL, PRIMARY KEY (n, token)) STRICT, WITHOUT ROWID;
