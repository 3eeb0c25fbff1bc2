-- Times are microseconds since 1970, in UTC. States are those of core.State.

CREATE TABLE indices (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    n             INTEGER NOT NULL UNIQUE,
    first_seen_at INTEGER NOT NULL,
    last_seen_at  INTEGER NOT NULL,
    submissions   INTEGER NOT NULL,
    revision      INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    generation    TEXT    NOT NULL DEFAULT '',
    reason        TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX indices_pending ON indices (last_seen_at) WHERE state = 0;
CREATE INDEX indices_calculated ON indices (generation, last_seen_at) WHERE state = 2;

-- A value is there once its summary is; its digits are in chunks of 64 KiB.
CREATE TABLE summaries (
    n             INTEGER PRIMARY KEY,
    calculated_at INTEGER NOT NULL,
    data          BLOB    NOT NULL
) STRICT;
CREATE INDEX summaries_newest ON summaries (calculated_at, n);
CREATE TABLE chunks (
    n    INTEGER NOT NULL,
    k    INTEGER NOT NULL,
    data BLOB    NOT NULL,
    UNIQUE (n, k)
) STRICT;

-- What life of the cache this is: see core.ValueCache.
CREATE TABLE generation (name TEXT NOT NULL) STRICT;
INSERT INTO generation VALUES (lower(hex(randomblob(8))));

-- claimed_until is 0 while a job waits.
CREATE TABLE jobs (
    position      INTEGER PRIMARY KEY AUTOINCREMENT,
    n             INTEGER NOT NULL UNIQUE,
    deliveries    INTEGER NOT NULL DEFAULT 0,
    token         TEXT    NOT NULL DEFAULT '',
    claimed_until INTEGER NOT NULL DEFAULT 0,
    progress      REAL    NOT NULL DEFAULT 0
) STRICT;

-- The last minute or so of events, for processes other than their publisher.
CREATE TABLE events (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    progress REAL    NOT NULL,
    reason   TEXT    NOT NULL
) STRICT;
PRAGMA user_version = 1;
