
-- One row a watch, week and airfield. `week` is in the watch's time zone. `landings` are those
-- certain or probable, not retracted, not rejected by a person, of aircraft that are counted.
CREATE VIEW landings_by_week AS
WITH judged AS (
    SELECT DISTINCT l.id, w.watch, w.week, l.touchdown_at,
        coalesce(l.airfield, 'undetermined') AS airfield,
        CASE
            WHEN l.review = 'rejected' THEN 'rejected'
            WHEN l.review = 'confirmed' THEN 'confirmed'
            WHEN l.retracted THEN 'retracted'
            ELSE l.grade
        END AS verdict
    FROM landings AS l JOIN landing_watches AS w ON w.landing_id = l.id
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

-- Landings without the columns for machines; the week is in UTC.
CREATE VIEW landings_for_people AS
SELECT id, registration, type_code, callsign, airfield, touchdown_at,
    round(uncertainty_s / 60, 1) AS uncertainty_min, departed_at, runway, grade,
    round(probability, 3) AS probability,
    strftime('%Y', date(touchdown_at, '-3 days', 'weekday 4')) || '-W' ||
        printf('%02d', (strftime('%j', date(touchdown_at, '-3 days', 'weekday 4')) - 1) / 7 + 1) AS week_utc,
    (SELECT group_concat(watch, ', ') FROM landing_watches WHERE landing_id = id) AS watches,
    review, retracted, candidates_json
FROM landings ORDER BY touchdown_at DESC;

-- One row a feed: does it answer, is it parked, and how much of its last day was it alive?
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

-- What was said in mails, and whether it left.
CREATE VIEW mails AS
SELECT created_at, recipient, subject, state, attempts, sent_at, last_error, key
FROM outbox ORDER BY created_at DESC;

-- Everything that changed about landings, newest first.
CREATE VIEW corrections AS
SELECT r.at, r.landing_id, l.registration, l.airfield, l.touchdown_at, r.change, r.reason,
    r.week_before, r.rules_version
FROM revisions AS r JOIN landings AS l ON l.id = r.landing_id
WHERE r.change <> 'found' ORDER BY r.at DESC;
