-- Which artists people follow.
CREATE TABLE artist_follows (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    artist_id  INTEGER NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (user_id, artist_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX artist_follows_by_artist ON artist_follows (artist_id, user_id);

ALTER TABLE artists ADD COLUMN followers_count INTEGER NOT NULL DEFAULT 0;
