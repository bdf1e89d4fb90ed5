"""Which watches want this aircraft, and by which of their criteria? Every row of a reply is matched
against all watches.

A watch wants an aircraft that fits any of its criteria: fleet, address, address range,
registration, callsign, operator or type, in this order; the first that fits is stored as the
reason. An excluded aircraft never fits. A reply has 12,000 rows, so addresses and beginnings of
callsigns are one look-up each, and the other criteria are checked only if some watch has them.

Callsigns and registrations are compared as sent, in capitals; operators regardless of case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import translate
from typing import Protocol

from collector.model import Aircraft, Watch, WatchMatch

_ADDRESS = re.compile(r"[0-9a-f]{6}")
_RANGE = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")
_NEVER = re.compile(r"(?!)")

Wanted = dict[int, tuple[WatchMatch, ...]]
"""The rows of a reply that a watch wants, by index, each with at least one match."""


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
    parts = [translate(each if _is_glob(each) else f"{each}*") for each in globs]
    return re.compile("|".join(parts), flags) if parts else _NEVER


def _is_glob(text: str) -> bool:
    return any(char in text for char in "*?[")


@dataclass(frozen=True, slots=True)
class _CompiledWatch:
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
        aircraft = None
        reason = None
        for each in self.fleet.get(icao24, ()):
            if _valid(each, day):
                aircraft, reason = each, f"fleet {each.fleet}".rstrip()
                break
        reason = reason or self._reason(row, icao24)
        if reason is None:
            return None
        type_code = (aircraft.type_code if aircraft else None) or row.type_code or ""
        counted = not self.count_types or type_code.upper() in self.count_types
        return WatchMatch(self.watch.name, reason, counted)

    def _reason(self, row: Identity, icao24: str) -> str | None:
        if icao24 in self.addresses:
            return f"icao24 {icao24}"
        for first, last in self.ranges:
            if first <= icao24 <= last:
                return f"icao24 {first}-{last}"
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

    def excludes(self, row: Identity, icao24: str) -> bool:
        """Return whether the watch excludes this aircraft."""
        return (
            icao24 in self.out_addresses
            or any(first <= icao24 <= last for first, last in self.out_ranges)
            or bool(
                row.registration and without_hyphens(row.registration) in self.out_registrations
            )
            or bool(row.callsign and self.out_callsigns.match(row.callsign))
        )


class Matcher:
    """All watches, prepared for matching every row of a reply.

    The watches' addresses must be valid: six lower-case hexadecimal digits, or a range of two such.
    The configuration checks them.
    """

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._compiled = tuple(_compile(watch) for watch in watches)
        self._addresses = frozenset(
            address
            for compiled in self._compiled
            for address in (*compiled.fleet, *compiled.addresses)
        )
        self._ranges = tuple({pair for compiled in self._compiled for pair in compiled.ranges})
        self._registrations = frozenset(
            key for compiled in self._compiled for key in compiled.registrations
        )
        self._types = frozenset(code for compiled in self._compiled for code in compiled.types)
        globs = [glob for watch in watches for glob in watch.callsigns]
        self._prefixes = tuple(sorted({found for glob in globs if (found := _prefix(glob))}))
        self._callsigns = _any(glob for glob in globs if _prefix(glob) is None)
        self._operators = _any(
            (glob for watch in watches for glob in watch.operators), re.IGNORECASE
        )
        self._seldom = bool(
            self._ranges or self._registrations or self._types or self._callsigns or self._operators
        )

    def __call__(self, row: Identity, day: date) -> tuple[WatchMatch, ...]:
        """Return a match for every watch that wants this aircraft on that day (UTC)."""
        return self.among((row,), day).get(0, ())

    def among(self, rows: Sequence[Identity], day: date) -> Wanted:
        """Return the rows that a watch wants on that day (UTC), by their index in `rows`.

        Of 12,000 rows 11,990 need only the first check, so that is one expression.
        """
        addresses, prefixes, seldom = self._addresses, self._prefixes, self._seldom
        looked_at = [
            index
            for index, row in enumerate(rows)
            if (icao24 := row.icao24) in addresses
            or ((callsign := row.callsign) and callsign.startswith(prefixes))
            or (seldom and icao24 and self._may_want(row, icao24))
        ]
        matches = {}
        for index in looked_at:
            found = self._matches(rows[index], day)
            if found:
                matches[index] = found
        return matches

    def _matches(self, row: Identity, day: date) -> tuple[WatchMatch, ...]:
        icao24 = row.icao24
        if icao24 is None:
            return ()
        matches = (compiled.match(row, icao24, day) for compiled in self._compiled)
        return tuple(match for match in matches if match is not None)

    def fleet_addresses(self, day: date | None = None) -> list[str]:
        """Return the single addresses to poll feeds for, sorted; with `day` only those valid
        then."""
        addresses = set()
        for compiled in self._compiled:
            addresses |= {
                icao24
                for icao24 in compiled.addresses | compiled.fleet.keys()
                if not compiled.out_addresses & {icao24}
                and not any(first <= icao24 <= last for first, last in compiled.out_ranges)
                and (
                    day is None
                    or icao24 in compiled.addresses
                    or any(_valid(each, day) for each in compiled.fleet[icao24])
                )
            }
        return sorted(addresses)

    def airframe(self, icao24: str, day: date) -> Aircraft | None:
        """Return the fleet files' entry for this address on that day (UTC); None if there is
        none."""
        rows = (each for compiled in self._compiled for each in compiled.fleet.get(icao24, ()))
        return next((each for each in rows if _valid(each, day)), None)

    def excludes(self, row: Identity) -> bool:
        """Return whether any watch excludes this aircraft."""
        icao24 = row.icao24
        return icao24 is not None and any(
            compiled.excludes(row, icao24) for compiled in self._compiled
        )

    def _may_want(self, row: Identity, icao24: str) -> bool:
        """Return whether any of the rarer criteria fits, exclusions left aside."""
        callsign = row.callsign if self._callsigns else None
        operator = row.operator if self._operators else None
        registration = row.registration if self._registrations else None
        return bool(
            (callsign and self._callsigns and self._callsigns.match(callsign))
            or (operator and self._operators and self._operators.match(operator))
            or (registration and without_hyphens(registration) in self._registrations)
            or (self._types and row.type_code and row.type_code.upper() in self._types)
            or any(first <= icao24 <= last for first, last in self._ranges)
        )


def _compile(watch: Watch) -> _CompiledWatch:
    fleet: dict[str, tuple[Aircraft, ...]] = {}
    for aircraft in watch.fleet:
        fleet[aircraft.icao24] = (*fleet.get(aircraft.icao24, ()), aircraft)
    addresses, ranges = _split(watch.icao24)
    out_addresses, out_ranges = _split(watch.exclude)
    others = [each for each in watch.exclude if not _is_address(each)]
    return _CompiledWatch(
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


def _any(globs: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    every = tuple(globs)
    return glob_pattern(every, flags) if every else None


def _prefix(glob: str) -> str | None:
    """Return the prefix that a glob stands for; None if it stands for more."""
    beginning = glob.removesuffix("*")
    return None if _is_glob(beginning) else beginning


def _valid(aircraft: Aircraft, day: date) -> bool:
    return (aircraft.valid_from is None or aircraft.valid_from <= day) and (
        aircraft.valid_to is None or day < aircraft.valid_to
    )
