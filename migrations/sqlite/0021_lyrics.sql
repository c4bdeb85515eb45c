-- The words of a song, as a file beside it held them: plain or LRC.
CREATE TABLE song_lyrics (
    song_id INTEGER PRIMARY KEY REFERENCES songs (id),
    lyrics  TEXT NOT NULL
) STRICT;
