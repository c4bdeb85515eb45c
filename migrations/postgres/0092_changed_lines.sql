-- Under which number it was told that a line was edited or taken back: whoever comes back after a restart is told it then.
CREATE TABLE chat_changes (
    stage_id BIGINT NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    seq      BIGINT NOT NULL,
    chat     BIGINT NOT NULL,
    -- who has done it
    user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (stage_id, seq)
);
CREATE INDEX chat_changes_of_user ON chat_changes (user_id);
