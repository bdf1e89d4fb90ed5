"""How far apart are two fixes of a track, and which one with a position is nearest in time?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector.tracking import Fix, Fixes
from tests.tracking.test_chain import report

T = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def fixes(*seconds: float, unplaced: tuple[int, ...] = ()) -> Fixes:
    """Fixes a degree of latitude apart, some without a position."""
    return Fixes.of(
        [
            Fix(at=T + each * SECOND, altitude_ft=1000.0)
            if n in unplaced
            else Fix(at=T + each * SECOND, lat_deg=30.0 + n, lon_deg=35.0)
            for n, each in enumerate(seconds)
        ]
    )


@pytest.mark.parametrize(
    ("least_s", "most_s", "before", "after"),
    [
        (0, 900, 1, 3),
        (10, 900, 1, 3),
        (11, 900, 0, 3),
        (12, 900, 0, 4),
        (10, 10, 1, None),
        (10, 9, None, None),
        (11, 59, None, 3),
        (13, 60, 0, 4),
    ],
)
def test_the_nearest_fix_with_a_position_within_some_time(
    least_s: float, most_s: float, before: int | None, after: int | None
) -> None:
    track = fixes(0, 50, 60, 71, 110)
    found = [track.nearest_placed(2, step, least_s * SECOND, most_s * SECOND) for step in (-1, 1)]
    assert found == [before, after]


def test_a_fix_without_a_position_is_passed_over() -> None:
    track = fixes(0, 50, 60, 71, 110, unplaced=(1, 3))
    assert track.nearest_placed(2, -1, SECOND, 60 * SECOND) == 0
    assert track.nearest_placed(2, -1, SECOND, 59 * SECOND) is None
    assert track.nearest_placed(2, 1, SECOND, 50 * SECOND) == 4
    assert track.nearest_placed(0, -1, SECOND, 900 * SECOND) is None
    assert track.nearest_placed(4, 1, SECOND, 900 * SECOND) is None


def test_a_degree_of_latitude_is_sixty_miles() -> None:
    track = fixes(0, 60, 120, unplaced=(2,))
    assert track.away_nm(0, 1) == track.away_nm(1, 0) == pytest.approx(60.04, abs=0.01)
    assert track.farther(0, 1, 60.0)
    assert not track.farther(0, 1, 60.1)
    assert (track.away_nm(0, 2), track.away_nm(2, 0)) == (0.0, 0.0)
    assert not track.farther(0, 2, 0.0)
    assert not track.farther(2, 0, 0.0)


def test_beside_each_other_they_are_nearer_than_north_and_east_together() -> None:
    one = Fix(at=T, lat_deg=60.0, lon_deg=35.0)
    other = replace(one, at=T + SECOND, lat_deg=60.5, lon_deg=36.0)
    track = Fixes.of([one, other])
    assert track.away_nm(0, 1) == pytest.approx(42.3, abs=0.2)
    assert track.farther(0, 1, 42.0)
    assert not track.farther(0, 1, 43.0)


def test_plain_reports_have_places_too() -> None:
    rows = [report(0.0, 30.0), report(1.0, 31.0)]
    track = Fixes(rows, [row.at for row in rows], {})
    assert track.away_nm(0, 1) == pytest.approx(60.04, abs=0.01)
    assert rows[0].place == (30.0, 35.0)
    assert replace(rows[0], lon_deg=None).place is None
    assert replace(rows[0], lat_deg=None).place is None
    assert track[0].place == (30.0, 35.0)
    assert Fix(at=T, altitude_ft=1000.0).place is None
