-- A long queue opens with the part around what plays: how long it is, which entries stand there, and which one played
-- last is found without reading all of it.
ALTER TABLE stages ADD COLUMN queue_len BIGINT NOT NULL DEFAULT 0;
UPDATE stages SET queue_len = (SELECT COUNT(*) FROM stage_queue q WHERE q.stage_id = stages.id);
CREATE INDEX stage_queue_by_ord ON stage_queue (stage_id, ord, entry_id);
CREATE INDEX stage_queue_by_played ON stage_queue (stage_id, played_us) WHERE played_us IS NOT NULL;
