-- +goose Up

-- The keys of submissions that may be repeated and count once. digest is of what was
-- submitted; uses counts the statements that had the key. Rows are deleted by later
-- submissions, a day after the first use.
CREATE TABLE submission_keys (
    key     bytea       PRIMARY KEY,
    digest  bytea       NOT NULL,
    used_at timestamptz NOT NULL,
    uses    bigint      NOT NULL
);
CREATE INDEX submission_keys_used ON submission_keys (used_at);
