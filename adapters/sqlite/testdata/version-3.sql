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

-- The last minute or so of events, for processes other than their publisher.
CREATE TABLE events (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    progress REAL    NOT NULL,
    reason   TEXT    NOT NULL
) STRICT;
-- The tables of the queue, which may be lost: those of an older form are
-- dropped, and what was in them is put back to work by core.Reconciler.
DROP TABLE IF EXISTS jobs;
DROP TABLE IF EXISTS backlog;
DROP TABLE IF EXISTS backlogs;
DROP TABLE IF EXISTS workers;

-- claimed_until is 0 while a job waits. cost is in microseconds.
CREATE TABLE jobs (
    position      INTEGER PRIMARY KEY AUTOINCREMENT,
    n             INTEGER NOT NULL UNIQUE,
    client        TEXT    NOT NULL,
    cost          INTEGER NOT NULL,
    deliveries    INTEGER NOT NULL DEFAULT 0,
    token         TEXT    NOT NULL DEFAULT '',
    claimed_until INTEGER NOT NULL DEFAULT 0,
    progress      REAL    NOT NULL DEFAULT 0
) STRICT;

-- How many jobs there are and the sum of their costs: of all, and of each client
-- that has some.
CREATE TABLE backlog (jobs INTEGER NOT NULL, work INTEGER NOT NULL) STRICT;
INSERT INTO backlog VALUES (0, 0);
CREATE TABLE backlogs (client TEXT PRIMARY KEY, jobs INTEGER NOT NULL, work INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER job_added AFTER INSERT ON jobs BEGIN
    UPDATE backlog SET jobs = jobs + 1, work = work + new.cost;
    INSERT INTO backlogs VALUES (new.client, 1, new.cost)
        ON CONFLICT (client) DO UPDATE SET jobs = jobs + 1, work = work + new.cost;
END;
CREATE TRIGGER job_removed AFTER DELETE ON jobs BEGIN
    UPDATE backlog SET jobs = jobs - 1, work = work - old.cost;
    UPDATE backlogs SET jobs = jobs - 1, work = work - old.cost WHERE client = old.client;
    DELETE FROM backlogs WHERE client = old.client AND jobs = 0;
END;

CREATE TABLE workers (name TEXT PRIMARY KEY, announced_until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 3;
