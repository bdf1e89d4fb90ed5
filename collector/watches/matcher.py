"""Which watches want this aircraft, and by which of their criteria? Every row of a reply is matched
against all watches.

A watch wants an aircraft that fits any of its criteria: fleet, address, address range,
registration, callsign, operator or type, in this order; the first that fits is stored as the
reason. An excluded aircraft never fits. A reply has 12,000 rows, so addresses and beginnings of
callsigns are one look-up each, and the other criteria are checked only if some watch has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from collector.model import Aircraft, Watch, WatchMatch
from collector.watches.criteria import (
    CompiledWatch,
    Identity,
    compile_watch,
    glob_pattern,
    is_glob,
    without_hyphens,
)

Wanted = dict[int, tuple[WatchMatch, ...]]
"""The rows of a reply that a watch wants, by index, each with at least one match."""


class Matcher:
    """All watches, prepared for matching every row of a reply.

    The watches' addresses must be valid: six lower-case hexadecimal digits, or a range of two such.
    The configuration checks them.
    """

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._compiled = tuple(compile_watch(watch) for watch in watches)
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

        self._fleet: tuple[date | None, tuple[str, ...]] | None = None
        """The addresses of the fleet that were asked for last, and for which day."""

    @property
    def zones(self) -> frozenset[str]:
        """The time zones in which the watches count days and weeks."""
        return frozenset(compiled.watch.zone for compiled in self._compiled)

    @property
    def follows(self) -> bool:
        """Whether some watch wants aircraft by more than their addresses."""
        return bool(
            self._prefixes
            or self._callsigns
            or self._operators
            or self._registrations
            or self._types
        )

    def watch_named(self, name: str) -> CompiledWatch | None:
        """Return the watch of that name, prepared for matching; None if there is none."""
        return next((each for each in self._compiled if each.watch.name == name), None)

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
        # A poll asks several times for the same day; another thread may ask for another one.
        known = self._fleet
        if known is None or known[0] != day:
            known = self._fleet = (day, tuple(self._fleet_addresses(day)))
        return list(known[1])

    def _fleet_addresses(self, day: date | None) -> list[str]:
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
                    or any(each.is_listed_on(day) for each in compiled.fleet[icao24])
                )
            }
        return sorted(addresses)

    def airframe(self, icao24: str, day: date) -> Aircraft | None:
        """Return the fleet files' entry for this address on that day (UTC); None if there is
        none."""
        rows = (each for compiled in self._compiled for each in compiled.fleet.get(icao24, ()))
        return next((each for each in rows if each.is_listed_on(day)), None)

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


def _any(globs: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    every = tuple(globs)
    return glob_pattern(every, flags) if every else None


def _prefix(glob: str) -> str | None:
    """Return the prefix that a glob stands for; None if it stands for more."""
    beginning = glob.removesuffix("*")
    return None if is_glob(beginning) else beginning
