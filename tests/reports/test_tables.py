"""Do the listings keep the contract of their fields, and can a person read them?"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from collector.coverage.archived import ArchivedWeek, ArchiveFinding
from collector.coverage.sight import SeenCount, Sight
from collector.model import WatchMatch
from collector.reports import json_rows, tables
from collector.reports.formatting import give_or_take
from collector.reports.landing.summary import summarise
from collector.reports.landing.visitors import visitors_table
from collector.reports.mails.fleet_ledger import ledger_table
from tests.support.landings import AIRFIELDS, CONFIRMED, PROBABLE, UNDETERMINED, WATCH
from tests.support.stops import STOPPED
from tests.support.weeks_told import ledger_row

CONTRACT = [
    *("id", "watch", "icao24", "registration", "callsign", "type", "airfield", "touchdown_at"),
    *("uncertainty_s", "departed_at", "runway", "grade", "probability", "candidates", "counted"),
    *("week", "feeds", "review", "retracted"),
]


def test_landings_have_the_fields_of_the_contract_in_its_order() -> None:
    (row,) = json_rows.landing_rows(PROBABLE, [WATCH])
    assert list(row)[: len(CONTRACT)] == CONTRACT
    assert json.loads(json.dumps(row)) == row


def test_weeks_have_the_fields_of_the_contract() -> None:
    row = json_rows.week_row(
        watch=WATCH,
        airfield="LLOV",
        place_name="Ovda",
        week="2026-W47",
        count=SeenCount(2, 3, Sight(0.82345, 0.82345)),
        alert="firing",
    )
    assert list(row) == [
        *("watch", "airfield", "week", "count", "at_most", "coverage", "alert"),
        *("archive", "at_least", "found", "seen", "not_seen"),
        *("title", "place_name", "undated", "final_leg_not_seen"),
    ]
    assert (row["title"], row["place_name"]) == ("Silk Way Il-76s", "Ovda")
    assert tables.weeks_table([row]).splitlines()[1].split() == [
        *("silkway", "LLOV", "2026-W47", "2–3", "82%", "threshold", "reached")
    ]
    ramon = row | {"airfield": "LLER", "alert": "ok"}
    assert tables.weeks_table([ramon], ok=tables.ok_words_of([WATCH])).endswith("no rule\n")


def test_times_are_utc_with_z_and_the_week_is_that_of_the_watch() -> None:
    (row,) = json_rows.landing_rows(CONFIRMED, [WATCH])
    assert row["touchdown_at"] == "2026-11-20T22:05:09Z"
    late_sunday = replace(
        CONFIRMED,
        detection=replace(
            CONFIRMED.detection,
            touchdown_at=CONFIRMED.detection.touchdown_at.replace(day=22, hour=23),
        ),
    )
    (row,) = json_rows.landing_rows(late_sunday, [WATCH])
    assert (row["touchdown_at"][:10], row["week"]) == ("2026-11-22", "2026-W48")


def test_an_undetermined_landing_has_no_airfield_but_candidates() -> None:
    (row,) = json_rows.landing_rows(UNDETERMINED, [WATCH])
    assert row["airfield"] is None
    assert row["candidates"] == {"LLER": 0.55, "LLOV": 0.4}
    assert row["counted"] is True, "it counts at 'LLOV or LLER'"
    alone = replace(WATCH, places=WATCH.places[:1])
    (row,) = json_rows.landing_rows(UNDETERMINED, [alone])
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
    rows = json_rows.landing_rows(both, [WATCH, replace(WATCH, name="curious")])
    assert [(row["watch"], row["counted"]) for row in rows] == [
        ("silkway", True),
        ("curious", False),
    ]


def test_a_retracted_or_rejected_landing_does_not_count() -> None:
    for gone in (replace(PROBABLE, retracted=True), replace(PROBABLE, review="rejected")):
        (row,) = json_rows.landing_rows(gone, [WATCH])
        assert row["counted"] is False


WORDS = st.lists(st.text("abcé北 ", max_size=30), min_size=3, max_size=3)


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(20, 60))
def test_a_table_folds_to_the_width_and_cuts_no_word(rows: list[list[str]], width: int) -> None:
    drawn = tables.table(("A", "B", "C"), rows, width=width)
    longest = [
        max(map(tables.columns, " ".join(cells).split(" "))) for cells in zip(*rows, strict=True)
    ]
    needed = sum(max(1, each) for each in longest) + 2 * 2
    assert max(map(tables.columns, drawn.splitlines())) <= max(width, needed)
    words = " ".join(" ".join(row) for row in rows).split()
    assert sorted(drawn.split()[3:]) == sorted(words)


def test_a_number_keeps_its_unit_when_a_cell_is_folded() -> None:
    drawn = tables.table(("WHEN",), [["2026-11-20 22:05:09 ±8 s"]], width=12)
    assert drawn.splitlines() == ["WHEN", "2026-11-20", "22:05:09", "±8 s"]


def test_listings_fit_eighty_columns() -> None:
    both = tuple(WatchMatch(name, "fleet silkway", True) for name in ("silkway", "il76s-at-ovda"))
    watches = [replace(WATCH, name=match.watch) for match in both]
    landings = [
        replace(CONFIRMED, review="confirmed"),
        replace(PROBABLE, review="rejected"),
        UNDETERMINED,
        replace(UNDETERMINED, retracted=True),
    ]
    rows = [
        row
        for landing in landings
        for row in json_rows.landing_rows(replace(landing, watches=both), watches)
    ]
    shown = [tables.landings_table(rows), visitors_table(rows)]
    weeks = [
        json_rows.week_row(
            watch=replace(WATCH, name="il76s-at-ovda"),
            airfield=place,
            place_name="Ovda",
            week=f"2026-W{number}",
            count=SeenCount(count, count + 1, Sight(0.45, seen)),
            alert="resolved",
            archive=ArchivedWeek(ArchiveFinding.NOT_HEARD, 3, 7),
        )
        for number, count, seen in ((40, 0, 0.1), (41, 12, 0.45), (42, 0, 0.45), (43, 12, 0.9))
        for place in ("LLOV", "LLOV or LLER")
    ]
    shown.append(tables.weeks_table(weeks))
    shown.append(ledger_table([ledger_row("600864", "4K-AZ100", heard=True, could=2)]))
    assert [line for text in shown for line in text.splitlines() if tables.columns(line) > 80] == []
    assert all(row["id"] in shown[0] for row in rows)
    assert shown[0].startswith("watch silkway\nID ")


def test_a_bound_that_says_nothing_is_not_in_the_ledger() -> None:
    few, many = (ledger_row("600864", "4K-AZ100", heard=True, could=could) for could in (2, 123))
    assert "TIME FOR" in ledger_table([few, many])
    assert "at most 2 more" in ledger_table([few, many], 200)
    assert "TIME FOR" not in ledger_table([many])
    assert "123" not in ledger_table([few, many])


def test_a_landing_is_one_line_of_a_terminal_and_its_known_stops_another() -> None:
    rows = [row for each in (STOPPED, CONFIRMED) for row in json_rows.landing_rows(each, [WATCH])]
    shown = tables.landings_table(rows).splitlines()
    begin = next(at for at, line in enumerate(shown) if line.startswith(STOPPED.id))
    assert shown[begin : begin + 3] == [
        "600865-2026-11-18-1  4K-AZ101  LLOV      12:05 ±3 min     probable   2026-W47",
        "    before / after: UB18 or UBBB / EDDF",
        "600864-2026-11-20-1  4K-AZ100  LLOV      22:05:09 ±8 s    confirmed  2026-W47",
    ]
    (moved,) = json_rows.landing_rows(replace(CONFIRMED, id="600864-2026-11-19-1"), [WATCH])
    assert "2026-11-20" in tables.landings_table([moved, *rows]), "the id tells another day"


@given(st.floats(1.0, 59.0))
def test_the_uncertainty_is_the_same_in_every_listing(uncertainty_s: float) -> None:
    uncertainty_s = round(uncertainty_s, 2)
    one = replace(CONFIRMED, detection=replace(CONFIRMED.detection, uncertainty_s=uncertainty_s))
    (row,) = json_rows.landing_rows(one, [WATCH])
    shown = give_or_take(uncertainty_s)
    assert shown in tables.landings_table([row], 200)
    assert shown in summarise(one, AIRFIELDS, WATCH.zone).when
    assert uncertainty_s <= row["uncertainty_s"] < uncertainty_s + 0.1 + 1e-9


def test_weeks_that_say_the_same_are_one_line_a_place() -> None:
    def row(week: str, place: str, least: int) -> dict[str, object]:
        count = SeenCount(least, least, Sight(0.0, 0.0))
        return json_rows.week_row(
            watch=WATCH, airfield=place, place_name=place, week=week, count=count, alert="ok"
        )

    weeks = [f"2026-W0{number}" for number in range(1, 7)]
    rows = [
        row(week, place, int(week == "2026-W04" and place == "LLER"))
        for week in weeks
        for place in ("LLOV", "LLER")
    ]
    lines = tables.weeks_table(rows, 200).splitlines()[1:]
    assert [[cell.strip() for cell in line.split("  ") if cell.strip()][:3] for line in lines] == [
        ["silkway", "LLOV", "2026-W01 to 2026-W03 (3 weeks)"],
        ["silkway", "LLER", "2026-W01 to 2026-W03 (3 weeks)"],
        ["silkway", "LLOV", "2026-W04"],
        ["silkway", "LLER", "2026-W04"],
        ["silkway", "LLOV", "2026-W05"],
        ["silkway", "LLER", "2026-W05"],
        ["silkway", "LLOV", "2026-W06"],
        ["silkway", "LLER", "2026-W06"],
    ]


def test_columns_line_up_also_with_wide_and_combining_letters() -> None:
    drawn = tables.table(("NAME", "NEXT"), [["北京", "x"], ["e\u0301e", "y"], ["plain", "z"]])
    ends = [tables.columns(line[: line.rindex(line.split()[-1])]) for line in drawn.splitlines()]
    assert len(set(ends)) == 1


@given(st.lists(st.lists(st.text(max_size=90), min_size=2, max_size=2), max_size=5))
def test_a_table_has_one_printable_line_a_row(rows: list[list[str]]) -> None:
    lines = tables.table(("A", "B"), rows, width=10_000).splitlines()
    assert len(lines) == len(rows) + 1
    assert all("\x1b" not in line for line in lines)
