"""Do the listings keep the contract of their fields, and can a person read them?"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.sight import SeenCount, Sight
from collector.model import WatchMatch
from collector.reports import tables
from tests.support.landings import CONFIRMED, PROBABLE, UNDETERMINED, WATCH

CONTRACT = [
    *("id", "watch", "icao24", "registration", "callsign", "type", "airfield", "touchdown_at"),
    *("uncertainty_s", "departed_at", "runway", "grade", "probability", "candidates", "counted"),
    *("week", "feeds", "review", "retracted"),
]


def test_landings_have_the_fields_of_the_contract_in_its_order() -> None:
    (row,) = tables.landing_rows(PROBABLE, [WATCH])
    assert list(row)[: len(CONTRACT)] == CONTRACT
    assert json.loads(json.dumps(row)) == row


def test_weeks_have_the_fields_of_the_contract() -> None:
    row = tables.week_row(
        watch="silkway",
        airfield="LLOV",
        week="2026-W47",
        count=SeenCount(2, 3, Sight(0.82345, 0.82345)),
        alert="firing",
    )
    assert list(row) == [
        *("watch", "airfield", "week", "count", "at_most", "coverage", "alert"),
        *("archive", "at_least", "found", "seen", "not_seen", "undated"),
    ]
    assert tables.weeks_table([row]).splitlines()[1].split() == [
        *("silkway", "LLOV", "2026-W47", "2–3", "82%", "firing")
    ]


def test_times_are_utc_with_z_and_the_week_is_that_of_the_watch() -> None:
    (row,) = tables.landing_rows(CONFIRMED, [WATCH])
    assert row["touchdown_at"] == "2026-11-20T22:05:09Z"
    late_sunday = replace(
        CONFIRMED,
        detection=replace(
            CONFIRMED.detection,
            touchdown_at=CONFIRMED.detection.touchdown_at.replace(day=22, hour=23),
        ),
    )
    (row,) = tables.landing_rows(late_sunday, [WATCH])
    assert (row["touchdown_at"][:10], row["week"]) == ("2026-11-22", "2026-W48")


def test_an_undetermined_landing_has_no_airfield_but_candidates() -> None:
    (row,) = tables.landing_rows(UNDETERMINED, [WATCH])
    assert row["airfield"] is None
    assert row["candidates"] == {"LLER": 0.55, "LLOV": 0.4}
    assert row["counted"] is True, "it counts at 'LLOV or LLER'"
    alone = replace(WATCH, places=WATCH.places[:1])
    (row,) = tables.landing_rows(UNDETERMINED, [alone])
    assert row["counted"] is False


def test_each_watch_sees_a_landing_with_its_own_eyes() -> None:
    both = replace(
        PROBABLE,
        watches=(
            WatchMatch("silkway", "fleet silkway", True),
            WatchMatch("curious", "callsign AZQ*", False),
            WatchMatch("gone", "a watch no longer configured", True),
        ),
    )
    rows = tables.landing_rows(both, [WATCH, replace(WATCH, name="curious")])
    assert [(row["watch"], row["counted"]) for row in rows] == [
        ("silkway", True),
        ("curious", False),
    ]


def test_a_retracted_or_rejected_landing_does_not_count() -> None:
    for gone in (replace(PROBABLE, retracted=True), replace(PROBABLE, review="rejected")):
        (row,) = tables.landing_rows(gone, [WATCH])
        assert row["counted"] is False


def test_columns_line_up_also_with_wide_and_combining_letters() -> None:
    drawn = tables.table(("NAME", "NEXT"), [["北京", "x"], ["e\u0301e", "y"], ["plain", "z"]])
    ends = [tables.columns(line[: line.rindex(line.split()[-1])]) for line in drawn.splitlines()]
    assert len(set(ends)) == 1


@given(st.lists(st.lists(st.text(max_size=90), min_size=2, max_size=2), max_size=5))
def test_a_table_has_one_printable_line_a_row(rows: list[list[str]]) -> None:
    lines = tables.table(("A", "B"), rows).splitlines()
    assert len(lines) == len(rows) + 1
    assert all("\x1b" not in line for line in lines)
