"""What is believed of the reports next to a silence? Each bound on both sides, against two
neighbours that agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from collector.landings.last_reports import agree, believed_ends
from collector.tracking import Doubt, Fix, Fixes
from tests.landings.made_fixes import MINUTE, RULES, blind, fix

NORTH: dict[str, Any] = {"ground_speed_kt": 200.0, "track_deg": 0.0}
NEIGHBOURS = fix(0, 1.0, 3000, **NORTH), fix(60, 4.0, 3000, **NORTH)


def believed(*rows: Fix, index: int = -1) -> Fix:
    """What is left of one of the rows."""
    return believed_ends(Fixes.of(rows), RULES)[index]


def last(north_nm: float = 7.0, height_ft: float | None = 3000.0, **more: Any) -> Fix:
    """The last report, a minute after its neighbours."""
    return fix(120, north_nm, height_ft, **{**NORTH, **more})


def without_place(one: Fix, *, altitude: bool) -> Fix:
    return Fix(
        at=one.at,
        altitude_ft=one.altitude_ft if altitude else None,
        altitude_error_ft=one.altitude_error_ft,
        callsign=one.callsign,
        feeds=one.feeds,
        doubt=Doubt.UNREACHABLE,
    )


@pytest.mark.parametrize(
    ("one", "left"),
    [
        (last(), last()),
        # 1.3 times 200 kt and 50 kt lead 5.17 NM in a minute, and a mile is slack.
        (last(10.1), last(10.1)),
        (last(10.3), without_place(last(10.3), altitude=True)),
        (last(-2.1, track_deg=180.0), last(-2.1, track_deg=180.0)),
        (last(10.3, 10_001), without_place(last(10.3, 10_001), altitude=False)),
        # On the ground its own speed counts as well: 1.3 times 300 kt and 50 kt.
        (last(12.2, on_ground=True, ground_speed_kt=300.0),) * 2,
        (
            last(12.4, on_ground=True, ground_speed_kt=300.0),
            without_place(last(12.4), altitude=True),
        ),
        (last(10.3, ground_speed_kt=300.0), without_place(last(10.3), altitude=True)),
        # 6,000 ft a minute, and a thousand.
        (last(height_ft=10_000), last(height_ft=10_000)),
        (last(height_ft=10_001), last(height_ft=None)),
        (last(height_ft=-4000), last(height_ft=-4000)),
        (last(height_ft=-4001), last(height_ft=None)),
        (last(height_ft=None), last(height_ft=None)),
        # 1.5 kt a second, and 20 kt.
        (last(ground_speed_kt=310.0), last(ground_speed_kt=310.0)),
        (last(ground_speed_kt=311.0), last(ground_speed_kt=None)),
        (last(ground_speed_kt=90.0), last(ground_speed_kt=90.0)),
        (last(ground_speed_kt=89.0), last(ground_speed_kt=None)),
        (last(ground_speed_kt=0.0, on_ground=True),) * 2,
        (last(vertical_rate_fpm=-6000.0),) * 2,
        (last(vertical_rate_fpm=6001.0), last(vertical_rate_fpm=None)),
        (last(vertical_rate_fpm=-6001.0), last(vertical_rate_fpm=None)),
        (blind(120, 3000), blind(120, 3000)),
        (blind(120, 10_001), blind(120, None)),
    ],
)
def test_what_is_left_of_the_last_report(one: Fix, left: Fix) -> None:
    assert believed(*NEIGHBOURS, one) == left
    again = [replace(each, at=NEIGHBOURS[0].at + (one.at - each.at)) for each in (one, *NEIGHBOURS)]
    north = [each if each.track_deg is None else replace(each, track_deg=180.0) for each in again]
    before = fix(-3600, 0.0)
    if one.track_deg == 0.0:
        mended = believed(before, north[0], north[2], north[1], index=1)
        want = replace(left, at=north[0].at)
        want = want if want.track_deg is None else replace(want, track_deg=180.0)
        assert mended == want, "the first after a silence, in the other direction of time"


def test_without_speeds_a_jet_may_have_flown() -> None:
    slow = [replace(each, ground_speed_kt=None) for each in NEIGHBOURS]
    near, far = last(16.6, ground_speed_kt=None), last(16.8, ground_speed_kt=None)
    assert believed(*slow, near).placed
    assert not believed(*slow, far).placed
    assert believed(*slow, last(ground_speed_kt=900.0)).ground_speed_kt == 900.0


@pytest.mark.parametrize(
    ("north_nm", "track_deg", "own_deg", "backwards"),
    [
        (0.9, 0.0, 0.0, True),
        (1.1, 0.0, 0.0, False),  # less than 3 NM may be a turn
        (0.9, 59.0, 300.9, True),
        (0.9, 61.0, 0.0, False),
        (0.9, 0.0, 299.0, False),
        (0.9, None, 0.0, False),
        (0.9, 0.0, None, False),
    ],
)
def test_a_position_behind_by_both_tracks_is_of_another_time(
    north_nm: float, track_deg: float | None, own_deg: float | None, backwards: bool
) -> None:
    rows = [replace(each, track_deg=track_deg) for each in NEIGHBOURS]
    one = last(north_nm, track_deg=own_deg)
    assert believed(*rows, one) == (without_place(one, altitude=False) if backwards else one)
    down = replace(one, on_ground=True)
    assert believed(*rows, down) == down


def test_the_first_after_a_silence_may_be_ahead_of_the_next() -> None:
    rows = [fix(3600 + 60 * n, 4.0 * n, **NORTH) for n in range(3)]
    ahead = fix(3540, 3.1, **NORTH)
    assert believed(fix(0, 0.0), ahead, *rows[0:2], index=1).doubt is Doubt.UNREACHABLE
    behind = fix(3540, -3.1, **NORTH)
    assert believed(fix(0, 0.0), behind, *rows[0:2], index=1) == behind


def test_only_two_neighbours_that_agree_outvote_it() -> None:
    wrong = last(60.0)
    assert not believed(*NEIGHBOURS, wrong).placed
    assert believed(NEIGHBOURS[1], wrong) == wrong
    assert believed(fix(0, 30.0, **NORTH), NEIGHBOURS[1], wrong) == wrong
    assert believed(fix(0, 1.0, 10_001, **NORTH), NEIGHBOURS[1], wrong) == wrong
    assert not believed(*NEIGHBOURS, blind(90, 3000), fix(100, 6.0, None), wrong).placed
    assert believed(fix(-181, -8.0, **NORTH), NEIGHBOURS[1], wrong) == wrong
    assert not believed(fix(-180, -8.0, **NORTH), NEIGHBOURS[1], wrong).placed
    assert not believed(fix(-60, 30.0), *NEIGHBOURS, wrong).placed, "the nearest two"


def test_only_reports_next_to_a_silence_are_asked() -> None:
    wrong = last(60.0)
    goes_on = [replace(each, at=each.at + 13 * MINUTE) for each in NEIGHBOURS]
    assert believed(*NEIGHBOURS, wrong, *goes_on, index=2) == wrong, "eleven minutes later"
    begins = [replace(each, at=each.at + 14 * MINUTE) for each in NEIGHBOURS]
    assert not believed(*NEIGHBOURS, wrong, *begins, index=2).placed
    assert len(believed_ends(Fixes.of([]), RULES)) == 0
    fixes = Fixes.of(NEIGHBOURS)
    assert believed_ends(fixes, RULES) is fixes


def test_neighbours_agree_by_the_faster_of_their_speeds() -> None:
    slow, fast = fix(0, 0.0, ground_speed_kt=100.0), fix(60, 6.1, ground_speed_kt=200.0)
    assert agree(slow, fast)
    assert not agree(slow, replace(fast, ground_speed_kt=100.0))
    assert agree(replace(slow, ground_speed_kt=None), replace(fast, ground_speed_kt=None))
    assert agree(slow, blind(60, 3000))
    assert agree(slow, fix(60, 1.0, None))
    assert not agree(slow, blind(60, 10_001))
