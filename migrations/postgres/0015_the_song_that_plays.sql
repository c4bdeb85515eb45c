-- The song of the current entry, which plays to its end though its entry is taken out of the queue. Absent in a stage that
-- has not played since this column is there.
ALTER TABLE stages ADD COLUMN current_song BIGINT;
