-- What administrators do: who may not log in for now, and a log of all that was done to accounts and stages.
ALTER TABLE users ADD COLUMN disabled_us INTEGER;

CREATE INDEX users_admins ON users (id) WHERE is_admin;

CREATE TABLE moderation_log (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us    INTEGER NOT NULL,
    by_id    INTEGER REFERENCES users (id) ON DELETE SET NULL, -- nobody: the command line
    kind     TEXT    NOT NULL,
    user_id  INTEGER REFERENCES users (id) ON DELETE SET NULL, -- to whom
    stage_id INTEGER REFERENCES stages (id) ON DELETE SET NULL, -- or to which stage
    about    TEXT    NOT NULL -- what that was called then
) STRICT;
