"""Which landings did a reader ask for? The address of the page says it, and links change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from collector.model.sighting import period
from collector.queries.snapshot import Snapshot
from collector.reports.titles import place_title, whose
from collector.store.landing_list import Standing, Wanted
from collector.weeks import local_date, local_midnight, next_midnight

PER_PAGE = 50
"""Landings on a page: a phone shows them in some thirty screens."""
PER_AIRFRAME = 25
"""On the page of one airframe, which has its years as well."""
_STANDING_WORDS = {
    Standing.REVIEWED: "decided by a person",
}


class NoSuchChoiceError(ValueError):
    """The address asks for something that there is not."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One link that narrows, widens or turns the list."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """The links of one kind, such as all places."""

    name: str
    links: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks for; empty means any."""

    watch: str = ""
    place: str = ""
    """By its codes: `LLOV or LLER`."""
    grade: str = ""
    period: str = ""
    """A year, a month, a week or a day: `2026`, `2026-11`, `2026-W47`, `2026-11-22`."""
    page: int = 1

    def query(self, **changes: str | int) -> str:
        """Return the query of an address that asks for the same but for `changes`."""
        asked = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        values = {
            "watch": asked.watch,
            "place": asked.place,
            "grade": asked.grade,
            "period": asked.period,
            "page": "" if asked.page == 1 else str(asked.page),
        }
        given = {name: value for name, value in values.items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than all landings."""
        return bool(self.watch or self.place or self.grade or self.period)


def asked_by(parameters: Mapping[str, str]) -> Asked:
    """Return what the parameters of an address ask for. Raises NoSuchChoiceError."""
    known = {"watch", "place", "grade", "period", "page"}
    if not known.issuperset(parameters):
        raise NoSuchChoiceError
    page = parameters.get("page", "1")
    if not (page.isascii() and page.isdecimal() and 1 <= int(page[:7]) <= 100_000):
        raise NoSuchChoiceError
    texts = {name: parameters.get(name, "") for name in known - {"page"}}
    return Asked(page=int(page), **texts)


def wanted_landings(snapshot: Snapshot, asked: Asked) -> Wanted:
    """Return the same for the store. Raises NoSuchChoiceError if there is no such watch, place,
    grade or period."""
    watches = [each for each in snapshot.settings.watches if asked.watch in ("", each.name)]
    places = [place for each in watches for place in each.places if place.name == asked.place]
    if (asked.watch and not watches) or (asked.place and not places):
        raise NoSuchChoiceError
    if asked.grade and asked.grade not in set(Standing):
        raise NoSuchChoiceError
    wanted = Wanted(
        watch=asked.watch or None,
        airfields=places[0].airfields if places else (),
        standing=Standing(asked.grade) if asked.grade else None,
    )
    if not asked.period:
        return wanted
    try:
        span = period(asked.period)
    except ValueError as error:
        raise NoSuchChoiceError from error
    if span.first is None or span.last is None or "/" in asked.period:
        raise NoSuchChoiceError
    zone = watches[0].zone if watches else snapshot.zone
    last = local_midnight(span.last, zone)
    return replace(wanted, begin=local_midnight(span.first, zone), end=next_midnight(last, zone))


def choices(snapshot: Snapshot, asked: Asked, address: str) -> list[Choices]:
    """Return the links that change one part of what is asked for, and keep the rest.

    `address` is that of the list without its query. Raises StoreError.
    """
    settings = snapshot.settings
    watches = [each for each in settings.watches if asked.watch in ("", each.name)]
    today = local_date(snapshot.now, snapshot.zone)
    places = {
        place.name: place_title(place, settings.airfields, today)
        for each in watches
        for place in each.places
    }
    kinds: list[tuple[str, str, Iterable[tuple[str, str]]]] = [
        ("watch", "Watch", [(each.name, whose(each)) for each in settings.watches]),
        ("place", "Place", list(places.items())),
        ("grade", "Grade", [(each, _STANDING_WORDS.get(each, each.value)) for each in Standing]),
        ("period", "Period", _periods(snapshot, asked.period)),
    ]
    found = []
    for name, title, values in kinds:
        present = getattr(asked, name)
        links = [Choice("all", f"{address}{asked.query(**{name: ''})}", not present)]
        links += [
            Choice(text, f"{address}{asked.query(**{name: value})}", value == present)
            for value, text in values
        ]
        if len(links) > 2 or present:
            found.append(Choices(title, tuple(links)))
    return found


def years(snapshot: Snapshot) -> list[int]:
    """Return the years of which anything is known, the newest first. Raises StoreError."""
    first = int(snapshot.coverage.first_week(snapshot.zone, snapshot.now)[:4])
    return list(range(local_date(snapshot.now, snapshot.zone).year, first - 1, -1))


def _periods(snapshot: Snapshot, present: str) -> list[tuple[str, str]]:
    """Return every year, and the period that was asked for if it is none."""
    found = [str(year) for year in years(snapshot)]
    if present and present not in found:
        found.append(present)
    return [(each, each) for each in found]
