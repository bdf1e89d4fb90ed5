"""Whose arrivals are taken from other sources, and where from: files, or OpenSky's flight table?

They are statements beside landings (`corroborating`), never landings. Each ask is one transaction
and is noted with it, so that a run may be killed at any moment and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from collector.archives.flight_lists import Flown, read
from collector.backfill.scope import request_scope
from collector.backfill.session import Session, known
from collector.errors import DecodeError
from collector.feeds.opensky_flights import PRICE, SOURCE, FlightTable, ready
from collector.model import Aircraft, Airfield, Arrival
from collector.model.sighting import plain_registration
from collector.settings import Settings
from collector.settings.derived import fleet
from collector.store import arrivals, feeds
from collector.watches.matcher import Matcher

FILES = "flight-list"
"""What files are called among what was asked."""
BUCKET = "opensky/flights"
"""What OpenSky's second bucket of credits is called in the spending."""
TAKEN, NONE, DAMAGED, EARLY, LEFT = "taken", "none", "damaged", "not yet", "left for another day"


class Wanted:
    """Is this flight of an aircraft that a watch names, by address or by registration?"""

    def __init__(self, settings: Settings) -> None:
        self._matcher = Matcher(settings.watches)
        self._by_registration: dict[str, list[Aircraft]] = {}
        for each in (row for watch in settings.watches for row in watch.fleet):
            if (plain := plain_registration(each.registration)) is not None:
                self._by_registration.setdefault(plain, []).append(each)

    def __call__(self, flown: Flown) -> tuple[str, str | None] | None:
        """Address and registration; None for everybody else."""
        if flown.icao24 is not None and self._matcher(flown, flown.day):
            listed = self._matcher.airframe(flown.icao24, flown.day)
            return flown.icao24, listed.registration if listed else flown.registration
        for each in self._by_registration.get(plain_registration(flown.registration) or "", ()):
            if self._matcher.airframe(each.icao24, flown.day) == each:
                return each.icao24, each.registration
        return None


def fields_of(settings: Settings) -> Mapping[str, Sequence[Airfield]]:
    """Airfields whose arrivals are of interest: the watched ones and those a landing there may be
    confused with, not the fleets' homes."""
    watched = {field.icao for field in settings.watched}
    homes = {code for watch in settings.watches for code in watch.home} - watched
    fields: dict[str, list[Airfield]] = {}
    for each in settings.airfields:
        if each.icao not in homes:
            fields.setdefault(each.icao, []).append(each)
    return fields


def take_files(run: Session, paths: Sequence[Path]) -> None:
    """Every flight list among these files and folders. Raises StoreError."""
    settings, store = run.services.settings, run.services.store
    fields, wanted, scope = fields_of(settings), Wanted(settings), request_scope(settings)
    before, now_at = known(store, FILES, scope), run.clock.now()
    for path in _files(paths, run.report.problem):
        subject = str(path.resolve())
        try:
            stat = path.stat()
        except OSError as error:
            run.report.problem(f"{path}: {error.strerror or error}")
            continue
        mark = {"bytes": stat.st_size, "modified": stat.st_mtime}
        last = None if run.again else before.get(subject)
        if last is not None and last.outcome != DAMAGED and mark.items() <= last.detail.items():
            run.ended["read before"] += 1
        else:
            _take_file(run, path, partial(read, path, fields, wanted, now_at=now_at), scope, mark)
        run.report.step(path.name)


def _take_file(
    run: Session,
    path: Path,
    rows: Callable[[Callable[[str], None]], Iterable[Arrival]],
    scope: str,
    mark: Mapping[str, float],
) -> None:
    """One file, what could be read of it; all of it in one transaction."""
    subject, found, damaged = str(path.resolve()), [], False
    try:
        for arrival in rows(run.report.problem):
            found.append(arrival)
    except DecodeError as error:
        damaged = True
        run.report.problem(str(error))
    store, now = run.services.store, run.clock.now()
    with store.transaction():
        arrivals.forget(store, subject)
        arrivals.add(store, found, subject, now)
        outcome = DAMAGED if damaged else TAKEN if found else NONE
        run.record_outcome(FILES, subject, scope, outcome, flights=len(found), **mark)
    run.stated += len(found)


def _files(paths: Sequence[Path], problem: Callable[[str], None]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            names = (each for each in sorted(path.rglob("*")) if each.is_file())
            found += [each for each in names if each.name.lower().endswith((".csv", ".csv.gz"))]
        elif path.exists():
            found.append(path)
        else:
            problem(f"{path}: there is no such file or folder")
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to OpenSky's flight table."""

    day: date
    airfield: str | None = None
    icao24: str | None = None

    @property
    def subject(self) -> str:
        """`2026-11-18 LLOV`"""
        return f"{self.day} {self.airfield or self.icao24}"


def plan(run: Session, days: Sequence[date], *, aircraft: bool) -> list[Ask]:
    """What is still to be asked: each watched airfield and day, with `aircraft` each aircraft too.

    Raises StoreError.
    """
    settings = run.services.settings
    before = known(run.services.store, SOURCE, request_scope(settings))
    codes = dict.fromkeys(field.icao for field in settings.watched)
    matcher = fleet(settings)
    asks = [
        ask
        for day in days
        for ask in (
            *(Ask(day, airfield=code) for code in codes),
            *(Ask(day, icao24=one) for one in (matcher.fleet_addresses(day) if aircraft else ())),
        )
    ]
    if run.again:
        return asks
    run.ended["asked before"] += sum(ask.subject in before for ask in asks)
    return [ask for ask in asks if ask.subject not in before]


class OpenSky:
    """A run through OpenSky's flight table, within the credits of the day."""

    def __init__(self, run: Session) -> None:
        """Raises ConfigError unless the configuration names agreement and account."""
        settings = run.services.settings
        found = next((each for each in settings.feeds if each.kind == "opensky"), None)
        store, clock = run.services.store, run.clock
        self._run = run
        self._table = FlightTable(
            found,
            run.http,
            clock,
            lambda cost: feeds.spend(store, BUCKET, clock.now(), cost),
        )
        self._table.budget.resume(feeds.spent(store, BUCKET, clock.now()), clock.now())
        self._wanted = Wanted(settings)
        self._fields = fields_of(settings)
        self._scope = request_scope(settings)

    def affordable(self) -> int | None:
        """How many requests today's credits still pay for; None: no limit."""
        left = self._table.budget.left(self._run.clock.now())
        return None if left is None else left // PRICE

    def run(self, asks: Sequence[Ask]) -> None:
        """Ask as many as the day's credits allow; the others are left. Raises FeedError."""
        run = self._run
        for number, ask in enumerate(asks):
            if not ready(ask.day, run.clock.now()):
                run.ended[EARLY] += 1
            elif self.affordable() == 0:
                run.ended[LEFT] += len(asks) - number
                return
            else:
                self._ask(ask)
            run.report.step(ask.subject)

    def _ask(self, ask: Ask) -> None:
        run = self._run
        one = (
            partial(self._table.arrivals, ask.airfield)
            if ask.airfield is not None
            else partial(self._table.of_aircraft, ask.icao24 or "")
        )
        given = run.with_patience(lambda: one(ask.day, run.report.problem))
        found = [each for each in given if self._keeps(each)]
        store = run.services.store
        with store.transaction():
            arrivals.forget(store, ask.subject)
            arrivals.add(store, found, ask.subject, run.clock.now())
            outcome = TAKEN if found else NONE
            run.record_outcome(SOURCE, ask.subject, self._scope, outcome, flights=len(found))
        run.stated += len(found)

    def _keeps(self, arrival: Arrival) -> bool:
        flown = Flown(arrival.icao24, None, arrival.callsign, None, arrival.arrived_at.date())
        return arrival.airfield in self._fields and self._wanted(flown) is not None
