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

-- The words stand between blanks; they are lexemes as they are.
CREATE FUNCTION words_of(kept TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT array_to_tsvector(string_to_array(kept, ' ')) $$;
CREATE INDEX song_words ON songs USING gin (words_of(search_key)) WITH (fastupdate = off) WHERE deleted_us IS NULL;
CREATE INDEX album_words ON albums USING gin (words_of(search_key)) WITH (fastupdate = off);
CREATE INDEX artist_words ON artists USING gin (words_of(search_key)) WITH (fastupdate = off);
CREATE INDEX playlist_words ON playlists USING gin (words_of(search_key)) WITH (fastupdate = off);
CREATE INDEX user_words ON users USING gin (words_of(search_key)) WITH (fastupdate = off);
CREATE INDEX stage_words ON stages USING gin (words_of(search_key)) WITH (fastupdate = off) WHERE ended_us IS NULL;
-- Lines come by the thousand: they wait in a list, which is kept short.
CREATE INDEX chat_words ON chats USING gin (words_of(search_key)) WITH (gin_pending_list_limit = 256);

-- How words are written, for those who write them a little otherwise: each word with every form of it that lacks a letter.
CREATE TABLE spellings (
    lacking TEXT NOT NULL,
    word    TEXT NOT NULL,
    PRIMARY KEY (lacking, word)
);
