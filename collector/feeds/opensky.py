"""How is the OpenSky Network polled? It takes an OAuth2 token and daily credits.

Its terms ask for a written agreement (docs/feeds.md). Times, prices and limits are those of its
REST documentation of 2026-07 (docs/feed-formats.md#opensky): a token lives 30 minutes, and the
price of `/states/all` depends on the area.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from collector.clock import Clock
from collector.errors import Malformed
from collector.feeds.base import Adapter
from collector.feeds.config import FeedSettings
from collector.feeds.v2 import chunks
from collector.model.reply import Area, Ask, Fleet, Format, Reply
from collector.secret import Secret

if TYPE_CHECKING:
    from collector.http import Http, Response

BASE = "https://opensky-network.org/api"
REALM = "https://auth.opensky-network.org/auth/realms/opensky-network"
ANONYMOUS_PER_DAY = 400
REFRESH_EARLY = timedelta(seconds=30)
SHORTEST_LIFE = timedelta(seconds=60)
"""A token with a shorter stated life is used this long all the same; a 401 renews it."""
LONGEST_LIFE_S = 86_400.0
MAX_IDS = 100
_PRICES = ((25.0, 1), (100.0, 2), (400.0, 3))
"""(up to this many square degrees, credits); anything larger or unbounded costs 4."""
_GLOBAL_PRICE = 4


def box(area: Area) -> tuple[float, float, float, float]:
    """Return the south, west, north and east edge (degrees) of the box around a circle.

    If the circle holds a pole or crosses the date line, the box spans all longitudes, because
    OpenSky's boxes cannot cross the date line.

    >>> box(Area(30.0, 35.0, 60.0))
    (29.0, 33.8452, 31.0, 36.1548)
    """
    half_lat = area.radius_nm / 60.0
    south, north = area.lat_deg - half_lat, area.lat_deg + half_lat
    west, east = -180.0, 180.0
    if south > -90.0 and north < 90.0:
        reach = math.sin(math.radians(half_lat)) / math.cos(math.radians(area.lat_deg))
        half_lon = math.degrees(math.asin(min(1.0, reach)))
        if area.lon_deg - half_lon >= -180.0 and area.lon_deg + half_lon <= 180.0:
            west, east = area.lon_deg - half_lon, area.lon_deg + half_lon
    south, north = max(-90.0, south), min(90.0, north)
    # Rounded outwards, so that nothing on the edge is lost.
    return _down(south), _down(west), _up(north), _up(east)


def price(ask: Ask) -> int:
    """Return the credits that `/states/all` takes from its daily bucket for this poll.

    >>> price(Area(30.0, 35.0, 60.0)), price(Area(30.0, 35.0, 250.0)), price(Fleet(("600865",)))
    (1, 2, 4)
    """
    if not isinstance(ask, Area):
        return _GLOBAL_PRICE
    south, west, north, east = box(ask)
    size = (north - south) * (east - west)
    return next((cost for limit, cost in _PRICES if size <= limit), _GLOBAL_PRICE)


class OpenSkyFeed(Adapter):
    """State vectors of the OpenSky Network."""

    def __init__(self, settings: FeedSettings, http: Http, clock: Clock) -> None:
        super().__init__(settings, http, clock)
        self.api = self.api or BASE
        self._token: Token | None = None
        if settings.client_id and settings.client_secret:
            self._token = Token(
                http,
                clock,
                settings.token_url or f"{REALM}/protocol/openid-connect/token",
                settings.client_id,
                settings.client_secret,
            )
        elif settings.daily_requests is None:
            self.budget.per_day = ANONYMOUS_PER_DAY

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:
        """Return polls for up to 100 addresses each, then for the areas."""
        return [*chunks(fleet, MAX_IDS), *areas]

    def cost(self, ask: Ask) -> int:
        """Return the credits, as `price` does."""
        return price(ask)

    def fetch(self, ask: Ask) -> Reply:
        """Send one request, and a second one with a new token after a 401.

        Raises as `Feed.fetch` does.
        """
        if isinstance(ask, Fleet):
            query = urlencode([("icao24", address) for address in ask.icao24])
        elif isinstance(ask, Area):
            south, west, north, east = box(ask)
            query = urlencode({"lamin": south, "lomin": west, "lamax": north, "lomax": east})
        else:
            raise ValueError(f"{self.name} takes polls for a fleet or an area, not {ask}")
        url = f"{self.api}/states/all?{query}"
        response = self.authorised(url, price(ask))
        remaining = response.header("x-rate-limit-remaining") or ""
        if re.fullmatch(r"[0-9]{1,9}", remaining):
            self.budget.limit_to(int(remaining), self.clock.now())
        return self.accept(response, ask, Format.OPENSKY_STATES, requested=url)

    def authorised(
        self, url: str, cost: int, *, teaches: bool = True, tolerate: Sequence[int] = ()
    ) -> Response:
        """Send a request with the account's token, and after a 401 once more with a new one.

        Both are paid for from the request budget. Raises FeedError.
        """
        if self._token is None:
            return self.ask_http(url, {}, cost=cost, teaches=teaches, tolerate=tolerate)
        first = self.ask_http(
            url, self._token.header(), cost=cost, teaches=teaches, tolerate=(401, *tolerate)
        )
        if first.status != 401:
            return first
        self._token.drop()
        return self.ask_http(
            url, self._token.header(), cost=cost, teaches=teaches, tolerate=tolerate
        )


class _Grant(msgspec.Struct):
    access_token: str
    expires_in: float = 1800.0


class Token:
    """An OAuth2 access token for client credentials, renewed 30 s before it expires."""

    def __init__(
        self, http: Http, clock: Clock, url: str, client_id: Secret, client_secret: Secret
    ) -> None:
        self._http = http
        self._clock = clock
        self._url = url
        self._form = {
            "grant_type": Secret("client_credentials"),
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._value: Secret | None = None
        self._renew_at: datetime | None = None

    def header(self) -> dict[str, Secret]:
        """Return the header `Authorization`, with a new token if necessary. Raises FeedError."""
        now = self._clock.now()
        if self._value is None or self._renew_at is None or now >= self._renew_at:
            self._value, lifetime = self._granted()
            self._renew_at = now + max(SHORTEST_LIFE, lifetime - REFRESH_EARLY)
        return {"Authorization": Secret(f"Bearer {self._value.reveal()}")}

    def drop(self) -> None:
        """Forget the token: the server no longer accepts it."""
        self._value = None

    def _granted(self) -> tuple[Secret, timedelta]:
        # For a wrong client the server answers either 401 or 400.
        response = self._http.post_form(self._url, self._form, refusals=(400,))
        where = response.url
        try:
            grant = msgspec.json.decode(response.body, type=_Grant)
        except msgspec.DecodeError as error:
            raise Malformed(f"{where}: the answer holds no token; tried again later") from error
        if not re.fullmatch(r"[!-~]{1,16384}", grant.access_token):
            raise Malformed(f"{where}: the token cannot be sent; tried again later")
        seconds = min(LONGEST_LIFE_S, max(0.0, grant.expires_in))
        return Secret(grant.access_token), timedelta(seconds=seconds)


def _down(degrees: float) -> float:
    return math.floor(degrees * 1e4) / 1e4


def _up(degrees: float) -> float:
    return math.ceil(degrees * 1e4) / 1e4
