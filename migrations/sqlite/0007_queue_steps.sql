-- What a commit changes of a long queue it only writes down here; it is done step by step afterwards, so that other stages'
-- commits come in between. A stage is not opened while something stands here.
CREATE TABLE stage_queue_steps (
    stage_id INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    step     INTEGER NOT NULL,
    kind     TEXT    NOT NULL, -- enqueue, reorder, clear
    data     TEXT    NOT NULL, -- JSON
    PRIMARY KEY (stage_id, step)
) STRICT;
