-- Tables that were added without a new version: older programs leave them alone.

-- What the calculations of a worker may take, in bytes, if that is known.
CREATE TABLE IF NOT EXISTS worker_memory (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
