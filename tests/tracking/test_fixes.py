"""Are fixes that are built when used the same as fixes built at once, faults included?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.landings.contacts import contacts_of
from collector.landings.fields import field_distance_nm
from collector.landings.rules import LandingRules
from collector.landings.segments import Gap, gaps_of
from collector.model import Observation, Source
from collector.tracking import Doubt, Fix, Fixes, fixes_of
from collector.tracking.fixes import fix_of
from collector.tracking.late_feeds import on_time
from collector.tracking.motion import follows
from collector.tracking.quality import CIRCLE_ABOVE_FT, FASTEST_GROUND_KT, NO_GROUND_SOURCES
from collector.tracking.track import (
    FROZEN_WITHIN,
    MOVING_KT,
    SAME_PLACE_DEG,
    SAME_TRANSMISSION,
    _total_order,
    _with_feed,
)
from tests.support.flights import FIELDS, LLOV

RULES = LandingRules()
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def plainly_fused(observations: Sequence[Observation]) -> list[tuple[Fix, Observation]]:
    """Return every fix with the report from which it was made, each report compared with all before
    it."""
    fixes: list[tuple[Fix, Observation]] = []
    frozen_at = START - timedelta(days=1)
    for report in sorted(observations, key=_total_order):
        fix = fix_of(report, CIRCLE_ABOVE_FT)
        if fix is None or fused(fix, report, fixes):
            continue
        if frozen(report, fix, fixes, frozen_at):
            if fix.at - frozen_at <= SAME_TRANSMISSION:
                continue
            frozen_at = fix.at
            fix = fix_of(report, CIRCLE_ABOVE_FT, Doubt.FROZEN)
            if fix is None or fused(fix, report, fixes):
                continue
        fixes.append((fix, report))
    return fixes


def fused(fix: Fix, report: Observation, fixes: list[tuple[Fix, Observation]]) -> bool:
    for index in range(len(fixes) - 1, -1, -1):
        last, first = fixes[index]
        if fix.at - last.at <= SAME_TRANSMISSION and same(last, fix):
            if report.feed not in last.feeds:
                fixes[index] = _with_feed(last, fix), first
            return True
    return False


def frozen(
    report: Observation, fix: Fix, before: Sequence[tuple[Fix, Observation]], frozen_at: datetime
) -> bool:
    """Return whether a report gives the place of the last plain one again, at the speed of flight,
    and no longer after it was last given than a frozen position may be."""
    if not fix.placed or (report.ground_speed_kt or 0.0) < MOVING_KT:
        return False
    for earlier, made_from in reversed(before):
        if earlier.placed and not is_exception(made_from):
            recent = fix.at - max(earlier.at, frozen_at) <= FROZEN_WITHIN
            return recent and same(replace(earlier, on_ground=fix.on_ground), fix)
    return False


def is_exception(report: Observation) -> bool:
    fast = (report.ground_speed_kt or 0.0) > FASTEST_GROUND_KT
    return bool(report.on_ground) and (fast or report.source in NO_GROUND_SOURCES)


def same(a: Fix, b: Fix) -> bool:
    if a.on_ground != b.on_ground or a.placed != b.placed:
        return False
    if a.lat_deg is None or a.lon_deg is None or b.lat_deg is None or b.lon_deg is None:
        return a.altitude_ft == b.altitude_ft
    north, east = abs(a.lat_deg - b.lat_deg), abs(a.lon_deg - b.lon_deg)
    return north <= SAME_PLACE_DEG and east <= SAME_PLACE_DEG


def plainly_jumping(fixes: Sequence[tuple[Fix, Observation]]) -> bool:
    placed = [(fix, report.source) for fix, report in fixes if fix.placed]
    return any(
        not follows(fix, later, later.at - fix.at, source)
        for (fix, _), (later, source) in pairwise(placed)
    )


def wandering(seed: int, faults: float, length: int = 120) -> list[Observation]:
    """A dense track that stands, creeps, turns and flies; some reports are wrong or repeated."""
    noise = random.Random(seed)
    at, lat, lon, reports = START, LLOV.lat_deg, LLOV.lon_deg, []
    step_deg, north, east = 0.0, 1, 0
    for _ in range(length):
        if noise.random() < 0.1:
            step_deg = noise.choice([0.0, 0.00004, 0.00015, 0.0004, 0.002])
            north, east = noise.choice([-1, 0, 1]), noise.choice([-1, 0, 1])
        at += timedelta(seconds=noise.choice([0.5, 1, 1, 2, 3, 4, 5, 30, 900]))
        lat, lon = lat + north * step_deg, lon + east * step_deg
        report = Observation(
            icao24="600865",
            feed=noise.choice(["a", "a", "b"]),
            heard_at=at + timedelta(seconds=0.3),
            position_at=at,
            lat_deg=round(lat, 5),
            lon_deg=round(lon, 5),
            baro_altitude_ft=noise.choice([1500.0, 1600.0, 12_000.0]),
            on_ground=noise.choice([True, False, None]) if step_deg < 0.001 else False,
            ground_speed_kt=noise.choice([0.0, 20.0, 60.0, 190.0, 300.0, None]),
            callsign=noise.choice(["AZQ1", None]),
            source=noise.choice([Source.ADSB, Source.MLAT]),
        )
        reports.append(report)
        if noise.random() < faults:
            reports.append(faulty(report, noise))
    return reports


def faulty(report: Observation, noise: random.Random) -> Observation:
    later = report.heard_at + timedelta(seconds=noise.choice([0.2, 1.7, 3.9]))
    kind = noise.randrange(7)
    if kind == 0:  # frozen position, or none at all
        return replace(report, heard_at=later + timedelta(minutes=2), baro_altitude_ft=1700.0)
    if kind == 1:
        return replace(report, heard_at=later, position_at=None, lat_deg=None, lon_deg=None)
    if kind == 2:
        return replace(report, position_at=later, heard_at=later, crowded=True)
    if kind == 3:  # a spoofed jump
        return replace(report, position_at=later, heard_at=later, lat_deg=33.8, lon_deg=35.5)
    if kind == 4:
        return replace(report, position_at=later, heard_at=later, geom_altitude_ft=9000.0)
    feed = noise.choice(["a", "b", "c"])
    return replace(report, position_at=later, heard_at=later, feed=feed)


tracks = st.builds(wandering, st.integers(0, 10**6), st.sampled_from([0.0, 0.05, 0.5]))


@given(tracks, st.booleans())
@settings(max_examples=150)
def test_fusing_by_what_was_passed_is_fusing_by_looking_at_all(
    reports: list[Observation], shuffled: bool
) -> None:
    fuses_as_by_looking_at_all(reports, shuffled=shuffled)


@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_on_a_few_short_tracks(seed: int) -> None:
    """Known ones, so that a mistake is seen at once, and not by a search."""
    for faults in (0.0, 0.05, 0.5):
        for shuffled in (False, True):
            fuses_as_by_looking_at_all(wandering(seed, faults, 50), shuffled=shuffled)


def fuses_as_by_looking_at_all(reports: list[Observation], *, shuffled: bool) -> None:
    plain = plainly_fused(reports)
    if shuffled:
        random.Random(len(plain)).shuffle(reports)
    fixes = fixes_of(reports)
    dated_back = on_time(sorted(reports, key=_total_order))
    if dated_back is None and not plainly_jumping(plain):
        assert list(fixes) == [fix for fix, _ in plain]
    placed = {fix.at for fix in fixes if fix.placed}
    assert placed <= {report.at for report in [*reports, *(dated_back or [])]}
    assert [fix.at for fix in fixes] == list(fixes.ats)


@given(st.integers(0, 10**6))
@settings(max_examples=50)
def test_who_is_down_is_at_the_nearest_field_in_reach(seed: int) -> None:
    """On hops between the fields and around them, as if each were looked at alone."""
    noise = random.Random(seed)
    reports = wandering(seed, 0.0, 40)
    for number, report in enumerate(reports):
        field = noise.choice(FIELDS) if noise.random() < 0.1 else LLOV
        reports[number] = replace(
            report,
            lat_deg=field.lat_deg + noise.choice([0.0, 0.01, 0.036, 0.05]),
            lon_deg=field.lon_deg + noise.choice([0.0, -0.01, 0.04]),
            on_ground=True,
            ground_speed_kt=10.0,
            source=Source.ADSB,
            heard_at=START + timedelta(hours=number),
            position_at=START + timedelta(hours=number),
        )
    contacts = contacts_of(list(map(_alone, reports)), FIELDS, RULES)
    for report, contact in zip(reports, contacts, strict=True):
        away = {
            each.icao: field_distance_nm(each, report.lat_deg or 0.0, report.lon_deg or 0.0)
            for each in FIELDS
        }
        nearest = min(away, key=lambda icao: away[icao])
        expected = nearest if away[nearest] <= RULES.field_radius_nm else None
        assert (contact.field.icao if contact.field else None) == expected


def _alone(report: Observation) -> Fix:
    fix = fix_of(report, CIRCLE_ABOVE_FT)
    assert fix is not None
    return fix


@given(tracks)
@settings(max_examples=50)
def test_contacts_and_gaps_of_fixes_built_late_are_those_of_fixes_built_before(
    reports: list[Observation],
) -> None:
    late = contacts_of(fixes_of(reports), FIELDS, RULES)
    before = contacts_of(list(fixes_of(reports)), FIELDS, RULES)
    assert list(late) == list(before)
    silent = [
        Gap(i, i + 1)
        for i, (here, there) in enumerate(pairwise(before))
        if there.fix.at - here.fix.at >= RULES.quick_stay
        and not (here.field is not None and here.field == there.field)
    ]
    assert gaps_of(late, RULES) == [*silent, Gap(len(before) - 1, None)]


def test_fixes_are_a_sequence_like_any() -> None:
    fixes = fixes_of(wandering(3, 0.0, 20))
    built = list(fixes)
    assert [fixes[-1], *fixes[2:5]] == [built[-1], *built[2:5]]
    assert Fixes.of(fixes) is fixes
    with pytest.raises(IndexError):
        fixes[len(fixes)]
