
-- What persons said about landings: the last row of each holds. `verdict` NULL takes back the one
-- before. `landings.review` repeats what holds, for those who read that table alone.
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
CREATE TRIGGER reviews_are_not_changed BEFORE UPDATE ON reviews
BEGIN SELECT raise(ABORT, 'a review is never changed: add another one'); END;
CREATE TRIGGER reviews_are_not_deleted BEFORE DELETE ON reviews
BEGIN SELECT raise(ABORT, 'a review is never deleted: add one that takes it back'); END;

-- What holds of each landing that was ever reviewed.
CREATE VIEW standing_reviews AS
SELECT landing_id, at, by, verdict, note, airfield FROM reviews AS r
WHERE number = (SELECT max(number) FROM reviews WHERE landing_id = r.landing_id);

-- One row a watch, week and airfield. `week` is in the watch's time zone. `landings` are those
-- certain or probable, not retracted, not rejected by a person, of aircraft that are counted; a
-- landing that a person confirmed stands at the airfield that was confirmed.
DROP VIEW landings_by_week;
CREATE VIEW landings_by_week AS
WITH judged AS (
    SELECT DISTINCT l.id, w.watch, w.week, l.touchdown_at,
        coalesce(iif(r.verdict = 'confirmed', r.airfield, NULL), l.airfield, 'undetermined')
            AS airfield,
        CASE
            WHEN r.verdict IS NOT NULL THEN r.verdict
            WHEN l.retracted THEN 'retracted'
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

-- Everything that persons said, newest first, beside what the machine says now.
CREATE VIEW reviews_for_people AS
SELECT r.at, r.by, coalesce(r.verdict, 'taken back') AS verdict, r.airfield, r.note,
    r.landing_id, l.registration, l.airfield AS derived_airfield, l.grade, l.retracted,
    l.touchdown_at
FROM reviews AS r JOIN landings AS l ON l.id = r.landing_id
ORDER BY r.at DESC, r.landing_id, r.number DESC;
