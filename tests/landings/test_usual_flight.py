"""Which flights lead to a stay as usual, and away from it? The last reports before and the first
after it, each bound on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from collector.landings.usual_flight import comes_usually, hops, leaves_usually
from collector.model import Airfield
from collector.tracking import Fix
from tests.landings.made_fixes import FIELD, OTHER, RULES, blind, contacts, fix, ground

DOWN_S = 1800.0
"""When it is first on the ground at the field."""
CLIMBS: Mapping[str, Any] = {"vertical_rate_fpm": 1000.0}
"""It was not descending, so only what is asked for lets it come."""


def comes(*before: Fix, left: Airfield | None = None) -> bool:
    """Whether a usual flight leads from these proofs to the field; the first of them is the last
    report on the ground at `left`, if given."""
    last = len(before)
    down = {last: FIELD} if left is None else {0: left, last: FIELD}
    rows = contacts(*before, ground(DOWN_S), down=down)
    proofs = range(last - 1, -1 if left is None else 0, -1)
    return comes_usually(rows, proofs, (None if left is None else 0, last), RULES)


@pytest.mark.parametrize(
    ("one", "usually"),
    [
        # No steeper than 4,000 ft/min, beyond what the altitude may be off (100 ft).
        (fix(1740, 5.0, 4100), True),
        (fix(1740, 5.0, 4101), False),
        (fix(1740, 5.0, None), True),
        (blind(1740, 4100), True),
        (blind(1740, 4101), False),
        # From beyond 40 NM in no less than 0.8 of the usual flight: at 60 NM that is 774 s.
        (fix(1025, 60.0), True),
        (fix(1027, 60.0), False),
        (fix(1700, 39.9), True),
        (fix(1700, 40.1), False),
        # Down, or low and near as in a circuit, or with ten minutes left to descend.
        (fix(1680, 15.1, vertical_rate_fpm=-150.0), True),
        (fix(1680, 15.1, vertical_rate_fpm=-149.0), False),
        (fix(1680, 14.9, 5000, vertical_rate_fpm=299.0), True),
        (fix(1680, 14.9, 5001, vertical_rate_fpm=299.0), False),
        (fix(1680, 15.1, 5000, vertical_rate_fpm=299.0), False),
        (fix(1680, 14.9, 2000, vertical_rate_fpm=300.0), True),
        (fix(1680, 14.9, 2001, vertical_rate_fpm=300.0), False),
        (fix(1680, 14.9, None, **CLIMBS), False),
        (blind(1680, 1000, **CLIMBS), False),
        (fix(1200, 30.0, 20_000, **CLIMBS), True),
        (fix(1201, 30.0, 20_000, **CLIMBS), False),
    ],
)
def test_the_last_proof_in_flight_decides(one: Fix, usually: bool) -> None:
    assert comes(one) is usually


def test_without_a_proof_in_flight_no_flight_leads_there() -> None:
    assert not comes()
    rows = contacts(fix(1740, 5.0), ground(DOWN_S), down={1: None})
    assert not comes_usually(rows, [0], (None, 1), RULES)


def test_its_height_shows_that_it_sank_whatever_rate_it_reports() -> None:
    last = fix(1680, 18.0, 6000, **CLIMBS)
    assert comes(fix(1620, 20.0, 6500), last)
    assert not comes(fix(1620, 20.0, 6499), last)
    assert not comes(fix(1620, 20.0, None), last)
    assert not comes(fix(1079, 20.0, 6500), last), "ten minutes before says nothing"
    assert comes(fix(1080, 20.0, 6500), last)


WRONG = fix(1740, 5.0, 20_000)
"""Nobody comes down from there in a minute."""


def test_two_that_agree_outvote_the_last_one() -> None:
    assert not comes(WRONG)
    assert not comes(fix(1680, 6.0), WRONG), "one alone does not"
    assert comes(fix(1620, 7.0), fix(1680, 6.0), WRONG)
    assert not comes(fix(1620, 7.0, 12_000), fix(1680, 6.0), WRONG), "they do not agree"
    steep = fix(1620, 7.0, 8500), fix(1680, 6.0, 8500)
    assert not comes(*steep)
    assert comes(*steep, fix(1740, 5.0, 3000)), "they agree with it, and it decides"


def test_reports_of_one_moment_or_of_another_flight_are_no_votes() -> None:
    twin = fix(1736, 5.1, 20_000)
    assert comes(fix(1620, 7.0), fix(1680, 6.0), twin, WRONG)
    distinct = fix(1735, 5.1, 20_000)
    assert not comes(fix(1620, 7.0), fix(1680, 6.0), distinct, WRONG)
    assert comes(fix(1080, 7.0), fix(1680, 6.0), WRONG)
    assert not comes(fix(1079, 7.0), fix(1680, 6.0), WRONG)


def test_where_the_last_height_was_taken_away_the_one_before_tells_it() -> None:
    assert not comes(fix(1680, 6.0, 20_000), fix(1740, 5.0, None))
    assert comes(fix(1680, 6.0, 8000), fix(1740, 5.0, None))


def test_where_the_last_position_is_missing_the_one_before_tells_how_far_it_was() -> None:
    assert not comes(fix(1200, 60.0), blind(1740, 3000))
    assert comes(fix(1200, 39.0), blind(1740, 3000))


@pytest.mark.parametrize(
    ("away_nm", "seconds", "enough"),
    [
        # Two minutes besides the way at 180 kt, less a mile, to a close neighbour.
        (10.0, 301, True),
        (10.0, 299, False),
        (14.9, 399, True),
        (14.9, 397, False),
        # Farther away 0.8 of a usual flight.
        (15.1, 362, True),
        (15.1, 360, False),
        (2.1, 60, True),  # on the same airfield
        (2.3, 60, False),
    ],
)
def test_from_the_ground_at_another_field_it_takes_a_hop(
    away_nm: float, seconds: float, enough: bool
) -> None:
    left = ground(DOWN_S - seconds, away_nm)
    assert comes(left, fix(DOWN_S - 30, 1.0, 500), left=OTHER) is enough


def test_three_reports_of_the_way_show_it_themselves() -> None:
    left = ground(1650, 10.0)
    way = [fix(1680 + 30 * n, 8.0 - 3 * n, 500) for n in range(3)]
    assert not comes(left, *way[1:], left=OTHER)
    assert comes(left, *way, left=OTHER)


def test_who_just_left_another_field_approaches_none_while_it_climbs() -> None:
    climbing = fix(1700, 5.0, 1000, vertical_rate_fpm=300.0)
    assert not comes(ground(1101, 10.0), climbing, left=OTHER)
    assert comes(ground(1100, 10.0), climbing, left=OTHER), "ten minutes ago"
    assert comes(ground(1101, 0.0), climbing, left=FIELD), "a circuit"
    level = fix(1700, 5.0, 1000, vertical_rate_fpm=299.0)
    assert comes(ground(1101, 10.0), level, left=OTHER)


def leaves(
    *after: Fix, seen: int | None = 1, reports: int = 1, breaks: tuple[int, ...] = ()
) -> bool:
    """Whether a usual flight leads from the field, where it was until 0 s, to the fix `seen`."""
    rows = contacts(
        *(ground(-60.0 * each) for each in range(reports - 1, -1, -1)),
        *after,
        down=range(reports),
        breaks=breaks,
    )
    at = None if seen is None else reports - 1 + seen
    return leaves_usually(rows, range(reports), at, FIELD, RULES)


@pytest.mark.parametrize(
    ("one", "usually"),
    [
        (fix(60, 3.0, 6100), True),  # 6,000 ft/min
        (fix(60, 3.0, 6101), False),
        (fix(60, 3.0, None), True),
        (fix(775, 60.0), True),  # 0.8 of the usual flight
        (fix(773, 60.0), False),
    ],
)
def test_the_first_fix_in_flight_shows_how_it_left(one: Fix, usually: bool) -> None:
    assert leaves(one) is usually
    assert leaves(blind(30, None), one, seen=2) is usually


def test_a_fix_that_the_next_one_contradicts_shows_nothing() -> None:
    wrong = fix(60, 3.0, 20_000)
    assert not leaves(wrong)
    assert leaves(wrong, fix(120, 6.0, 3000))
    assert leaves(wrong, blind(90, 20_500), fix(120, 6.0, 3000)), "with a position"
    assert not leaves(wrong, fix(120, 6.0, 21_000))


def test_nobody_leaves_to_where_no_aircraft_can_be_so_soon() -> None:
    """Then a single report on the ground is as likely the wrong one."""
    gone = fix(600, 300.0)
    assert not leaves(gone, seen=None, breaks=(1,))
    assert leaves(gone, seen=None)
    assert leaves(fix(601, 300.0), seen=None, breaks=(1,))
    assert leaves(gone, seen=None, reports=2, breaks=(2,))
    assert leaves(seen=None)
    assert leaves(fix(4, 300.0), seen=None, breaks=(1,)), "as good as the same moment"


def hopped(
    there: Fix,
    *between: Fix,
    reports: int = 2,
    following: int = 2,
    left: int | None = None,
    every_s: float = 60.0,
) -> bool:
    """Whether it stood at the field until 0 s and is on the ground elsewhere too soon."""
    here = [ground(-every_s * each) for each in range(reports - 1, -1, -1)]
    first = reports + len(between)
    group, later = list(range(reports)), list(range(first, first + following))
    rows = contacts(
        *here,
        *between,
        *([there] * following),
        down={**dict.fromkeys(group, FIELD), **dict.fromkeys(later, OTHER)},
    )
    at = None if left is None else reports - 1 + left
    return hops(rows, group, at, later, RULES)


def test_one_report_is_wrong_if_it_is_elsewhere_within_a_quarter_of_an_hour() -> None:
    assert hopped(ground(899, 10.0), reports=1, following=1)
    assert not hopped(ground(900, 10.0), reports=1, following=1)
    assert not hopped(ground(899, 10.0), reports=1, following=0)


def test_several_are_believed_if_fewer_contradict_them_or_after_long() -> None:
    assert hopped(ground(60, 10.0))
    assert not hopped(ground(60, 10.0), following=1)
    assert not hopped(ground(900, 200.0))


def test_unheard_it_needs_the_way_and_five_minutes_besides() -> None:
    assert hopped(ground(479, 10.0))
    assert not hopped(ground(481, 10.0))


def test_heard_in_flight_it_needs_the_way_to_there() -> None:
    there = ground(400, 10.0)
    assert hopped(there)
    assert not hopped(there, fix(60, 3.9), left=1)
    assert hopped(there, fix(60, 4.1), left=1)


def test_a_usual_hop_leads_from_few_reports() -> None:
    """Heard in flight near by, but at the other field sooner than anybody can be."""
    flying = fix(30, 1.0)
    assert hopped(ground(299, 10.0), flying, left=1)
    assert not hopped(ground(301, 10.0), flying, left=1)
    assert hopped(ground(299, 10.0), flying, left=1, reports=5, following=5)
    assert not hopped(ground(299, 10.0), flying, left=1, reports=6, following=6), "a stay"
    assert hopped(ground(299, 10.0), flying, left=1, reports=6, following=6, every_s=23.9)
    assert not hopped(ground(299, 10.0), flying, left=1, reports=6, following=6, every_s=24.0)
