-- Songs that wait to be accepted into a stage's queue. Their numbers are of those of the queue's entries.
CREATE TABLE stage_suggestions (
    stage_id BIGINT NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    entry_id BIGINT NOT NULL,
    song_id  BIGINT NOT NULL REFERENCES songs (id),
    user_id  BIGINT NOT NULL REFERENCES users (id),
    at_us    BIGINT NOT NULL,
    PRIMARY KEY (stage_id, entry_id)
);
CREATE INDEX stage_suggestions_by_song ON stage_suggestions (song_id);
CREATE INDEX stage_suggestions_by_user ON stage_suggestions (user_id);
