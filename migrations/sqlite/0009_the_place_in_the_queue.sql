-- The place from which the queue goes on: that of what plays or played last, which stays where it was when its entry is
-- taken out. Absent in a stage that has not played since this column is there; then the entry that played last tells it.
ALTER TABLE stages ADD COLUMN cursor_ord INTEGER;
