-- What searches find things by: their words, folded by the program (src/base/fold.rs), so that both databases find the
-- same. A row whose words are empty is not folded yet; the program does that when it starts. What is not found keeps U+E002.

UPDATE songs SET search_key = '';
ALTER TABLE albums ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE artists ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE playlists ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE stages ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN search_key TEXT NOT NULL DEFAULT '';

CREATE INDEX songs_unfolded ON songs (id) WHERE search_key = '';
CREATE INDEX albums_unfolded ON albums (id) WHERE search_key = '';
CREATE INDEX artists_unfolded ON artists (id) WHERE search_key = '';
CREATE INDEX playlists_unfolded ON playlists (id) WHERE search_key = '';
CREATE INDEX users_unfolded ON users (id) WHERE search_key = '';
CREATE INDEX stages_unfolded ON stages (id) WHERE search_key = '';
CREATE INDEX chats_unfolded ON chats (stage_id, seq) WHERE search_key = '';

-- The words stand between blanks and hold no character of ASCII but letters and digits: `ascii` cuts them at the blanks.
CREATE VIRTUAL TABLE song_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', prefix = '1 2 3', tokenize = 'ascii');
CREATE VIRTUAL TABLE album_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', prefix = '1 2 3', tokenize = 'ascii');
CREATE VIRTUAL TABLE artist_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', prefix = '1 2 3', tokenize = 'ascii');
CREATE VIRTUAL TABLE playlist_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', prefix = '1 2 3', tokenize = 'ascii');
CREATE VIRTUAL TABLE user_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', prefix = '1 2 3', tokenize = 'ascii');
CREATE VIRTUAL TABLE stage_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', prefix = '1 2 3', tokenize = 'ascii');
-- A line's number here is that of its stage, shifted by 40 bits, and its own.
CREATE VIRTUAL TABLE chat_words USING fts5 (words, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii');

CREATE TRIGGER song_words_added AFTER INSERT ON songs WHEN new.search_key <> '' AND new.deleted_us IS NULL BEGIN
    INSERT INTO song_words (rowid, words) VALUES (new.id, new.search_key);
END;
CREATE TRIGGER song_words_changed AFTER UPDATE OF search_key, deleted_us ON songs WHEN old.search_key <> new.search_key OR old.deleted_us IS NOT new.deleted_us BEGIN
    DELETE FROM song_words WHERE rowid = old.id AND old.search_key <> '' AND old.deleted_us IS NULL;
    INSERT INTO song_words (rowid, words) SELECT new.id, new.search_key WHERE new.search_key <> '' AND new.deleted_us IS NULL;
END;
CREATE TRIGGER song_words_gone AFTER DELETE ON songs BEGIN
    DELETE FROM song_words WHERE rowid = old.id AND old.search_key <> '' AND old.deleted_us IS NULL;
END;
CREATE TRIGGER album_words_added AFTER INSERT ON albums WHEN new.search_key <> '' BEGIN
    INSERT INTO album_words (rowid, words) VALUES (new.id, new.search_key);
END;
CREATE TRIGGER album_words_changed AFTER UPDATE OF search_key ON albums WHEN old.search_key <> new.search_key BEGIN
    DELETE FROM album_words WHERE rowid = old.id AND old.search_key <> '';
    INSERT INTO album_words (rowid, words) SELECT new.id, new.search_key WHERE new.search_key <> '';
END;
CREATE TRIGGER album_words_gone AFTER DELETE ON albums BEGIN
    DELETE FROM album_words WHERE rowid = old.id AND old.search_key <> '';
END;
CREATE TRIGGER artist_words_added AFTER INSERT ON artists WHEN new.search_key <> '' BEGIN
    INSERT INTO artist_words (rowid, words) VALUES (new.id, new.search_key);
END;
CREATE TRIGGER artist_words_changed AFTER UPDATE OF search_key ON artists WHEN old.search_key <> new.search_key BEGIN
    DELETE FROM artist_words WHERE rowid = old.id AND old.search_key <> '';
    INSERT INTO artist_words (rowid, words) SELECT new.id, new.search_key WHERE new.search_key <> '';
END;
CREATE TRIGGER artist_words_gone AFTER DELETE ON artists BEGIN
    DELETE FROM artist_words WHERE rowid = old.id AND old.search_key <> '';
END;
CREATE TRIGGER playlist_words_added AFTER INSERT ON playlists WHEN new.search_key <> '' BEGIN
    INSERT INTO playlist_words (rowid, words) VALUES (new.id, new.search_key);
END;
CREATE TRIGGER playlist_words_changed AFTER UPDATE OF search_key ON playlists WHEN old.search_key <> new.search_key BEGIN
    DELETE FROM playlist_words WHERE rowid = old.id AND old.search_key <> '';
    INSERT INTO playlist_words (rowid, words) SELECT new.id, new.search_key WHERE new.search_key <> '';
END;
CREATE TRIGGER playlist_words_gone AFTER DELETE ON playlists BEGIN
    DELETE FROM playlist_words WHERE rowid = old.id AND old.search_key <> '';
END;
CREATE TRIGGER user_words_added AFTER INSERT ON users WHEN new.search_key <> '' BEGIN
    INSERT INTO user_words (rowid, words) VALUES (new.id, new.search_key);
END;
CREATE TRIGGER user_words_changed AFTER UPDATE OF search_key ON users WHEN old.search_key <> new.search_key BEGIN
    DELETE FROM user_words WHERE rowid = old.id AND old.search_key <> '';
    INSERT INTO user_words (rowid, words) SELECT new.id, new.search_key WHERE new.search_key <> '';
END;
CREATE TRIGGER user_words_gone AFTER DELETE ON users BEGIN
    DELETE FROM user_words WHERE rowid = old.id AND old.search_key <> '';
END;
CREATE TRIGGER stage_words_added AFTER INSERT ON stages WHEN new.search_key <> '' AND new.ended_us IS NULL BEGIN
    INSERT INTO stage_words (rowid, words) VALUES (new.id, new.search_key);
END;
CREATE TRIGGER stage_words_changed AFTER UPDATE OF search_key, ended_us ON stages WHEN old.search_key <> new.search_key OR old.ended_us IS NOT new.ended_us BEGIN
    DELETE FROM stage_words WHERE rowid = old.id AND old.search_key <> '' AND old.ended_us IS NULL;
    INSERT INTO stage_words (rowid, words) SELECT new.id, new.search_key WHERE new.search_key <> '' AND new.ended_us IS NULL;
END;
CREATE TRIGGER stage_words_gone AFTER DELETE ON stages BEGIN
    DELETE FROM stage_words WHERE rowid = old.id AND old.search_key <> '' AND old.ended_us IS NULL;
END;
CREATE TRIGGER chat_words_added AFTER INSERT ON chats WHEN new.search_key <> '' BEGIN
    INSERT INTO chat_words (rowid, words) VALUES ((new.stage_id << 40) + new.seq, new.search_key);
END;
CREATE TRIGGER chat_words_changed AFTER UPDATE OF search_key ON chats WHEN old.search_key <> new.search_key BEGIN
    DELETE FROM chat_words WHERE rowid = (old.stage_id << 40) + old.seq AND old.search_key <> '';
    INSERT INTO chat_words (rowid, words) SELECT (new.stage_id << 40) + new.seq, new.search_key WHERE new.search_key <> '';
END;
CREATE TRIGGER chat_words_gone AFTER DELETE ON chats BEGIN
    DELETE FROM chat_words WHERE rowid = (old.stage_id << 40) + old.seq AND old.search_key <> '';
END;

-- How words are written, for those who write them a little otherwise: each word with every form of it that lacks a letter.
CREATE TABLE spellings (
    lacking TEXT NOT NULL,
    word    TEXT NOT NULL,
    PRIMARY KEY (lacking, word)
) STRICT, WITHOUT ROWID;
