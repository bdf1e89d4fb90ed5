"""What does a reported date mean, and which rows are the same?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collector.model.sighting import (
    Kind,
    Precision,
    Sighting,
    Unit,
    address,
    airfield_code,
    keyed,
    period,
    plain_registration,
)


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2020-09-24T23:30-02:00", Precision.EXACT, date(2020, 9, 25), date(2020, 9, 25)),
        (" 2020-09-24 ", Precision.DAY, date(2020, 9, 24), date(2020, 9, 24)),
        ("2020-W39", Precision.WEEK, date(2020, 9, 21), date(2020, 9, 27)),
        ("2020-W01", Precision.WEEK, date(2019, 12, 30), date(2020, 1, 5)),
        ("2020-02", Precision.MONTH, date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-12", Precision.MONTH, date(2020, 12, 1), date(2020, 12, 31)),
        ("1950", Precision.YEAR, date(1950, 1, 1), date(1950, 12, 31)),
        ("2100", Precision.YEAR, date(2100, 1, 1), date(2100, 12, 31)),
        ("2020-09-24 / 2020-10", Precision.RANGE, date(2020, 9, 24), date(2020, 10, 31)),
        ("../2020-10-02", Precision.RANGE, None, date(2020, 10, 2)),
        ("2020-W39/..", Precision.RANGE, date(2020, 9, 21), None),
        ("2020-09-24/2020-09-24", Precision.RANGE, date(2020, 9, 24), date(2020, 9, 24)),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(
    text: str, precision: Precision, first: date | None, last: date | None
) -> None:
    found = period(text)
    assert (found.written, found.precision) == (text.strip(), precision)
    assert (found.first, found.last) == (first, last)
    known = first is not None and last is not None
    assert found.days == ((last - first).days + 1 if first and last else float("inf"))
    assert found.within(date(1900, 1, 1), date(2200, 1, 1)) is known
    if first and last:
        assert found.within(first, last)
        assert not found.within(date.fromordinal(first.toordinal() + 1), last)
        assert not found.within(first, date.fromordinal(last.toordinal() - 1))


def test_only_a_time_has_a_time() -> None:
    assert period("2020-09-24T23:30-02:00").at == datetime(2020, 9, 25, 1, 30, tzinfo=UTC)
    assert period("2020-09-24").at is None
    for text in ("2020-09-24T11:30Z", "2020-09-24 11:30 UTC", "2020-09-24 11:30UTC"):
        assert period(text).at == datetime(2020, 9, 24, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("../..", "has no known end"),
        ("2020-10/2020-09", "ends before it begins"),
        ("1949", "the year is not from 1950 to 2100"),
        ("2101-01-01", "the year is not from 1950 to 2100"),
        ("2020-09-24T11:30", "a time needs its zone"),
        ("2020-W54", "is not a date"),
        ("2020-02-30", "is not a date"),
        ("20-9", r"write 2020-09-24T11:30Z, 2020-09-24, 2020-W39"),
        ("9999-12-31T23:59:59-12:00", "is not a date"),
    ],
)
def test_what_is_no_date_says_why_and_what_to_write(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        period(text)


def test_addresses_codes_and_registrations_are_read_as_people_write_them() -> None:
    assert (address(" 4CA1FA"), airfield_code(" llov ")) == ("4ca1fa", "LLOV")
    for text, read in (("4ca1f", address), ("4ca1fg", address), ("LLO", airfield_code)):
        with pytest.raises(ValueError, match=text):
            read(text)
    written = ["4k-az 101", "N1*23", "10+25", "", None, "--"]
    assert [plain_registration(each) for each in written] == [
        "4KAZ101", "N123", "1025", None, None, None,
    ]  # fmt: skip


ROW = Sighting(period=period("2020-09-24"), airfield="LLOV", place="Ovda", icao24="600865",
               registration="4K-AZ101", callsign="AZQ1", operator="Silk Way",
               source="a")  # fmt: skip
SAME: list[dict[str, Any]] = [
    {"note": "x"},
    {"confidence": "low"},
    {"registration": "4kaz101"},
    {"operator": "SILK WAY"},
    {"place": "Uvda"},  # the code says where
    {"counted": False},
]
OTHER: list[dict[str, Any]] = [
    {"kind": Kind.ALIBI},
    {"period": period("2020-09-25")},
    {"unit": Unit.LEG},
    {"direction": "to"},
    {"airfield": None},
    {"airfield": "LLER"},
    {"icao24": None},
    {"registration": None},
    {"callsign": None},
    {"operator": None},
    {"source": "b"},
]


@pytest.mark.parametrize(("changes", "same"), [*((each, True) for each in SAME),
                                               *((each, False) for each in OTHER)])  # fmt: skip
def test_a_row_is_the_same_while_date_place_and_identity_are(
    changes: dict[str, Any], *, same: bool
) -> None:
    assert (keyed([ROW]).keys() == keyed([replace(ROW, **changes)]).keys()) is same


def test_rows_that_are_alike_are_numbered_in_any_order() -> None:
    other = replace(ROW, source="b")
    keys = keyed([ROW, other, ROW]).keys()
    assert keys == keyed([other, ROW, ROW]).keys()
    assert sorted(key.rpartition("-")[2] for key in keys) == ["1", "1", "2"]
    # A key is stored for years: a database must find its rows again after an upgrade.
    assert next(iter(keyed([ROW]))) == "8eb5a6e5c8444faa2e70dd8d-1"


def test_only_a_landing_at_an_airfield_that_is_no_repeat_counts() -> None:
    assert ROW.landed
    for changes in ({"kind": Kind.SEEN}, {"counted": False}, {"airfield": None}):
        assert not replace(ROW, **changes).landed
