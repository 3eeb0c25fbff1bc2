-- Tables and indexes that were added without a new version: older programs leave
-- them alone.

-- What the calculations of a worker may take, in bytes, if that is known.
CREATE TABLE IF NOT EXISTS worker_memory (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The bytes that values take in the file, see sizeOf.
CREATE TABLE IF NOT EXISTS values_size (bytes INTEGER NOT NULL) STRICT;
INSERT INTO values_size SELECT
    (SELECT coalesce(sum(length(data) + length(data) / 64 + 40), 0) FROM summaries) +
    (SELECT coalesce(sum(length(data) + length(data) / 64 + 40), 0) FROM chunks)
    WHERE NOT EXISTS (SELECT 1 FROM values_size);
CREATE TRIGGER IF NOT EXISTS summary_added AFTER INSERT ON summaries BEGIN
    UPDATE values_size SET bytes = bytes + length(new.data) + length(new.data) / 64 + 40;
END;
CREATE TRIGGER IF NOT EXISTS summary_removed AFTER DELETE ON summaries BEGIN
    UPDATE values_size SET bytes = bytes - length(old.data) - length(old.data) / 64 - 40;
END;
CREATE TRIGGER IF NOT EXISTS chunk_added AFTER INSERT ON chunks BEGIN
    UPDATE values_size SET bytes = bytes + length(new.data) + length(new.data) / 64 + 40;
END;
CREATE TRIGGER IF NOT EXISTS chunk_removed AFTER DELETE ON chunks BEGIN
    UPDATE values_size SET bytes = bytes - length(old.data) - length(old.data) / 64 - 40;
END;

-- The tokens of deliveries that count although another followed: their leases
-- expired, and they were not released since.
CREATE TABLE IF NOT EXISTS lost_claims (n INTEGER NOT NULL, token TEXT NOT NULL, PRIMARY KEY (n, token)) STRICT, WITHOUT ROWID;

-- How many calculations a worker runs at a time, and how fast each is: see
-- core.WorkerInfo.
CREATE TABLE IF NOT EXISTS worker_speed (name TEXT PRIMARY KEY, slots INTEGER NOT NULL, speed REAL NOT NULL) STRICT, WITHOUT ROWID;

-- The keys of submissions that may be repeated and count once. They are deleted by
-- later submissions, a day after their first use.
CREATE TABLE IF NOT EXISTS submission_keys (
    key BLOB PRIMARY KEY, digest BLOB NOT NULL, used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS submission_keys_used ON submission_keys (used_at);

-- The jobs that are claimed, by the ends of their leases: see restartSQL.
CREATE INDEX IF NOT EXISTS jobs_claimed ON jobs (claimed_until) WHERE claimed_until > 0;

-- The work of each submitter in lane 0, short. It is counted here because the queue may
-- be older than the table, or newer.
DROP TABLE IF EXISTS short_backlogs;
CREATE TABLE short_backlogs (client TEXT PRIMARY KEY, jobs INTEGER NOT NULL, work INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO short_backlogs SELECT client, count(*), sum(cost) FROM jobs WHERE lane = 0 GROUP BY client;
DROP TRIGGER IF EXISTS short_added;
DROP TRIGGER IF EXISTS short_removed;
CREATE TRIGGER short_added AFTER INSERT ON jobs WHEN new.lane = 0 BEGIN
    INSERT INTO short_backlogs VALUES (new.client, 1, new.cost)
        ON CONFLICT (client) DO UPDATE SET jobs = jobs + 1, work = work + new.cost;
END;
CREATE TRIGGER short_removed AFTER DELETE ON jobs WHEN old.lane = 0 BEGIN
    UPDATE short_backlogs SET jobs = jobs - 1, work = work - old.cost WHERE client = old.client;
    DELETE FROM short_backlogs WHERE client = old.client AND jobs = 0;
END;

-- Failed records by age, for the deletion of old ones. Few records are failed.
CREATE INDEX IF NOT EXISTS indices_failed ON indices (last_seen_at) WHERE state = 3;

-- The deliveries that events tell of, by the events' ids.
CREATE TABLE IF NOT EXISTS event_deliveries (
    id INTEGER PRIMARY KEY, worker TEXT NOT NULL, delivery INTEGER NOT NULL, claimed_at INTEGER NOT NULL
) STRICT;
