
-- What was seen of an address that does not fit the airframe, from its beginning.
CREATE TABLE conflicts (
    icao24 TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('registration', 'two-places')),
    subject TEXT NOT NULL,              -- the other registration; empty for two places
    begins_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,              -- last seen so
    detail TEXT NOT NULL,
    first_known_at TEXT NOT NULL,
    PRIMARY KEY (icao24, kind, subject, begins_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX conflicts_by_time ON conflicts (ends_at);
