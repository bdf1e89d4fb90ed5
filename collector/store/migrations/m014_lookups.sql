-- Listings of watched aircraft and of visitors each read their own landings, in order of time, however
-- many the other ones are. 1: every watch of the landing is the visitors' (see landing_watches).
ALTER TABLE landings ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0;
UPDATE landings SET unlisted = 1 WHERE id IN (SELECT landing_id FROM landing_watches
    WHERE watch = '~visitors' EXCEPT SELECT landing_id FROM landing_watches WHERE watch <> '~visitors');
CREATE INDEX landings_by_kind ON landings (unlisted, touchdown_at);

-- The aircraft of one watch, among many visitors.
CREATE INDEX matches_by_watch ON matches (watch);

-- When any feed answered, without the long rows of what was heard.
CREATE INDEX slots_answered ON slots (begins_at, feed) WHERE alive_minutes <> 0;
