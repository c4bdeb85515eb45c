-- In which order songs are played that wait, and how many of one person may; 0: as many as they like.
ALTER TABLE stages ADD COLUMN queue_order TEXT NOT NULL DEFAULT 'added' CHECK (queue_order IN ('added', 'votes', 'fair'));
ALTER TABLE stages ADD COLUMN max_waiting BIGINT NOT NULL DEFAULT 0;
