"""Is an arrival that nobody heard stored with its chances, found in every week that it may lie in,
and counted in none of them?"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from collector.store import Store, kept_spans, landings, meta
from tests.store.samples import DAY, HOUR, MINUTE, NOON, landing, revision
from tests.support.unheard import unheard

SCHEMAS = Path(__file__).parent / "schemas"
MIDNIGHT = NOON + 12 * HOUR
"""The end of week 47 in UTC."""
DOUBTFUL = unheard(landing(), MIDNIGHT - 30 * HOUR, MIDNIGHT + 30 * HOUR)


def weeks(store: Store) -> list[tuple[str, int]]:
    rows = store.execute("SELECT week, landings FROM landings_by_week ORDER BY week")
    return [(row["week"], row["landings"]) for row in rows]


def test_an_unheard_arrival_is_read_as_it_was_stored(store: Store) -> None:
    detection = replace(DOUBTFUL.detection, departed_uncertainty_s=42.0)
    saved = replace(DOUBTFUL, detection=detection)
    landings.save(store, saved, revision(saved))
    assert landings.get(store, saved.id) == saved


def test_it_is_found_wherever_it_may_lie_and_once(store: Store) -> None:
    heard = landing(MIDNIGHT + 5 * HOUR, ordinal=2)
    for one in (DOUBTFUL, heard):
        landings.save(store, one, None)
    for begin, end, found in (
        (MIDNIGHT - 7 * DAY, MIDNIGHT, [DOUBTFUL]),
        (MIDNIGHT, MIDNIGHT + 7 * DAY, [DOUBTFUL, heard]),
        (MIDNIGHT - 7 * DAY, MIDNIGHT - 31 * HOUR, []),
        (MIDNIGHT + 31 * HOUR, None, []),
        (None, None, [DOUBTFUL, heard]),
    ):
        assert landings.find(store, begin=begin, end=end) == found
    assert landings.find(store, begin=MIDNIGHT + HOUR, newest=1) == [heard]
    assert landings.find(store, begin=MIDNIGHT + HOUR, watch="other") == []


def test_by_week_it_is_in_no_week_but_in_the_total(store: Store) -> None:
    for one in (DOUBTFUL, landing(MIDNIGHT + 5 * HOUR, ordinal=2)):
        landings.save(store, one, None)
    assert weeks(store) == [("2026-W47 or 2026-W48", 1), ("2026-W48", 1)]
    meta.set_zones(store, {"silkway": "Asia/Tokyo"})  # begins its week nine hours sooner
    assert weeks(store) == [("2026-W47 or 2026-W48", 1), ("2026-W48", 1)]
    known = unheard(landing(), MIDNIGHT - 10 * HOUR, MIDNIGHT - MINUTE)
    landings.save(store, known, None)
    meta.set_zones(store, {"silkway": "UTC"})
    assert weeks(store) == [("2026-W47", 1), ("2026-W48", 1)]
    (row,) = store.execute("SELECT week_utc FROM landings_for_people WHERE id = ?", (known.id,))
    assert row["week_utc"] == "2026-W47"


def test_more_than_four_days_of_nothing_count_in_no_row(store: Store) -> None:
    landings.save(store, unheard(landing(), NOON - 9 * DAY, NOON), None)
    assert [count for _, count in weeks(store)] == [0]


def test_a_touchdown_that_older_rules_put_in_the_middle_of_days_lies_anywhere(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript((SCHEMAS / "m014_lookups.sql").read_text(encoding="utf-8"))
    connection.execute("UPDATE landings SET uncertainty_s = 172800")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        (found,) = landings.find(store)
        assert found.detection.unheard is not None
        assert found.detection.touchdown_span == (NOON - 2 * DAY, NOON + 2 * DAY)
        assert found.detection.visit_known
        assert found.detection.chance_between(NOON, NOON + DAY) == 0.25
        assert weeks(store) == [("not known", 1)]


def test_both_ends_of_a_long_silence_are_kept(store: Store) -> None:
    begin, end = NOON - 9 * DAY, NOON + 9 * DAY
    one = unheard(landing(), begin, end)
    visit = replace(one.detection, visit_from=begin, visit_until=end)
    landings.save(store, replace(one, detection=visit), None)
    for at in (begin, end):
        assert kept_spans.kept_spans(store, at - HOUR, at + HOUR)
    assert not kept_spans.kept_spans(store, end + 4 * HOUR, end + DAY)
