-- What concerns somebody, kept until they have seen it.
CREATE TABLE notifications (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('friend_request', 'friend_accepted', 'invite', 'mention', 'reply', 'comment',
                                             'stage_opened', 'album_added')),
    from_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- who brought it about
    stage_id   INTEGER REFERENCES stages (id) ON DELETE CASCADE,
    chat_seq   INTEGER,
    song_id    INTEGER REFERENCES songs (id) ON DELETE CASCADE,
    album_id   INTEGER REFERENCES albums (id) ON DELETE CASCADE,
    comment_id INTEGER REFERENCES comments (id) ON DELETE CASCADE,
    code       TEXT, -- of an invitation for this person alone
    about      TEXT NOT NULL DEFAULT '', -- the name of the stage, the song or the album
    excerpt    TEXT, -- the beginning of what was said
    at_us      INTEGER NOT NULL,
    read_us    INTEGER
) STRICT;
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_us IS NULL;
-- What a deletion takes along is found by these.
CREATE INDEX notifications_by_from ON notifications (from_id);
CREATE INDEX notifications_by_stage ON notifications (stage_id) WHERE stage_id IS NOT NULL;
CREATE INDEX notifications_by_song ON notifications (song_id) WHERE song_id IS NOT NULL;
CREATE INDEX notifications_by_album ON notifications (album_id) WHERE album_id IS NOT NULL;
CREATE INDEX notifications_by_comment ON notifications (comment_id) WHERE comment_id IS NOT NULL;

-- The kinds that somebody does not want to hear of.
CREATE TABLE notification_mutes (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;

-- Followers are told of a new stage in pieces, in this order.
CREATE INDEX follows_in_order ON follows (followed_id, follower_id);
DROP INDEX follows_by_followed;
