-- The words of lines stand beside the conversation and not in it: what a line's commit writes is the line alone. Up to
-- which line a stage's words are there, the stage knows. The program gives all lines their words anew when it starts.
DROP TRIGGER chat_words_added;
DROP TRIGGER chat_words_changed;
DROP TRIGGER chat_words_gone;
DROP INDEX chats_unfolded;
ALTER TABLE chats DROP COLUMN search_key;
INSERT INTO chat_words (chat_words) VALUES ('delete-all');
ALTER TABLE stages ADD COLUMN folded_seq INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER chat_words_gone AFTER DELETE ON chats BEGIN
    DELETE FROM chat_words WHERE rowid = (old.stage_id << 40) + old.seq;
END;
