-- The ± of a departure, in seconds; null if it was stored by rules that did not say.
ALTER TABLE landings ADD COLUMN departed_uncertainty_s REAL;
-- The silence in which the aircraft arrived, with the chance of each time in it, if nobody heard it
-- arrive; and its first and last possible touchdown.
ALTER TABLE landings ADD COLUMN unheard_json TEXT;
ALTER TABLE landings ADD COLUMN earliest_at TEXT;
ALTER TABLE landings ADD COLUMN latest_at TEXT;
CREATE INDEX landings_unheard ON landings (latest_at) WHERE latest_at IS NOT NULL;

-- Landings that are known to no more than half an hour were unheard, too. Until the new rules judge
-- them again, every time within their ± is as likely as any other.
UPDATE landings SET
    earliest_at = strftime('%Y-%m-%dT%H:%M:%S', julianday(touchdown_at) - uncertainty_s / 86400) || '.000000Z',
    latest_at = strftime('%Y-%m-%dT%H:%M:%S', julianday(touchdown_at) + uncertainty_s / 86400) || '.000000Z'
WHERE uncertainty_s > 1800;
UPDATE landings SET unheard_json = json_object('earliest', earliest_at, 'latest', latest_at,
    'direct_until', NULL, 'there_until', latest_at, 'left_by', NULL,
    'times', json_array(earliest_at, latest_at), 'stays', '')
WHERE latest_at IS NOT NULL;
-- `landing_watches.week` names several weeks where none of them is known with 90 %. Such landings have a
-- row of their own in `landings_by_week`: they are in no week, but in the total.
UPDATE landing_watches SET week = 'not known' WHERE landing_id IN
    (SELECT id FROM landings WHERE date(earliest_at, '-3 days', 'weekday 4') <> date(latest_at, '-3 days', 'weekday 4'));

-- As before; what nothing was heard of for more than four days may be several visits, and never counts.
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
            WHEN julianday(l.latest_at) - julianday(l.earliest_at) > 4 THEN 'possible'
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

-- As before, with the ± of the departure; the week is null where it may be one of several.
DROP VIEW landings_for_people;
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
