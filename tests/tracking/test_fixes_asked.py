"""Does a sequence that builds fixes late answer as the built fixes would, at every index?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.model import Observation, Source
from collector.tracking import Fix, Fixes, fixes_of
from collector.tracking.quality import FASTEST_GROUND_KT, NO_GROUND_SOURCES
from tests.tracking.test_chain import north, report
from tests.tracking.test_fixes import tracks


@given(tracks, st.integers(0, 130), st.sampled_from([1.0, 4.0, 30.0, 900.0]))
@settings(max_examples=40)
def test_every_question_is_answered_as_by_the_fixes(
    reports: list[Observation], index: int, seconds: float
) -> None:
    fixes = fixes_of(reports)
    built = list(fixes)
    index = min(index, len(built) - 1)
    for number, fix in enumerate(built):
        assert fixes.placed(number) is fix.placed
        assert fixes.has_ground_bit(number) is (fix.on_ground is True)
        assert fixes.altitude_ft(number) == fix.altitude_ft
        assert fixes.feeds(number) == fix.feeds
        assert fixes.claims_ground(number) is claims_ground(fixes.reports[number])
        for than_ft in (1400.0, 1500.0, 1600.0, 9000.0):
            higher = fix.altitude_ft is not None and fix.altitude_ft > than_ft
            assert fixes.above(number, than_ft) is higher
    span, ats = timedelta(seconds=seconds), [fix.at for fix in built]
    later = [each for each in range(index + 1, len(ats)) if ats[each] >= ats[index] + span]
    before = [each for each in range(index) if ats[each] <= ats[index] - span]
    assert list(fixes.around(index, 1, span)) == later
    assert list(fixes.around(index, -1, span)) == before[::-1]
    silent = [each for each in range(len(ats) - 1) if ats[each + 1] - ats[each] >= span]
    assert list(fixes.silent_after(span)) == silent
    unplaced = [each for each in range(5, index) if not built[each].placed]
    assert sorted(fixes.unplaced(5, index)) == unplaced
    down = fixes.maybe_down(20.0)
    assert down == sorted(set(down))
    for number in set(range(len(built))) - set(down):
        made_from = fixes.reports[number]
        assert isinstance(made_from, Observation)
        assert not made_from.on_ground
        assert made_from.ground_speed_kt is None or made_from.ground_speed_kt > 20.0
    for number in set(down) - fixes.special.keys():
        assert fixes.reports[number].on_ground or _slow(fixes.reports[number])


def _slow(each: Observation | Fix) -> bool:
    return each.ground_speed_kt is not None and each.ground_speed_kt <= 20.0


def claims_ground(made_from: Observation | Fix) -> bool:
    assert isinstance(made_from, Observation)
    slow = (made_from.ground_speed_kt or 0.0) <= FASTEST_GROUND_KT
    return bool(made_from.on_ground) and made_from.source in NO_GROUND_SOURCES and slow


@pytest.mark.parametrize(
    ("speed_kt", "source", "claims"),
    [
        (180.0, Source.MLAT, True),
        (None, Source.MLAT, True),
        (181.0, Source.MLAT, False),
        (100.0, Source.ADSB, False),
    ],
)
def test_a_claim_to_stand_by_a_source_that_cannot_know_is_told_apart(
    speed_kt: float | None, source: Source, *, claims: bool
) -> None:
    said = report(0.0, 30.0, ground_speed_kt=speed_kt, source=source, on_ground=True)
    fixes = fixes_of([said])
    assert fixes.claims_ground(0) is claims
    assert not fixes_of([replace(said, on_ground=None)]).claims_ground(0)
    assert not Fixes.of(list(fixes)).claims_ground(0)  # a finished fix does not say
    assert Fixes.of(list(fixes)).has_ground_bit(0) is (source is Source.ADSB)


def test_a_selection_keeps_its_changes_and_breaks_at_their_new_places() -> None:
    fixes = fixes_of(north(range(10)))
    changed = replace(fixes[6], callsign="changed")
    broken = fixes.only(range(10), {6: changed}, {4, 7})
    assert (broken[6], len(broken), set(broken.breaks)) == (changed, 10, {4, 7})
    fewer = broken.only([0, 3, 4, 6, 9], {0: replace(fixes[0], callsign="first")}, {9})
    names = [fix.callsign for fix in fewer]
    assert names == ["first", "true", "true", "changed", "true"]
    assert list(fewer.ats) == [fixes.ats[each] for each in (0, 3, 4, 6, 9)]
    assert fewer.breaks == {2, 4}
    between = {(first, last): fewer.broken(first, last) for first in range(5) for last in range(5)}
    assert {pair for pair, broke in between.items() if broke} == {
        (first, last) for first, last in between if first < 2 <= last or first < 4 <= last
    }
    assert not fixes.broken(0, 9)


def test_altitudes_alone_say_how_high_and_nothing_of_the_ground() -> None:
    high = replace(report(0.0, 30.0), position_at=None, lat_deg=None, lon_deg=None)
    fixes = fixes_of([high])
    assert (fixes.altitude_ft(0), fixes.placed(0)) == (34_000.0, False)
    assert [fixes.above(0, than_ft) for than_ft in (33_999.0, 34_000.0)] == [True, False]
    silent = fixes_of([replace(high, baro_altitude_ft=None)])
    assert len(silent) == 0
    unknown = fixes_of([report(0.0, 30.0, baro_altitude_ft=None)])
    assert not unknown.above(0, -1000.0)
    claimed = fixes_of(
        [report(0.0, 30.0, baro_altitude_ft=None, on_ground=True, source=Source.MLAT)]
    )
    assert (claimed[0].on_ground, claimed.above(0, -1000.0)) == (None, False)
    spoofed = report(0.0, 30.0, baro_altitude_ft=5000.0, geom_altitude_ft=9000.0)
    assert not fixes_of([spoofed]).above(0, 6000.0)


def test_a_feed_that_repeats_a_transmission_completes_it() -> None:
    """What the first lacks comes from the second; the better altitude is kept; the place stays."""
    first = report(0.0, 30.0, ground_speed_kt=None, callsign=None)
    second = replace(
        first,
        feed="two",
        heard_at=first.at + timedelta(seconds=4),
        position_at=first.at + timedelta(seconds=4),
        lat_deg=30.0001,
        geom_altitude_ft=34_500.0,
        ground_speed_kt=420.0,
        track_deg=0.0,
        vertical_rate_fpm=-64.0,
        callsign="AZQ1",
    )
    (fix,) = fixes_of([second, first])
    assert (fix.at, fix.lat_deg, fix.lon_deg, fix.feeds) == (first.at, 30.0, 35.0, ("one", "two"))
    assert (fix.altitude_ft, fix.altitude_error_ft) == (34_500.0, 200.0)
    assert (fix.ground_speed_kt, fix.track_deg) == (420.0, 0.0)
    assert (fix.vertical_rate_fpm, fix.callsign) == (-64.0, "AZQ1")
    (same_feed,) = fixes_of([first, replace(second, feed="one")])
    assert same_feed.callsign is None
    nowhere = replace(second, geom_altitude_ft=None, baro_altitude_ft=None)
    (kept,) = fixes_of([first, nowhere])
    assert kept.altitude_ft == 34_000.0
    (filled,) = fixes_of([replace(first, baro_altitude_ft=None), second])
    assert filled.altitude_ft == 34_500.0
