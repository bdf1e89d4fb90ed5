"""Where can a reader check by hand? Public track pages of that aircraft and day, and maps.

The pages are of tar1090, whose address takes `icao`, `showTrace` (a UTC day), `lat`, `lon`,
`zoom`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collector.model import Airfield, Landing

_TRACK_PAGES = (
    ("adsb.lol", "https://globe.adsb.lol/"),
    ("ADSBexchange", "https://globe.adsbexchange.com/"),
)
_ICAO24 = re.compile(r"[0-9a-f]{6}")
_LONGEST_STAY_LINKED = timedelta(days=3)
"""A longer stay is linked by its first and last day only; the days between show nothing."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the reader finds behind an address."""

    text: str
    url: str


def track_links(icao24: str, at: datetime) -> list[Link]:
    """The tracks that public sites keep of this aircraft on the UTC day of `at`.

    Nothing is linked for what is no address: it must not write itself into a link.
    """
    if not _ICAO24.fullmatch(icao24):
        return []
    day = at.astimezone(UTC).date().isoformat()
    return [
        Link(f"track of {icao24} on {day} at {name}", f"{page}?icao={icao24}&showTrace={day}")
        for name, page in _TRACK_PAGES
    ]


def airfield_links(airfield: Airfield) -> list[Link]:
    """The live traffic around an airfield, and its runways on a map."""
    lat, lon = f"{airfield.lat_deg:.4f}", f"{airfield.lon_deg:.4f}"
    return [
        Link(
            f"live traffic around {airfield.icao}",
            f"https://globe.adsb.lol/?lat={lat}&lon={lon}&zoom=11",
        ),
        Link(
            f"{airfield.icao} {airfield.name} on the map",
            f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=13/{lat}/{lon}",
        ),
    ]


def landing_links(landing: Landing) -> list[Link]:
    """The tracks of every UTC day that the arrival and the departure may fall on, in order."""
    detection = landing.detection
    spread = timedelta(seconds=detection.uncertainty_s)
    times = [detection.touchdown_at - spread, detection.touchdown_at + spread]
    if spread < _LONGEST_STAY_LINKED / 2:
        times.insert(1, detection.touchdown_at)
    if detection.departed_at is not None:
        times.append(detection.departed_at)
    return _once(link for at in times for link in track_links(detection.icao24, at))


def _once(links: Iterable[Link]) -> list[Link]:
    return list(dict.fromkeys(links))
