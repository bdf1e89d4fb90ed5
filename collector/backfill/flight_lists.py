"""Which arrivals of watched aircraft do other sources state? Files and OpenSky say it.

An arrival is stored beside landings (`queries/arrivals.py`) and never becomes one. Each request is
stored with its outcome in one transaction, so that a run may be killed at any moment and the next
one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from collector.archives.flight_lists import Flown, read
from collector.backfill.scope import request_scope
from collector.backfill.session import Session, requests_before
from collector.errors import DecodeError
from collector.feeds.config import FeedSettings
from collector.feeds.opensky_flights import PRICE, SOURCE, FlightTable, ready
from collector.model import Aircraft, Airfield, Arrival
from collector.model.sighting import plain_registration
from collector.settings import Settings
from collector.settings.derived import fleet
from collector.store import arrivals, feeds
from collector.watches.matcher import Matcher

FILES = "flight-list"
"""The source of flight-list files among the stored requests."""
BUCKET = "opensky/flights"
"""The name under which the credits spent on flights are stored: OpenSky counts them apart."""
TAKEN, NONE, DAMAGED, EARLY, LEFT = "taken", "none", "damaged", "not yet", "left for another day"


class FlightMatcher:
    """Says whether a flight is of an aircraft that a watch names, by address or registration."""

    def __init__(self, settings: Settings) -> None:
        self._matcher = Matcher(settings.watches)
        self._by_registration: dict[str, list[Aircraft]] = {}
        for row in (row for watch in settings.watches for row in watch.fleet):
            if (plain := plain_registration(row.registration)) is not None:
                self._by_registration.setdefault(plain, []).append(row)

    def __call__(self, flown: Flown) -> tuple[str, str | None] | None:
        """Return address and registration of a watched aircraft; None for any other."""
        if flown.icao24 is not None and self._matcher(flown, flown.day):
            listed = self._matcher.airframe(flown.icao24, flown.day)
            return flown.icao24, listed.registration if listed else flown.registration
        for row in self._by_registration.get(plain_registration(flown.registration) or "", ()):
            if self._matcher.airframe(row.icao24, flown.day) == row:
                return row.icao24, row.registration
        return None


def fields_of(settings: Settings) -> Mapping[str, Sequence[Airfield]]:
    """Return the airfields whose arrivals are stored, by code, with all periods of their validity.

    They are the watched airfields and those that a landing there may be confused with, but not the
    fleets' home airfields.
    """
    watched = {field.icao for field in settings.watched}
    homes = {code for watch in settings.watches for code in watch.home} - watched
    fields: dict[str, list[Airfield]] = {}
    for field in settings.airfields:
        if field.icao not in homes:
            fields.setdefault(field.icao, []).append(field)
    return fields


def read_flight_lists(session: Session, paths: Sequence[Path]) -> None:
    """Read and store these flight lists. Raises StoreError."""
    settings, store = session.services.settings, session.services.store
    fields, wanted, scope = fields_of(settings), FlightMatcher(settings), request_scope(settings)
    before, now_at = requests_before(store, FILES, scope), session.clock.now()
    for path in paths:
        subject = str(path.resolve())
        try:
            stat = path.stat()
        except OSError as error:
            session.report.problem(f"{path}: {error.strerror or error}")
            continue
        mark = {"bytes": stat.st_size, "modified": stat.st_mtime}
        last = None if session.again else before.get(subject)
        if last is not None and last.outcome != DAMAGED and mark.items() <= last.detail.items():
            session.ended["read before"] += 1
        else:
            _read_file(
                session, path, partial(read, path, fields, wanted, now_at=now_at), scope, mark
            )
        session.report.step(path.name)


def _read_file(
    session: Session,
    path: Path,
    rows: Callable[[Callable[[str], None]], Iterable[Arrival]],
    scope: str,
    mark: Mapping[str, float],
) -> None:
    """Store what can be read of one file, in one transaction."""
    subject, found, damaged = str(path.resolve()), [], False
    try:
        for arrival in rows(session.report.problem):
            found.append(arrival)
    except DecodeError as error:
        damaged = True
        session.report.problem(str(error))
    store, now = session.services.store, session.clock.now()
    with store.transaction():
        arrivals.delete_arrivals(store, subject)
        arrivals.store_arrivals(store, found, subject, now)
        outcome = DAMAGED if damaged else TAKEN if found else NONE
        session.record_outcome(FILES, subject, scope, outcome, flights=len(found), **mark)
    session.arrivals += len(found)


def flight_lists_in(paths: Sequence[Path], problem: Callable[[str], None]) -> list[Path]:
    """Return every flight list among these files and folders, each once.

    `problem` is called with a message for each path that is none and holds none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = (file for file in sorted(path.rglob("*")) if file.is_file())
            lists = [file for file in files if file.name.lower().endswith((".csv", ".csv.gz"))]
            if not lists:
                problem(f"{path}: this folder holds no .csv or .csv.gz file")
            found += lists
        elif path.exists():
            found.append(path)
        else:
            problem(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class FlightTableRequest:
    """One request to OpenSky's flight table."""

    day: date
    airfield: str | None = None
    icao24: str | None = None

    @property
    def subject(self) -> str:
        """`2026-11-18 LLOV`"""
        return f"{self.day} {self.airfield or self.icao24}"


def plan(session: Session, days: Sequence[date], *, aircraft: bool) -> list[FlightTableRequest]:
    """Return the requests still to be sent: one for each watched airfield and day.

    With `aircraft`, one for each watched aircraft and day as well. Raises StoreError.
    """
    settings = session.services.settings
    before = requests_before(session.services.store, SOURCE, request_scope(settings))
    codes = dict.fromkeys(field.icao for field in settings.watched)
    matcher = fleet(settings)
    requests = [
        request
        for day in days
        for request in (
            *(FlightTableRequest(day, airfield=code) for code in codes),
            *(
                FlightTableRequest(day, icao24=icao24)
                for icao24 in (matcher.fleet_addresses(day) if aircraft else ())
            ),
        )
    ]
    if session.again:
        return requests
    session.ended["asked before"] += sum(request.subject in before for request in requests)
    return [request for request in requests if request.subject not in before]


def opensky_feed(settings: Settings) -> FeedSettings | None:
    """Return the feed whose agreement and account OpenSky's flight table needs, None without."""
    return next((feed for feed in settings.feeds if feed.kind == "opensky"), None)


class FlightTableBackfill:
    """The requests of one run to OpenSky's flight table, within the credits of the day."""

    def __init__(self, session: Session) -> None:
        """Raises ConfigError unless the configuration names agreement and account."""
        settings = session.services.settings
        store, clock = session.services.store, session.clock
        self._session = session
        self._table = FlightTable(
            opensky_feed(settings),
            session.http,
            clock,
            lambda cost: feeds.store_spending(store, BUCKET, clock.now(), cost),
        )
        self._table.budget.resume(feeds.spending(store, BUCKET, clock.now()), clock.now())
        self._wanted = FlightMatcher(settings)
        self._fields = fields_of(settings)
        self._scope = request_scope(settings)

    def affordable(self) -> int | None:
        """Return how many requests today's credits still pay for; None if there is no limit."""
        left = self._table.budget.left(self._session.clock.now())
        return None if left is None else left // PRICE

    def send(self, requests: Sequence[FlightTableRequest]) -> None:
        """Send as many of these requests as the day's credits allow; leave the others.

        Raises FeedError.
        """
        session = self._session
        for number, request in enumerate(requests):
            if not ready(request.day, session.clock.now()):
                session.ended[EARLY] += 1
            elif self.affordable() == 0:
                session.ended[LEFT] += len(requests) - number
                return
            else:
                self._send(request)
            session.report.step(request.subject)

    def _send(self, request: FlightTableRequest) -> None:
        session = self._session
        fetch = (
            partial(self._table.arrivals, request.airfield)
            if request.airfield is not None
            else partial(self._table.of_aircraft, request.icao24 or "")
        )
        stated = session.with_patience(lambda: fetch(request.day, session.report.problem))
        found = [arrival for arrival in stated if self._keeps(arrival)]
        store = session.services.store
        with store.transaction():
            arrivals.delete_arrivals(store, request.subject)
            arrivals.store_arrivals(store, found, request.subject, session.clock.now())
            outcome = TAKEN if found else NONE
            session.record_outcome(
                SOURCE, request.subject, self._scope, outcome, flights=len(found)
            )
        session.arrivals += len(found)

    def _keeps(self, arrival: Arrival) -> bool:
        flown = Flown(arrival.icao24, None, arrival.callsign, None, arrival.arrived_at.date())
        return arrival.airfield in self._fields and self._wanted(flown) is not None
