-- What a username looks like, folded by the program, so that nobody takes a name that is read as another one's. Of accounts
-- from before that look alike the first has it; the others keep their names, and it stays empty.
ALTER TABLE users ADD COLUMN likeness TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX users_likeness ON users (likeness) WHERE likeness <> '';
