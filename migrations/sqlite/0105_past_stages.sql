-- In which stages somebody was: what they may look back at, what leaves with their account.
CREATE INDEX stage_participants_by_user ON stage_participants (user_id, stage_id);
