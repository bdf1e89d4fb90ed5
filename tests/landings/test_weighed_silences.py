"""Which silences are weighed, and with which ends? Small tracks, each bound on both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.landings.evidence.witness import Witness
from collector.landings.silences import Silence
from collector.tracking import Fix
from tests.landings.made_fixes import (
    FIELD,
    MINUTE,
    OTHER,
    RULES,
    SECOND,
    T,
    blind,
    fix,
    ground,
)
from tests.landings.made_silences import (
    COMES,
    HOUR_S,
    RISES,
    SINKS,
    leaves,
    silence,
    sure,
)
from tests.landings.test_listeners import slot


def test_a_silence_with_both_ends() -> None:
    found = sure(COMES, leaves(HOUR_S))
    assert found.arrival is not None
    assert found.departure is not None
    assert (found.arrival.fix, found.departure.fix) == (COMES[-1], leaves(HOUR_S)[0])
    assert found.ends is not None
    assert (found.begins.fix, found.ends.fix) == (COMES[-1], leaves(HOUR_S)[0])
    assert (found.placed, found.placed_again) == (COMES[-1], leaves(HOUR_S)[0])
    assert found.passed == (T, T)
    assert (found.from_afar, found.level, found.practises, found.quick) == (
        True,
        False,
        False,
        True,
    )
    assert (found.coverage_after, found.coverage_later) == (None, None)
    assert (found.approach_witness, found.heard_low) == (None, False)


def test_under_jamming_the_last_position_is_that_before_the_altitudes() -> None:
    found = sure((*COMES, blind(60, 500)), leaves(HOUR_S))
    assert found.begins.fix == blind(60, 500)
    assert found.placed == COMES[-1]
    assert found.passed == (T, T)
    later = sure(COMES, (blind(HOUR_S, 500), *leaves(HOUR_S + 60)))
    assert later.placed_again == leaves(HOUR_S + 60)[0]
    assert later.ends is not None
    assert later.ends.fix == blind(HOUR_S, 500)


def test_a_silence_is_judged_once_it_has_lasted() -> None:
    assert silence(COMES, now=T + 25 * MINUTE) is not None
    assert silence(COMES, now=T + 25 * MINUTE - SECOND) is None
    assert silence(COMES, leaves(12 * 60), now=T + 14 * MINUTE) is not None, "it is over"
    near = COMES[-2:]
    assert silence(near, leaves(12 * 60)) is not None
    assert silence(near, leaves(12 * 60 - 1)) is None, "a hole, or a go-around"


def test_after_a_flight_from_afar_a_shorter_one_may_hide_a_stay() -> None:
    """Longer than a go-around and three polls that were missed, while the feeds replied."""
    assert sure(COMES, leaves(7 * 60)).quick
    assert silence(COMES, leaves(7 * 60 - 1)) is None
    replied = [slot(step, cells={}) for step in range(4)]
    assert silence(COMES, leaves(700), slots=replied) is not None
    assert silence(COMES, leaves(700), slots=replied[:1]) is None
    assert silence(COMES[-2:], leaves(700)) is None


def test_without_an_approach_and_a_climb_out_nothing_is_weighed() -> None:
    away = fix(-60, 6.0, 3000, **RISES), fix(0, 9.0, 4000, **RISES)
    crosses = fix(HOUR_S, 60.0, 20_000, **SINKS), fix(HOUR_S + 60, 56.0, 19_000, **SINKS)
    assert silence(away, crosses) is None
    assert silence(away) is None
    assert sure(COMES, crosses).departure is None
    assert sure(away, leaves(HOUR_S)).arrival is None
    level = [replace(each, vertical_rate_fpm=0.0, altitude_ft=2500.0) for each in COMES]
    found = sure(level)
    assert (found.level, found.arrival is None) == (True, False)


def test_a_received_stay_explains_the_silence_beside_it() -> None:
    stands, runs = ground(HOUR_S), ground(HOUR_S, 0.0, 100.0)
    assert silence(COMES, [stands], down={0: FIELD}) is None
    assert silence(COMES, [stands], down={0: OTHER}) is not None
    assert silence(COMES, [stands], down={0: None}) is not None
    took_off = sure(COMES, [runs], down={0: FIELD}, slow=[])
    assert took_off.departure is not None
    assert took_off.departure.rolling == "XHER"
    assert silence([ground(0)], leaves(HOUR_S), down={-1: FIELD}) is None
    came_from = sure([ground(0)], leaves(HOUR_S), down={-1: OTHER})
    assert (came_from.arrival, came_from.departure is None) == (None, False)


def test_beside_a_stay_elsewhere_only_what_is_low_counts() -> None:
    """High up it may as well fly from there, or to there, however far away it is."""

    def flown(height_ft: float) -> tuple[Silence | None, Silence | None]:
        rise = [
            replace(each, altitude_ft=(each.altitude_ft or 0) + height_ft - 1000) for each in COMES
        ]
        return (
            silence(rise, [ground(HOUR_S, 30.0)], down={0: OTHER}),
            silence([ground(0, 30.0)], leaves(HOUR_S, 3.0, height_ft), down={-1: OTHER}),
        )

    assert all(flown(4999))
    between = replace(FIELD, icao="XHIG", elevation_ft=FIELD.elevation_ft + 2000)
    only = sure(
        [ground(0, 30.0)], leaves(HOUR_S, 3.0, 5500), down={-1: OTHER}, fields=[FIELD, between]
    )
    assert only.departure is not None
    assert set(only.departure.bearings) == {"XHIG"}
    rolls = sure(
        [ground(0, 30.0)], [ground(HOUR_S, 0.0, 100.0)], down={-1: OTHER, 0: FIELD}, slow=[-1]
    )
    assert rolls.departure is not None
    assert rolls.departure.rolling == "XHER"
    assert flown(5000) == (None, None)


def test_ends_farther_apart_than_the_longest_stay_are_no_pair() -> None:
    days = RULES.longest_stay / SECOND
    assert sure(COMES, leaves(days)).departure is not None
    late = leaves(days + 1)
    now = late[1].at
    slots = [slot(step) for step in range(4, 25)]
    parted = sure(COMES, late, now=now, slots=slots)
    assert (parted.ends, parted.departure) == (None, None)
    assert parted.coverage_later == 1.0, "it is judged as it was before"
    alone = sure(COMES[:1], leaves(days + 1 - 480, 3.0, 4999), now=now, fields=[OTHER, FIELD])
    assert alone.arrival is not None
    climbs = fix(0, 9.0, 4000, **RISES)
    assert sure([climbs], leaves(days + 1, 3.0, 4999)).departure is not None
    assert silence([climbs], leaves(days + 1, 3.0, 5000)) is None, "from anywhere"
    assert silence([climbs], leaves(days, 3.0, 5000)) is not None


@pytest.mark.parametrize(
    ("before", "afar"),
    [
        ([fix(-1800, 18.1, 5000, **SINKS)], True),
        ([fix(-1800, 17.9, 5000, **SINKS)], False),  # 15 NM from the last fix
        ([fix(-1801, 18.1, 5000, **SINKS)], False),
        ([blind(-900, 5000)], False),
        ([fix(-1800, 18.1, 5000, **SINKS), blind(-900, 5000)], True),
    ],
)
def test_it_came_from_afar_if_it_was_no_circuit_away(before: list[Fix], afar: bool) -> None:
    last = COMES[-2:]
    assert sure([*before, *last]).from_afar is afar
    flat = replace(COMES[-1], vertical_rate_fpm=-299.0)
    assert not sure([*before, *COMES[-2:-1], flat]).from_afar, "it is on no final"
    unknown = replace(COMES[-1], vertical_rate_fpm=None)
    assert not sure([*before, *COMES[-2:-1], unknown]).from_afar
    steep = replace(COMES[-1], vertical_rate_fpm=-300.0)
    assert sure([*before, *COMES[-2:-1], steep]).from_afar is afar


def test_coverage_is_known_where_slots_are() -> None:
    slots = [slot(step) for step in (1, 4)]
    found = sure(COMES, slots=slots)
    assert found.coverage_after == pytest.approx(1 / 3)
    assert found.coverage_later == pytest.approx(1 / 21)
    again = sure(COMES, leaves(HOUR_S), slots=slots)
    assert again.coverage_after == pytest.approx(1 / 3)
    assert again.coverage_later is None
    over = T + RULES.later_window + 5 * MINUTE
    assert sure(COMES, slots=slots, now=over).coverage_later is None
    assert sure(COMES, slots=slots, now=over + SECOND).coverage_later is not None
    away = fix(-60, 6.0, 3000, **RISES), fix(0, 9.0, 4000, **RISES)
    assert sure(away, leaves(HOUR_S), slots=slots).coverage_after is None


def test_a_witness_of_the_approach_is_listened_for() -> None:
    listened = sure(COMES, slots=[slot(4), slot(6)])
    assert (listened.approach_witness, listened.heard_low) == (Witness.LISTENERS, False)
    assert listened.witness("XHER", RULES) is Witness.LISTENERS
    heard_low = sure(COMES, slots=[slot(4)])
    assert (heard_low.approach_witness, heard_low.heard_low) == (None, True)
    nobody = sure(COMES, slots=[slot(4, cells={})])
    assert (nobody.approach_witness, nobody.heard_low) == (None, False)
    early = sure(COMES, leaves(12 * 60), slots=[slot(4), slot(6)])
    assert early.approach_witness is None, "it was heard again before"
