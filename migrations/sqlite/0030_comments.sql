-- What people say of a song, perhaps at a moment of it, or of an album.
CREATE TABLE comments (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    song_id     INTEGER REFERENCES songs (id) ON DELETE CASCADE,
    album_id    INTEGER REFERENCES albums (id) ON DELETE CASCADE,
    author_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    body        TEXT NOT NULL,
    position_us INTEGER CHECK (position_us >= 0),
    created_us  INTEGER NOT NULL,
    edited_us   INTEGER,
    CHECK ((song_id IS NULL) <> (album_id IS NULL)),
    CHECK (position_us IS NULL OR song_id IS NOT NULL)
) STRICT;
CREATE INDEX comments_by_song ON comments (song_id, id) WHERE song_id IS NOT NULL;
CREATE INDEX comments_by_album ON comments (album_id, id) WHERE album_id IS NOT NULL;
CREATE INDEX comments_by_author ON comments (author_id, id);

ALTER TABLE songs ADD COLUMN comments_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN comments_count INTEGER NOT NULL DEFAULT 0;
