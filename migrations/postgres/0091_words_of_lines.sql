-- The words of lines stand beside the conversation and not in it: what a line's commit writes is the line alone. Up to
-- which line a stage's words are there, the stage knows. The program gives all lines their words anew when it starts.
DROP INDEX chat_words;
DROP INDEX chats_unfolded;
ALTER TABLE chats DROP COLUMN search_key;
ALTER TABLE stages ADD COLUMN folded_seq BIGINT NOT NULL DEFAULT 0;
CREATE TABLE line_words (
    stage_id BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    words    tsvector NOT NULL,
    PRIMARY KEY (stage_id, seq),
    FOREIGN KEY (stage_id, seq) REFERENCES chats (stage_id, seq) ON DELETE CASCADE
);
-- Lines come by the thousand: they wait in a list, which is kept short.
CREATE INDEX line_words_found ON line_words USING gin (words) WITH (gin_pending_list_limit = 256);
