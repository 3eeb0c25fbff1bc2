-- The tables of the queue, which may be lost: those of an earlier version are
-- dropped, and core.Reconciler enqueues again what they held.
DROP TABLE IF EXISTS jobs;
DROP TABLE IF EXISTS backlog;
DROP TABLE IF EXISTS backlogs;
DROP TABLE IF EXISTS workers;

-- claimed_until is 0 while a job waits. client is its submitter: the column keeps
-- the name that it has in existing files. cost is in microseconds.
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

-- How many jobs there are and the sum of their costs: of all, and of each
-- submitter that has some.
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
