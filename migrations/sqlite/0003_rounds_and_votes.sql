-- Which entries have played in the present round of a queue, so that shuffle plays each once, over restarts too; and
-- who wants to hear what.

ALTER TABLE stages ADD COLUMN round_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stage_queue ADD COLUMN played_us INTEGER; -- when it started last

CREATE TABLE stage_queue_votes (
    stage_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (stage_id, entry_id, user_id),
    FOREIGN KEY (stage_id, entry_id) REFERENCES stage_queue (stage_id, entry_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
