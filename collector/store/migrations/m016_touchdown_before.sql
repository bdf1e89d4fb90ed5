-- Each change of a landing keeps the touchdown before it, from which every watch derives the week in
-- its own zone. The week in UTC, kept so far, missed a landing that moved across a local midnight.
ALTER TABLE revisions RENAME COLUMN week_before TO touchdown_before;
-- Of a week that was kept, its middle; where the reason names the touchdown before, that.
UPDATE revisions SET touchdown_before =
    date(substr(touchdown_before, 1, 4) || '-01-04', 'weekday 0', '-3 days',
        '+' || (7 * (CAST(substr(touchdown_before, 7, 2) AS INTEGER) - 1)) || ' days')
    || 'T12:00:00.000000Z'
WHERE touchdown_before IS NOT NULL;
UPDATE revisions SET touchdown_before = replace(
    substr(reason, instr(reason, 'touchdown moved from ') + 21, 19), ' ', 'T') || '.000000Z'
WHERE change = 'retimed' AND reason LIKE '%touchdown moved from ____-__-__ __:__:__ UTC%';
