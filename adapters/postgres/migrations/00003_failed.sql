-- +goose Up

-- Failed records by age, for the deletion of old ones. Few records are failed.
CREATE INDEX indices_failed ON indices (last_seen_at) WHERE state = 3;
