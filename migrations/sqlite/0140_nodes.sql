-- SQLite has one server. The column stands here too, so that a database can be copied to PostgreSQL as it is.
ALTER TABLE stages ADD COLUMN owner INTEGER;
