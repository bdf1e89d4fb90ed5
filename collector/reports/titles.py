"""Whose landings, where, and in which week? Headlines, subjects, charts and files take it from
here: the watch by its title, a place by its name, with ICAO codes in small print only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from collector.model import Airfield, Place, Watch
from collector.model.watch import airfield_on
from collector.reports.formatting import day
from collector.untrusted import visible

_CODE = re.compile(r"\b[A-Z][A-Z0-9]{3}\b")
"""An ICAO location indicator, or another word of its form, which then is no known airfield."""

_VERSION = re.compile(r" \(\d{4}-W\d\d/\d+d\)")
"""Of the learned coverage; JSON and the database keep it."""

NAME_LONGEST = 60
"""Characters. A title, a place and a count must fit into a subject."""


def whose(watch: Watch) -> str:
    """Return what the aircraft of a watch are called: its title, or its name if it has none."""
    return visible(watch.title or watch.name, NAME_LONGEST)


def names_by_code(airfields: Sequence[Airfield]) -> dict[str, str]:
    """Return the names of airfields by their codes, the newest of those that changed theirs."""
    return {each.icao: each.name for each in airfields if each.name}


def airfield_title(code: str, airfields: Sequence[Airfield], day: date) -> str:
    """Return an airfield's name on `day` (UTC), with its code if another one has the same name.

    An airfield without a name has its code.

    >>> fields = [Airfield(icao=code, name="Ovda", lat_deg=0, lon_deg=0, elevation_ft=0, zone="UTC")
    ...           for code in ("LLOV", "LLXX")]
    >>> airfield_title("LLOV", fields[:1], date(2026, 2, 2))
    'Ovda'
    >>> airfield_title("LLOV", fields, date(2026, 2, 2))
    'Ovda (LLOV)'
    """
    found = airfield_on(airfields, code, day)
    if found is None:
        return visible(code, NAME_LONGEST)
    alike = any(each.name == found.name and each.icao != code for each in airfields)
    with_code = alike and found.name != code
    return f"{visible(found.name, NAME_LONGEST)}{f' ({code})' if with_code else ''}"


def airfield_with_code(code: str, airfields: Sequence[Airfield], day: date) -> str:
    """Return an airfield's name on `day` (UTC) with its code: `Ovda (LLOV)`; else the code."""
    found = airfield_on(airfields, code, day)
    if found is None or found.name == code:
        return visible(code, NAME_LONGEST)
    return f"{visible(found.name, NAME_LONGEST)} ({code})"


def with_names(text: str, airfields: Sequence[Airfield], day: date) -> str:
    """Return a sentence of ours for people: with the names of known airfields on `day` instead of
    their codes, and without the version of what was learned.

    >>> ovda = Airfield(icao="LLOV", name="Ovda", lat_deg=0, lon_deg=0, elevation_ft=0, zone="UTC")
    >>> with_names("moved (from LLOV or LLXX to LLOV)", [ovda], date(2026, 2, 2))
    'moved (from Ovda or LLXX to Ovda)'
    >>> with_names("As learned from the 28 days to 2026-11-15 (2026-W47/28d), …", [], date.min)
    'As learned from the 28 days to 2026-11-15, …'
    """
    text = _VERSION.sub("", text)
    return _CODE.sub(lambda code: airfield_title(code[0], airfields, day), text)


def place_title(place: Place, airfields: Sequence[Airfield], day: date) -> str:
    """Return `Ovda`, or `Ovda or Ramon International`, by the names on `day` (UTC)."""
    return " or ".join(airfield_title(code, airfields, day) for code in place.airfields)


def place_with_codes(place: Place, airfields: Sequence[Airfield], day: date) -> str:
    """Return `Ovda (LLOV)`, or `Ovda (LLOV) or Ramon (LLER)`, by the names on `day` (UTC)."""
    return " or ".join(airfield_with_code(code, airfields, day) for code in place.airfields)


def whose_and_where(watch: Watch, place: Place, airfields: Sequence[Airfield], day: date) -> str:
    """Return `Silk Way Il-76s at Ovda`, by the names on `day` (UTC)."""
    return f"{whose(watch)} at {place_title(place, airfields, day)}"


def week_title(key: str) -> str:
    """Return an ISO week in words.

    >>> week_title("2026-W06")
    'week 6 of 2026'
    """
    year, _, week = key.partition("-W")
    return f"week {int(week)} of {year}"


def window_title(key: str) -> str:
    """Return the window of an alert as lists show it. That of rolling days is named by the day on
    which its threshold was reached: the state of an alert does not keep its first landing, and
    counts later ones too, as long as the threshold holds.

    >>> window_title("2026-W06"), window_title("14d:2025-10-07")
    ('2026-W06', '14 days around 7 Oct 2025')
    >>> window_title("14d:2025-10-07.2")
    '14 days around 7 Oct 2025 (2)'
    """
    days, rolling, reached_on = key.partition("d:")
    if not rolling:
        return key
    reached_on, _, number = reached_on.partition(".")
    words = f"{days} days around {day(date.fromisoformat(reached_on)).partition(' ')[2]}"
    return f"{words} ({number})" if number else words
