-- The outline of a song stands by itself: lists read songs by the hundred, and none of them shows it.
CREATE TABLE song_waveforms (
    song_id INTEGER PRIMARY KEY REFERENCES songs (id),
    peaks   BLOB NOT NULL -- one byte each, evenly spaced over the song
) STRICT;
INSERT INTO song_waveforms (song_id, peaks) SELECT id, waveform FROM songs WHERE waveform IS NOT NULL;
ALTER TABLE songs DROP COLUMN waveform;
