"""A field without runways, with fixes and contacts around it: for tests of one question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.geo import destination
from collector.landings.contacts import Contact, Contacts
from collector.landings.rules import LandingRules
from collector.landings.segments import Stay
from collector.model import Airfield
from collector.tracking import Fix, Fixes

RULES = LandingRules()
T = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

FIELD = Airfield(
    icao="XHER", name="Here", lat_deg=30.0, lon_deg=35.0, elevation_ft=1000.0, zone="UTC"
)
OTHER = replace(FIELD, icao="XOTH", name="Elsewhere", lat_deg=30.5)
"""30 NM to the north."""


def fix(seconds: float, north_nm: float, height_ft: float | None = 3000.0, **more: Any) -> Fix:
    """A fix so far north of the field, and so high above it."""
    lat, lon = destination(FIELD.lat_deg, FIELD.lon_deg, 0.0, north_nm)
    return Fix(
        at=T + seconds * SECOND,
        lat_deg=lat,
        lon_deg=lon,
        altitude_ft=None if height_ft is None else FIELD.elevation_ft + height_ft,
        **{"altitude_error_ft": 100.0, "feeds": ("a",), **more},
    )


def blind(seconds: float, height_ft: float | None, **more: Any) -> Fix:
    """A fix without a position, so high above the field."""
    return Fix(
        at=T + seconds * SECOND,
        altitude_ft=None if height_ft is None else FIELD.elevation_ft + height_ft,
        **{"altitude_error_ft": 100.0, "feeds": ("a",), **more},
    )


def ground(seconds: float, north_nm: float = 0.0, speed_kt: float | None = 0.0) -> Fix:
    """A fix that says "on the ground"."""
    return fix(seconds, north_nm, None, on_ground=True, ground_speed_kt=speed_kt)


def contacts(
    *fixes: Fix,
    down: Mapping[int, Airfield | None] | Collection[int] = (),
    slow: Collection[int] | None = None,
    breaks: Collection[int] = (),
) -> Contacts:
    """Contacts of these fixes; those in `down` stand at the field, unless it says where."""
    places = dict(down) if isinstance(down, Mapping) else dict.fromkeys(sorted(down), FIELD)
    made = Fixes(
        fixes,
        [each.at for each in fixes],
        dict(enumerate(fixes)),
        breaks=frozenset(breaks),
    )
    return Contacts(made, places, set(places if slow is None else slow))


def contact(one: Fix, *, down: bool = False, slow: bool = True) -> Contact:
    """What a fix shows by itself: in the air, or on the ground at the field."""
    return Contact(one, down, down and slow, FIELD if down else None)


APPROACH = fix(-60, 3.0, 1000, vertical_rate_fpm=-800.0, track_deg=180.0, callsign="AZQ1")
"""A minute before it is first received on the ground."""

STAY = Stay(
    field=FIELD,
    first=contact(ground(0), down=True),
    last=contact(ground(3600), down=True),
    reports=60,
    slow=60,
    feeds=("a",),
    before=contact(APPROACH),
    proofs=2,
    flying=contact(APPROACH),
    passed=(APPROACH.at, APPROACH.at),
    flew_until=None,
    after=contact(fix(3720, 3.0, 1000, vertical_rate_fpm=1500.0, track_deg=0.0)),
    separate=3,
    stayed=60 * MINUTE,
    again=False,
    sinks=True,
    comes=True,
    leaves=True,
    hops=False,
    stood=True,
    braked=False,
    rolls_out=False,
    stopped=True,
    bit_at=ground(0).at,
)
"""An hour on the ground, received from the approach to the climb-out."""
