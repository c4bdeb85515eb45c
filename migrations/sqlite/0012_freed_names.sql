-- A username that was given up rests before another account may have it; its former owner may take it back.
CREATE TABLE freed_names (
    username_key TEXT    NOT NULL PRIMARY KEY,
    user_id      INTEGER REFERENCES users (id) ON DELETE SET NULL, -- who had it
    freed_us     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
