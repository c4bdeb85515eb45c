-- When its removal began: who is about to name the file again waits for the end of it.
ALTER TABLE unnamed_files ADD COLUMN going_us INTEGER;
