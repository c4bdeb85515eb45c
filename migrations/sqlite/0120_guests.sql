-- People without an account. A guest is a row of `users` that belongs to one stage and may do there what their link has let them
-- do; its name is an account's key only where it could be an account's name. Links let them in; of their codes only the hash
-- is kept.
ALTER TABLE users ADD COLUMN guest_stage_id INTEGER;
ALTER TABLE users ADD COLUMN guest_rights TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN guest_address TEXT NOT NULL DEFAULT ''; -- the network that they came from, by which they are counted
CREATE INDEX users_guests ON users (guest_stage_id, deleted_us) WHERE guest_stage_id IS NOT NULL;
CREATE INDEX users_guests_from ON users (guest_address) WHERE guest_stage_id IS NOT NULL AND deleted_us IS NULL;

CREATE TABLE guest_links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    code_hash  BLOB    NOT NULL UNIQUE,
    stage_id   INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    created_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    rights     TEXT    NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    max_uses   INTEGER CHECK (max_uses > 0),
    uses       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX guest_links_by_stage ON guest_links (stage_id, id);

-- What guests may do in a stage at most.
ALTER TABLE stages ADD COLUMN guests TEXT NOT NULL DEFAULT 'listen,chat,add,vote';
