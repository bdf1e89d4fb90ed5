"""Which watches want this aircraft, and by which of their rules? Pure; step 1 asks it for each row.

A watch wants an aircraft that any of its lines names: fleet, address, address range, registration,
callsign, operator or type, in this order; the first that fits is stored as the reason. What it
excludes never fits. It is asked 12,000 times a reply, so addresses and beginnings of callsigns are
one look-up each, and the other lines are looked at only where some watch has them.

Callsigns and registrations are compared as sent, in capitals; operators in any case of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import translate
from typing import Protocol

from collector.model import Aircraft, Watch, WatchMatch
from collector.model.sighting import plain_registration

_ADDRESS = re.compile(r"[0-9a-f]{6}")
_RANGE = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")
_NEVER = re.compile(r"(?!)")

Wanted = dict[int, tuple[WatchMatch, ...]]
"""Which rows of a reply are wanted, by their index, and by which watches; none is empty."""


class Identity(Protocol):
    """What a row of a reply says about who it is; None where it does not say."""

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


def glob_pattern(globs: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """One pattern for several globs; a bare word is a prefix.

    >>> bool(glob_pattern(["AZQ"]).match("AZQ4601")), bool(glob_pattern(["*02"]).match("AZQ4601"))
    (True, False)
    """
    parts = [translate(each if _is_glob(each) else f"{each}*") for each in globs]
    return re.compile("|".join(parts), flags) if parts else _NEVER


def _is_glob(text: str) -> bool:
    return any(char in text for char in "*?[")


@dataclass(frozen=True, slots=True)
class _Lines:
    """One watch, ready to be asked about one aircraft."""

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
            known := self.registrations.get(plain_registration(row.registration) or "")
        ):
            return f"registration {known}"
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
        return (
            icao24 in self.out_addresses
            or any(first <= icao24 <= last for first, last in self.out_ranges)
            or bool(
                row.registration and plain_registration(row.registration) in self.out_registrations
            )
            or bool(row.callsign and self.out_callsigns.match(row.callsign))
        )


class Matcher:
    """All watches together, ready to be asked about every row of a reply.

    The watches' addresses are taken as valid: six lower-case hexadecimal digits, or a range of two
    such; the configuration has checked them.
    """

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._lines = tuple(_compile(watch) for watch in watches)
        self._known = frozenset(
            address for lines in self._lines for address in (*lines.fleet, *lines.addresses)
        )
        self._ranges = tuple({pair for lines in self._lines for pair in lines.ranges})
        self._registrations = frozenset(key for lines in self._lines for key in lines.registrations)
        self._types = frozenset(code for lines in self._lines for code in lines.types)
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
        """Every watch that wants this aircraft on that day (UTC), at most one match a watch."""
        return self.among((row,), day).get(0, ())

    def among(self, rows: Sequence[Identity], day: date) -> Wanted:
        """The rows that a watch wants on that day (UTC), by their place among `rows`.

        The first look is all that 11,990 of 12,000 rows get, so it is one expression.
        """
        known, prefixes, seldom = self._known, self._prefixes, self._seldom
        looked_at = [
            index
            for index, row in enumerate(rows)
            if (icao24 := row.icao24) in known
            or ((callsign := row.callsign) and callsign.startswith(prefixes))
            or (seldom and icao24 and self._may_want(row, icao24))
        ]
        wanted = {}
        for index in looked_at:
            found = self._matches(rows[index], day)
            if found:
                wanted[index] = found
        return wanted

    def _matches(self, row: Identity, day: date) -> tuple[WatchMatch, ...]:
        icao24 = row.icao24
        if icao24 is None:
            return ()
        matches = (lines.match(row, icao24, day) for lines in self._lines)
        return tuple(match for match in matches if match is not None)

    def fleet_addresses(self, day: date | None = None) -> list[str]:
        """The single addresses to ask feeds for, sorted; with `day`, only those valid then."""
        wanted = set()
        for lines in self._lines:
            wanted |= {
                icao24
                for icao24 in lines.addresses | lines.fleet.keys()
                if not lines.out_addresses & {icao24}
                and not any(first <= icao24 <= last for first, last in lines.out_ranges)
                and (
                    day is None
                    or icao24 in lines.addresses
                    or any(_valid(each, day) for each in lines.fleet[icao24])
                )
            }
        return sorted(wanted)

    def airframe(self, icao24: str, day: date) -> Aircraft | None:
        """What the fleet files say of this address on that day (UTC); None if none names it."""
        rows = (each for lines in self._lines for each in lines.fleet.get(icao24, ()))
        return next((each for each in rows if _valid(each, day)), None)

    def excludes(self, row: Identity) -> bool:
        """Whether a watch says that it never wants this aircraft."""
        icao24 = row.icao24
        return icao24 is not None and any(lines.excludes(row, icao24) for lines in self._lines)

    def _may_want(self, row: Identity, icao24: str) -> bool:
        """Whether any of the seldom lines fits, exclusions left aside."""
        callsign = row.callsign if self._callsigns else None
        operator = row.operator if self._operators else None
        registration = row.registration if self._registrations else None
        return bool(
            (callsign and self._callsigns and self._callsigns.match(callsign))
            or (operator and self._operators and self._operators.match(operator))
            or (registration and plain_registration(registration) in self._registrations)
            or (self._types and row.type_code and row.type_code.upper() in self._types)
            or any(first <= icao24 <= last for first, last in self._ranges)
        )


def _compile(watch: Watch) -> _Lines:
    fleet: dict[str, tuple[Aircraft, ...]] = {}
    for aircraft in watch.fleet:
        fleet[aircraft.icao24] = (*fleet.get(aircraft.icao24, ()), aircraft)
    addresses, ranges = _split(watch.icao24)
    out_addresses, out_ranges = _split(watch.exclude)
    others = [each for each in watch.exclude if not _is_address(each)]
    return _Lines(
        watch=watch,
        fleet=fleet,
        addresses=addresses,
        ranges=ranges,
        registrations={
            plain: each
            for each in reversed(watch.registrations)
            if (plain := plain_registration(each))
        },
        callsigns=tuple((each, glob_pattern([each])) for each in watch.callsigns),
        operators=tuple((each, glob_pattern([each], re.IGNORECASE)) for each in watch.operators),
        types=frozenset(each.upper() for each in watch.types),
        count_types=frozenset(each.upper() for each in watch.count_types),
        out_addresses=out_addresses,
        out_ranges=out_ranges,
        out_registrations=frozenset(filter(None, map(plain_registration, others))),
        out_callsigns=glob_pattern(others),
    )


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text) or _RANGE.fullmatch(text))


def _split(texts: Iterable[str]) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """The single addresses and the ranges among `texts`."""
    texts = tuple(texts)
    singles = frozenset(text for text in texts if _ADDRESS.fullmatch(text))
    pairs = (found.groups() for text in texts if (found := _RANGE.fullmatch(text)))
    return singles, tuple((first, last) for first, last in pairs)


def _any(globs: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    every = tuple(globs)
    return glob_pattern(every, flags) if every else None


def _prefix(glob: str) -> str | None:
    """The beginning that a glob stands for, if it stands for no more than that."""
    beginning = glob.removesuffix("*")
    return None if _is_glob(beginning) else beginning


def _valid(aircraft: Aircraft, day: date) -> bool:
    return (aircraft.valid_from is None or aircraft.valid_from <= day) and (
        aircraft.valid_to is None or day < aircraft.valid_to
    )
