-- +goose Up

-- States are those of core.State.

-- The order of first submission. It has gaps: a number is drawn for every
-- submission, and only new indices keep theirs.
CREATE SEQUENCE indices_sequence;

-- Generations are compared byte by byte, whatever the database's language, so
-- that no upgrade of the system's locales can damage the index over them.
CREATE TABLE indices (
    n             bigint      PRIMARY KEY,
    sequence      bigint      NOT NULL UNIQUE,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    submissions   bigint      NOT NULL,
    revision      bigint      NOT NULL,
    state         smallint    NOT NULL,
    generation    text        NOT NULL DEFAULT '' COLLATE "C",
    reason        text        NOT NULL DEFAULT ''
);
ALTER SEQUENCE indices_sequence OWNED BY indices.sequence;
CREATE INDEX indices_pending ON indices (last_seen_at) WHERE state = 0;
CREATE INDEX indices_calculated ON indices (generation, last_seen_at) WHERE state = 2;
