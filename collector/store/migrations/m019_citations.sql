-- What was written down to be printed, as it was known then. A row is never changed.
CREATE TABLE citations (
    id TEXT PRIMARY KEY,                -- day on which it was made (UTC) and number: cite-2026-03-03-1
    watch TEXT NOT NULL,
    place TEXT NOT NULL,                -- one place of the watch, by its codes
    first_day TEXT NOT NULL,            -- in the watch's time zone
    last_day TEXT NOT NULL,             -- included
    cited_at TEXT NOT NULL,
    text TEXT NOT NULL,                 -- the sentence and the landings, as printed
    sha256 TEXT NOT NULL,               -- of `text` in UTF-8
    known_json TEXT NOT NULL            -- the count and the landings that it names
) STRICT, WITHOUT ROWID;

-- How what was cited changed since, one row for each mail about it.
CREATE TABLE citation_changes (
    citation_id TEXT NOT NULL REFERENCES citations (id),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    known_json TEXT NOT NULL,           -- as `citations.known_json`, from then on
    PRIMARY KEY (citation_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX citation_changes_by_time ON citation_changes (at);

-- One row a mail: a notice that left, or leaves, in a mail with others is not one of its own.
DROP VIEW mails;
CREATE VIEW mails AS
SELECT created_at, recipient, subject, state, attempts, sent_at, last_error, key
FROM outbox WHERE group_key IS NULL ORDER BY created_at DESC;
