-- A mail may be dropped: it is kept with its key, and is not sent unless somebody asks for it.
-- SQLite cannot change a CHECK, so the table is made anew.
DROP VIEW mails;
CREATE TABLE outbox_with_dropped (
    key TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('owed', 'sent', 'failed', 'dropped')),
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,              -- not tried before; also the end of a claim
    sent_at TEXT,
    message_id TEXT,
    last_error TEXT                     -- of a dropped mail: why it is not sent
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_with_dropped (key, recipient, address, subject, text, html, created_at, state,
    attempts, next_at, sent_at, message_id, last_error)
SELECT key, recipient, address, subject, text, html, created_at, state, attempts, next_at, sent_at,
    message_id, last_error FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_dropped RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'owed';
CREATE INDEX outbox_failed ON outbox (created_at) WHERE state = 'failed';
CREATE INDEX outbox_by_time ON outbox (created_at);
CREATE INDEX outbox_dropped ON outbox (created_at) WHERE state = 'dropped';

-- What was said in mails, and whether it left.
CREATE VIEW mails AS
SELECT created_at, recipient, subject, state, attempts, sent_at, last_error, key
FROM outbox ORDER BY created_at DESC;
