-- Once a watch matched an aircraft by anything but its address, the address is followed: all its
-- reports are kept, whatever callsign they have. These are the hours in which reports matched.
CREATE TABLE followed (
    number INTEGER PRIMARY KEY,         -- in order of storing: archives read before know fewer
    icao24 TEXT NOT NULL,
    hour INTEGER NOT NULL,              -- since 1970-01-01T00Z
    UNIQUE (icao24, hour)
) STRICT;
CREATE INDEX followed_by_hour ON followed (hour);

-- Reports of the last hours near the watched airfields that nobody asked for. If the aircraft is
-- followed later, its own join the observations; they are deleted after two hours.
CREATE TABLE strangers (
    at TEXT NOT NULL,
    feed TEXT NOT NULL,
    reports TEXT NOT NULL,              -- JSON, a list of reports of one reply
    PRIMARY KEY (at, feed)
) STRICT, WITHOUT ROWID;

ALTER TABLE observations ADD COLUMN operator TEXT;
-- Why the match may not hold for this landing; empty if nothing speaks against it.
ALTER TABLE landing_watches ADD COLUMN doubt TEXT NOT NULL DEFAULT '';
-- The largest `followed.number` that the search in this unit knew.
ALTER TABLE backfill_units ADD COLUMN followed INTEGER NOT NULL DEFAULT 0;

-- A landing whose match is in doubt is at most possible for that watch.
DROP VIEW landings_by_week;
CREATE VIEW landings_by_week AS
WITH judged AS (
    SELECT DISTINCT l.id, w.watch, w.week, l.touchdown_at,
        coalesce(iif(r.verdict = 'confirmed', r.airfield, NULL), l.airfield, 'undetermined')
            AS airfield,
        CASE
            WHEN r.verdict IS NOT NULL THEN r.verdict
            WHEN l.retracted THEN 'retracted'
            WHEN w.doubt <> '' THEN 'possible'
            ELSE l.grade
        END AS verdict
    FROM landings AS l JOIN landing_watches AS w ON w.landing_id = l.id
    LEFT JOIN standing_reviews AS r ON r.landing_id = l.id
    WHERE w.counted
)
SELECT watch, week, airfield,
    sum(verdict IN ('confirmed', 'probable') AND airfield <> 'undetermined') AS landings,
    sum(verdict = 'confirmed') AS confirmed,
    sum(verdict = 'probable') AS probable,
    sum(verdict = 'possible') AS possible,
    sum(verdict = 'rejected') AS rejected,
    sum(verdict = 'retracted') AS retracted,
    min(touchdown_at) AS first_touchdown_at,
    max(touchdown_at) AS last_touchdown_at
FROM judged GROUP BY watch, week, airfield ORDER BY week DESC, watch, airfield;
