-- On which days did anything change that the counts of weeks are made of? Triggers write it, so that
-- no writer can forget to. Whoever remembers the highest number asks for days with a higher one.
-- Each day has one row, with the number of its last change.
CREATE TABLE touched_days (
    day TEXT PRIMARY KEY,               -- the first on which a landing may lie, in UTC: 2026-11-16;
                                        -- empty: how much of some week was seen
    number INTEGER NOT NULL             -- the next one for each change
) STRICT, WITHOUT ROWID;
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
