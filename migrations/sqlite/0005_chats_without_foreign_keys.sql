-- Chat lines are written by running stages alone, in the name of members who are there: both rows exist, and neither a
-- stage nor an account is ever removed. In PostgreSQL, checking it anew took more time per line than the insert; here it
-- is two searches (docs/adr/0006).
CREATE TABLE chats_0005 (
    stage_id   INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    sender_id  INTEGER NOT NULL,
    message    TEXT    NOT NULL,
    nonce      TEXT,
    reply_to   INTEGER,
    at_us      INTEGER NOT NULL,
    edited_us  INTEGER,
    deleted_us INTEGER,
    PRIMARY KEY (stage_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO chats_0005 (stage_id, seq, sender_id, message, nonce, reply_to, at_us, edited_us, deleted_us)
SELECT stage_id, seq, sender_id, message, nonce, reply_to, at_us, edited_us, deleted_us FROM chats ORDER BY stage_id, seq;
DROP TABLE chats;
ALTER TABLE chats_0005 RENAME TO chats;
CREATE UNIQUE INDEX chats_by_nonce ON chats (stage_id, sender_id, nonce) WHERE nonce IS NOT NULL;
