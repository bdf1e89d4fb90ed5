"""Does a watch match by each of its criteria, name it, and never match what it excludes?"""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Aircraft, Place, Watch
from collector.watches.criteria import glob_pattern, without_hyphens
from collector.watches.matcher import Matcher
from tests.support.identity import Row

DAY = date(2026, 11, 22)
PLACES = (Place(("LLOV",)),)


def _watch(name: str = "w", **lines: Any) -> Watch:
    return Watch(name=name, places=PLACES, **lines)


def _reason(watch: Watch, row: Row, day: date = DAY) -> str | None:
    matches = Matcher([watch])(row, day)
    return matches[0].matched_by if matches else None


@pytest.mark.parametrize(
    ("lines", "row", "reason"),
    [
        ({"icao24": ("600865",)}, Row("600865"), "icao24 600865"),
        ({"icao24": ("600800-600bff",)}, Row("600bff"), "icao24 600800-600bff"),
        ({"icao24": ("600800-600bff",)}, Row("600800"), "icao24 600800-600bff"),
        ({"icao24": ("600800-600bff",)}, Row("6007ff"), None),
        ({"icao24": ("600800-600bff",)}, Row("600c00"), None),
        (
            {"registrations": ("4K-AZ60",)},
            Row("abc123", registration="4kaz60"),
            "registration 4K-AZ60",
        ),
        (
            {"registrations": ("D-ABCD",)},
            Row("abc123", registration="D ABCD"),
            "registration D-ABCD",
        ),
        ({"callsigns": ("AZQ",)}, Row("abc123", callsign="AZQ4601"), "callsign AZQ"),
        ({"callsigns": ("AZQ*",)}, Row("abc123", callsign="AZQ4601"), "callsign AZQ*"),
        ({"callsigns": ("AZQ46?1",)}, Row("abc123", callsign="AZQ4621"), "callsign AZQ46?1"),
        ({"callsigns": ("AZQ46?1",)}, Row("abc123", callsign="AZQ46212"), None),
        ({"callsigns": ("AZQ",)}, Row("abc123", callsign="XAZQ1"), None),
        (
            {"operators": ("silk way",)},
            Row("abc123", operator="Silk Way West"),
            "operator silk way",
        ),
        ({"types": ("IL76",)}, Row("abc123", type_code="il76"), "type IL76"),
        ({"types": ("IL76",)}, Row("abc123"), None),
        ({"callsigns": ("AZQ",)}, Row(None, callsign="AZQ1"), None),
    ],
)
def test_each_line(lines: dict[str, tuple[str, ...]], row: Row, reason: str | None) -> None:
    assert _reason(_watch("w", **lines), row) == reason


@pytest.mark.parametrize(
    ("exclude", "row"),
    [
        ("600865", Row("600865")),
        ("600860-60086f", Row("600865")),
        ("4K-AZ101", Row("600865", registration="4KAZ101")),
        ("AZQ9*", Row("600865", callsign="AZQ9001")),
        ("AZQ9", Row("600865", callsign="AZQ9")),
    ],
)
def test_what_is_excluded_never_matches(exclude: str, row: Row) -> None:
    watch = _watch(icao24=("600865",), callsigns=("AZQ",), types=("IL76",), exclude=(exclude,))
    assert _reason(watch, row) is None
    assert _reason(watch, Row("abc123", callsign="AZQ1")) == "callsign AZQ"
    compiled = Matcher([watch]).watch_named("w")
    assert compiled is not None
    by_name = compiled.match_by_name(Row(row.icao24, row.callsign, row.registration, "IL76"))
    assert by_name is None
    assert Matcher([watch]).excludes(row)
    assert not Matcher([watch]).excludes(Row(None, callsign="AZQ1"))


def test_a_fleet_row_matches_in_its_time_and_names_its_fleet() -> None:
    fleet = (
        Aircraft(icao24="600b22", fleet="old", valid_to=date(2022, 3, 1)),
        Aircraft(icao24="600b22", fleet="new", valid_from=date(2022, 3, 1), type_code="B744"),
    )
    watch = _watch(fleet=fleet)
    row = Row("600b22")
    assert _reason(watch, row, date(2022, 2, 28)) == "fleet old"
    assert _reason(watch, row, date(2022, 3, 1)) == "fleet new"
    closed = _watch(fleet=fleet[:1])
    assert _reason(closed, row, date(2022, 3, 1)) is None


def test_a_row_out_of_its_time_may_still_match_by_another_line() -> None:
    fleet = (Aircraft(icao24="600b22", fleet="f", valid_to=date(2022, 3, 1)),)
    watch = _watch(fleet=fleet, callsigns=("AZG",))
    assert _reason(watch, Row("600b22", callsign="AZG1")) == "callsign AZG"


@pytest.mark.parametrize(
    ("fleet_type", "row_type", "counted"),
    [
        ("IL76", None, True),
        ("IL76", "B744", True),
        (None, "il76", True),
        ("B744", "IL76", False),
        (None, None, False),
    ],
)
def test_the_fleet_knows_the_type_better_than_the_feed(
    fleet_type: str | None, row_type: str | None, counted: bool
) -> None:
    fleet = (Aircraft(icao24="600865", type_code=fleet_type),)
    watch = _watch(fleet=fleet, count_types=("IL76",))
    [match] = Matcher([watch])(Row("600865", type_code=row_type), DAY)
    assert match.counted is counted


def test_every_watch_that_wants_it_is_named_in_order() -> None:
    match = Matcher([_watch("a", icao24=("600865",)), _watch("b", types=("IL76",)), _watch("c")])
    matches = match(Row("600865", type_code="IL76"), DAY)
    assert [each.watch for each in matches] == ["a", "b"]


EDGES = ("500000", "500001", "5fffff")


def test_the_addresses_to_ask_for() -> None:
    fleet = (
        Aircraft(icao24="600b22", valid_from=date(2022, 3, 1)),
        Aircraft(icao24="600bb9", valid_to=date(2016, 1, 1)),
        Aircraft(icao24="600828"),
    )
    match = Matcher(
        [
            _watch("a", fleet=fleet, icao24=("613133", "600800-600bff"), exclude=("600828",)),
            _watch("b", icao24=("600864", *EDGES), exclude=("500000-5fffff",)),
        ]
    )
    assert match.fleet_addresses() == ["600864", "600b22", "600bb9", "613133"]
    match.fleet_addresses().clear()  # what is kept is not what is handed out
    assert len(match.fleet_addresses()) == 4
    assert match.fleet_addresses(DAY) == ["600864", "600b22", "613133"]


_HEX = st.sampled_from(["600828", "600865", "6008ff", "600b20", "abc123", "613133"])
_CALLSIGN = st.sampled_from(["AZQ4601", "AZG1", "azq9", "ELY001", "A"]) | st.text(max_size=8)
_REGISTRATION = st.sampled_from(["4K-AZ60", "4KAZ60", "VP-BCH", "N1", "N1*", "10+25", "1025"])
_TYPE = st.sampled_from(["IL76", "il76", "B744", "A320"])
_OPERATOR = st.sampled_from(["Silk Way", "SILK WAY WEST", "El Al"])
_ROWS = st.builds(
    Row,
    icao24=st.none() | _HEX,
    callsign=st.none() | _CALLSIGN,
    registration=st.none() | _REGISTRATION,
    type_code=st.none() | _TYPE,
    operator=st.none() | _OPERATOR,
)
_GLOBS = st.sampled_from(["AZQ", "AZ*", "*01", "EL?001", "AZG?"])
_DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
_AIRCRAFT = st.builds(
    Aircraft,
    icao24=_HEX,
    type_code=st.none() | _TYPE,
    valid_from=st.none() | _DAYS,
    valid_to=st.none() | _DAYS,
    fleet=st.just("f"),
)


def _some(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


_WATCHES = st.builds(
    Watch,
    name=st.sampled_from(["a", "b"]),
    places=st.just(PLACES),
    fleet=st.lists(_AIRCRAFT, max_size=3).map(tuple),
    icao24=_some(_HEX | st.just("600800-600bff")),
    registrations=_some(_REGISTRATION),
    callsigns=_some(_GLOBS),
    operators=_some(st.sampled_from(["Silk Way*", "el"])),
    types=_some(st.sampled_from(["IL76", "B744"])),
    exclude=_some(_HEX | _GLOBS | _REGISTRATION | st.just("600800-60083f")),
    count_types=_some(st.sampled_from(["IL76", "B744"])),
)


def _fits(glob: str, text: str | None) -> bool:
    glob = glob if set(glob) & set("*?") else f"{glob}*"
    return text is not None and fnmatchcase(text, glob)


def _covers(text: str, icao24: str) -> bool:
    first, _, last = text.partition("-")
    return int(first, 16) <= int(icao24, 16) <= int(last or first, 16)


def _is_address(text: str) -> bool:
    return all(
        part.isalnum() and len(part) == 6 and part.islower() | part.isdigit()
        for part in text.split("-")
    )


def _slowly(watch: Watch, row: Row, day: date) -> bool:
    """Return the same in the plainest way, for comparison with the fast matcher."""
    if row.icao24 is None:
        return False
    for each in watch.exclude:
        if _is_address(each):
            if _covers(each, row.icao24):
                return False
        elif _fits(each, row.callsign) or without_hyphens(each) == without_hyphens(
            row.registration or "-"
        ):
            return False
    return (
        any(
            each.icao24 == row.icao24
            and (each.valid_from or date.min) <= day < (each.valid_to or date.max)
            for each in watch.fleet
        )
        or any(_covers(each, row.icao24) for each in watch.icao24)
        or any(
            without_hyphens(each) == without_hyphens(row.registration or "-")
            for each in watch.registrations
        )
        or any(_fits(each, row.callsign) for each in watch.callsigns)
        or any(_fits(each.lower(), (row.operator or "").lower()) for each in watch.operators)
        or (row.type_code or "").upper() in watch.types
    )


@given(st.lists(_WATCHES, max_size=3), _ROWS, _DAYS)
def test_the_fast_path_agrees_with_the_plain_rule(
    watches: list[Watch], row: Row, day: date
) -> None:
    matches = Matcher(watches)(row, day)
    wanted = [watch.name for watch in watches if _slowly(watch, row, day)]
    assert [match.watch for match in matches] == wanted


@given(st.lists(_WATCHES, max_size=3), _DAYS)
def test_whatever_is_asked_for_by_address_would_match(watches: list[Watch], day: date) -> None:
    match = Matcher(watches)
    for icao24 in match.fleet_addresses(day):
        assert match(Row(icao24), day)


@given(st.text(max_size=12))
def test_a_bare_word_is_a_prefix_and_nothing_in_it_is_a_pattern(text: str) -> None:
    assert not glob_pattern([]).match(text)
    assert bool(glob_pattern(["A.Z"]).match(text)) == text.startswith("A.Z")


def test_a_fleet_file_knows_the_airframe_while_the_row_is_valid() -> None:
    old = Aircraft(icao24="600b22", registration="VP-BCH", valid_to=date(2022, 3, 1))
    new = Aircraft(icao24="600b22", registration="4K-BCH", valid_from=date(2022, 3, 1))
    matcher = Matcher([_watch("w", fleet=(old, new))])
    assert matcher.airframe("600b22", date(2022, 2, 28)) == old
    assert matcher.airframe("600b22", date(2022, 3, 1)) == new
    assert matcher.airframe("600b23", DAY) is None


def test_other_signs_than_hyphens_are_part_of_a_registration() -> None:
    listed = Matcher([_watch("w", registrations=("10+25", "MM.621"))])
    assert [match.matched_by for match in listed(Row("3f0001", registration="10+25"), DAY)] == [
        "registration 10+25"
    ]
    assert listed(Row("33ff00", registration="MM.621"), DAY)
    assert not listed(Row("3f0002", registration="1025"), DAY)
    excluding = Matcher([_watch("w", callsigns=("ZZZ",), exclude=("N1*", "10+25"))])
    assert excluding(Row("a00001", callsign="ZZZ", registration="N1"), DAY)
    assert excluding(Row("3f0003", callsign="ZZZ", registration="1025"), DAY)
    assert not excluding(Row("3f0001", callsign="ZZZ", registration="10+25"), DAY)
