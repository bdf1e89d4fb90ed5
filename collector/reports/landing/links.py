"""Where can a reader check a landing by hand? Links lead to public track pages and to maps.

The track pages run tar1090, whose addresses take `icao`, `showTrace` (a UTC day), `lat`, `lon`
and `zoom`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from collector.model import Airfield, Landing
from collector.model.watch import airfield_on

_TRACK_PAGES = (
    ("adsb.lol", "https://globe.adsb.lol/"),
    ("ADSBexchange", "https://globe.adsbexchange.com/"),
)
_LIVE = "https://globe.adsb.lol/?lat="
_ICAO24 = re.compile(r"[0-9a-f]{6}")
_ON_PAGE = ", on the page"
_LONGEST_STAY_LINKED = timedelta(days=3)
"""Of a longer stay only the first and the last day are linked; the days between show nothing."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address, and what the reader finds there."""

    text: str
    url: str

    @property
    def on_page(self) -> bool:
        """Whether it leads to the collector's own pages."""
        return self.text.endswith(_ON_PAGE)

    @property
    def live(self) -> bool:
        """Whether it shows where aircraft are now; no published page leads there."""
        return self.url.startswith(_LIVE)


def track_links(icao24: str, at: datetime) -> list[Link]:
    """Return links to the tracks that public sites keep of this aircraft, on the UTC day of `at`.

    Empty if `icao24` is not six hex digits: foreign text must not write itself into a link.
    """
    if not _ICAO24.fullmatch(icao24):
        return []
    day = at.astimezone(UTC).date().isoformat()
    return [
        Link(f"track of {icao24} on {day} at {name}", f"{page}?icao={icao24}&showTrace={day}")
        for name, page in _TRACK_PAGES
    ]


def airfield_links(airfield: Airfield) -> list[Link]:
    """Return links to the live traffic around an airfield, and to its runways on a map."""
    lat, lon = f"{airfield.lat_deg:.4f}", f"{airfield.lon_deg:.4f}"
    return [
        Link(
            f"live traffic around {airfield.icao}",
            f"{_LIVE}{lat}&lon={lon}&zoom=11",
        ),
        Link(
            f"{airfield.icao} {airfield.name} on the map",
            f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=13/{lat}/{lon}",
        ),
    ]


def landing_links(landing: Landing) -> list[Link]:
    """Return links for every UTC day that arrival and departure may fall on, in order."""
    detection = landing.detection
    spread = timedelta(seconds=detection.uncertainty_s)
    times = [detection.touchdown_at - spread, detection.touchdown_at + spread]
    if spread < _LONGEST_STAY_LINKED / 2:
        times.insert(1, detection.touchdown_at)
    if detection.departed_at is not None:
        times.append(detection.departed_at)
    return _once(link for at in times for link in track_links(detection.icao24, at))


def page_links(pages: str, landings: Iterable[Landing], week: str = "") -> list[Link]:
    """Return links to the collector's own pages of these landings, and of the week `week`.

    `pages` is the address of the first page without its last slash; if it is empty, nobody but the
    operator can open the pages, and the list is empty too.
    """
    if not pages:
        return []
    of_week = [Link(f"the landings of {week}{_ON_PAGE}", f"{pages}/landings?period={week}")]
    return (of_week if week else []) + [
        Link(f"the evidence for {each.id}{_ON_PAGE}", f"{pages}/landings/{quote(each.id)}")
        for each in landings
    ]


def pages_by_id(links: Iterable[Link]) -> dict[str, str]:
    """Return the addresses of landings' own pages among these links, by the landings' ids."""
    pages = (each.url for each in links if each.on_page and "?" not in each.url)
    return {unquote(url.rpartition("/")[2]): url for url in pages}


def by_place(links: Iterable[Link]) -> list[tuple[str, list[Link]]]:
    """Return links to the same thing together, under its name, each by the name of its site.

    >>> here, there = (Link(f"track of 600865 at {site}", "https://x") for site in ("A", "B"))
    >>> found = by_place([here, Link("LLOV Ovda on the map", "https://x"), there])
    >>> [(what, [link.text for link in links]) for what, links in found]
    [('track of 600865', ['A', 'B']), ('', ['LLOV Ovda on the map'])]
    """
    found: dict[str, list[Link]] = {}
    for link in links:
        what, _, site = link.text.rpartition(" at ")
        found.setdefault(what, []).append(Link(site, link.url))
    return list(found.items())


def _once(links: Iterable[Link]) -> list[Link]:
    return list(dict.fromkeys(links))


def places_to_look(
    landings: Sequence[Landing], airfields: Sequence[Airfield], codes: Sequence[str], at: datetime
) -> list[Link]:
    """Return links to the tracks of `landings`, then to maps of the airfields `codes` at `at`."""
    links = [link for landing in landings for link in landing_links(landing)]
    for code in codes:
        found = airfield_on(airfields, code, at.date())
        links += airfield_links(found) if found else []
    return list(dict.fromkeys(links))
