"""Which flights ended at an airfield, by OpenSky? Its flight table under `/flights/…` says it.

The terms are those of OpenSky's feed. An account is needed, because anonymous users are refused. A
request is for one UTC day, yesterday or earlier, from a nightly batch; 404 with an empty body means
"none". Credits for flights are counted apart (docs/feed-formats.md#opensky).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from collector.clock import Clock
from collector.decode.rows import address, clean_callsign
from collector.errors import ConfigError, Malformed, Mistake
from collector.feeds.budget import RequestBudget
from collector.feeds.catalogue import KINDS, mistakes
from collector.feeds.config import FeedSettings
from collector.feeds.opensky import BASE, REALM, Token
from collector.model import Arrival
from collector.secret import Secret
from collector.untrusted import visible

if TYPE_CHECKING:
    from collector.http import Http, Response

SOURCE = "opensky-flights"
PRICE = 30
"""Credits for a request that touches one or two partitions, which are UTC days."""
READY_AFTER = timedelta(hours=6)
"""After the end of the day. OpenSky does not publish when its nightly batch is done."""
_PAST, _FUTURE = 946_684_800.0, 4_102_444_800.0
"""The years 2000 and 2100, in Unix seconds."""


class _Flight(msgspec.Struct):
    """The keys of a flight that are read; the server may add others."""

    icao24: str
    last_seen: float = msgspec.field(name="lastSeen")
    first_seen: float | None = msgspec.field(name="firstSeen", default=None)
    origin: str | None = msgspec.field(name="estDepartureAirport", default=None)
    airfield: str | None = msgspec.field(name="estArrivalAirport", default=None)
    callsign: str | None = None
    horizontal_m: float | None = msgspec.field(name="estArrivalAirportHorizDistance", default=None)
    vertical_m: float | None = msgspec.field(name="estArrivalAirportVertDistance", default=None)


def usable(settings: FeedSettings | None) -> tuple[FeedSettings, Secret, Secret]:
    """Return the feed's settings with client id and secret.

    Raises ConfigError with everything that is missing.
    """
    if settings is None:
        what = (
            "is missing: state there under which agreement you may ask OpenSky (`consent`), and "
            "set `enabled = false` if only for the past; see docs/archives.md"
        )
        raise ConfigError([Mistake("[feeds.opensky]", what)])
    found = mistakes(settings)
    client_id, client_secret = settings.client_id, settings.client_secret
    if client_id is None or client_secret is None:
        where = f"feeds.{settings.name}.client_id"
        what = "is missing: OpenSky gives flights only to accounts, so name your API client"
        found.append(Mistake(where, what))
    if found or client_id is None or client_secret is None:
        raise ConfigError(found)
    return settings, client_id, client_secret


def ready(day: date, now: datetime) -> bool:
    """Return whether the nightly batch of that day is done."""
    return now >= datetime.combine(day + timedelta(days=1), time(), UTC) + READY_AFTER


class FlightTable:
    """OpenSky's flight table, asked with one token and within the credits of the day."""

    def __init__(
        self,
        settings: FeedSettings | None,
        http: Http,
        clock: Clock,
        spend: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`spend` is called with the credits before each request. Raises ConfigError."""
        settings, client_id, client_secret = usable(settings)
        kind = KINDS[settings.kind]
        self.budget = RequestBudget(settings.daily_requests or kind.per_day)
        self._base = (settings.url or BASE).rstrip("/")
        self._spacing = kind.spacing
        self._http = http
        self._clock = clock
        self._spend = spend
        token_url = settings.token_url or f"{REALM}/protocol/openid-connect/token"
        self._token = Token(http, clock, token_url, client_id, client_secret)

    def arrivals(
        self, airfield: str, day: date, report: Callable[[str], None] = lambda _: None
    ) -> list[Arrival]:
        """Return every flight that ended at an airfield on that day. Raises FeedError."""
        return self._flights("arrival", "airport", airfield.upper(), day, report)

    def of_aircraft(
        self, icao24: str, day: date, report: Callable[[str], None] = lambda _: None
    ) -> list[Arrival]:
        """Return an aircraft's flights of that day that ended at any airfield. Raises FeedError."""
        return self._flights("aircraft", "icao24", icao24.lower(), day, report)

    def _flights(
        self, path: str, key: str, value: str, day: date, report: Callable[[str], None]
    ) -> list[Arrival]:
        begin = int(datetime.combine(day, time(), UTC).timestamp())
        query = urlencode({key: value, "begin": begin, "end": begin + 86_399})
        answer = self._authorised(f"{self._base}/flights/{path}?{query}")
        if answer.status == 404:
            if answer.body.strip():
                raise Malformed(f"{answer.url}: 404 with a body; check the feed's address")
            return []
        return _arrivals(answer.body, answer.url, report)

    def _authorised(self, url: str) -> Response:
        first = self._ask(url, tolerate=(401, 404))
        if first.status == 401:
            self._token.drop()
            first = self._ask(url, tolerate=(404,))
        remaining = first.header("x-rate-limit-remaining") or ""
        if remaining.isascii() and remaining.isdecimal() and len(remaining) < 10:
            self.budget.limit_to(int(remaining), self._clock.now())
        return first

    def _ask(self, url: str, *, tolerate: tuple[int, ...]) -> Response:
        return self._http.get(
            url,
            headers=self._token.header(),
            spacing=self._spacing,
            tolerate=tolerate,
            pay=self._pay,
        )

    def _pay(self) -> None:
        self.budget.pay(PRICE, self._clock.now())
        self._spend(PRICE)


def _arrivals(body: bytes, where: str, report: Callable[[str], None]) -> list[Arrival]:
    """Return the flights of a reply; report rows that cannot be read. Raises Malformed."""
    try:
        rows = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        begins = visible(repr(body[:60]), 100)
        raise Malformed(
            f"{where}: the body is not a list of flights but begins {begins}; run this again later"
        ) from error
    found = []
    for number, raw in enumerate(rows, 1):
        try:
            arrival = _arrival(msgspec.json.decode(raw, type=_Flight), where)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            report(f"{where}, flight {number}: {error}")
            continue
        if arrival is not None:
            found.append(arrival)
    return found


def _arrival(flight: _Flight, where: str) -> Arrival | None:
    """Return one flight; None if it names no airfield. Raises ValueError if it is impossible."""
    icao24 = address(flight.icao24)
    if icao24 is None:
        raise ValueError(f"{visible(flight.icao24, 20)!r} is not an aircraft's address")
    airfield = (flight.airfield or "").strip().upper()
    if not airfield:
        return None
    return Arrival(
        source=SOURCE,
        icao24=icao24,
        airfield=visible(airfield, 8),
        arrived_at=_moment(flight.last_seen),
        departed_at=None if flight.first_seen is None else _moment(flight.first_seen),
        origin=visible(flight.origin or "", 8) or None,
        callsign=clean_callsign(flight.callsign),
        horizontal_m=flight.horizontal_m,
        vertical_m=flight.vertical_m,
        place=where,
    )


def _moment(seconds: float) -> datetime:
    if not _PAST <= seconds < _FUTURE:
        raise ValueError(f"{seconds} is not a time between 2000 and 2099")
    return datetime.fromtimestamp(seconds, UTC)
