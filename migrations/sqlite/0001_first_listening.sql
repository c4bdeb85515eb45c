-- Octave's own model. Instants are microseconds since the Unix epoch, durations microseconds, hashes raw bytes.
-- Names are unique without regard to case: the `_key` columns hold the name folded by the server.

CREATE TABLE users (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    username        TEXT    NOT NULL,
    username_key    TEXT    NOT NULL UNIQUE,
    email           TEXT    NOT NULL,
    email_key       TEXT    NOT NULL UNIQUE,
    password_hash   TEXT    NOT NULL,
    avatar          TEXT,
    bio             TEXT    NOT NULL DEFAULT '',
    is_admin        INTEGER NOT NULL DEFAULT 0,
    friends_count   INTEGER NOT NULL DEFAULT 0,
    followers_count INTEGER NOT NULL DEFAULT 0,
    following_count INTEGER NOT NULL DEFAULT 0,
    created_us      INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash   BLOB    NOT NULL UNIQUE,
    user_agent   TEXT    NOT NULL DEFAULT '',
    address      TEXT    NOT NULL DEFAULT '',
    created_us   INTEGER NOT NULL,
    last_seen_us INTEGER NOT NULL,
    expires_us   INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE friendships (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- who asked
    friend_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- who was asked
    status     TEXT    NOT NULL CHECK (status IN ('pending', 'accepted')),
    created_us INTEGER NOT NULL,
    PRIMARY KEY (user_id, friend_id),
    CHECK (user_id <> friend_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX friendships_by_friend ON friendships (friend_id);

CREATE TABLE follows (
    follower_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    followed_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_us  INTEGER NOT NULL,
    PRIMARY KEY (follower_id, followed_id),
    CHECK (follower_id <> followed_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_by_followed ON follows (followed_id);

CREATE TABLE blocks (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- who blocks
    blocked_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    CHECK (user_id <> blocked_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

CREATE TABLE artists (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL UNIQUE,
    created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE albums (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    title       TEXT    NOT NULL,
    title_key   TEXT    NOT NULL,
    artist_id   INTEGER NOT NULL REFERENCES artists (id),
    genre       TEXT,
    description TEXT    NOT NULL DEFAULT '',
    cover       TEXT,
    owner_id    INTEGER REFERENCES users (id) ON DELETE SET NULL,
    created_us  INTEGER NOT NULL,
    UNIQUE (artist_id, title_key)
) STRICT;

CREATE TABLE songs (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    uploader_id    INTEGER NOT NULL REFERENCES users (id),
    title          TEXT    NOT NULL,
    artist         TEXT    NOT NULL,
    artist_id      INTEGER REFERENCES artists (id),
    album          TEXT,
    album_id       INTEGER REFERENCES albums (id) ON DELETE SET NULL,
    track          INTEGER,
    year           INTEGER,
    duration_us    INTEGER NOT NULL CHECK (duration_us > 0),
    sample_rate    INTEGER NOT NULL,
    channels       INTEGER NOT NULL,
    file_hash      TEXT    NOT NULL, -- names the file under audio/: SHA-256 of its bytes, hexadecimal
    file_size      INTEGER NOT NULL,
    mime           TEXT    NOT NULL,
    cover          TEXT,             -- names the image under covers/
    loudness_mlufs INTEGER,          -- integrated loudness in thousandths of a LUFS
    true_peak_mdb  INTEGER,          -- true peak in thousandths of a dBTP
    waveform       BLOB,             -- peaks, one byte each, evenly spaced over the song
    likes_count    INTEGER NOT NULL DEFAULT 0,
    search_key     TEXT    NOT NULL, -- title, artist and album, folded
    created_us     INTEGER NOT NULL,
    deleted_us     INTEGER           -- queues and logs still speak of a deleted song
) STRICT;
CREATE INDEX songs_by_hash ON songs (file_hash);
CREATE INDEX songs_by_uploader ON songs (uploader_id);
CREATE INDEX songs_by_artist ON songs (artist_id);
CREATE INDEX songs_by_album ON songs (album_id);

CREATE TABLE genres (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL,
    name_key TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE song_genres (
    song_id  INTEGER NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    genre_id INTEGER NOT NULL REFERENCES genres (id),
    PRIMARY KEY (song_id, genre_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX song_genres_by_genre ON song_genres (genre_id);

CREATE TABLE song_likes (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    song_id    INTEGER NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (user_id, song_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE playlists (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL DEFAULT '',
    cover       TEXT,
    created_us  INTEGER NOT NULL,
    updated_us  INTEGER NOT NULL
) STRICT;
CREATE INDEX playlists_by_owner ON playlists (owner_id);

CREATE TABLE playlist_songs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    song_id     INTEGER NOT NULL REFERENCES songs (id) ON DELETE CASCADE,
    ord         INTEGER NOT NULL, -- sorts the entries; sparse, so that a move writes one row
    added_us    INTEGER NOT NULL
) STRICT;
CREATE INDEX playlist_songs_in_order ON playlist_songs (playlist_id, ord);

CREATE TABLE stages (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT    NOT NULL,
    host_id        INTEGER NOT NULL REFERENCES users (id),
    cover          TEXT,
    visibility     TEXT    NOT NULL CHECK (visibility IN ('public', 'friends', 'invite')),
    control        TEXT    NOT NULL CHECK (control IN ('host', 'djs', 'everyone')),
    created_us     INTEGER NOT NULL,
    ended_us       INTEGER,
    -- the journal's side: every number below `seq_limit` may have been shown
    epoch          INTEGER NOT NULL DEFAULT 0,
    seq_limit      INTEGER NOT NULL DEFAULT 1,
    -- the queue's and the timeline's last statement
    queue_rev      INTEGER NOT NULL DEFAULT 0,
    next_entry     INTEGER NOT NULL DEFAULT 1,
    repeat_mode    TEXT    NOT NULL DEFAULT 'off' CHECK (repeat_mode IN ('off', 'one', 'all')),
    shuffle        INTEGER NOT NULL DEFAULT 0,
    timeline_rev   INTEGER NOT NULL DEFAULT 0,
    playing        INTEGER NOT NULL DEFAULT 0,
    current_entry  INTEGER,
    position_us    INTEGER NOT NULL DEFAULT 0,
    at_us          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX stages_by_host ON stages (host_id);

CREATE TABLE stage_genres (
    stage_id INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    genre_id INTEGER NOT NULL REFERENCES genres (id),
    PRIMARY KEY (stage_id, genre_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stage_genres_by_genre ON stage_genres (genre_id);

CREATE TABLE stage_playlists (
    stage_id    INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
    added_us    INTEGER NOT NULL,
    PRIMARY KEY (stage_id, playlist_id)
) STRICT, WITHOUT ROWID;

-- Who was ever in a stage, with the role given to them and whether they are banned.
CREATE TABLE stage_participants (
    stage_id  INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role      TEXT    NOT NULL DEFAULT 'listener' CHECK (role IN ('host', 'moderator', 'dj', 'listener')),
    invited   INTEGER NOT NULL DEFAULT 0,
    banned    INTEGER NOT NULL DEFAULT 0,
    joined_us INTEGER NOT NULL,
    PRIMARY KEY (stage_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stage_invites (
    code       TEXT    PRIMARY KEY,
    stage_id   INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    user_id    INTEGER REFERENCES users (id) ON DELETE CASCADE, -- whom it is for; anybody when absent
    created_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stage_queue (
    stage_id INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    entry_id INTEGER NOT NULL,
    ord      INTEGER NOT NULL, -- sorts the entries; sparse, so that a move writes one row
    song_id  INTEGER NOT NULL REFERENCES songs (id),
    added_by INTEGER NOT NULL REFERENCES users (id),
    added_us INTEGER NOT NULL,
    PRIMARY KEY (stage_id, entry_id)
) STRICT, WITHOUT ROWID;

-- Who queued, skipped, removed, when. Append-only.
CREATE TABLE stage_log (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    stage_id INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    user_id  INTEGER REFERENCES users (id),
    kind     TEXT    NOT NULL,
    data     TEXT    NOT NULL, -- JSON
    at_us    INTEGER NOT NULL
) STRICT;
CREATE INDEX stage_log_by_stage ON stage_log (stage_id, id);

CREATE TABLE chats (
    stage_id   INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    seq        INTEGER NOT NULL,
    sender_id  INTEGER NOT NULL REFERENCES users (id),
    message    TEXT    NOT NULL,
    nonce      TEXT,
    reply_to   INTEGER,
    at_us      INTEGER NOT NULL,
    edited_us  INTEGER,
    deleted_us INTEGER,
    PRIMARY KEY (stage_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX chats_by_nonce ON chats (stage_id, sender_id, nonce) WHERE nonce IS NOT NULL;
