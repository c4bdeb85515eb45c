-- The row of a closed account stays, without anything that tells whose it was: songs and lines speak of it. When it was closed,
-- whether its songs go too, and when all that hung on it was gone.
ALTER TABLE users ADD COLUMN deleted_us BIGINT;
ALTER TABLE users ADD COLUMN deletes_songs BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN erased_us BIGINT;
CREATE INDEX users_to_erase ON users (id) WHERE deleted_us IS NOT NULL AND erased_us IS NULL;
