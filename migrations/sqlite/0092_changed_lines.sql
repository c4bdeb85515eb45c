-- Under which number it was told that a line was edited or taken back: whoever comes back after a restart is told it then.
CREATE TABLE chat_changes (
    stage_id INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    seq      INTEGER NOT NULL,
    chat     INTEGER NOT NULL,
    -- who has done it
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (stage_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_changes_of_user ON chat_changes (user_id);
