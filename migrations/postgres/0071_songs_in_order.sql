-- The orders of songs without those that were deleted: what walks along one need not look at each song itself.
CREATE INDEX songs_by_title ON songs (title_key, id) WHERE deleted_us IS NULL;
DROP INDEX songs_in_title_order;
CREATE INDEX songs_by_artist_key ON songs (artist_key, id) WHERE deleted_us IS NULL;
DROP INDEX songs_in_artist_order;
