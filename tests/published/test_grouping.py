"""How many landings do reports describe, for all sources, units and orders?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model.sighting import Kind, Sighting, Unit, keyed, period
from collector.published.grouping import ReportedLanding, reported_landings, window
from tests.published.rows import ZONES, alibi, leg, row


def grouped(*rows: Sighting) -> list[ReportedLanding]:
    return reported_landings(rows, ZONES)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([row("2020-09-24"), row("2020-09-24")], 2),  # one source: first and second of two
        ([row("2020-09-24"), row("2020-09-24", source="Other")], 1),
        ([row("2020-09-24"), row("2020-09", source="Other")], 1),
        ([row("2020-09-24"), row("2020-10", source="Other")], 2),
        ([row("2020-09-24"), row("2020-09-24", source="Other", airfield="LLER")], 2),
        ([leg("2020-09-24", "to"), leg("2020-09-24", "from")], 1),
        ([leg("2020-09-24", "to"), leg("2020-09-25", "from")], 1),
        ([leg("2020-09-24"), leg("2020-09-24"), leg("2020-09-24")], 2),
        ([leg("2020-09-24", "to"), leg("2020-09-24", "to")], 2),
        ([leg("2020-09-01", "to"), leg("2020-09-20", "from")], 2),
        ([leg("2020-09-24", "to"), row("2020-09-24", source="Other")], 1),
        ([row("2020-09-24", unit=Unit.ROTATION)], 1),
        ([row("2020-09-23", unit=Unit.ROTATION), row("2020-09-24", source="Other")], 1),
        ([row("2020-09-24", counted=False)], 0),
        ([alibi("2020-09-24", "Houston", "4K-AZ100")], 0),
        ([row("2020-09-24", registration="4K-AZ100"),
          row("2020-09-24", registration="4k az101", source="Other")], 2),
        ([row("2020-09-24", registration="4K-AZ100"),
          row("2020-09-24", registration="4k az100", source="Other")], 1),
        ([row("2020-09-24", icao24="600864"), row("2020-09-24", icao24="600865", source="B")], 2),
        ([row("2020-09-24", operator="Silk Way"),
          row("2020-09-24", operator="Air Force", source="Other")], 2),
        ([row("2020-09-24", operator="Silk Way"),
          row("2020-09-24", operator="Silk Way Airlines", source="Other")], 1),
    ],
)  # fmt: skip
def test_landings_are_told_from_reports_of_them(rows: list[Sighting], count: int) -> None:
    assert len(grouped(*rows)) == count


def test_two_sources_that_agree_in_one_of_two_landings_make_two() -> None:
    one = [row("2020-09-24"), row("2020-09-29")]
    other = [row("2020-09-29T10:00Z", source="Other")]
    found = grouped(*one, *other)
    assert [len(each.sightings) for each in found] == [1, 2]
    assert found[1].period.at == datetime(2020, 9, 29, 10, tzinfo=UTC)


dates = st.sampled_from(
    [
        "2020-09-24",
        "2020-09-24T09:00Z",
        "2020-09-25",
        "2020-W39",
        "2020-09",
        "2020-09-23/2020-09-26",
    ]
)
sightings = st.builds(
    row,
    dates,
    unit=st.sampled_from(Unit),
    direction=st.sampled_from(["", "to", "from"]),
    source=st.sampled_from(["A", "B", "C"]),
    registration=st.sampled_from([None, "4K-AZ100", "4K-AZ101"]),
)


@given(st.lists(sightings, max_size=7), st.data())
def test_the_order_of_the_rows_does_not_matter(rows: list[Sighting], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    assert grouped(*shuffled) == grouped(*rows)
    assert set(keyed(shuffled)) == set(keyed(rows))


@given(st.lists(sightings, max_size=7))
def test_every_row_is_in_one_landing_and_no_source_is_made_less_of(rows: list[Sighting]) -> None:
    found = grouped(*rows)
    assert sorted(map(repr, (each for one in found for each in one.sightings))) == sorted(
        map(repr, rows)
    )
    most = max(
        (
            sum(1 if one.unit is not Unit.LEG else 0.5 for one in rows if one.source == source)
            for source in "ABC"
        ),
        default=0,
    )
    assert len(found) >= most


def test_a_day_is_the_local_one_and_the_utc_one() -> None:
    begin, end = window(period("2020-09-24"), "Asia/Jerusalem")
    assert begin == datetime(2020, 9, 23, 21, tzinfo=UTC)
    assert end == datetime(2020, 9, 25, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2020-13", "2020-W54", "2020-02-30", "1492", "2020-09-24T10:00", "../..",
     "2021/2020", "2020-09-24T25:00Z", "99999", "2020/2021/2022"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        period(text)


def test_an_alibi_is_no_landing() -> None:
    assert not alibi("2023-03-02/2023-03-04", "Houston", "4K-AZ100").landed
    assert Kind("alibi") is Kind.ALIBI
