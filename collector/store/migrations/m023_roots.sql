-- One hash for all that was sealed by then: its first leaf is the root before. A row is never changed.
CREATE TABLE roots (
    number INTEGER PRIMARY KEY,         -- from 1
    made_at TEXT NOT NULL,
    sha256 TEXT NOT NULL                -- the root of the tree (RFC 6962), hexadecimal
) STRICT;

-- The replies of one landing as they were when a root was made.
CREATE TABLE sealed (
    root INTEGER NOT NULL REFERENCES roots (number),
    leaf INTEGER NOT NULL,              -- place in the tree, from 1: leaf 0 is the root before
    landing_id TEXT NOT NULL,
    salt TEXT NOT NULL,                 -- hexadecimal; keyed with it, each record has a salt of its own
    records BLOB NOT NULL,              -- the salted SHA-256 of each record, 32 bytes each, in order of time
    PRIMARY KEY (root, leaf)
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_by_landing ON sealed (landing_id, root);
