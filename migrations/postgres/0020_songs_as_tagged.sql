-- What tags tell of a song beside its title: all of its artists, its disc, and what other programs know it by.
ALTER TABLE songs ADD COLUMN disc BIGINT;

-- By which texts the bytes were uploaded, digested: the same bytes by the same texts are one song. Absent in songs from before
-- this column.
ALTER TABLE songs ADD COLUMN upload_key TEXT;
CREATE UNIQUE INDEX songs_by_upload_key ON songs (uploader_id, file_hash, upload_key) WHERE deleted_us IS NULL;

-- The artists in the order in which the song names them; `songs.artist` is the joined name, `songs.artist_id` the first.
CREATE TABLE song_artists (
    song_id   BIGINT NOT NULL REFERENCES songs (id),
    position  BIGINT NOT NULL,
    artist_id BIGINT NOT NULL REFERENCES artists (id),
    PRIMARY KEY (song_id, position)
);
CREATE INDEX song_artists_by_artist ON song_artists (artist_id, song_id);
INSERT INTO song_artists (song_id, position, artist_id) SELECT id, 0, artist_id FROM songs WHERE artist_id IS NOT NULL;

CREATE TABLE song_tags (
    song_id         BIGINT PRIMARY KEY REFERENCES songs (id),
    mb_recording    TEXT,    -- MusicBrainz's ids
    mb_release      TEXT,
    mb_artists      TEXT,    -- between them U+001F
    rg_track_mdb    BIGINT, -- ReplayGain in thousandths of a decibel, to -18 LUFS
    rg_album_mdb    BIGINT,
    r128_track_mdb  BIGINT, -- what Opus and others write, to -23 LUFS
    r128_album_mdb  BIGINT
);

-- Whether somebody has listened: loudness, peaks and outline are there when it is done.
ALTER TABLE songs ADD COLUMN analysis TEXT NOT NULL DEFAULT 'done' CHECK (analysis IN ('pending', 'done', 'failed'));
CREATE INDEX songs_to_analyse ON songs (uploader_id, id) WHERE analysis = 'pending' AND deleted_us IS NULL;
