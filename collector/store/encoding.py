"""How are values written in SQLite? Times as text that sorts by time, structures as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from collector.model.coverage import Cell

T = TypeVar("T")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def stamp(at: datetime) -> str:
    """Return a time as text whose alphabetical order is the order of time.

    The fraction always has six digits: `05Z` would sort after `05.5Z`.
    Raises ValueError if `at` is naive.

    >>> stamp(datetime(2026, 11, 22, 14, 3, 5, tzinfo=UTC))
    '2026-11-22T14:03:05.000000Z'
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def stamp_or_none(at: datetime | None) -> str | None:
    """Return a time as `stamp` does, None for None. Raises ValueError if `at` is naive."""
    return None if at is None else stamp(at)


def moment(text: str) -> datetime:
    """Return the time that `stamp` wrote. Raises ValueError if the text is no time."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """Return a time as `moment` does, None for None."""
    return None if text is None else datetime.fromisoformat(text)


def storable(text: str | None) -> str | None:
    """Return text with lone surrogates replaced, which neither UTF-8 nor SQLite can hold.

    >>> storable("AZQ\\ud800")
    'AZQ?'
    """
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def finite(number: float | None) -> float | None:
    """Return the number, None in place of NaN and the infinities, which do not compare."""
    return None if number is None or not math.isfinite(number) else number


def whole(number: int | None) -> int | None:
    """Return the number, None in place of one that no column can hold."""
    return None if number is None or abs(number) >= 1 << 63 else number


def to_json(values: Any) -> str:
    """Return frozen values, or a list of them, as JSON text; times as ISO 8601 with `Z`."""
    return msgspec.json.encode(values).decode("utf-8")


def from_json(text: str, kind: type[T]) -> T:
    """Return the values that `to_json` wrote. Raises msgspec.ValidationError for other text."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    value: T = decoder.decode(text)
    return value


def from_json_or_none(text: str | None, type_: type[T]) -> T | None:
    """Return the value of JSON text, None for None. Raises as `from_json` does."""
    return None if text is None else from_json(text, type_)


def pack_cells(cells: Mapping[Cell, int]) -> str:
    """Return cells as compact text, `lat:lon.band*count,…;lat:…`, always in the same order.

    >>> pack_cells({(119, 139, 8): 3, (119, 139, 2): 1, (120, -4, 0): 2})
    '119:139.2,139.8*3;120:-4.0*2'
    """
    rows: dict[int, list[str]] = {}
    for (lat, lon, band), count in sorted(cells.items()):
        rows.setdefault(lat, []).append(f"{lon}.{band}" + (f"*{count}" if count != 1 else ""))
    return ";".join(f"{lat}:{','.join(row)}" for lat, row in rows.items())


def unpack_cells(text: str) -> dict[Cell, int]:
    """Return the cells that `pack_cells` wrote. Raises ValueError for other text.

    >>> unpack_cells("119:139.2,139.8*3")
    {(119, 139, 2): 1, (119, 139, 8): 3}
    """
    cells: dict[Cell, int] = {}
    for row in text.split(";") if text else ():
        lat, _, entries = row.partition(":")
        row_lat = int(lat)
        for entry in entries.split(","):
            lon, band, count = _entry(entry)
            cells[row_lat, lon, band] = count
    return cells


@lru_cache(maxsize=1 << 14)
def _entry(text: str) -> tuple[int, int, int]:
    """Return longitude, band and count; cached, since few entries are different."""
    place, _, count = text.partition("*")
    lon, _, band = place.partition(".")
    return int(lon), int(band), int(count) if count else 1
