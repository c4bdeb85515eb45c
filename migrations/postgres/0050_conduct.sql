-- How people treat each other in a stage: who may not speak, how fast the others may, and who follows a host that is gone.
-- Stages that are open already go on alone, as they did.
ALTER TABLE stages ADD COLUMN slow_mode_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stages ADD COLUMN succession TEXT NOT NULL DEFAULT 'alone' CHECK (succession IN ('people', 'alone'));
ALTER TABLE stage_participants ADD COLUMN muted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE stage_participants ADD COLUMN muted_until_us BIGINT;
