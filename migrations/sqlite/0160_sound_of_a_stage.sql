-- How long the end of a song sounds together with the beginning of the next, and how loud the host suggests to listen.
ALTER TABLE stages ADD COLUMN crossfade_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stages ADD COLUMN volume_together INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stages ADD COLUMN volume_percent INTEGER NOT NULL DEFAULT 100;
