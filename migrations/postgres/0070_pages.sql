-- Pages of what one owner, one artist, one genre or one stage has are read in the order in which they are shown.
CREATE INDEX playlists_by_owner_and_id ON playlists (owner_id, id);
DROP INDEX playlists_by_owner;
CREATE INDEX albums_by_artist_and_id ON albums (artist_id, id);
CREATE INDEX stage_genres_by_genre_and_stage ON stage_genres (genre_id, stage_id);
DROP INDEX stage_genres_by_genre;
-- A stage knows everybody who was ever there; those who may not come back are few.
CREATE INDEX stage_participants_banned ON stage_participants (stage_id, user_id) WHERE banned;

-- Making words of a text costs as much as hundreds of comparisons. Where the planner is not told so, it reads whole tables and
-- makes the words of each row rather than ask the index; and what it writes out in a query's place it can't be told of.
CREATE OR REPLACE FUNCTION words_of(kept TEXT) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 500
    AS $$ BEGIN RETURN array_to_tsvector(string_to_array(kept, ' ')); END $$;
