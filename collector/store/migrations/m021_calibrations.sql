-- How often the rules of a watch at a place fire by chance, as calculated for one quarter: `made_for` names the
-- method's version and the rules, so that what was stated at a time can be read later.
CREATE TABLE calibrations (
    watch TEXT NOT NULL,
    place TEXT NOT NULL,
    quarter TEXT NOT NULL,
    made_for TEXT NOT NULL,
    made_at TEXT NOT NULL,
    result_json TEXT NOT NULL,
    PRIMARY KEY (watch, place, quarter, made_for)
) STRICT, WITHOUT ROWID;
