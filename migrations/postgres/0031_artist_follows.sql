-- Which artists people follow.
CREATE TABLE artist_follows (
    user_id    BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    artist_id  BIGINT NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (user_id, artist_id)
);
CREATE INDEX artist_follows_by_artist ON artist_follows (artist_id, user_id);

ALTER TABLE artists ADD COLUMN followers_count BIGINT NOT NULL DEFAULT 0;
