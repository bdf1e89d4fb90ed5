
-- What persons and publications report: landings, and where airframes were instead. Never counted
-- with tracked landings. `key` is made of everything but confidence and note, see sightings.py.
CREATE TABLE sightings (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('landing', 'alibi', 'seen')),
    period TEXT NOT NULL,               -- as written: 2020-09-24, 2020-W39, 2020-09-24/2020-09-29
    first_day TEXT,                     -- NULL: not known
    last_day TEXT,                      -- included
    unit TEXT NOT NULL CHECK (unit IN ('landing', 'leg', 'rotation')),
    direction TEXT NOT NULL,            -- of a leg: to the field, from it, or empty
    airfield TEXT,
    place TEXT NOT NULL,                -- in words
    icao24 TEXT,
    registration TEXT,
    callsign TEXT,
    operator TEXT,
    counted INTEGER NOT NULL,           -- 0: it may be another row's landing
    confidence TEXT NOT NULL,
    note TEXT NOT NULL,
    source TEXT NOT NULL,
    first_known_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_by_day ON sightings (first_day);
