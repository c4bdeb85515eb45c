-- Several servers on one database (--nats): who lives, and whose a stage is. A row goes when its node has ended, or has not
-- renewed it in time; what is owned by a node without a row is free.
CREATE TABLE nodes (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    TEXT NOT NULL,
    version TEXT NOT NULL,
    started TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    until   TIMESTAMPTZ NOT NULL,
    -- what it tells of itself, as JSON, for `octave cluster`
    says    TEXT NOT NULL DEFAULT '{}'
);
ALTER TABLE stages ADD COLUMN owner BIGINT;
-- What a node looks for whose neighbour has ended.
CREATE INDEX stages_by_owner ON stages (owner) WHERE owner IS NOT NULL;
-- The name under which the nodes of this database find each other.
CREATE TABLE cluster (id TEXT NOT NULL);
INSERT INTO cluster (id) VALUES (replace(gen_random_uuid()::text, '-', ''));
