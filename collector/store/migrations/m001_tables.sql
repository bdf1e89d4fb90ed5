
-- One report of one aircraft by one feed. The key is what makes two reports the same one (see
-- store/observations.py); it also puts each aircraft's reports side by side, in order of time.
CREATE TABLE observations (
    icao24 TEXT NOT NULL,
    slot INTEGER NOT NULL,              -- eight-second bucket of `at`
    feed TEXT NOT NULL,
    place TEXT NOT NULL,                -- position to 1e-5 degrees; without one, the altitude
    at TEXT NOT NULL,
    heard_at TEXT NOT NULL,
    position_at TEXT,
    lat_deg REAL,
    lon_deg REAL,
    baro_altitude_ft REAL,
    geom_altitude_ft REAL,
    on_ground INTEGER,
    ground_speed_kt REAL,
    track_deg REAL,
    vertical_rate_fpm REAL,
    callsign TEXT,
    registration TEXT,
    type_code TEXT,
    squawk TEXT,
    source TEXT NOT NULL,
    adsb_version INTEGER,
    nic INTEGER,
    nac_p INTEGER,
    sil INTEGER,
    nav_qnh_hpa REAL,
    gps_lost INTEGER NOT NULL,
    crowded INTEGER NOT NULL,
    PRIMARY KEY (icao24, slot, feed, place)
) STRICT, WITHOUT ROWID;

-- When each aircraft that any watch wanted was heard first and last.
CREATE TABLE aircraft (
    icao24 TEXT PRIMARY KEY,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What it called itself, or feeds called it.
CREATE TABLE identities (
    icao24 TEXT NOT NULL REFERENCES aircraft (icao24),
    kind TEXT NOT NULL CHECK (kind IN ('callsign', 'registration', 'type_code')),
    value TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (icao24, kind, value)
) STRICT, WITHOUT ROWID;

-- Which watch wanted it, by which of its rules.
CREATE TABLE matches (
    icao24 TEXT NOT NULL REFERENCES aircraft (icao24),
    watch TEXT NOT NULL,
    matched_by TEXT NOT NULL,
    counted INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (icao24, watch, matched_by, counted)
) STRICT, WITHOUT ROWID;

-- What five minutes of one feed prove about who could be heard.
CREATE TABLE slots (
    begins_at TEXT NOT NULL,
    feed TEXT NOT NULL,
    alive_minutes INTEGER NOT NULL,     -- bit m: a new answer arrived in minute m
    area_minutes INTEGER NOT NULL,      -- bit m: one to an ask by place
    failed_minutes INTEGER NOT NULL,    -- bit m: a poll failed
    aircraft INTEGER NOT NULL,
    unplaced INTEGER NOT NULL,
    cells TEXT NOT NULL,                -- aircraft by place and height, see store/values.py
    PRIMARY KEY (begins_at, feed)
) STRICT, WITHOUT ROWID;

-- The watches of the configuration, for the sake of their time zones.
CREATE TABLE watches (
    name TEXT PRIMARY KEY,
    zone TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE landings (
    id TEXT PRIMARY KEY,
    icao24 TEXT NOT NULL,
    registration TEXT,
    type_code TEXT,
    callsign TEXT,
    airfield TEXT,                      -- NULL: undetermined between the candidates
    candidates_json TEXT NOT NULL,
    touchdown_at TEXT NOT NULL,
    uncertainty_s REAL NOT NULL,
    departed_at TEXT,
    runway TEXT,
    grade TEXT NOT NULL CHECK (grade IN ('confirmed', 'probable', 'possible')),
    probability REAL NOT NULL,
    evidence_json TEXT NOT NULL,
    feeds_json TEXT NOT NULL,
    visit_from TEXT NOT NULL,
    visit_until TEXT NOT NULL,
    first_known_at TEXT NOT NULL,
    revised_at TEXT NOT NULL,
    retracted INTEGER NOT NULL,
    review TEXT CHECK (review IN ('confirmed', 'rejected'))
) STRICT, WITHOUT ROWID;
CREATE INDEX landings_by_time ON landings (touchdown_at);
CREATE INDEX landings_by_aircraft ON landings (icao24, touchdown_at);
CREATE INDEX landings_by_visit ON landings (icao24, visit_until, visit_from);

CREATE TABLE landing_watches (
    landing_id TEXT NOT NULL REFERENCES landings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    watch TEXT NOT NULL,
    matched_by TEXT NOT NULL,
    counted INTEGER NOT NULL,
    week TEXT NOT NULL,                 -- ISO week of the touchdown in the watch's time zone
    PRIMARY KEY (landing_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX landing_watches_by_watch ON landing_watches (watch, week);

-- Every change in a landing's life.
CREATE TABLE revisions (
    landing_id TEXT NOT NULL REFERENCES landings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    change TEXT NOT NULL,
    reason TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    week_before TEXT,
    PRIMARY KEY (landing_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_by_time ON revisions (at);

-- What was told about each rule of each watch in each of its windows.
CREATE TABLE alert_states (
    watch TEXT NOT NULL,
    rule TEXT NOT NULL,
    window TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'firing', 'resolved')),
    count INTEGER NOT NULL,
    at_most INTEGER NOT NULL,
    level INTEGER NOT NULL,             -- what the rule looks at: one of the two
    begin_at TEXT NOT NULL,
    end_at TEXT NOT NULL,
    since_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    told_json TEXT NOT NULL,
    acknowledged_at TEXT,
    acknowledged_note TEXT,
    PRIMARY KEY (watch, rule, window)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_states_by_time ON alert_states (begin_at);

-- Rules that stay silent for a time.
CREATE TABLE mutes (
    watch TEXT NOT NULL,
    rule TEXT NOT NULL,                 -- empty: every rule of the watch
    muted_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (watch, rule)
) STRICT, WITHOUT ROWID;

-- Mails that are owed, and that were sent. Rows stay: a key is never owed twice.
CREATE TABLE outbox (
    key TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('owed', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,              -- not tried before; also the end of a claim
    sent_at TEXT,
    message_id TEXT,
    last_error TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'owed';
CREATE INDEX outbox_failed ON outbox (created_at) WHERE state = 'failed';
CREATE INDEX outbox_by_time ON outbox (created_at);

-- How each feed does: one row a feed, so that a status page is one query.
CREATE TABLE feeds (
    feed TEXT PRIMARY KEY,
    last_poll_at TEXT,
    last_outcome TEXT,
    last_detail TEXT,
    last_ok_at TEXT,
    last_failure_at TEXT,
    last_failure TEXT,
    failing_since_at TEXT,
    failures INTEGER NOT NULL,          -- in a row
    parked_until TEXT,
    parked_why TEXT
) STRICT, WITHOUT ROWID;

-- The last days' polls.
CREATE TABLE polls (
    number INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    requests INTEGER NOT NULL,
    cost INTEGER NOT NULL
) STRICT;
CREATE INDEX polls_by_feed ON polls (feed, at);

-- What was asked of each feed on each day (UTC), in requests and in the feed's own credits.
CREATE TABLE spending (
    feed TEXT NOT NULL,
    day TEXT NOT NULL,
    requests INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (feed, day)
) STRICT, WITHOUT ROWID;

-- What operators are told of when it begins and when it ends: blind, refused, failing.
CREATE TABLE conditions (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    began_at TEXT NOT NULL,
    detail TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (kind, subject, began_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX conditions_open ON conditions (kind, subject) WHERE ended_at IS NULL;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
