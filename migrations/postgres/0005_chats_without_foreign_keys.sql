-- Chat lines are written by running stages alone, in the name of members who are there: both rows exist, and neither a
-- stage nor an account is ever removed. Checking it anew took more time per line than the insert (docs/adr/0006).
ALTER TABLE chats DROP CONSTRAINT chats_stage_id_fkey;
ALTER TABLE chats DROP CONSTRAINT chats_sender_id_fkey;
