-- Devices that are told while no page is open: by the push service of their browser, which knows them by an address. A
-- subscription belongs to the login that made it and ends with it.
CREATE TABLE push_subscriptions (
    session_id INTEGER PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    endpoint   TEXT    NOT NULL UNIQUE,
    p256dh     BLOB    NOT NULL, -- the device's public key
    auth       BLOB    NOT NULL, -- and what only it and this server know
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, created_us);

-- The one key by which push services know this server.
CREATE TABLE push_key (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    pkcs8      BLOB    NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;
