"""When are stops derived, what do they leave in peace, and what was known of them before?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Landing, Observation, WatchMatch
from collector.model.stop import Side, Stop, StopCandidate, StopRevision
from collector.pipeline import stops as step
from collector.queries.as_of import landings_known_at
from collector.services import Services
from collector.store import Store, landings, outbox, stops
from tests.landings.test_stops import BAKU, FRANKFURT, HOUR, journey
from tests.pipeline.reviewed import desk
from tests.support.flights import LLOV
from tests.support.station import Station
from tests.surfaces.doors import one_line

MATCH = (WatchMatch("w", "icao24 600865", True),)
REPORTS, (INBOUND, OUTBOUND) = journey(BAKU, LLOV, FRANKFURT)
LEFT = OUTBOUND.moments[0][0]
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
EARLY, LATE = LEFT + HOUR, OUTBOUND.landed_at + 4 * HOUR


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with desk(Station(tmp_path)) as opened:
        yield opened


def receive(services: Services, reports: Sequence[Observation], now: datetime) -> Landing:
    """Store reports, as a poll does, derive the stops, and return the only landing."""
    services.pipeline.store_reports([(each, MATCH) for each in reports], (), now)
    services.stops.derive_due(now)
    return only(services.store)


def only(store: Store) -> Landing:
    (landing,) = landings.find(store)
    return landing


def codes(landing: Landing) -> tuple[tuple[str, ...], ...]:
    return tuple(stop.codes for stop in landing.stops)


def until(at: datetime) -> list[Observation]:
    return [each for each in REPORTS if each.heard_at <= at]


def test_a_stop_that_becomes_known_later_is_no_correction(services: Services) -> None:
    early = receive(services, until(EARLY), EARLY)
    assert codes(early) == (("UBBB",), ())
    changes, mails = landings.history(services.store, early.id), outbox.listing(services.store)
    late = receive(services, [each for each in REPORTS if each.heard_at > EARLY], LATE)
    assert codes(late) == (("UBBB",), ("EDDF",))
    assert landings.history(services.store, late.id) == changes
    assert outbox.listing(services.store) == mails
    found = [each for each in stops.history(services.store, late.id) if each.side is Side.NEXT]
    assert [(each.change, each.before, each.after) for each in found] == [("found", (), ("EDDF",))]
    text = services.digests.message(services.settings.watches, "2026-W48", MONDAY).text
    assert "stop seen is" not in text
    (then,) = landings_known_at(services.store, EARLY + HOUR).landings
    assert codes(then) == (("UBBB",), ())
    assert then.stops[1].reason == "It was not known then."


def test_a_stop_that_a_digest_gave_and_that_moves_is_corrected_in_the_next(
    services: Services,
) -> None:
    landing = receive(services, REPORTS, LATE)
    at = MONDAY - timedelta(days=4)
    moved = Stop(
        side=Side.NEXT, airfield="UBBL", candidates=(StopCandidate("UBBL", "Lankaran", 0.9),)
    )
    change = StopRevision(landing.id, Side.NEXT, at, "moved", ("EDDF",), ("UBBL",), "1")
    stops.save(services.store, landing.id, moved, change, at=at, rules_version="1")
    late = StopRevision(landing.id, Side.PREVIOUS, at, "found", (), ("UBBB",), "1")
    stops.save(services.store, landing.id, landing.stops[0], late, at=at, rules_version="1")
    text = services.digests.message(services.settings.watches, "2026-W48", MONDAY).text
    corrections = one_line(text.partition("CORRECTIONS")[2].partition("LANDINGS")[0])
    assert "next stop seen is Lankaran (UBBL), no longer EDDF." in corrections
    assert "previous stop" not in corrections, "it became known later"


def test_any_number_of_steps_leaves_the_same_stops(services: Services, tmp_path: Path) -> None:
    for at in (LEFT - HOUR, EARLY, LATE):
        in_steps = receive(services, until(at), at)
    other = tmp_path / "other"
    other.mkdir()
    with desk(Station(other)) as at_once:
        at_once.pipeline.store_reports([(each, MATCH) for each in REPORTS], (), LATE)
        assert only(at_once.store).stops == ()
        at_once.stops.derive_all_due(LATE)
        assert only(at_once.store).stops == in_steps.stops
        # A database of before has landings without stops, and nothing that is due.
        at_once.store.execute("DELETE FROM stops")
        assert stops.due(at_once.store) == []
        assert at_once.stops.more_waits()
        at_once.stops.derive_due(LATE)
        assert only(at_once.store).stops == in_steps.stops
        assert not at_once.stops.more_waits()


def test_a_run_that_is_killed_leaves_what_is_due(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, "stops_around", killed)
        with pytest.raises(KeyboardInterrupt):
            receive(services, until(EARLY), EARLY)
    assert only(services.store).stops == ()
    services.stops.derive_due(EARLY)
    assert codes(only(services.store)) == (("UBBB",), ())


def test_a_defect_costs_no_landing_and_ends_with_the_next_report(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object, **__: object) -> tuple[Stop, Stop]:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(step, "stops_around", faulty)
        landing = receive(services, until(EARLY), EARLY)
    assert [stop.reason for stop in landing.stops] == [
        "It could not be derived: ZeroDivisionError."
    ] * 2
    later = EARLY + timedelta(minutes=10)
    assert codes(receive(services, until(later), later)) == (("UBBB",), ())
