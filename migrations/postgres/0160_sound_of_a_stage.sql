-- How long the end of a song sounds together with the beginning of the next, and how loud the host suggests to listen.
ALTER TABLE stages ADD COLUMN crossfade_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stages ADD COLUMN volume_together BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE stages ADD COLUMN volume_percent BIGINT NOT NULL DEFAULT 100;
