"""What follows from the settings? The areas to poll, the aircraft to ask for, the feeds' terms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from collector.coverage.region import Region
from collector.feeds import KINDS
from collector.feeds.terms import ARCHIVES
from collector.geo import distance_nm
from collector.model import Airfield
from collector.model.reply import Area
from collector.model.terms import Terms
from collector.settings import Settings
from collector.watches.matcher import Matcher
from collector.watches.visitors import Visitors

SHARED_AREA_NM = 60.0
"""Watched airfields closer together than this share one area."""


def terms_of_feeds(settings: Settings) -> Mapping[str, Terms]:
    """Return the terms of each configured feed, each kind of feed and each archive, by name.

    All kinds are included, because a recording may hold replies of a feed that is not configured.
    The names of archives, and of what `demo` simulates, keep their terms whatever bears them.
    """
    terms = {name: kind.terms for name, kind in KINDS.items()}
    terms |= {feed.name: KINDS[feed.kind].terms for feed in settings.feeds}
    return terms | dict(ARCHIVES)


def region(settings: Settings) -> Region:
    """Return the region in which coverage is counted: around each watched airfield."""
    radius_nm = settings.polling.area_radius_nm
    return Region(
        tuple(
            dict.fromkeys((field.lat_deg, field.lon_deg, radius_nm) for field in settings.watched)
        )
    )


def visitors(settings: Settings) -> Visitors | None:
    """Return which unlisted aircraft are followed near watched airfields; None if none are."""
    rule = settings.visitors
    return None if rule is None else Visitors(rule, settings.watched)


def areas(settings: Settings) -> list[Area]:
    """Return the areas in which all aircraft are asked for.

    Neighbouring airfields share one area, which holds the circles around each of them.
    """
    groups: list[list[Airfield]] = []
    for field in settings.watched:
        near = next(
            (group for group in groups if _apart_nm(group[0], field) < SHARED_AREA_NM), None
        )
        if near is None:
            groups.append([field])
        else:
            near.append(field)
    return [_area(group, settings.polling.area_radius_nm) for group in groups]


def home_zone(settings: Settings) -> str:
    """Return the time zone of mails to operators: the first watch's, or else UTC."""
    return settings.watches[0].zone if settings.watches else "UTC"


def watched_codes(settings: Settings) -> str:
    """Return the codes of the watched airfields, as conditions about them are stored."""
    watched = dict.fromkeys(field.icao for field in settings.watched)
    return ", ".join(watched) or "everything"


def watched_names(settings: Settings) -> str:
    """Return what mails call the watched airfields: `Ovda and Ramon International`."""
    *names, last = dict.fromkeys(field.name for field in settings.watched) or ("everything",)
    return f"{', '.join(names)} and {last}" if names else last


def default_mail_folder(settings: Settings) -> Path:
    """Return the folder for mails if no other is configured."""
    return settings.data / "mail"


def fleet(settings: Settings) -> Matcher:
    """Return the matcher of all watches, which knows the addresses to ask for."""
    return Matcher(settings.watches)


def _apart_nm(airfield: Airfield, other: Airfield) -> float:
    return distance_nm(airfield.lat_deg, airfield.lon_deg, other.lat_deg, other.lon_deg)


def _area(group: list[Airfield], radius_nm: float) -> Area:
    # Airfields of a group lie within SHARED_AREA_NM of each other, so plain means are near enough.
    lat = sum(field.lat_deg for field in group) / len(group)
    lon = sum(field.lon_deg for field in group) / len(group)
    farthest = max(distance_nm(lat, lon, field.lat_deg, field.lon_deg) for field in group)
    return Area(round(lat, 4), round(lon, 4), float(round(radius_nm + farthest)))
