"""Which aircraft on no watch are followed, and where?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from collector.geo import destination
from collector.landings.heavy_types import HEAVY_TYPES
from collector.model import Watch, WatchMatch
from collector.watches.visitors import (
    VISITORS,
    VisitorRule,
    Visitors,
    unlisted,
    without_visitor_if_watched,
)
from tests.support.identity import Row
from tests.support.landings import OVDA, RAMON

DAY = date(2026, 11, 22)
LISTED = WatchMatch("w", "fleet x", True)
VISITOR = WatchMatch(VISITORS, "type A124", False)


@dataclass(frozen=True)
class Plane(Row):
    """A row that may give the aircraft's size."""

    category: str | None = None


def visitors(**lines: tuple[str, ...]) -> Visitors:
    rule = VisitorRule(
        lines=Watch(name=VISITORS, places=(), **lines),  # type: ignore[arg-type]
        categories=frozenset({"A5"}),
        within_nm=100.0,
        below_ft=29_000.0,
    )
    return Visitors(rule, (OVDA, RAMON))


@pytest.mark.parametrize(
    ("plane", "why"),
    [
        (Plane("508035", type_code="A124"), "type A124"),
        (Plane("508035", type_code="A124", category="A5"), "type A124"),
        (Plane("ae0001", type_code="ZZZZ", category="A5"), "category A5"),
        (Plane("ae0001", category="A3"), None),
        (Plane("4ca1fa", type_code="A320", category="A3"), None),
        (Plane("896001", callsign="UAF101"), "callsign UAF*"),
        (Plane("0d0001", category="A5"), None),
        (Plane("508035", "ELY001", category="A5"), None),
        (Plane(None, type_code="A124", category="A5"), None),
    ],
)
def test_who_is_a_visitor(plane: Plane, why: str | None) -> None:
    rule = visitors(
        types=tuple(HEAVY_TYPES), callsigns=("UAF*",), exclude=("0d0000-0dffff", "ELY*")
    )
    expected = () if why is None else (WatchMatch(VISITORS, why, counted=False),)
    assert rule.match(plane, DAY) == expected


@pytest.mark.parametrize(
    ("away_nm", "altitude_ft", "near"),
    [
        (99.0, 5_000.0, True),
        (99.0, None, True),
        (101.0, 5_000.0, False),
        (5.0, 28_999.0, True),
        (5.0, 29_000.0, False),
        (5.0, 0.0, True),
    ],
)
def test_where_a_visitor_is_followed(away_nm: float, altitude_ft: float, *, near: bool) -> None:
    place = destination(OVDA.lat_deg, OVDA.lon_deg, 350.0, away_nm)
    assert visitors().near(*place, altitude_ft) is near


def test_any_watched_airfield_is_a_centre() -> None:
    place = destination(RAMON.lat_deg, RAMON.lon_deg, 165.0, 99.0)
    assert visitors().near(*place, 5_000.0)


def test_whom_a_watch_wants_is_no_visitor() -> None:
    assert without_visitor_if_watched((VISITOR, LISTED)) == (LISTED,)
    assert without_visitor_if_watched((VISITOR,)) == (VISITOR,)
    assert (unlisted((VISITOR,)), unlisted((VISITOR, LISTED)), unlisted(())) == (True, False, False)
