
-- How low was usually heard, and where, learned for each ISO week (UTC) from the days before it.
-- Made when first needed and then never changed: landings rest on it.
CREATE TABLE learned (
    version TEXT PRIMARY KEY,           -- like 2026-W47/28d
    made_at TEXT NOT NULL,
    first_day TEXT NOT NULL,            -- of the days it was learned from, UTC
    last_day TEXT NOT NULL,
    value_json TEXT NOT NULL            -- days heard, and what each feed usually heard
) STRICT, WITHOUT ROWID;
