-- Whose device alone sounds in a stage.
ALTER TABLE stages ADD COLUMN speaker_id BIGINT REFERENCES users (id);
