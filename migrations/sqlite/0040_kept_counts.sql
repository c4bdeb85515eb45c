-- What lists show is kept with what they list, and changes with what it counts.

ALTER TABLE artists ADD COLUMN songs_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artists ADD COLUMN albums_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN songs_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN duration_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE genres ADD COLUMN songs_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN songs_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN duration_us INTEGER NOT NULL DEFAULT 0;

UPDATE artists SET
    songs_count = (SELECT COUNT(DISTINCT s.id) FROM song_artists z JOIN songs s ON s.id = z.song_id
                   WHERE z.artist_id = artists.id AND s.deleted_us IS NULL),
    albums_count = (SELECT COUNT(*) FROM albums b WHERE b.artist_id = artists.id);
UPDATE albums SET
    songs_count = (SELECT COUNT(*) FROM songs s WHERE s.album_id = albums.id AND s.deleted_us IS NULL),
    duration_us = (SELECT COALESCE(SUM(s.duration_us), 0) FROM songs s WHERE s.album_id = albums.id AND s.deleted_us IS NULL);
UPDATE genres SET songs_count = (
    SELECT COUNT(*) FROM song_genres g JOIN songs s ON s.id = g.song_id
    WHERE g.genre_id = genres.id AND s.deleted_us IS NULL);
UPDATE playlists SET
    songs_count = (SELECT COUNT(*) FROM playlist_songs e WHERE e.playlist_id = playlists.id),
    duration_us = (SELECT COALESCE(SUM(s.duration_us), 0) FROM playlist_songs e JOIN songs s ON s.id = e.song_id
                   WHERE e.playlist_id = playlists.id);

CREATE TRIGGER count_song_added AFTER INSERT ON songs WHEN new.deleted_us IS NULL BEGIN
    UPDATE albums SET songs_count = songs_count + 1, duration_us = duration_us + new.duration_us WHERE id = new.album_id;
END;
CREATE TRIGGER count_song_gone AFTER DELETE ON songs WHEN old.deleted_us IS NULL BEGIN
    UPDATE albums SET songs_count = songs_count - 1, duration_us = duration_us - old.duration_us WHERE id = old.album_id;
END;
CREATE TRIGGER count_song_changed AFTER UPDATE OF album_id, duration_us, deleted_us ON songs BEGIN
    UPDATE albums SET songs_count = songs_count - 1, duration_us = duration_us - old.duration_us
    WHERE id = old.album_id AND old.deleted_us IS NULL;
    UPDATE albums SET songs_count = songs_count + 1, duration_us = duration_us + new.duration_us
    WHERE id = new.album_id AND new.deleted_us IS NULL;
    UPDATE artists SET songs_count = songs_count + (new.deleted_us IS NULL) - (old.deleted_us IS NULL)
    WHERE (new.deleted_us IS NULL) <> (old.deleted_us IS NULL)
      AND id IN (SELECT artist_id FROM song_artists WHERE song_id = new.id);
    UPDATE genres SET songs_count = songs_count + (new.deleted_us IS NULL) - (old.deleted_us IS NULL)
    WHERE (new.deleted_us IS NULL) <> (old.deleted_us IS NULL)
      AND id IN (SELECT genre_id FROM song_genres WHERE song_id = new.id);
    UPDATE playlists SET duration_us = duration_us
        + (new.duration_us - old.duration_us) * (SELECT COUNT(*) FROM playlist_songs e WHERE e.playlist_id = playlists.id AND e.song_id = new.id)
    WHERE new.duration_us <> old.duration_us AND id IN (SELECT playlist_id FROM playlist_songs WHERE song_id = new.id);
END;
-- A song that names an artist twice counts once.
CREATE TRIGGER count_artist_added AFTER INSERT ON song_artists BEGIN
    UPDATE artists SET songs_count = songs_count + 1
    WHERE id = new.artist_id AND EXISTS (SELECT 1 FROM songs s WHERE s.id = new.song_id AND s.deleted_us IS NULL)
      AND NOT EXISTS (SELECT 1 FROM song_artists o WHERE o.song_id = new.song_id AND o.artist_id = new.artist_id AND o.position <> new.position);
END;
CREATE TRIGGER count_artist_gone AFTER DELETE ON song_artists BEGIN
    UPDATE artists SET songs_count = songs_count - 1
    WHERE id = old.artist_id AND EXISTS (SELECT 1 FROM songs s WHERE s.id = old.song_id AND s.deleted_us IS NULL)
      AND NOT EXISTS (SELECT 1 FROM song_artists o WHERE o.song_id = old.song_id AND o.artist_id = old.artist_id);
END;
CREATE TRIGGER count_album_added AFTER INSERT ON albums BEGIN
    UPDATE artists SET albums_count = albums_count + 1 WHERE id = new.artist_id;
END;
CREATE TRIGGER count_album_gone AFTER DELETE ON albums BEGIN
    UPDATE artists SET albums_count = albums_count - 1 WHERE id = old.artist_id;
END;
CREATE TRIGGER count_album_changed AFTER UPDATE OF artist_id ON albums WHEN old.artist_id <> new.artist_id BEGIN
    UPDATE artists SET albums_count = albums_count - 1 WHERE id = old.artist_id;
    UPDATE artists SET albums_count = albums_count + 1 WHERE id = new.artist_id;
END;
CREATE TRIGGER count_genre_added AFTER INSERT ON song_genres BEGIN
    UPDATE genres SET songs_count = songs_count + 1
    WHERE id = new.genre_id AND EXISTS (SELECT 1 FROM songs s WHERE s.id = new.song_id AND s.deleted_us IS NULL);
END;
CREATE TRIGGER count_genre_gone AFTER DELETE ON song_genres BEGIN
    UPDATE genres SET songs_count = songs_count - 1
    WHERE id = old.genre_id AND EXISTS (SELECT 1 FROM songs s WHERE s.id = old.song_id AND s.deleted_us IS NULL);
END;
CREATE TRIGGER count_entry_added AFTER INSERT ON playlist_songs BEGIN
    UPDATE playlists SET songs_count = songs_count + 1,
        duration_us = duration_us + COALESCE((SELECT duration_us FROM songs WHERE id = new.song_id), 0)
    WHERE id = new.playlist_id;
END;
CREATE TRIGGER count_entry_gone AFTER DELETE ON playlist_songs BEGIN
    UPDATE playlists SET songs_count = songs_count - 1,
        duration_us = duration_us - COALESCE((SELECT duration_us FROM songs WHERE id = old.song_id), 0)
    WHERE id = old.playlist_id;
END;

-- The indexes that lists are read by, a page at a time.
CREATE INDEX genres_by_size ON genres (songs_count DESC, name_key);
CREATE INDEX songs_by_uploader_and_title ON songs (uploader_id, title_key, id);
CREATE INDEX songs_by_uploader_and_artist ON songs (uploader_id, artist_key, id);
CREATE INDEX songs_by_artist_and_title ON songs (artist_id, title_key, id);
CREATE INDEX playlist_songs_by_ord ON playlist_songs (playlist_id, ord, id);
DROP INDEX playlist_songs_in_order;
CREATE INDEX stages_open ON stages (id) WHERE ended_us IS NULL;
