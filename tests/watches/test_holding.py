"""Does a match by a name hold for a landing exactly as far as the names on the approach say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model import Detection, Place, Watch, WatchMatch
from collector.watches.criteria import compile_watch
from collector.watches.holding import ReportedNames, match_change, matches_of_landing

DOWN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WATCH = Watch(
    name="w",
    places=(Place(("LLOV",)),),
    icao24=("400e16",),
    callsigns=("AZQ*",),
    registrations=("4K-AZ101",),
    operators=("Silk Way*",),
    types=("IL76",),
    exclude=("AZQ9*",),
)
NAMES = {"w": compile_watch(WATCH)}
LANDING = Detection(
    icao24="400e16",
    airfield="LLOV",
    candidates=(),
    touchdown_at=DOWN,
    uncertainty_s=10.0,
    visit_from=DOWN - MINUTE,
    visit_until=DOWN + 60 * MINUTE,
)
BY_CALLSIGN = WatchMatch("w", "callsign AZQ*", True)
KINDS = {
    "callsign": ("callsign", "AZQ4801", "GCTCB"),
    "registration": ("registration", "4K-AZ101", "EC-LZR"),
    "operator": ("operator", "Silk Way West", "Binter"),
    "type": ("type_code", "IL76", "AT76"),
}


def names(callsigns: Sequence[str | None], last_min: float = 4.0) -> list[ReportedNames]:
    """Reports half a minute apart; the last one so many minutes after the touchdown."""
    first = DOWN + (last_min - 0.5 * (len(callsigns) - 1)) * MINUTE
    return [
        ReportedNames("400e16", first + number * 0.5 * MINUTE, callsign=callsign)
        for number, callsign in enumerate(callsigns)
    ]


def judged(
    arrival: Sequence[ReportedNames],
    departure: Sequence[ReportedNames] = (),
    matches: Sequence[WatchMatch] = (BY_CALLSIGN,),
) -> WatchMatch:
    (match,) = matches_of_landing(matches, NAMES.get, LANDING, arrival=arrival, departure=departure)
    return match


def rank(match: WatchMatch) -> int:
    """2: it holds; 1: in doubt; 0: it does not hold."""
    return 2 if not match.doubt else 1 if match.counted else 0


def of(*runs: tuple[str | None, int]) -> list[str | None]:
    return [name for name, count in runs for _ in range(count)]


@pytest.mark.parametrize(
    ("callsigns", "expected"),
    [
        (of(("AZQ4801", 60)), 2),
        (of((None, 30), ("AZQ4801", 1), (None, 30)), 2),
        (of(("AZQ4801", 40), ("GCTCB", 2), ("AZQ4801", 18)), 2),
        (of(("AZQ4801", 58), ("GCTCB", 3)), 2),
        (of(("GCTCB", 38), ("AZQ4801", 22)), 2),  # entered late, but 10 minutes before
        (of(("GCTCB", 52), ("AZQ4801", 8)), 1),  # a neighbour's, at the wrong moment
        (of(("AZQ4801", 40), ("GCTCB", 20)), 1),
        (of(("AZQ4801", 90), ("GCTCB", 68)), 1),  # three quarters of an hour are not "a while"
        (of(("GCTCB", 40), ("AZQ4801", 8), ("GCTCB", 16)), 0),
        (of(("AZQ4801", 8), ("GCTCB", 17)), 0),
        (of(("GCTCB", 60)), 0),
        (of(("GCTCB", 1)), 0),
        (of(("AZQ9001", 60)), 0),  # excluded
    ],
)
def test_it_holds_is_in_doubt_or_fails(callsigns: list[str | None], expected: int) -> None:
    match = judged(names(callsigns))
    assert rank(match) == expected
    assert match.matched_by == "callsign AZQ*"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_name_is_judged_alike(kind: str) -> None:
    field, wanted, other = KINDS[kind]
    match = (WatchMatch("w", f"{kind} x", True),)
    worn = of((other, 40), (wanted, 8), (other, 16))
    reports = [
        replace(ReportedNames("400e16", one.at), **{field: one.callsign})  # type: ignore[arg-type]
        for one in names(worn)
    ]
    found = judged(reports, matches=match)
    assert rank(found) == 0
    assert found.doubt == (
        f"The aircraft had the {kind} {wanted} in 5 of the 33 minutes that were heard before the "
        f"landing (09:52 to 09:56 UTC), and otherwise {other}, so it does not count for watch w."
    )


def test_without_a_name_on_the_approach_the_departure_decides() -> None:
    nameless = names(of((None, 30)))
    leaves = names(of(("AZQ4801", 9)), last_min=70.0)
    assert rank(judged(nameless, leaves)) == 2
    assert rank(judged([], leaves)) == 2
    assert rank(judged(nameless, names(of(("GCTCB", 9)), last_min=70.0))) == 1
    assert rank(judged(nameless)) == 1  # heard on another flight
    by_type = (WatchMatch("w", "type IL76", True),)
    assert rank(judged(nameless, matches=by_type)) == 2  # of the airframe, not of the flight


def test_an_earlier_stay_ends_what_counts() -> None:
    """The flight before had the callsign, this one never has."""
    earlier = names(of(("AZQ4801", 60)), last_min=-45.0)
    stay = ReportedNames("400e16", DOWN - 40 * MINUTE, callsign="AZQ4801", on_ground=True)
    assert rank(judged([*earlier, stay, *names(of(("GCTCB", 60)))])) == 0
    assert rank(judged([*earlier, *names(of(("GCTCB", 60)))])) == 1
    rolls_out = ReportedNames("400e16", DOWN + 4 * MINUTE, callsign="GCTCB", on_ground=True)
    assert rank(judged([*names(of(("AZQ4801", 60)), last_min=3.0), rolls_out])) == 2


def test_what_was_never_worn_is_said_so() -> None:
    assert judged(names(of(("GCTCB", 60)))).doubt == (
        "On the approach the aircraft had the callsign GCTCB, never a watched one, so it does not "
        "count for watch w."
    )
    assert judged(names(of((None, 60)))).doubt == (
        "No report on the approach had any callsign, so it may be none that watch w wants."
    )


def test_the_last_half_hour_decides_and_without_it_what_was_heard_before() -> None:
    """If only the cruise was heard, that counts."""
    cruise = names(of(("GCTCB", 40)), last_min=-31.0)
    approach = names(of(("AZQ4801", 4)), last_min=0.0)
    assert rank(judged([*cruise, *approach])) == 2
    assert rank(judged(names(of(("AZQ4801", 40)), last_min=-31.0))) == 2


@pytest.mark.parametrize(("reports", "expected"), [(2, 1), (3, 0)])
def test_three_reports_with_another_name_are_steady(reports: int, expected: int) -> None:
    """In as many minutes: two may be mixed-up rows, however far apart."""
    watched = names(of(("GCTCB", 20), ("AZQ4801", 8)), last_min=-4.0)
    other = [
        ReportedNames("400e16", DOWN + (each * 3.0 / (reports - 1)) * MINUTE, callsign="GCTCB")
        for each in range(reports)
    ]
    assert rank(judged([*watched, *other])) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(15, 0), (16, 1)])
def test_a_quarter_of_an_hour_is_a_while(minutes: int, expected: int) -> None:
    worn = [
        ReportedNames("400e16", DOWN + (n + 0.5 - 39) * MINUTE, callsign=name)
        for n, name in enumerate(of(("AZQ4801", minutes), ("GCTCB", 42 - minutes)))
    ]
    assert rank(judged(worn)) == expected


def test_the_best_match_of_a_watch_decides_and_others_stay_as_they_are() -> None:
    worn = [
        ReportedNames("400e16", one.at, callsign=one.callsign, type_code="IL76")
        for one in names(of(("GCTCB", 60)))
    ]
    by_type = WatchMatch("w", "type IL76", True)
    assert judged(worn, matches=(BY_CALLSIGN, by_type)) == by_type
    by_address = WatchMatch("w", "icao24 400e16", True)
    assert judged(worn, matches=(BY_CALLSIGN, by_address)) == by_address
    unknown = WatchMatch("gone", "callsign AZQ*", True)
    assert judged(worn, matches=(unknown,)) == unknown


def test_a_change_is_told_once() -> None:
    sure = WatchMatch("w", "callsign AZQ*", True)
    doubted = WatchMatch("w", "callsign AZQ*", True, "It was so.")
    failed = WatchMatch("w", "callsign AZQ*", False, "It was so for long.")
    assert match_change([sure], [sure]) is None
    assert match_change([doubted], [WatchMatch("w", "type IL76", True, "Otherwise.")]) is None
    assert match_change([], [failed]) is None
    assert match_change([sure], [doubted]) == ("downgraded", "it was so")
    assert match_change([doubted], [failed]) == ("downgraded", "it was so for long")
    assert match_change([failed], [sure]) == (
        "upgraded",
        "the match of watch w is no longer in doubt",
    )


CALLSIGNS = st.lists(st.sampled_from(["AZQ4801", "GCTCB", None]), max_size=80)


@given(CALLSIGNS, st.data())
def test_another_name_never_makes_a_match_surer(callsigns: list[str], data: st.DataObject) -> None:
    worn = [index for index, name in enumerate(callsigns) if name == "AZQ4801"]
    if not worn:
        return
    index = data.draw(st.sampled_from(worn))
    less = [*callsigns[:index], "GCTCB", *callsigns[index + 1 :]]
    assert rank(judged(names(less))) <= rank(judged(names(callsigns)))


@given(st.integers(20, 80), st.integers(0, 79), st.integers(1, 4))
def test_a_few_mixed_up_rows_cost_no_landing(count: int, first: int, mixed: int) -> None:
    callsigns = ["AZQ4801"] * count
    for index in range(first, min(first + mixed, count)):
        callsigns[index] = "GCTCB"
    assert rank(judged(names(callsigns))) == 2


@given(st.integers(0, 60), st.integers(0, 8), st.integers(8, 60))
def test_a_few_minutes_with_the_name_never_count(before: int, worn: int, after: int) -> None:
    callsigns = of(("GCTCB", before), ("AZQ4801", worn), ("GCTCB", max(after, worn + 2)))
    assert rank(judged(names(callsigns))) == 0
