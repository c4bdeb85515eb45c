-- Commands that were done under a name of their sender's: sent again, they are answered as before and change nothing.
CREATE TABLE stage_nonces (
    stage_id BIGINT NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    nonce TEXT NOT NULL,
    -- what the sender was told of the queue
    queue_rev BIGINT,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (stage_id, user_id, nonce)
);
CREATE INDEX stage_nonces_of_stage ON stage_nonces (stage_id, at_us);
CREATE INDEX stage_nonces_by_age ON stage_nonces (at_us);
CREATE INDEX stage_nonces_of_user ON stage_nonces (user_id);
