-- What was said of a week whose digest was due, at a place of a watch: number 0, and each later row once that changed.
CREATE TABLE week_statements (
    watch TEXT NOT NULL,
    place TEXT NOT NULL,                -- by its codes, as in the configuration
    week TEXT NOT NULL,                 -- in the watch's time zone: 2026-W47
    number INTEGER NOT NULL,
    at TEXT NOT NULL,                   -- when it was noticed
    statement_json TEXT NOT NULL,       -- the count, and how much of the week could be seen
    PRIMARY KEY (watch, place, week, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX week_statements_by_time ON week_statements (at) WHERE number > 0;
