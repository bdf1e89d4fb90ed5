"""What follows from the settings: who is asked for, where, and under which terms?"""

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
"""Watched airfields nearer than this to each other are asked about in one area."""


def terms_of_feeds(settings: Settings) -> Mapping[str, Terms]:
    """The terms of each feed by its configured name, and of every kind by its own: recordings
    may be of networks that are not configured here. And those of archives."""
    terms = {name: kind.terms for name, kind in KINDS.items()}
    terms |= ARCHIVES
    return terms | {feed.name: KINDS[feed.kind].terms for feed in settings.feeds}


def region(settings: Settings) -> Region:
    """Where coverage is counted: around each watched airfield."""
    radius_nm = settings.polling.area_radius_nm
    return Region(
        tuple(
            dict.fromkeys((field.lat_deg, field.lon_deg, radius_nm) for field in settings.watched)
        )
    )


def visitors(settings: Settings) -> Visitors | None:
    """Who is followed near the watched airfields though no watch wants it; None: nobody."""
    rule = settings.visitors
    return None if rule is None else Visitors(rule, settings.watched)


def areas(settings: Settings) -> list[Area]:
    """Where everybody is asked for: neighbouring airfields in one area that holds both circles."""
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
    """The zone that mails to operators tell the time in."""
    return settings.watches[0].zone if settings.watches else "UTC"


def default_mail_folder(settings: Settings) -> Path:
    """Where mails are written when nothing else is said."""
    return settings.data / "mail"


def fleet(settings: Settings) -> Matcher:
    """Who is asked for by address."""
    return Matcher(settings.watches)


def _apart_nm(one: Airfield, other: Airfield) -> float:
    return distance_nm(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg)


def _area(group: list[Airfield], radius_nm: float) -> Area:
    # Fields of one group lie within TOGETHER_NM of each other, so plain means are near enough.
    lat = sum(field.lat_deg for field in group) / len(group)
    lon = sum(field.lon_deg for field in group) / len(group)
    farthest = max(distance_nm(lat, lon, field.lat_deg, field.lon_deg) for field in group)
    return Area(round(lat, 4), round(lon, 4), float(round(radius_nm + farthest)))
