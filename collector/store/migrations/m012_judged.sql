-- Stored landings are judged again when the version of the rules rises, one after the other.
-- The version that judged a landing last; empty for those stored before this was noted.
ALTER TABLE landings ADD COLUMN judged_by TEXT NOT NULL DEFAULT '';
-- 1 if that version could not judge it, because its reports are no longer stored.
ALTER TABLE landings ADD COLUMN reports_gone INTEGER NOT NULL DEFAULT 0;
CREATE INDEX landings_by_rules ON landings (judged_by, reports_gone);

-- The alerts that this changed, until the one mail about all changes is queued.
CREATE TABLE judged_alerts (
    watch TEXT NOT NULL,
    rule TEXT NOT NULL,
    window TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (watch, rule, window)
) STRICT, WITHOUT ROWID;
