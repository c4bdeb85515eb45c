-- What each listener has heard: half of a song, or four minutes of it, by what their own player told. Who it was is forgotten
-- with the account; that it was heard stays counted.
CREATE TABLE plays (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id  INTEGER REFERENCES users (id) ON DELETE SET NULL,
    song_id  INTEGER NOT NULL REFERENCES songs (id),
    stage_id INTEGER REFERENCES stages (id) ON DELETE SET NULL,
    heard_us INTEGER NOT NULL,
    at_us    INTEGER NOT NULL
) STRICT;
CREATE INDEX plays_by_user ON plays (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX plays_of_song ON plays (user_id, song_id, at_us) WHERE user_id IS NOT NULL;

ALTER TABLE songs ADD COLUMN plays_count INTEGER NOT NULL DEFAULT 0;
