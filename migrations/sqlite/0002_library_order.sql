-- Lists of songs are read in order of these keys, a page at a time.

ALTER TABLE songs ADD COLUMN title_key TEXT NOT NULL DEFAULT '';
ALTER TABLE songs ADD COLUMN artist_key TEXT NOT NULL DEFAULT ''; -- artist, then title, folded
CREATE INDEX songs_in_title_order ON songs (title_key, id);
CREATE INDEX songs_in_artist_order ON songs (artist_key, id);
CREATE INDEX song_likes_by_song ON song_likes (song_id);
CREATE INDEX playlist_songs_by_song ON playlist_songs (song_id);
CREATE INDEX stage_queue_by_song ON stage_queue (song_id);
