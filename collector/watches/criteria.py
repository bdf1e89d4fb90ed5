"""Which aircraft does one watch want, and by which of its criteria? A `CompiledWatch` answers for
one row.

Callsigns and registrations are compared as sent, in capitals; operators regardless of case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import translate
from typing import Protocol

from collector.model import Aircraft, Watch, WatchMatch

_ADDRESS = re.compile(r"[0-9a-f]{6}")
_RANGE = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")
_NEVER = re.compile(r"(?!)")


class Identity(Protocol):
    """The identity in a row of a reply; None where the row has none."""

    @property
    def icao24(self) -> str | None:
        """Six lower-case hexadecimal digits; None for addresses that are no identity (`~…`)."""

    @property
    def callsign(self) -> str | None: ...
    @property
    def registration(self) -> str | None: ...
    @property
    def type_code(self) -> str | None: ...
    @property
    def operator(self) -> str | None: ...


def value_of(kind: str, row: Identity) -> str | None:
    """Return a row's callsign, registration, operator or type; None if it has none."""
    values = {
        "callsign": row.callsign,
        "registration": row.registration,
        "operator": row.operator,
        "type": row.type_code,
    }
    return values.get(kind)


def without_hyphens(registration: str) -> str:
    """Return a registration in capitals, without hyphens and spaces, as some databases write it.

    Other signs stay: "10+25" is a registration, and "N1*" in a watch's exclusions is a callsign.

    >>> without_hyphens("4K-AZ60"), without_hyphens("10+25")
    ('4KAZ60', '10+25')
    """
    return registration.replace("-", "").replace(" ", "").upper()


def glob_pattern(globs: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Return one pattern for several globs; a bare word is a prefix.

    >>> bool(glob_pattern(["AZQ"]).match("AZQ4601")), bool(glob_pattern(["*02"]).match("AZQ4601"))
    (True, False)
    """
    parts = [translate(each if is_glob(each) else f"{each}*") for each in globs]
    return re.compile("|".join(parts), flags) if parts else _NEVER


def is_glob(text: str) -> bool:
    """Return whether a line is a pattern, and not a bare word."""
    return any(char in text for char in "*?[")


@dataclass(frozen=True, slots=True)
class CompiledWatch:
    """One watch, prepared for matching rows."""

    watch: Watch
    fleet: dict[str, tuple[Aircraft, ...]]
    addresses: frozenset[str]
    ranges: tuple[tuple[str, str], ...]
    registrations: dict[str, str]
    callsigns: tuple[tuple[str, re.Pattern[str]], ...]
    operators: tuple[tuple[str, re.Pattern[str]], ...]
    types: frozenset[str]
    count_types: frozenset[str]
    out_addresses: frozenset[str]
    out_ranges: tuple[tuple[str, str], ...]
    out_registrations: frozenset[str]
    out_callsigns: re.Pattern[str]

    def match(self, row: Identity, icao24: str, day: date) -> WatchMatch | None:
        """Return the watch's match of the row on that day; None if the watch does not want it."""
        if self.excludes(row, icao24):
            return None
        listed = self._listed(icao24, day)
        reason = self._reason_by_address(icao24, listed) or self._reason_by_name(row)
        if reason is None:
            return None
        type_code = (listed.type_code if listed else None) or row.type_code
        return WatchMatch(self.watch.name, reason, self._counts_type(type_code))

    def match_by_name(self, row: Identity) -> WatchMatch | None:
        """Return the watch's match of the row by anything but its address; None if there is
        none."""
        reason = None if self.excludes(row, row.icao24 or "") else self._reason_by_name(row)
        if reason is None:
            return None
        return WatchMatch(self.watch.name, reason, self._counts_type(row.type_code))

    def match_on(self, match: WatchMatch, icao24: str, day: date) -> WatchMatch | None:
        """Return a stored match by the address as the watch gives it on another day (UTC).

        Returns None if the watch does not want the address on that day. Whether the type counts is
        as stored, unless the fleet file lists the aircraft's type for that day.
        """
        if self._excludes_address(icao24):
            return None
        listed = self._listed(icao24, day)
        reason = self._reason_by_address(icao24, listed)
        if reason is None:
            return None
        type_code = listed.type_code if listed else None
        counted = self._counts_type(type_code) if type_code else match.counted
        return replace(match, matched_by=reason, counted=counted)

    def _listed(self, icao24: str, day: date) -> Aircraft | None:
        """Return the fleet's entry for this address on that day; None if there is none."""
        return next((each for each in self.fleet.get(icao24, ()) if each.is_listed_on(day)), None)

    def _counts_type(self, type_code: str | None) -> bool:
        return not self.count_types or (type_code or "").upper() in self.count_types

    def _reason_by_address(self, icao24: str, listed: Aircraft | None) -> str | None:
        if listed is not None:
            return f"fleet {listed.fleet}".rstrip()
        if icao24 in self.addresses:
            return f"icao24 {icao24}"
        for first, last in self.ranges:
            if first <= icao24 <= last:
                return f"icao24 {first}-{last}"
        return None

    def _reason_by_name(self, row: Identity) -> str | None:
        if row.registration and (
            listed := self.registrations.get(without_hyphens(row.registration))
        ):
            return f"registration {listed}"
        for kind, text, globs in (
            ("callsign", row.callsign, self.callsigns),
            ("operator", row.operator, self.operators),
        ):
            for glob, pattern in globs if text else ():
                if pattern.match(text or ""):
                    return f"{kind} {glob}"
        if row.type_code and row.type_code.upper() in self.types:
            return f"type {row.type_code.upper()}"
        return None

    def bears(self, kind: str, row: Identity) -> bool | None:
        """Return whether a row has a value of this kind that the watch wants; None if it has none.

        `kind` is callsign, registration, operator or type.
        """
        value = value_of(kind, row)
        if not value:
            return None
        if kind == "registration":
            fits = without_hyphens(value) in self.registrations
        elif kind == "type":
            fits = value.upper() in self.types
        else:
            globs = self.callsigns if kind == "callsign" else self.operators
            fits = any(pattern.match(value) for _, pattern in globs)
        return fits and not self.excludes(row, row.icao24 or "")

    def excludes(self, row: Identity, icao24: str) -> bool:
        """Return whether the watch excludes this aircraft."""
        return (
            self._excludes_address(icao24)
            or bool(
                row.registration and without_hyphens(row.registration) in self.out_registrations
            )
            or bool(row.callsign and self.out_callsigns.match(row.callsign))
        )

    def _excludes_address(self, icao24: str) -> bool:
        return icao24 in self.out_addresses or any(
            first <= icao24 <= last for first, last in self.out_ranges
        )


def compile_watch(watch: Watch) -> CompiledWatch:
    """Return the watch prepared for matching rows. Its addresses must be valid."""
    fleet: dict[str, tuple[Aircraft, ...]] = {}
    for aircraft in watch.fleet:
        fleet[aircraft.icao24] = (*fleet.get(aircraft.icao24, ()), aircraft)
    addresses, ranges = _split(watch.icao24)
    out_addresses, out_ranges = _split(watch.exclude)
    others = [each for each in watch.exclude if not _is_address(each)]
    return CompiledWatch(
        watch=watch,
        fleet=fleet,
        addresses=addresses,
        ranges=ranges,
        registrations={without_hyphens(each): each for each in reversed(watch.registrations)},
        callsigns=tuple((each, glob_pattern([each])) for each in watch.callsigns),
        operators=tuple((each, glob_pattern([each], re.IGNORECASE)) for each in watch.operators),
        types=frozenset(each.upper() for each in watch.types),
        count_types=frozenset(each.upper() for each in watch.count_types),
        out_addresses=out_addresses,
        out_ranges=out_ranges,
        out_registrations=frozenset(map(without_hyphens, others)),
        out_callsigns=glob_pattern(others),
    )


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text) or _RANGE.fullmatch(text))


def _split(texts: Iterable[str]) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """Return the single addresses and the ranges among `texts`."""
    texts = tuple(texts)
    singles = frozenset(text for text in texts if _ADDRESS.fullmatch(text))
    pairs = (found.groups() for text in texts if (found := _RANGE.fullmatch(text)))
    return singles, tuple((first, last) for first, last in pairs)
