-- What followers are to be told of: written with what it is about, whoever writes that (an import beside the server too), and
-- told by the server piece by piece, so that a crash loses none of it. A row stays when it is done: nothing is new twice.
CREATE TABLE announcements (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    album_id INTEGER UNIQUE REFERENCES albums (id) ON DELETE CASCADE,
    stage_id INTEGER REFERENCES stages (id) ON DELETE CASCADE,
    audience TEXT NOT NULL CHECK (audience IN ('all', 'friends')),
    told_id  INTEGER NOT NULL DEFAULT 0, -- followers up to this one have been told
    done_us  INTEGER,
    UNIQUE (stage_id, audience),
    CHECK ((album_id IS NULL) <> (stage_id IS NULL))
) STRICT;
CREATE INDEX announcements_left ON announcements (id) WHERE done_us IS NULL;

-- What is open to people already has been announced.
INSERT INTO announcements (stage_id, audience, done_us)
SELECT id, CASE visibility WHEN 'public' THEN 'all' ELSE 'friends' END, created_us FROM stages WHERE visibility <> 'invite';

CREATE TRIGGER announce_album AFTER INSERT ON albums
WHEN EXISTS (SELECT 1 FROM artist_follows f WHERE f.artist_id = new.artist_id) BEGIN
    INSERT INTO announcements (album_id, audience) VALUES (new.id, 'all');
END;
CREATE TRIGGER announce_stage AFTER INSERT ON stages WHEN new.visibility <> 'invite' BEGIN
    INSERT INTO announcements (stage_id, audience) VALUES (new.id, CASE new.visibility WHEN 'public' THEN 'all' ELSE 'friends' END);
END;
-- Opened to more people than before.
CREATE TRIGGER announce_stage_opened AFTER UPDATE OF visibility ON stages
WHEN new.visibility <> old.visibility AND new.visibility <> 'invite' AND NOT EXISTS (
    SELECT 1 FROM announcements a WHERE a.stage_id = new.id AND (a.audience = 'all' OR new.visibility = 'friends')) BEGIN
    INSERT INTO announcements (stage_id, audience) VALUES (new.id, CASE new.visibility WHEN 'public' THEN 'all' ELSE 'friends' END);
END;

-- Who was told of an album or a stage is not told again, whatever became of who told them.
DELETE FROM notifications WHERE kind IN ('stage_opened', 'album_added') AND id NOT IN (
    SELECT MIN(id) FROM notifications WHERE kind IN ('stage_opened', 'album_added') GROUP BY user_id, kind, stage_id, album_id);
CREATE UNIQUE INDEX notifications_once_of_stage ON notifications (stage_id, user_id) WHERE kind = 'stage_opened';
CREATE UNIQUE INDEX notifications_once_of_album ON notifications (album_id, user_id) WHERE kind = 'album_added';
