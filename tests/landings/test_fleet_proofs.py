"""Is nothing a proof of where an airframe was that is only estimated?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.landings.fleet_ledger import LedgerRow, ledger
from collector.model import Aircraft, Landing, Observation
from collector.model.imported import FLIGHTRADAR24
from collector.weeks import week_bounds
from tests.support.landings import AIRFIELDS, OVDA
from tests.support.touchdowns import WATCH, touchdown
from tests.support.unheard import unheard

BEGIN, END = week_bounds("2026-W47", "Asia/Jerusalem")
HOUR = timedelta(hours=1)
ONE = "600865"
FLEETED = replace(WATCH, fleet=(Aircraft(icao24=ONE, type_code="IL76"),))


def row(
    landings: Sequence[Landing],
    observations: Sequence[Observation] = (),
    *,
    begin: datetime = BEGIN,
    hours: float = 168,
) -> LedgerRow:
    end = begin + hours * HOUR
    (found,) = ledger(
        FLEETED, {ONE: observations}, landings, AIRFIELDS, begin=begin, end=end, now=end
    )
    return found


def at_ovda(hours: float) -> Observation:
    """On the ground there, `hours` into the week."""
    at = BEGIN + hours * HOUR
    return Observation(
        icao24=ONE,
        feed="one",
        heard_at=at,
        position_at=at,
        lat_deg=OVDA.lat_deg,
        lon_deg=OVDA.lon_deg,
        on_ground=True,
        ground_speed_kt=0.0,
    )


def test_an_arrival_that_nobody_heard_proves_nothing_before_it_was_surely_there() -> None:
    """Heard only as it leaves after 130 hours: it may have come more than once before."""
    arrived = unheard(touchdown(BEGIN), BEGIN + 3 * HOUR, BEGIN + 130 * HOUR)
    left = replace(arrived.detection, departed_at=BEGIN + 131 * HOUR)
    found = row([replace(arrived, detection=left)], hours=131)
    assert found.longest_unaccounted == 130 * HOUR
    assert found.last_proven_where == "at Ovda (LLOV)"
    assert found.last_proven_at == BEGIN + 131 * HOUR
    standing = row([], [at_ovda(130), at_ovda(131)], hours=131)
    assert standing.longest_unaccounted == found.longest_unaccounted
    assert found.landings == 1
    most = row([], [at_ovda(130)], hours=130).could_have_landed
    assert found.could_have_landed == most - 1 > 0


def test_a_landing_that_may_lie_in_either_week_is_known_in_both() -> None:
    """It may lower the bound of one of them only, and nobody knows which."""
    arrived = unheard(touchdown(END), END - 20 * HOUR, END + 30 * HOUR)
    assert (row([arrived]).landings, row([arrived], begin=END).landings) == (1, 1)
    assert row([arrived]).could_have_landed == row([]).could_have_landed


def test_what_only_an_export_shows_proves_nothing() -> None:
    at_ramon = touchdown(BEGIN + HOUR, "LLER")
    stay = replace(at_ramon.detection, feeds=(FLIGHTRADAR24,), departed_at=END - HOUR)
    exported = replace(at_ramon, detection=stay)
    for landing in (exported, replace(exported, review="confirmed")):
        found = row([landing])
        assert (found.landings, found.last_proven_at) == (1, None)
        assert found.longest_unaccounted == END - BEGIN
        assert found.could_have_landed == row([]).could_have_landed - 1
