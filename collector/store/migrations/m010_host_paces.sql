
-- The pause between two requests to each host, as its answers taught it.
CREATE TABLE host_paces (
    host TEXT PRIMARY KEY,              -- name and port, or the path of a socket
    pause_s REAL NOT NULL,
    refused_s REAL NOT NULL,            -- the pause that was refused last; 0: none
    limited INTEGER NOT NULL,           -- whether the last answer was 429
    changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
