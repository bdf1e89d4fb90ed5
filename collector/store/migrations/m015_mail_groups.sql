-- The notices of one watch and moment leave as one mail. Each has its own row and key as before; the
-- mail has a row too, whose key `group_key` names. The row of the mail is stored, and the notices are
-- bound to it, in one transaction before the first attempt; only the mail is sent.
ALTER TABLE outbox ADD COLUMN watch TEXT;           -- of a notice that is grouped: its watch
ALTER TABLE outbox ADD COLUMN thread TEXT;          -- and its window: mails about one are one thread
ALTER TABLE outbox ADD COLUMN part_json TEXT;       -- and what it contributes to the mail
ALTER TABLE outbox ADD COLUMN group_key TEXT;       -- the mail that it leaves with, once that is fixed
ALTER TABLE outbox ADD COLUMN follows_json TEXT;    -- the mails that this one continues, by their keys
CREATE INDEX outbox_ungrouped ON outbox (created_at)
    WHERE state = 'owed' AND part_json IS NOT NULL AND group_key IS NULL;
CREATE INDEX outbox_by_group ON outbox (group_key) WHERE group_key IS NOT NULL;
CREATE INDEX outbox_by_thread ON outbox (watch, thread) WHERE watch IS NOT NULL;
