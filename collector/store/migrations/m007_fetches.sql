
-- Full tracks owed for a silence, one a feed that keeps them, and what became of each.
CREATE TABLE fetches (
    icao24 TEXT NOT NULL,
    feed TEXT NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('silent-inbound', 'landed-unheard', 're-appeared')),
    begins_at TEXT NOT NULL,            -- last heard before the silence
    ends_at TEXT,                       -- first heard after it; NULL: not heard again by then
    owed_at TEXT NOT NULL,
    due_at TEXT NOT NULL,               -- not asked for before
    tries INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('owed', 'done', 'failed', 'given-up')),
    ended_at TEXT,                      -- when it was no longer owed
    points INTEGER NOT NULL,
    first_at TEXT,
    last_at TEXT,                       -- first and last point of what was received
    url TEXT,
    detail TEXT NOT NULL,               -- why not
    refused_at TEXT,                    -- when the feed refused it: 401, 402, 403
    PRIMARY KEY (icao24, begins_at, why, feed)
) STRICT, WITHOUT ROWID;
CREATE INDEX fetches_due ON fetches (due_at) WHERE state = 'owed';
CREATE INDEX fetches_by_time ON fetches (owed_at);
CREATE INDEX fetches_refused ON fetches (feed, refused_at) WHERE refused_at IS NOT NULL;
