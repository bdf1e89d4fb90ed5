-- When a change became known here, where that was later than the time at which it is dated: a replay dates changes by its recording's
-- clock. NULL: then, or a version that did not write it down.
ALTER TABLE revisions ADD COLUMN known_at TEXT;
ALTER TABLE stop_revisions ADD COLUMN known_at TEXT;
