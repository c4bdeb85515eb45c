-- What lists show is kept with what they list, and changes with what it counts.

ALTER TABLE artists ADD COLUMN songs_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE artists ADD COLUMN albums_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN songs_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN duration_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE genres ADD COLUMN songs_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN songs_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN duration_us BIGINT NOT NULL DEFAULT 0;

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

-- Rows that are counted in are locked in the order album, artist, genre, playlist, and of each kind by their ids.
CREATE FUNCTION count_song() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was BOOLEAN := TG_OP <> 'INSERT' AND OLD.deleted_us IS NULL;
    holds BOOLEAN := TG_OP <> 'DELETE' AND NEW.deleted_us IS NULL;
    row_id BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
    old_album BIGINT := CASE WHEN was THEN OLD.album_id END;
    new_album BIGINT := CASE WHEN holds THEN NEW.album_id END;
    old_time BIGINT := CASE WHEN was THEN OLD.duration_us ELSE 0 END;
    new_time BIGINT := CASE WHEN holds THEN NEW.duration_us ELSE 0 END;
BEGIN
    IF old_album IS DISTINCT FROM new_album OR old_time <> new_time THEN
        PERFORM 1 FROM albums WHERE id IN (old_album, new_album) ORDER BY id FOR NO KEY UPDATE;
        UPDATE albums SET songs_count = songs_count - 1, duration_us = duration_us - old_time WHERE id = old_album;
        UPDATE albums SET songs_count = songs_count + 1, duration_us = duration_us + new_time WHERE id = new_album;
    END IF;
    IF TG_OP = 'UPDATE' AND was <> holds THEN
        PERFORM 1 FROM artists WHERE id IN (SELECT artist_id FROM song_artists WHERE song_id = row_id) ORDER BY id FOR NO KEY UPDATE;
        UPDATE artists SET songs_count = songs_count + holds::int - was::int
        WHERE id IN (SELECT artist_id FROM song_artists WHERE song_id = row_id);
    END IF;
    IF TG_OP = 'UPDATE' AND was <> holds THEN
        PERFORM 1 FROM genres WHERE id IN (SELECT genre_id FROM song_genres WHERE song_id = row_id) ORDER BY id FOR NO KEY UPDATE;
        UPDATE genres SET songs_count = songs_count + holds::int - was::int
        WHERE id IN (SELECT genre_id FROM song_genres WHERE song_id = row_id);
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.duration_us <> NEW.duration_us THEN
        PERFORM 1 FROM playlists WHERE id IN (SELECT playlist_id FROM playlist_songs WHERE song_id = row_id) ORDER BY id FOR NO KEY UPDATE;
        UPDATE playlists p SET duration_us = p.duration_us + (NEW.duration_us - OLD.duration_us)
            * (SELECT COUNT(*) FROM playlist_songs e WHERE e.playlist_id = p.id AND e.song_id = row_id)
        WHERE p.id IN (SELECT playlist_id FROM playlist_songs WHERE song_id = row_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_song_come_or_gone AFTER INSERT OR DELETE ON songs FOR EACH ROW EXECUTE FUNCTION count_song();
CREATE TRIGGER count_song_changed AFTER UPDATE OF album_id, duration_us, deleted_us ON songs
    FOR EACH ROW EXECUTE FUNCTION count_song();

-- A song that names an artist twice counts once.
CREATE FUNCTION count_artist() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_song BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.song_id ELSE NEW.song_id END;
    artist BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.artist_id ELSE NEW.artist_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM songs s WHERE s.id = of_song AND s.deleted_us IS NULL)
        AND (SELECT COUNT(*) FROM song_artists o WHERE o.song_id = of_song AND o.artist_id = artist) = (TG_OP = 'INSERT')::int THEN
        UPDATE artists SET songs_count = songs_count + (CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END) WHERE id = artist;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_artist_come_or_gone AFTER INSERT OR DELETE ON song_artists FOR EACH ROW EXECUTE FUNCTION count_artist();

CREATE FUNCTION count_album() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_artist BIGINT := CASE WHEN TG_OP <> 'INSERT' THEN OLD.artist_id END;
    new_artist BIGINT := CASE WHEN TG_OP <> 'DELETE' THEN NEW.artist_id END;
BEGIN
    IF old_artist IS DISTINCT FROM new_artist THEN
        PERFORM 1 FROM artists WHERE id IN (old_artist, new_artist) ORDER BY id FOR NO KEY UPDATE;
        UPDATE artists SET albums_count = albums_count - 1 WHERE id = old_artist;
        UPDATE artists SET albums_count = albums_count + 1 WHERE id = new_artist;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_album_come_or_gone AFTER INSERT OR DELETE ON albums FOR EACH ROW EXECUTE FUNCTION count_album();
CREATE TRIGGER count_album_changed AFTER UPDATE OF artist_id ON albums FOR EACH ROW EXECUTE FUNCTION count_album();

CREATE FUNCTION count_genre() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM genres WHERE id IN (SELECT genre_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE genres SET songs_count = songs_count + c.many * (CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END)
    FROM (SELECT x.genre_id, COUNT(*) AS many FROM changed x JOIN songs s ON s.id = x.song_id AND s.deleted_us IS NULL
          GROUP BY x.genre_id) c
    WHERE genres.id = c.genre_id;
    RETURN NULL;
END $$;
CREATE TRIGGER count_genre_added AFTER INSERT ON song_genres REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_genre();
CREATE TRIGGER count_genre_gone AFTER DELETE ON song_genres REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_genre();

CREATE FUNCTION count_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM playlists WHERE id IN (SELECT playlist_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE playlists SET
        songs_count = songs_count + c.many * (CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END),
        duration_us = duration_us + c.long * (CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END)
    FROM (SELECT x.playlist_id, COUNT(*) AS many, CAST(COALESCE(SUM(s.duration_us), 0) AS BIGINT) AS long
          FROM changed x LEFT JOIN songs s ON s.id = x.song_id GROUP BY x.playlist_id) c
    WHERE playlists.id = c.playlist_id;
    RETURN NULL;
END $$;
CREATE TRIGGER count_entry_added AFTER INSERT ON playlist_songs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_entry();
CREATE TRIGGER count_entry_gone AFTER DELETE ON playlist_songs REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_entry();

-- The indexes that lists are read by, a page at a time.
CREATE INDEX genres_by_size ON genres (songs_count DESC, name_key);
CREATE INDEX song_genres_by_genre_and_song ON song_genres (genre_id, song_id);
DROP INDEX song_genres_by_genre;
CREATE INDEX songs_by_uploader_and_id ON songs (uploader_id, id);
DROP INDEX songs_by_uploader;
CREATE INDEX songs_by_artist_and_id ON songs (artist_id, id);
DROP INDEX songs_by_artist;
CREATE INDEX songs_by_uploader_and_title ON songs (uploader_id, title_key, id);
CREATE INDEX songs_by_uploader_and_artist ON songs (uploader_id, artist_key, id);
CREATE INDEX songs_by_artist_and_title ON songs (artist_id, title_key, id);
CREATE INDEX playlist_songs_by_ord ON playlist_songs (playlist_id, ord, id);
DROP INDEX playlist_songs_in_order;
CREATE INDEX stages_open ON stages (id) WHERE ended_us IS NULL;
