"""How are the networks polled that share the "v2" paths? One adapter serves all of them.

`VARIANTS` holds what differs. The paths and the envelope are described in docs/feed-formats.md#v2.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from collector.clock import Clock
from collector.feeds.base import Adapter
from collector.feeds.config import FeedSettings
from collector.model.reply import Area, Ask, Fleet, Format, Reply

if TYPE_CHECKING:
    from collector.http import Http

MAX_RADIUS_NM = 250
"""All networks silently reduce a larger radius."""
REMAINING_HEADER = "x-ratelimit-requests-remaining"
"""RapidAPI's count of the requests that are left of a plan (docs/feed-formats.md#v2)."""
_ICAO24 = re.compile(r"[0-9a-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What differs between the networks: paths, addresses per request, the header of the key."""

    base: str
    fleet: str = "/v2/hex/{ids}"
    area: str = "/v2/point/{lat}/{lon}/{radius}"
    max_ids: int = 100
    """Servers silently cut lists at about 1,000 addresses; public clients send 100."""
    header: str = "x-api-key"


VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        "adsblol": Variant(base="https://api.adsb.lol"),
        # Its v2 path for areas is deprecated and has another envelope.
        "adsbfi": Variant(
            base="https://opendata.adsb.fi/api", area="/v3/lat/{lat}/lon/{lon}/dist/{radius}"
        ),
        "airplaneslive": Variant(base="https://api.airplanes.live"),
        # /hex/ gives the last known state of any age, /icao/ none older than 15 minutes.
        "adsbexchange": Variant(
            base="https://gateway.adsbexchange.com/api/aircraft",
            fleet="/v2/icao/{ids}",
            area="/v2/lat/{lat}/lon/{lon}/dist/{radius}",
            max_ids=10,
        ),
    }
)


def chunks(addresses: Sequence[str], size: int) -> list[Fleet]:
    """Return polls for at most `size` addresses each, in order; no `~` address, none twice.

    >>> [ask.icao24 for ask in chunks(["600865", "600865", "~2a0001", "600866", "600864"], 2)]
    [('600865', '600866'), ('600864',)]
    """
    unique = list(dict.fromkeys(a.lower() for a in addresses if _ICAO24.fullmatch(a.lower())))
    return [Fleet(tuple(unique[i : i + size])) for i in range(0, len(unique), size)]


class V2Feed(Adapter):
    """adsb.lol, adsb.fi, airplanes.live and ADS-B Exchange."""

    def __init__(self, settings: FeedSettings, http: Http, clock: Clock) -> None:
        super().__init__(settings, http, clock)
        self._variant = VARIANTS[settings.kind]
        self.api = self.api or self._variant.base
        if settings.api_key:
            header = settings.header or self._variant.header
            self.headers[header] = settings.api_key
            if header.lower() == "x-rapidapi-key":
                self.headers["x-rapidapi-host"] = urlsplit(self.api).hostname or ""

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:
        """Return polls for lists of addresses as long as allowed, then for areas up to 250 NM."""
        return [*chunks(fleet, self._variant.max_ids), *(_askable(area) for area in areas)]

    def cost(self, ask: Ask) -> int:  # noqa: ARG002 - the same for all
        """Return 1: one request."""
        return 1

    def fetch(self, ask: Ask) -> Reply:
        """Send one request. Raises as `Feed.fetch` does."""
        if isinstance(ask, Fleet):
            (ask,) = chunks(ask.icao24, self._variant.max_ids)
            path = self._variant.fleet.format(ids=",".join(ask.icao24))
        elif isinstance(ask, Area):
            ask = _askable(ask)
            path = self._variant.area.format(
                lat=f"{ask.lat_deg:.4f}", lon=f"{ask.lon_deg:.4f}", radius=int(ask.radius_nm)
            )
        else:
            raise ValueError(f"{self.name} takes polls for a fleet or an area, not {ask}")
        url = self.api + path
        response = self.ask_http(url, self.headers, cost=1)
        remaining = response.header(REMAINING_HEADER) or ""
        if re.fullmatch(r"[0-9]{1,9}", remaining):
            self.budget.limit_to(int(remaining), self.clock.now())
        return self.accept(response, ask, Format.READSB, requested=url)


def _askable(area: Area) -> Area:
    """Return the area as the path states it: four decimals, whole nautical miles up to 250."""
    radius_nm = min(MAX_RADIUS_NM, max(1, math.ceil(area.radius_nm)))
    return Area(round(area.lat_deg, 4), round(area.lon_deg, 4), radius_nm)
