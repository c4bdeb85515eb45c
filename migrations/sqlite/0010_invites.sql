-- Invitations have a number by which they are listed and called back, bounds in time and in uses, and of their codes only the
-- hash is kept. SQLite knows no SHA-256: the program hashes the codes of before when it starts, and `code` is empty then.
CREATE TABLE stage_invites_0010 (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    code_hash  BLOB    UNIQUE,
    code       TEXT    UNIQUE,
    stage_id   INTEGER NOT NULL REFERENCES stages (id) ON DELETE CASCADE,
    user_id    INTEGER REFERENCES users (id) ON DELETE CASCADE, -- whom it is for; anybody when absent
    created_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL,
    expires_us INTEGER,
    max_uses   INTEGER CHECK (max_uses > 0),
    uses       INTEGER NOT NULL DEFAULT 0,
    CHECK ((code IS NULL) <> (code_hash IS NULL))
) STRICT;
INSERT INTO stage_invites_0010 (code, stage_id, user_id, created_by, created_us)
SELECT code, stage_id, user_id, created_by, created_us FROM stage_invites ORDER BY created_us, code;
DROP TABLE stage_invites;
ALTER TABLE stage_invites_0010 RENAME TO stage_invites;
CREATE INDEX stage_invites_by_stage ON stage_invites (stage_id, id);

-- Who has used which, so that using it again counts once.
CREATE TABLE stage_invite_uses (
    invite_id INTEGER NOT NULL REFERENCES stage_invites (id) ON DELETE CASCADE,
    user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (invite_id, user_id)
) STRICT, WITHOUT ROWID;
