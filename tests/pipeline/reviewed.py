"""Which landing do the tests of reviews use? One arrival at Ovda, received down to some height."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from click.testing import CliRunner, Result

from collector.cli import main
from collector.model import Landing, Observation, WatchMatch
from collector.model.review import Review
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, outbox
from collector.weeks import week_of
from tests.support.flights import LLOV, START, hear, polls, visit
from tests.support.station import Station

HOUR = timedelta(hours=1)

DAY = timedelta(days=1)

DOWN = START + HOUR

STAY = 2 * HOUR

MATCHES = (WatchMatch("w", "icao24 600865", counted=True),)

ID = f"600865-{DOWN.date()}-1"

ZONE = "Asia/Jerusalem"

WEEK = week_of(DOWN, ZONE)

LATER = DOWN + 9 * DAY

NOTE = "Satellite picture: apron empty"


def review(verdict: str | None, at: datetime, *, airfield: str | None = None) -> Review:
    return Review(at=at, by="Anna", verdict=verdict, note=NOTE, airfield=airfield)


def lost_high(field: Any = LLOV) -> list[Observation]:
    """An arrival that no feed receives below 4,000 ft."""
    return hear(visit(field, DOWN, STAY), polls(START, DOWN), floor_ft=4000)


def landed(field: Any = LLOV) -> list[Observation]:
    """The same arrival received on the ground."""
    return hear(visit(field, DOWN, STAY), polls(START + HOUR / 2, DOWN + HOUR / 3))


@contextmanager
def desk(station: Station) -> Iterator[Services]:
    with Store.open(station.database) as store:
        yield build_services(load(station.config, environ={}), store)


def landing_after(services: Services, seen: Sequence[Observation], now: datetime) -> Landing:
    """The one landing after these reports and what follows from them."""
    services.pipeline.store_reports([(one, MATCHES) for one in seen], (), now)
    services.pipeline.derivation.settle(now)
    return the_landing(services)


def the_landing(services: Services) -> Landing:
    (found,) = landings.find(services.store, include_retracted=True)
    return found


def count(services: Services, now: datetime) -> tuple[int, int, str]:
    """Count, upper bound and alert of the landing's week."""
    watch = services.settings.watches[0]
    week = services.weeks.place_week(watch, watch.places[0], WEEK, now)
    return week.count.count, week.count.at_most, week.alert


def mails_by_key(store: Store) -> dict[str, str]:
    """The text of each mail, by key."""
    return {item.key: item.owed.message.text for item in outbox.listing(store)}


def call(station: Station, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--config", str(station.config), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result
