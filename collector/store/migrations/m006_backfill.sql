
-- What was read of archives: one row a unit of work (a trace file, a shard, a day's tar).
CREATE TABLE backfill_units (
    key TEXT PRIMARY KEY,               -- identity of the content: a changed file is another unit
    kind TEXT NOT NULL,                 -- the command that read it: 'traces' ...
    feed TEXT NOT NULL,                 -- under which name its reports are stored
    name TEXT NOT NULL,                 -- for people
    state TEXT NOT NULL CHECK (state IN ('read', 'done')),  -- done: its landings are derived
    fingerprint TEXT NOT NULL,          -- of what was looked for, and by which rules
    begun_at TEXT NOT NULL,
    done_at TEXT,
    size_bytes INTEGER NOT NULL,
    traces INTEGER NOT NULL,            -- looked at for the watches
    sampled INTEGER NOT NULL,           -- read only as proof that the network heard
    passed INTEGER NOT NULL,            -- passed over by the search for any aircraft: unread
    reports INTEGER NOT NULL,           -- stored, or there already
    heard INTEGER NOT NULL,             -- five minutes in which it proves that somebody was heard
    skipped INTEGER NOT NULL,           -- what could not be read
    problem TEXT                        -- the first of these
) STRICT, WITHOUT ROWID;

-- Which days (UTC) a unit tells of.
CREATE TABLE backfill_days (
    day TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES backfill_units (key) ON DELETE CASCADE,
    PRIMARY KEY (day, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX backfill_days_by_unit ON backfill_days (unit);

-- What is still to be derived again: the reports of an aircraft between two times, or of every
-- aircraft ('') where it became known who was heard.
CREATE TABLE backfill_due (
    icao24 TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (icao24, first_at, last_at)
) STRICT, WITHOUT ROWID;

-- Touchdowns, as they were and as they are, of landings that changed since the rules were asked.
CREATE TABLE backfill_touched (
    watch TEXT NOT NULL,
    touchdown_at TEXT NOT NULL,
    PRIMARY KEY (watch, touchdown_at)
) STRICT, WITHOUT ROWID;
