-- Who may add songs to a stage's queue: everyone, or those alone who steer it.
ALTER TABLE stages ADD COLUMN adding TEXT NOT NULL DEFAULT 'control' CHECK (adding IN ('everyone', 'control'));
