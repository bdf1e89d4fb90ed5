"""Which feed, format and question does a recorded URL stand for? Its shape and its host say it.

The format and the question follow from path and query (docs/feed-formats.md). The host gives the
feed: the public hosts are listed here, and the configuration names private ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from collector.model.reply import Area, Ask, Everything, Fleet, Format

Recognised = tuple[str, Format, Ask]
"""(name of the feed, format, question of the poll)."""

PUBLIC_HOSTS: Mapping[str, str] = {
    "adsb.lol": "adsblol",
    "adsbexchange-com1.p.rapidapi.com": "adsbexchange",
    "api.adsb.lol": "adsblol",
    "api.airplanes.live": "airplaneslive",
    "gateway.adsbexchange.com": "adsbexchange",
    "globe.adsb.lol": "adsblol",
    "globe.adsbexchange.com": "adsbexchange",
    "opendata.adsb.fi": "adsbfi",
    "opensky-network.org": "opensky",
}

_TRACE = re.compile(r"/trace_(?:full|recent)_(~?[0-9a-f]{6})\.json(?:\.gz)?$", re.IGNORECASE)
_V2 = re.compile(r"/v[23](/.+)$")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_POINT = re.compile(
    rf"/point/{_NUMBER}/{_NUMBER}/{_NUMBER}/?$|/lat/{_NUMBER}/lon/{_NUMBER}/dist/{_NUMBER}/?$"
)
_ADDRESSES = re.compile(r"/(?:hex|icao)/([^/]+)/?$")
_OTHER_IDENTITY = re.compile(
    r"/(?:callsign|reg|registration|type|squawk|sqk|mil|ladd|pia|closest|airport)(?:/|$)"
)
_OPENSKY = re.compile(r"/(?:states/(?:all|own)|(tracks)/all)/*$")
_AIRCRAFT_FILE = re.compile(r"/(?:aircraft|history_\d+)\.json(?:\.gz)?$")
_HEX = re.compile(r"[0-9a-f]{6}")

_BY_IDENTITY = ("find_callsign", "find_reg", "find_type", "closest")


def recognise(url: str, hosts: Mapping[str, str]) -> Recognised | None:
    """Return feed, format and question of a URL; None if its shape is unknown.

    `hosts` maps `host`, `host:port` or (for files and sockets) a path to a feed's name, and wins
    over the public hosts. An unknown host is the feed's name itself.
    """
    try:
        parts = urlsplit(url)
        shape = _shape(parts)
        feed = _feed(parts, hosts)
    except ValueError:
        return None
    return None if shape is None else (feed, *shape)


def _feed(parts: SplitResult, hosts: Mapping[str, str]) -> str:
    host = (parts.hostname or "").lower()
    place = f"{host}:{parts.port}" if parts.port else host
    if not host:
        return hosts.get(unquote(parts.path), "local")
    for name in (place, host):
        if name in hosts:
            return hosts[name]
    return PUBLIC_HOSTS.get(host, host)


def _shape(parts: SplitResult) -> tuple[Format, Ask] | None:
    path = unquote(parts.path)
    query = parse_qs(parts.query, keep_blank_values=True)
    if trace := _TRACE.search(path):
        return Format.TRACE, Fleet((trace[1].lower(),))
    if opensky := _OPENSKY.search(path):
        tracks = opensky[1] == "tracks"
        return (Format.OPENSKY_TRACK if tracks else Format.OPENSKY_STATES), _opensky_ask(query)
    if ask := _reapi_ask(query):
        return Format.READSB, ask
    if _AIRCRAFT_FILE.search(path):
        return Format.READSB, Everything()
    if (versioned := _V2.search(path)) and (ask := _v2_ask(versioned[1])):
        return Format.READSB, ask
    return None


def _v2_ask(path: str) -> Ask | None:
    if point := _POINT.search(path):
        lat, lon, radius = (float(number) for number in point.groups() if number is not None)
        return Area(lat, lon, radius)
    if addresses := _ADDRESSES.search(path):
        return Fleet(_addresses(addresses[1]))
    if path.rstrip("/") == "/all":
        return Everything()
    # a question by another identity proves nothing about other aircraft
    return Fleet(()) if _OTHER_IDENTITY.match(path) else None


def _opensky_ask(query: Mapping[str, list[str]]) -> Ask:
    if addresses := query.get("icao24"):
        return Fleet(_addresses(",".join(addresses)))
    if all(name in query for name in ("lamin", "lomin", "lamax", "lomax")):
        south, west, north, east = (
            float(query[name][0]) for name in ("lamin", "lomin", "lamax", "lomax")
        )
        return _box(south, west, north, east)
    return Everything()


def _reapi_ask(query: Mapping[str, list[str]]) -> Ask | None:
    for name in ("find_hex", "hexlist"):
        if name in query:
            return Fleet(_addresses(query[name][0]))
    narrowed = any(name.startswith("filter_") and name != "filter_with_pos" for name in query)
    if narrowed or any(name in query for name in _BY_IDENTITY):
        return Fleet(())
    if "circle" in query:
        lat, lon, radius = (float(number) for number in query["circle"][0].split(","))
        return Area(lat, lon, radius)
    if "box" in query:
        south, north, west, east = (float(number) for number in query["box"][0].split(","))
        return _box(south, west, north, east)
    return Everything() if "all" in query or "all_with_pos" in query else None


def _box(south: float, west: float, north: float, east: float) -> Area:
    """Return the circle around the middle of a box that touches its northern and southern side."""
    return Area((south + north) / 2, west + ((east - west) % 360.0) / 2, (north - south) / 2 * 60.0)


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.lower().split(",") if _HEX.fullmatch(part))
