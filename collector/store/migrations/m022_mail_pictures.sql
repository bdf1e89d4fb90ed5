-- A mail is stored with what its pictures are drawn from. They are drawn before it is sent for the
-- first time and kept, so that it has the same bytes however often it is sent.
ALTER TABLE outbox ADD COLUMN pictures_json TEXT;   -- name, words and order of each picture
CREATE TABLE mail_pictures (
    digest TEXT PRIMARY KEY,            -- SHA-256 of the order; mails to several people share it
    png BLOB,                           -- NULL: it could not be drawn, and mails go without it
    drawn_at TEXT NOT NULL
) STRICT;
