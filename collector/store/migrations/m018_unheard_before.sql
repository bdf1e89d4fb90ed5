-- Each change of a landing also keeps the silence before it, with the chance of each time in it, if nobody had heard
-- the aircraft arrive: each watch derives from it the weeks, in its own zone, that the landing might lie in.
ALTER TABLE revisions ADD COLUMN unheard_before_json TEXT;

-- As before, but what nothing was heard of for more than four days never counts, whoever confirmed it: it may be
-- several visits.
DROP VIEW landings_by_week;
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
