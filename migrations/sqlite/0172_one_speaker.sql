-- Whose device alone sounds in a stage.
ALTER TABLE stages ADD COLUMN speaker_id INTEGER REFERENCES users (id);
