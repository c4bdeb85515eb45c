-- When somebody was banned from a stage, and by whom. Of bans from before this the stage's log knows.
ALTER TABLE stage_participants ADD COLUMN banned_us INTEGER;
ALTER TABLE stage_participants ADD COLUMN banned_by INTEGER REFERENCES users (id) ON DELETE SET NULL;
UPDATE stage_participants SET (banned_us, banned_by) = (
    SELECT l.at_us, l.user_id FROM stage_log l
    WHERE l.stage_id = stage_participants.stage_id AND l.kind = 'banned'
      AND l.data ->> '$.user' = stage_participants.user_id
    ORDER BY l.id DESC LIMIT 1
) WHERE banned;
