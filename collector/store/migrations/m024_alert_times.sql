-- When the count of an alert reached its threshold: `since_at` is overwritten when the alert ends. NULL: not written down.
ALTER TABLE alert_states ADD COLUMN reached_at TEXT;
-- Why it ended before its time: 'rule-gone' or 'joined'; NULL: it did not.
ALTER TABLE alert_states ADD COLUMN ended_because TEXT;

-- An alert that lasts began when it was reached; of one that is over, its first mail was made at that moment.
UPDATE alert_states SET reached_at = iif(
    status = 'firing',
    since_at,
    (
        SELECT min(created_at) FROM outbox
        WHERE key >= 'alert:' || alert_states.watch || ':' || alert_states.rule || ':' || alert_states.window || ':crossed:'
            AND key < 'alert:' || alert_states.watch || ':' || alert_states.rule || ':' || alert_states.window || ':crossed;'
    )
);

-- What a landing was before a change, as values: `reason` says it to people. NULL: not written down, or a person's act.
ALTER TABLE revisions ADD COLUMN before_json TEXT;
