"""Which aircraft prove that a network covered the region? A fixed sample of them does.

The sample depends on the address alone, so that every day, archive, machine and run reads the same
aircraft. It is a share of the aircraft registered in the states around the watched airfields: they
fly there every day, and few traces of others need to be unpacked. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s

from collector.geo import distance_nm
from collector.model import Airfield

Ranges = tuple[tuple[str, str], ...]
"""Ranges of addresses: the first and the last of each, both included."""

ALL_ADDRESSES: Ranges = (("000000", "ffffff"),)

DEFAULT_SHARE = 0.25

STATES: dict[str, tuple[str, str]] = {
    "HE": ("010000", "017fff"),  # Egypt
    "LC": ("4c8000", "4c83ff"),  # Cyprus
    "LL": ("738000", "73ffff"),  # Israel
    "LT": ("4b8000", "4bffff"),  # Türkiye
    "OE": ("710000", "717fff"),  # Saudi Arabia
    "OI": ("730000", "737fff"),  # Iran
    "OJ": ("740000", "747fff"),  # Jordan
    "OL": ("748000", "74ffff"),  # Lebanon
    "OM": ("896000", "896fff"),  # United Arab Emirates
    "OR": ("728000", "72ffff"),  # Iraq
    "OS": ("778000", "77ffff"),  # Syria
    "UB": ("600800", "600bff"),  # Azerbaijan
}
"""Blocks of addresses of the states around the shipped airfields, by the first two letters of their
airfield codes. Sources: ICAO Annex 10, volume III, table 9-1, and ICAO Doc 7910."""

_RANGE = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")
_SPREAD = 1 << 32
_FEW = 4096
"""Up to this many addresses a list is faster than a test of each."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A share of the aircraft of some ranges of addresses."""

    share: float
    """0 … 1."""
    ranges: Ranges = ALL_ADDRESSES

    def __contains__(self, icao24: str) -> bool:
        """Return whether this aircraft (six lower-case hexadecimal digits) is in the sample.

        >>> "738065" in Sample(1.0, (("738000", "73ffff"),)), "600865" in Sample(0.0)
        (True, False)
        """
        if not any(first <= icao24 <= last for first, last in self.ranges):
            return False
        number = int.from_bytes(blake2s(icao24.encode(), digest_size=4).digest(), "big")
        return number < self.share * _SPREAD

    def few(self) -> frozenset[str] | None:
        """Return all addresses of the sample; None if its ranges are too large to be listed.

        >>> sorted(Sample(1.0, (("738000", "738001"),)).few())
        ['738000', '738001']
        """
        if self.share <= 0.0:
            return frozenset()
        spans = [range(int(first, 16), int(last, 16) + 1) for first, last in self.ranges]
        if sum(map(len, spans)) > _FEW:
            return None
        return frozenset(text for span in spans for n in span if (text := f"{n:06x}") in self)


def region_of(
    watched: Iterable[Airfield], airfields: Iterable[Airfield], within_nm: float
) -> Ranges:
    """Return the blocks of the states that have an airfield within that distance of a watched one.

    Return ALL_ADDRESSES if one of the states is not in the table.
    """
    watched = tuple(watched)
    codes = {
        field.icao[:2]
        for field in (*watched, *airfields)
        if any(
            distance_nm(field.lat_deg, field.lon_deg, near.lat_deg, near.lon_deg) <= within_nm
            for near in watched
        )
    }
    if not codes or not codes <= STATES.keys():
        return ALL_ADDRESSES
    return tuple(sorted(STATES[code] for code in codes))


def ranges(text: str) -> Ranges:
    """Return the ranges written as `738000-73ffff,740000-747fff`. Raises ValueError.

    >>> ranges("738000-73FFFF")
    (('738000', '73ffff'),)
    """
    found = []
    for part in text.lower().split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None or match[1] > match[2]:
            raise ValueError(
                f"{part.strip()!r} is not a range of addresses: write it like 738000-73ffff"
            )
        found.append((match[1], match[2]))
    return tuple(found)
