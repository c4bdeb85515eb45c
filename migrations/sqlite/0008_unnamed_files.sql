-- Kept files that no row names, and since when: they go some days later.
CREATE TABLE unnamed_files (
    name     TEXT    PRIMARY KEY, -- as the file is called
    since_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who shows an image is asked by its name.
CREATE INDEX songs_by_cover ON songs (cover) WHERE cover IS NOT NULL;
CREATE INDEX albums_by_cover ON albums (cover) WHERE cover IS NOT NULL;
CREATE INDEX playlists_by_cover ON playlists (cover) WHERE cover IS NOT NULL;
CREATE INDEX stages_by_cover ON stages (cover) WHERE cover IS NOT NULL;
CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar IS NOT NULL;
