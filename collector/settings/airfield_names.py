"""Which airfield does somebody mean by a word? One with this code, this name or in this town."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from collector.model import Airfield
from collector.settings.airfield_catalogue import shipped

MOST_SUGGESTED = 5
_NEAR = 0.75
"""Of two names, as difflib measures it: "Ovada" and "Ovda" are 0.89 alike."""
_SHORTEST_WORD = 4
"""Letters of a word that can stand for a name: shorter ones ("Air", "of") are in many."""


@dataclass(frozen=True, slots=True)
class KnownAirfield:
    """An airfield by its names."""

    code: str
    name: str
    town: str
    zone: str
    scheduled: bool = True
    """Whether it has an IATA code, as those have that are known by name."""

    def __str__(self) -> str:
        return f"{self.code} ({self.name})"


def airfields_meant(
    word: str, own: Sequence[Airfield]
) -> tuple[KnownAirfield | None, list[KnownAirfield]]:
    """Return the airfield that a code or name means, or None with those that may be meant.

    `own` are those of the configuration. Of several with the same name none is chosen.
    """
    wanted = word.strip().casefold()
    ours = list(_ours(own))
    if found := _chosen(wanted, ours):
        return found, []
    known = [*ours, *_database({each.code for each in ours})]
    if found := _chosen(wanted, known):
        return found, []
    parts = set(wanted.split())
    holding = [
        each
        for each in known
        if parts and parts <= set(f"{each.name} {each.town}".casefold().split())
    ]
    if len(holding) == 1:
        return holding[0], []
    near = holding or list(dict.fromkeys([*_alike(wanted, ours), *_alike(wanted, known)]))
    return None, sorted(near, key=lambda each: not each.scheduled)[:MOST_SUGGESTED]


def _chosen(wanted: str, known: Sequence[KnownAirfield]) -> KnownAirfield | None:
    """Return the airfield with this code, or the only one with this name or in this town."""
    for each in known:
        if each.code.casefold() == wanted:
            return each
    exact = [each for each in known if wanted in (each.name.casefold(), each.town.casefold())]
    return exact[0] if len(exact) == 1 else None


def _alike(wanted: str, known: Sequence[KnownAirfield]) -> list[KnownAirfield]:
    """Return the airfields whose code or name is nearly the word."""
    by_name: dict[str, list[KnownAirfield]] = {}
    for each in known:
        for name in _names(each):
            by_name.setdefault(name, []).append(each)
    near = difflib.get_close_matches(wanted, by_name, MOST_SUGGESTED, _NEAR)
    return list(dict.fromkeys(each for name in near for each in by_name[name]))


def _names(airfield: KnownAirfield) -> set[str]:
    """Return by what an airfield may be called; a known one also by a word of its name."""
    names = {each.casefold() for each in (airfield.code, airfield.name, airfield.town)}
    if airfield.scheduled:
        names |= {word for word in airfield.name.casefold().split() if len(word) >= _SHORTEST_WORD}
    return names - {""}


def _ours(own: Iterable[Airfield]) -> Iterator[KnownAirfield]:
    """Yield every airfield of the configuration and of the shipped list once."""
    seen: set[str] = set()
    for airfield in [*own, *(entry.airfield for entry in shipped())]:
        if airfield.icao not in seen:
            seen.add(airfield.icao)
            yield KnownAirfield(airfield.icao, airfield.name, "", airfield.zone)


def _database(but: Collection[str]) -> Iterator[KnownAirfield]:
    """Yield every other airfield of the database, which takes a while to read."""
    import airportsdata

    for code, row in airportsdata.load().items():
        if code not in but:
            scheduled = bool(row["iata"])
            yield KnownAirfield(code, row["name"], row["city"], row["tz"] or "UTC", scheduled)
