-- How long a new song waits for its listeners: until this share of them is ready, at most so long.

ALTER TABLE stages ADD COLUMN start_quorum INTEGER NOT NULL DEFAULT 80; -- percent
ALTER TABLE stages ADD COLUMN start_patience_us INTEGER NOT NULL DEFAULT 1500000;
