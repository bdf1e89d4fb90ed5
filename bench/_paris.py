"""Which flights does the package `traffic` bring? It has 238 real flights around Paris, and its own
answer for each.

Nothing here is needed if `traffic` is not installed. `traffic` would download the world's runways
for its first answer. Both sides are therefore given the same eight thresholds of Paris Charles de
Gaulle, and the run needs no network.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import airportsdata

from collector.geo import bearing_deg
from collector.model import Airfield, Observation, RunwayEnd, Source
from collector.settings import airfield_catalogue

CODE = "LFPG"
INSTALL = 'pip install "traffic>=2.13" "pandas<3"'
"""`traffic` 2.13 fails to import with pandas 3."""

RUNWAYS = (
    ("08L", 48.9958, 2.5527, "26R", 48.9988, 2.6101, 4142.0),
    ("08R", 48.9929, 2.5661, "26L", 48.9949, 2.6029, 2700.0),
    ("09L", 49.0247, 2.5249, "27R", 49.0267, 2.5617, 2700.0),
    ("09R", 49.0206, 2.5130, "27L", 49.0237, 2.5702, 4200.0),
)
"""Both ends of each runway, to ten metres (AIP France, AD 2 LFPG), and its length in m. With them
`traffic` finds the same 48 flights as with OurAirports' runways."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One flight as plain lists, decoded and in order of time; None if not reported."""

    icao24: str
    at: list[datetime]
    lat_deg: list[float | None]
    lon_deg: list[float | None]
    altitude_ft: list[float | None]
    on_ground: list[bool | None]
    ground_speed_kt: list[float | None]
    track_deg: list[float | None]
    vertical_rate_fpm: list[float | None]
    callsign: list[str | None]


def installed() -> bool:
    """Return whether `traffic` is installed."""
    return importlib.util.find_spec("traffic") is not None


def sample() -> list[Any]:
    """Return the 238 flights of its `quickstart`, as its own objects."""
    return list(importlib.import_module("traffic.data.samples").quickstart)


def columns(flight: Any) -> Columns:
    """Return one of its flights as lists."""
    missing = importlib.import_module("pandas").isna

    def column(name: str, kind: Any = float) -> list[Any]:
        return [None if missing(each) else kind(each) for each in flight.data[name].tolist()]

    return Columns(
        icao24=str(flight.icao24),
        at=[each.to_pydatetime().astimezone(UTC) for each in flight.data["timestamp"]],
        lat_deg=column("latitude"),
        lon_deg=column("longitude"),
        altitude_ft=column("altitude"),
        on_ground=column("onground", bool),
        ground_speed_kt=column("groundspeed"),
        track_deg=column("track"),
        vertical_rate_fpm=column("vertical_rate"),
        callsign=column("callsign", str),
    )


def observations(flight: Columns) -> list[Observation]:
    """Return a flight as the observations of the collector."""
    return [
        Observation(
            icao24=flight.icao24,
            feed="opensky",
            heard_at=at,
            position_at=None if lat is None else at,
            lat_deg=lat,
            lon_deg=lon,
            baro_altitude_ft=altitude,
            on_ground=on_ground,
            ground_speed_kt=speed,
            track_deg=track,
            vertical_rate_fpm=rate,
            callsign=callsign,
            source=Source.ADSB,
        )
        for at, lat, lon, altitude, on_ground, speed, track, rate, callsign in zip(
            flight.at,
            flight.lat_deg,
            flight.lon_deg,
            flight.altitude_ft,
            flight.on_ground,
            flight.ground_speed_kt,
            flight.track_deg,
            flight.vertical_rate_fpm,
            flight.callsign,
            strict=True,
        )
    ]


def fields() -> tuple[Airfield, ...]:
    """Return Charles de Gaulle with its runways first, then the airfields around it."""
    known = airfield_catalogue.look_up([CODE])
    ends = []
    for name, lat, lon, other, other_lat, other_lon, length_m in RUNWAYS:
        there, back = (lat, lon), (other_lat, other_lon)
        ends.append(RunwayEnd(name, *there, bearing_deg(*there, *back), length_m))
        ends.append(RunwayEnd(other, *back, bearing_deg(*back, *there), length_m))
    return (replace(known.found[CODE], runways=tuple(ends)), *known.nearby)


def their_airport(field: Airfield) -> object:
    """Return the airfield in the form that `traffic` expects."""
    threshold = importlib.import_module("traffic.data.basic.runways").Threshold
    ends = [threshold(e.lat_deg, e.lon_deg, e.bearing_deg, e.name) for e in field.runways]
    runways = SimpleNamespace(list=ends, shape=SimpleNamespace(is_empty=False))
    return SimpleNamespace(icao=field.icao, altitude=field.elevation_ft, runways=runways)


def their_world() -> object:
    """Return every airport of `airportsdata` in the form that `infer_airport` searches: some 28,000
    of them, as `traffic` would download them."""
    known = airportsdata.load("ICAO").values()
    table = {
        "icao": [entry["icao"] for entry in known],
        "iata": [entry["iata"] for entry in known],
        "name": [entry["name"] for entry in known],
        "country": [entry["country"] for entry in known],
        "latitude": [entry["lat"] for entry in known],
        "longitude": [entry["lon"] for entry in known],
        "altitude": [entry["elevation"] for entry in known],
    }
    frame = importlib.import_module("pandas").DataFrame(table)
    return importlib.import_module("traffic.data.basic.airports").Airports(frame)


def they_infer(flight: Any, world: object) -> str:
    """Return the airport that `infer_airport` names: the nearest to the last point."""
    module = importlib.import_module("traffic.algorithms.metadata.airports")
    method = module.LandingAirportInference(dataset=world)
    return str(flight.infer_airport(method).icao)


def they_find(flight: Any, airport: object) -> bool:
    """Return whether `traffic` finds the flight on final there, by all of its `landing()`."""
    return bool(list(flight.landing(airport)))
