-- The row of a closed account stays, without anything that tells whose it was: songs and lines speak of it. When it was closed,
-- whether its songs go too, and when all that hung on it was gone.
ALTER TABLE users ADD COLUMN deleted_us INTEGER;
ALTER TABLE users ADD COLUMN deletes_songs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN erased_us INTEGER;
CREATE INDEX users_to_erase ON users (id) WHERE deleted_us IS NOT NULL AND erased_us IS NULL;
