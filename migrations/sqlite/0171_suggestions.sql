-- Songs that wait to be accepted into a stage's queue. Their numbers are of those of the queue's entries.
CREATE TABLE stage_suggestions (
    stage_id INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    entry_id INTEGER NOT NULL,
    song_id  INTEGER NOT NULL REFERENCES songs (id),
    user_id  INTEGER NOT NULL REFERENCES users (id),
    at_us    INTEGER NOT NULL,
    PRIMARY KEY (stage_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stage_suggestions_by_song ON stage_suggestions (song_id);
CREATE INDEX stage_suggestions_by_user ON stage_suggestions (user_id);
