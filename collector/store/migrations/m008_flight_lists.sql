
-- Arrivals as other sources state them: evidence beside landings, never landings themselves.
CREATE TABLE arrivals (
    source TEXT NOT NULL,
    icao24 TEXT NOT NULL,
    arrived_at TEXT NOT NULL,           -- when that source heard the aircraft last
    airfield TEXT NOT NULL,             -- as that source names it
    departed_at TEXT,                   -- when it heard the aircraft first on that flight
    origin TEXT,
    callsign TEXT,
    registration TEXT,
    horizontal_m REAL,                  -- from the last position heard to the airfield
    vertical_m REAL,
    place TEXT NOT NULL,                -- URL, or file and line
    asked TEXT NOT NULL,                -- the `subject` below that it came with
    first_known_at TEXT NOT NULL,
    PRIMARY KEY (source, icao24, arrived_at, airfield)
) STRICT, WITHOUT ROWID;
CREATE INDEX arrivals_by_aircraft ON arrivals (icao24, arrived_at);
CREATE INDEX arrivals_by_ask ON arrivals (asked);

-- What was asked of each archive and how that ended, so that the next run goes on after it.
CREATE TABLE archive_asks (
    source TEXT NOT NULL,
    subject TEXT NOT NULL,              -- a day, an airfield or aircraft and day, a file
    scope TEXT NOT NULL,                -- for whom: another fleet asks anew
    outcome TEXT NOT NULL,
    detail_json TEXT NOT NULL,          -- what was received: URLs, sizes, SHA-256
    at TEXT NOT NULL,
    PRIMARY KEY (source, subject)
) STRICT, WITHOUT ROWID;
