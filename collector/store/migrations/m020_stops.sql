-- The stops that were seen before and after a landing, as JSON. `codes` are the airfield, or the candidates
-- (`UB12 or UBBB`), and empty if the stop is not known.
CREATE TABLE stops (
    landing_id TEXT NOT NULL REFERENCES landings (id),
    side TEXT NOT NULL,
    codes TEXT NOT NULL,
    stop_json TEXT NOT NULL,
    revised_at TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    PRIMARY KEY (landing_id, side)
) STRICT, WITHOUT ROWID;

-- Each change of a stop: `found`, `narrowed`, `refined`, `moved` or `lost`, with the airfields before and after.
CREATE TABLE stop_revisions (
    landing_id TEXT NOT NULL REFERENCES landings (id),
    side TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    change TEXT NOT NULL,
    codes_before TEXT NOT NULL,
    codes_after TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    PRIMARY KEY (landing_id, side, number)
) STRICT, WITHOUT ROWID;

-- The first and the last report of each aircraft that came since its stops were derived.
CREATE TABLE stops_due (
    icao24 TEXT PRIMARY KEY,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
