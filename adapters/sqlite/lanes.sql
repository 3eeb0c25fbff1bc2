-- Lanes were added to the queue without a new version. What an older program
-- enqueues is in lane 0, and it claims from all lanes in the order of their jobs.
ALTER TABLE jobs ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_lane ON jobs (lane, position);

-- The backlog of lane 2, recovery; backlog and backlogs are without it.
DROP TABLE IF EXISTS recovery_backlog;
CREATE TABLE recovery_backlog (jobs INTEGER NOT NULL, work INTEGER NOT NULL) STRICT;
INSERT INTO recovery_backlog VALUES (0, 0);
DROP TRIGGER job_added;
DROP TRIGGER job_removed;
CREATE TRIGGER job_added AFTER INSERT ON jobs WHEN new.lane < 2 BEGIN
    UPDATE backlog SET jobs = jobs + 1, work = work + new.cost;
    INSERT INTO backlogs VALUES (new.client, 1, new.cost)
        ON CONFLICT (client) DO UPDATE SET jobs = jobs + 1, work = work + new.cost;
END;
CREATE TRIGGER job_removed AFTER DELETE ON jobs WHEN old.lane < 2 BEGIN
    UPDATE backlog SET jobs = jobs - 1, work = work - old.cost;
    UPDATE backlogs SET jobs = jobs - 1, work = work - old.cost WHERE client = old.client;
    DELETE FROM backlogs WHERE client = old.client AND jobs = 0;
END;
CREATE TRIGGER recovery_added AFTER INSERT ON jobs WHEN new.lane = 2 BEGIN
    UPDATE recovery_backlog SET jobs = jobs + 1, work = work + new.cost;
END;
CREATE TRIGGER recovery_removed AFTER DELETE ON jobs WHEN old.lane = 2 BEGIN
    UPDATE recovery_backlog SET jobs = jobs - 1, work = work - old.cost;
END;
