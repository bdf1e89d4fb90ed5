BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'collector','m001_tables','2026-11-23 10:33:43.361654+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'collector','m002_views','2026-11-23 10:33:43.370826+00:00');
INSERT INTO _sqlite_migrations VALUES(3,'collector','m003_reviews','2026-11-23 10:54:03.750336+00:00');
INSERT INTO _sqlite_migrations VALUES(4,'collector','m004_conflicts','2026-11-26 09:23:52.721049+00:00');
INSERT INTO _sqlite_migrations VALUES(5,'collector','m005_sightings','2026-11-26 10:04:27.635515+00:00');
INSERT INTO _sqlite_migrations VALUES(6,'collector','m006_backfill','2026-11-26 10:20:49.190654+00:00');
INSERT INTO _sqlite_migrations VALUES(7,'collector','m007_fetches','2026-11-26 10:25:53.275264+00:00');
INSERT INTO _sqlite_migrations VALUES(8,'collector','m008_flight_lists','2026-11-26 11:05:59.846433+00:00');
INSERT INTO _sqlite_migrations VALUES(9,'collector','m009_learned','2026-11-29 22:05:10.710552+00:00');
INSERT INTO _sqlite_migrations VALUES(10,'collector','m010_host_paces','2026-11-29 23:11:00.931546+00:00');
INSERT INTO _sqlite_migrations VALUES(11,'collector','m011_followed','2026-11-29 23:26:14.264925+00:00');
INSERT INTO _sqlite_migrations VALUES(12,'collector','m012_judged','2026-11-30 00:10:03.042694+00:00');
INSERT INTO _sqlite_migrations VALUES(13,'collector','m013_dropped_mails','2026-11-30 00:10:03.481576+00:00');
INSERT INTO _sqlite_migrations VALUES(14,'collector','m014_lookups','2026-11-30 01:25:51.936693+00:00');
INSERT INTO _sqlite_migrations VALUES(15,'collector','m015_mail_groups','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(16,'collector','m016_touchdown_before','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(17,'collector','m017_unheard','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(18,'collector','m018_unheard_before','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(19,'collector','m019_citations','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(20,'collector','m020_stops','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(21,'collector','m021_calibrations','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(22,'collector','m022_mail_pictures','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(23,'collector','m023_roots','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(24,'collector','m024_alert_times','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(25,'collector','m025_stamps','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(26,'collector','m026_week_statements','2026-11-30 02:10:00.000000+00:00');
INSERT INTO _sqlite_migrations VALUES(27,'collector','m027_touched_days','2026-12-01 14:01:02.731000+00:00');
CREATE TABLE aircraft (
    icao24 TEXT PRIMARY KEY,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO aircraft VALUES('600865','2026-11-22T12:00:00.000000Z','2026-11-22T12:00:00.000000Z');
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
    acknowledged_note TEXT, reached_at TEXT, ended_because TEXT,
    PRIMARY KEY (watch, rule, window)
) STRICT, WITHOUT ROWID;
CREATE TABLE archive_asks (
    source TEXT NOT NULL,
    subject TEXT NOT NULL,              -- a day, an airfield or aircraft and day, a file
    scope TEXT NOT NULL,                -- for whom: another fleet asks anew
    outcome TEXT NOT NULL,
    detail_json TEXT NOT NULL,          -- what was received: URLs, sizes, SHA-256
    at TEXT NOT NULL,
    PRIMARY KEY (source, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO archive_asks VALUES('opensky-flights','2026-11-22 LLOV','0123456789abcdef','read','{}','2026-11-23T12:00:00.000000Z');
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
INSERT INTO arrivals VALUES('opensky-flights','600865','2026-11-22T11:58:00.000000Z','LLOV','2026-11-22T08:00:00.000000Z','UBBB','AZQ4721','4K-AZ101',900.0,120.0,'https://opensky.example/flights','2026-11-22 LLOV','2026-11-23T12:00:00.000000Z');
CREATE TABLE backfill_days (
    day TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES backfill_units (key) ON DELETE CASCADE,
    PRIMARY KEY (day, unit)
) STRICT, WITHOUT ROWID;
INSERT INTO backfill_days VALUES('2026-11-22','trace_full_600865.json 4711 1');
CREATE TABLE backfill_due (
    icao24 TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (icao24, first_at, last_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE backfill_touched (
    watch TEXT NOT NULL,
    touchdown_at TEXT NOT NULL,
    PRIMARY KEY (watch, touchdown_at)
) STRICT, WITHOUT ROWID;
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
, followed INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO backfill_units VALUES('trace_full_600865.json 4711 1','traces','traces','trace_full_600865.json','done','0123456789abcdef0123456789abcdef','2026-11-22T12:00:00.000000Z','2026-11-22T12:00:01.000000Z',4711,1,0,0,1,1,0,NULL,0);
CREATE TABLE calibrations (
    watch TEXT NOT NULL,
    place TEXT NOT NULL,
    quarter TEXT NOT NULL,
    made_for TEXT NOT NULL,
    made_at TEXT NOT NULL,
    result_json TEXT NOT NULL,
    PRIMARY KEY (watch, place, quarter, made_for)
) STRICT, WITHOUT ROWID;
CREATE TABLE citation_changes (
    citation_id TEXT NOT NULL REFERENCES citations (id),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    known_json TEXT NOT NULL,           -- as `citations.known_json`, from then on
    PRIMARY KEY (citation_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE citations (
    id TEXT PRIMARY KEY,                -- day on which it was made (UTC) and number: cite-2026-03-03-1
    watch TEXT NOT NULL,
    place TEXT NOT NULL,                -- one place of the watch, by its codes
    first_day TEXT NOT NULL,            -- in the watch's time zone
    last_day TEXT NOT NULL,             -- included
    cited_at TEXT NOT NULL,
    text TEXT NOT NULL,                 -- the sentence and the landings, as printed
    sha256 TEXT NOT NULL,               -- of `text` in UTF-8
    known_json TEXT NOT NULL            -- the count and the landings that it names
) STRICT, WITHOUT ROWID;
CREATE TABLE conditions (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    began_at TEXT NOT NULL,
    detail TEXT NOT NULL,
    ended_at TEXT,
    PRIMARY KEY (kind, subject, began_at)
) STRICT, WITHOUT ROWID;
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
INSERT INTO conflicts VALUES('600865','registration','4K-AZ999','2026-11-22T12:00:00.000000Z','2026-11-22T13:00:00.000000Z','seen by test','2026-11-22T12:00:00.000000Z');
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
INSERT INTO fetches VALUES('600865','roof','silent-inbound','2026-11-22T12:00:00.000000Z','2026-11-22T13:00:00.000000Z','2026-11-22T12:20:00.000000Z','2026-11-22T12:20:00.000000Z',1,'done','2026-11-22T12:21:00.000000Z',1200,'2026-11-22T11:00:00.000000Z','2026-11-22T12:01:00.000000Z','https://roof.example/trace_full_600865.json','',NULL);
CREATE TABLE followed (
    number INTEGER PRIMARY KEY,         -- in order of storing: archives read before know fewer
    icao24 TEXT NOT NULL,
    hour INTEGER NOT NULL,              -- since 1970-01-01T00Z
    UNIQUE (icao24, hour)
) STRICT;
INSERT INTO followed VALUES(1,'600865',498780);
CREATE TABLE host_paces (
    host TEXT PRIMARY KEY,              -- name and port, or the path of a socket
    pause_s REAL NOT NULL,
    refused_s REAL NOT NULL,            -- the pause that was refused last; 0: none
    limited INTEGER NOT NULL,           -- whether the last answer was 429
    changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO host_paces VALUES('api.adsb.lol:443',3.5,2.7999999999999998223,0,'2026-11-22T12:00:00.000Z');
CREATE TABLE identities (
    icao24 TEXT NOT NULL REFERENCES aircraft (icao24),
    kind TEXT NOT NULL CHECK (kind IN ('callsign', 'registration', 'type_code')),
    value TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (icao24, kind, value)
) STRICT, WITHOUT ROWID;
INSERT INTO identities VALUES('600865','callsign','AZQ4721','2026-11-22T12:00:00.000000Z','2026-11-22T12:00:00.000000Z');
INSERT INTO identities VALUES('600865','registration','4K-AZ101','2026-11-22T12:00:00.000000Z','2026-11-22T12:00:00.000000Z');
INSERT INTO identities VALUES('600865','type_code','IL76','2026-11-22T12:00:00.000000Z','2026-11-22T12:00:00.000000Z');
CREATE TABLE judged_alerts (
    watch TEXT NOT NULL,
    rule TEXT NOT NULL,
    window TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (watch, rule, window)
) STRICT, WITHOUT ROWID;
CREATE TABLE landing_watches (
    landing_id TEXT NOT NULL REFERENCES landings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    watch TEXT NOT NULL,
    matched_by TEXT NOT NULL,
    counted INTEGER NOT NULL,
    week TEXT NOT NULL, doubt TEXT NOT NULL DEFAULT '',                 -- ISO week of the touchdown in the watch's time zone
    PRIMARY KEY (landing_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO landing_watches VALUES('600865-2026-11-22-1',1,'silkway','fleet silkway',1,'2026-W47','');
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
, judged_by TEXT NOT NULL DEFAULT '', reports_gone INTEGER NOT NULL DEFAULT 0, unlisted INTEGER NOT NULL DEFAULT 0, departed_uncertainty_s REAL, unheard_json TEXT, earliest_at TEXT, latest_at TEXT) STRICT, WITHOUT ROWID;
INSERT INTO landings VALUES('600865-2026-11-22-1','600865','4K-AZ101','IL76','AZQ4721','LLOV','[{"airfield":"LLOV","probability":0.9},{"airfield":"LLER","probability":0.1}]','2026-11-22T12:00:00.000000Z',90.0,'2026-11-22T14:00:00.000000Z','20L','probable',0.9000000000000000222,'[{"at":"2026-11-22T11:59:00Z","kind":"low-approach","text":"Low and descending","speaks":"for","airfield":"LLOV","feeds":[]},{"at":"2026-11-22T13:00:00Z","kind":"silence","text":"Silent","speaks":"neutral","airfield":null,"feeds":["adsblol"]}]','["adsblol","opensky"]','2026-11-22T11:59:00.000000Z','2026-11-22T14:00:00.000000Z','2026-11-22T13:00:00.000000Z','2026-11-22T13:00:00.000000Z',0,NULL,'',0,0,NULL,NULL,NULL,NULL);
CREATE TABLE learned (
    version TEXT PRIMARY KEY,           -- like 2026-W47/28d
    made_at TEXT NOT NULL,
    first_day TEXT NOT NULL,            -- of the days it was learned from, UTC
    last_day TEXT NOT NULL,
    value_json TEXT NOT NULL            -- days heard, and what each feed usually heard
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_pictures (
    digest TEXT PRIMARY KEY,            -- SHA-256 of the order; mails to several people share it
    png BLOB,                           -- NULL: it could not be drawn, and mails go without it
    drawn_at TEXT NOT NULL
) STRICT;
CREATE TABLE matches (
    icao24 TEXT NOT NULL REFERENCES aircraft (icao24),
    watch TEXT NOT NULL,
    matched_by TEXT NOT NULL,
    counted INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (icao24, watch, matched_by, counted)
) STRICT, WITHOUT ROWID;
INSERT INTO matches VALUES('600865','silkway','fleet silkway',1,'2026-11-22T12:00:00.000000Z','2026-11-22T12:00:00.000000Z');
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE mutes (
    watch TEXT NOT NULL,
    rule TEXT NOT NULL,                 -- empty: every rule of the watch
    muted_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (watch, rule)
) STRICT, WITHOUT ROWID;
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
    crowded INTEGER NOT NULL, operator TEXT,
    PRIMARY KEY (icao24, slot, feed, place)
) STRICT, WITHOUT ROWID;
INSERT INTO observations VALUES('600865',224418600,'adsblol','29.99000,34.95000','2026-11-22T12:00:00.000000Z','2026-11-22T12:00:01.000000Z','2026-11-22T12:00:00.000000Z',29.989999999999998436,34.950000000000002841,3000.0,NULL,NULL,NULL,NULL,NULL,'AZQ4721','4K-AZ101','IL76',NULL,'other',NULL,NULL,NULL,NULL,NULL,0,0,NULL);
CREATE TABLE IF NOT EXISTS "outbox" (
    key TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('owed', 'sent', 'failed', 'dropped')),
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,              -- not tried before; also the end of a claim
    sent_at TEXT,
    message_id TEXT,
    last_error TEXT                     -- of a dropped mail: why it is not sent
, watch TEXT, thread TEXT, part_json TEXT, group_key TEXT, follows_json TEXT, pictures_json TEXT) STRICT, WITHOUT ROWID;
INSERT INTO outbox VALUES('digest:2026-W47:ops','ops','ops@example.org','Two landings','Two landings at Ovda.','<p>Two landings at Ovda.</p>','2026-11-22T12:00:00.000000Z','owed',0,'2026-11-22T12:00:00.000000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE polls (
    number INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    requests INTEGER NOT NULL,
    cost INTEGER NOT NULL
) STRICT;
CREATE TABLE reviews (
    landing_id TEXT NOT NULL REFERENCES landings (id),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    verdict TEXT CHECK (verdict IN ('confirmed', 'rejected')),
    note TEXT NOT NULL,
    airfield TEXT,                      -- where, as named by the person or as derived then
    PRIMARY KEY (landing_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE revisions (
    landing_id TEXT NOT NULL REFERENCES landings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    change TEXT NOT NULL,
    reason TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    touchdown_before TEXT, unheard_before_json TEXT, before_json TEXT,
    PRIMARY KEY (landing_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO revisions VALUES('600865-2026-11-22-1',1,'2026-11-22T12:00:00.000000Z','found','found by test','rules-1',NULL,NULL,NULL);
CREATE TABLE roots (
    number INTEGER PRIMARY KEY,         -- from 1
    made_at TEXT NOT NULL,
    sha256 TEXT NOT NULL                -- the root of the tree (RFC 6962), hexadecimal
) STRICT;
CREATE TABLE sealed (
    root INTEGER NOT NULL REFERENCES roots (number),
    leaf INTEGER NOT NULL,              -- place in the tree, from 1: leaf 0 is the root before
    landing_id TEXT NOT NULL,
    salt TEXT NOT NULL,                 -- hexadecimal; keyed with it, each record has a salt of its own
    records BLOB NOT NULL,              -- the salted SHA-256 of each record, 32 bytes each, in order of time
    PRIMARY KEY (root, leaf)
) STRICT, WITHOUT ROWID;
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
INSERT INTO sightings VALUES('ce1c264da218d9f1aeec8965-1','landing','2020-09-24','2020-09-24','2020-09-24','landing','','LLOV','',NULL,NULL,NULL,NULL,1,'','','test','2026-11-22T12:00:00.000000Z');
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
CREATE TABLE spending (
    feed TEXT NOT NULL,
    day TEXT NOT NULL,
    requests INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (feed, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE stamps (
    root INTEGER NOT NULL REFERENCES roots (number),
    authority TEXT NOT NULL,            -- as it is named in the configuration
    stamped_at TEXT NOT NULL,           -- by the authority's clock
    response BLOB NOT NULL,             -- its answer as it came (RFC 3161, TimeStampResp in DER)
    certificates TEXT NOT NULL,         -- those that it was checked with (PEM)
    PRIMARY KEY (root, authority)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE stops (
    landing_id TEXT NOT NULL REFERENCES landings (id),
    side TEXT NOT NULL,
    codes TEXT NOT NULL,
    stop_json TEXT NOT NULL,
    revised_at TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    PRIMARY KEY (landing_id, side)
) STRICT, WITHOUT ROWID;
CREATE TABLE stops_due (
    icao24 TEXT PRIMARY KEY,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE strangers (
    at TEXT NOT NULL,
    feed TEXT NOT NULL,
    reports TEXT NOT NULL,              -- JSON, a list of reports of one reply
    PRIMARY KEY (at, feed)
) STRICT, WITHOUT ROWID;
INSERT INTO strangers VALUES('2026-11-22T12:00:00.000000Z','adsblol','[]');
CREATE TABLE watches (
    name TEXT PRIMARY KEY,
    zone TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO watches VALUES('silkway','Asia/Jerusalem');
CREATE TABLE week_statements (
    watch TEXT NOT NULL,
    place TEXT NOT NULL,                -- by its codes, as in the configuration
    week TEXT NOT NULL,                 -- in the watch's time zone: 2026-W47
    number INTEGER NOT NULL,
    at TEXT NOT NULL,                   -- when it was noticed
    statement_json TEXT NOT NULL,       -- the count, and how much of the week could be seen
    PRIMARY KEY (watch, place, week, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE touched_days (
    day TEXT PRIMARY KEY,               -- the first on which a landing may lie, in UTC: 2026-11-16;
                                        -- empty: how much of some week was seen
    number INTEGER NOT NULL             -- the next one for each change
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX landings_by_time ON landings (touchdown_at);
CREATE INDEX landings_by_aircraft ON landings (icao24, touchdown_at);
CREATE INDEX landings_by_visit ON landings (icao24, visit_until, visit_from);
CREATE INDEX landing_watches_by_watch ON landing_watches (watch, week);
CREATE INDEX revisions_by_time ON revisions (at);
CREATE INDEX alert_states_by_time ON alert_states (begin_at);
CREATE INDEX polls_by_feed ON polls (feed, at);
CREATE UNIQUE INDEX conditions_open ON conditions (kind, subject) WHERE ended_at IS NULL;
CREATE VIEW feed_health AS
SELECT f.feed,
    CASE
        WHEN f.parked_until > f.last_poll_at THEN 'parked'
        WHEN f.failures > 0 THEN 'failing'
        WHEN f.last_ok_at IS NULL THEN 'never heard'
        ELSE 'ok'
    END AS health,
    f.last_poll_at, f.last_outcome, f.last_detail, f.last_ok_at, f.failures, f.failing_since_at,
    f.last_failure_at, f.last_failure, f.parked_until, f.parked_why,
    (SELECT count(*) FROM slots AS s WHERE s.feed = f.feed AND s.alive_minutes > 0
        AND s.begins_at > strftime('%Y-%m-%dT%H:%M:%S', f.last_poll_at, '-1 day')
    ) * 100 / 288 AS alive_percent_of_last_day,
    coalesce(d.requests, 0) AS requests_that_day, coalesce(d.cost, 0) AS cost_that_day
FROM feeds AS f
LEFT JOIN spending AS d ON d.feed = f.feed AND d.day = date(f.last_poll_at)
ORDER BY f.feed;
CREATE VIEW corrections AS
SELECT r.at, r.landing_id, l.registration, l.airfield, l.touchdown_at, r.change, r.reason,
    r.touchdown_before, r.rules_version
FROM revisions AS r JOIN landings AS l ON l.id = r.landing_id
WHERE r.change <> 'found' ORDER BY r.at DESC;
CREATE TRIGGER reviews_are_not_changed BEFORE UPDATE ON reviews
BEGIN SELECT raise(ABORT, 'a review is never changed: add another one'); END;
CREATE TRIGGER reviews_are_not_deleted BEFORE DELETE ON reviews
BEGIN SELECT raise(ABORT, 'a review is never deleted: add one that takes it back'); END;
CREATE VIEW standing_reviews AS
SELECT landing_id, at, by, verdict, note, airfield FROM reviews AS r
WHERE number = (SELECT max(number) FROM reviews WHERE landing_id = r.landing_id);
CREATE VIEW reviews_for_people AS
SELECT r.at, r.by, coalesce(r.verdict, 'taken back') AS verdict, r.airfield, r.note,
    r.landing_id, l.registration, l.airfield AS derived_airfield, l.grade, l.retracted,
    l.touchdown_at
FROM reviews AS r JOIN landings AS l ON l.id = r.landing_id
ORDER BY r.at DESC, r.landing_id, r.number DESC;
CREATE INDEX conflicts_by_time ON conflicts (ends_at);
CREATE INDEX sightings_by_day ON sightings (first_day);
CREATE INDEX backfill_days_by_unit ON backfill_days (unit);
CREATE INDEX fetches_due ON fetches (due_at) WHERE state = 'owed';
CREATE INDEX fetches_by_time ON fetches (owed_at);
CREATE INDEX fetches_refused ON fetches (feed, refused_at) WHERE refused_at IS NOT NULL;
CREATE INDEX arrivals_by_aircraft ON arrivals (icao24, arrived_at);
CREATE INDEX arrivals_by_ask ON arrivals (asked);
CREATE INDEX followed_by_hour ON followed (hour);
CREATE INDEX landings_by_rules ON landings (judged_by, reports_gone);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'owed';
CREATE INDEX outbox_failed ON outbox (created_at) WHERE state = 'failed';
CREATE INDEX outbox_by_time ON outbox (created_at);
CREATE INDEX outbox_dropped ON outbox (created_at) WHERE state = 'dropped';
CREATE INDEX landings_by_kind ON landings (unlisted, touchdown_at);
CREATE INDEX matches_by_watch ON matches (watch);
CREATE INDEX slots_answered ON slots (begins_at, feed) WHERE alive_minutes <> 0;
CREATE INDEX outbox_ungrouped ON outbox (created_at)
    WHERE state = 'owed' AND part_json IS NOT NULL AND group_key IS NULL;
CREATE INDEX outbox_by_group ON outbox (group_key) WHERE group_key IS NOT NULL;
CREATE INDEX outbox_by_thread ON outbox (watch, thread) WHERE watch IS NOT NULL;
CREATE INDEX landings_unheard ON landings (latest_at) WHERE latest_at IS NOT NULL;
CREATE VIEW landings_for_people AS
SELECT id, registration, type_code, callsign, airfield, touchdown_at,
    round(uncertainty_s / 60, 1) AS uncertainty_min, departed_at,
    round(departed_uncertainty_s / 60, 1) AS departed_uncertainty_min, runway, grade,
    round(probability, 3) AS probability,
    CASE WHEN date(earliest_at, '-3 days', 'weekday 4') <> date(latest_at, '-3 days', 'weekday 4') THEN NULL
    ELSE strftime('%Y', date(touchdown_at, '-3 days', 'weekday 4')) || '-W' ||
        printf('%02d', (strftime('%j', date(touchdown_at, '-3 days', 'weekday 4')) - 1) / 7 + 1)
    END AS week_utc,
    (SELECT group_concat(watch, ', ') FROM landing_watches WHERE landing_id = id) AS watches,
    review, retracted, candidates_json
FROM landings ORDER BY touchdown_at DESC;
CREATE VIEW landings_by_week AS
WITH judged AS (
    SELECT DISTINCT l.id, w.watch, w.week, l.touchdown_at,
        coalesce(iif(r.verdict = 'confirmed', r.airfield, NULL), l.airfield, 'undetermined')
            AS airfield,
        CASE
            WHEN r.verdict = 'rejected' THEN 'rejected'
            WHEN l.retracted AND r.verdict IS NULL THEN 'retracted'
            WHEN julianday(l.latest_at) - julianday(l.earliest_at) > 4 THEN 'possible'
            WHEN r.verdict IS NOT NULL THEN r.verdict
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
CREATE INDEX citation_changes_by_time ON citation_changes (at);
CREATE VIEW mails AS
SELECT created_at, recipient, subject, state, attempts, sent_at, last_error, key
FROM outbox WHERE group_key IS NULL ORDER BY created_at DESC;
CREATE INDEX sealed_by_landing ON sealed (landing_id, root);
CREATE INDEX week_statements_by_time ON week_statements (at) WHERE number > 0;
CREATE INDEX touched_days_by_number ON touched_days (number);
CREATE TRIGGER landing_is_stored AFTER INSERT ON landings BEGIN
    INSERT INTO touched_days VALUES (
        substr(min(NEW.touchdown_at, coalesce(NEW.earliest_at, NEW.touchdown_at)), 1, 10),
        (SELECT coalesce(max(number), 0) + 1 FROM touched_days)
    )
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER landing_is_changed AFTER UPDATE ON landings BEGIN
    INSERT INTO touched_days VALUES (
        substr(min(
            NEW.touchdown_at, coalesce(NEW.earliest_at, NEW.touchdown_at),
            OLD.touchdown_at, coalesce(OLD.earliest_at, OLD.touchdown_at)
        ), 1, 10),
        (SELECT coalesce(max(number), 0) + 1 FROM touched_days)
    )
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER landing_is_matched AFTER INSERT ON landing_watches BEGIN
    INSERT INTO touched_days SELECT
        substr(min(l.touchdown_at, coalesce(l.earliest_at, l.touchdown_at)), 1, 10),
        (SELECT coalesce(max(number), 0) + 1 FROM touched_days)
    FROM landings AS l WHERE l.id = NEW.landing_id
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER landing_is_matched_otherwise AFTER UPDATE ON landing_watches BEGIN
    INSERT INTO touched_days SELECT
        substr(min(l.touchdown_at, coalesce(l.earliest_at, l.touchdown_at)), 1, 10),
        (SELECT coalesce(max(number), 0) + 1 FROM touched_days)
    FROM landings AS l WHERE l.id = NEW.landing_id
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER landing_is_not_matched AFTER DELETE ON landing_watches BEGIN
    INSERT INTO touched_days SELECT
        substr(min(l.touchdown_at, coalesce(l.earliest_at, l.touchdown_at)), 1, 10),
        (SELECT coalesce(max(number), 0) + 1 FROM touched_days)
    FROM landings AS l WHERE l.id = OLD.landing_id
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER landing_is_reviewed AFTER INSERT ON reviews BEGIN
    INSERT INTO touched_days SELECT
        substr(min(l.touchdown_at, coalesce(l.earliest_at, l.touchdown_at)), 1, 10),
        (SELECT coalesce(max(number), 0) + 1 FROM touched_days)
    FROM landings AS l WHERE l.id = NEW.landing_id
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER coverage_is_stored AFTER INSERT ON meta WHEN NEW.key LIKE 'coverage:%' BEGIN
    INSERT INTO touched_days VALUES ('', (SELECT coalesce(max(number), 0) + 1 FROM touched_days))
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER coverage_is_changed AFTER UPDATE ON meta WHEN NEW.key LIKE 'coverage:%' BEGIN
    INSERT INTO touched_days VALUES ('', (SELECT coalesce(max(number), 0) + 1 FROM touched_days))
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
CREATE TRIGGER coverage_is_forgotten AFTER DELETE ON meta WHEN OLD.key LIKE 'coverage:%' BEGIN
    INSERT INTO touched_days VALUES ('', (SELECT coalesce(max(number), 0) + 1 FROM touched_days))
    ON CONFLICT (day) DO UPDATE SET number = excluded.number;
END;
COMMIT;
PRAGMA application_id=1129071444;
PRAGMA user_version=27;
