"""Which flights of chosen aircraft ended at chosen airfields, by published flight lists?

There are two kinds of CSV files, plain or gzip, with different columns
(docs/feed-formats.md#flight-lists): the OpenSky Network's COVID-19 flight lists
(`flightlist_*.csv.gz`) and EUROCONTROL's OPDI flight lists. Rows are streamed. A row that cannot be
read is reported with its line and passed over.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from collector.archives.cells import address, height_m, number, utc_time, whole_number
from collector.archives.csv_files import Table, lines_of, opened, table_of
from collector.errors import DecodeError
from collector.geo import FT_IN_M, NM_IN_M, distance_nm
from collector.model import Airfield, Arrival
from collector.untrusted import visible

PAST, FUTURE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MILLISECONDS_ABOVE = 1e11
_DAMAGED = (OSError, EOFError, zlib.error, csv.Error)

Report = Callable[[str], None]
Wanted = Callable[["Flown"], "tuple[str, str | None] | None"]
"""Returns address and registration of an aircraft that is wanted, None for all others."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One kind of list: the names of its columns."""

    source: str
    address: str
    destination: str
    first_seen: str
    last_seen: str
    registration: str = "registration"
    type_code: str = "typecode"
    callsign: str = "callsign"
    origin: str = "origin"
    position: tuple[str, str, str] | None = None
    """Columns of the last latitude and longitude (degrees) and altitude (metres)."""
    distances: tuple[str, str] | None = None
    """Columns of the metres from the last position to the airfield: along the ground, upwards."""

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns that every list of this kind has."""
        return self.address, self.destination, self.first_seen, self.last_seen


DIALECTS = (
    Dialect(
        source="opensky-list",
        address="icao24",
        destination="destination",
        first_seen="firstseen",
        last_seen="lastseen",
        position=("latitude_2", "longitude_2", "altitude_2"),
    ),
    Dialect(
        source="opdi-list",
        address="icao24",
        destination="ades",
        first_seen="first_seen",
        last_seen="last_seen",
        callsign="flt_id",
        origin="adep",
    ),
    Dialect(
        source="opensky-trino",
        address="icao24",
        destination="estarrivalairport",
        first_seen="firstseen",
        last_seen="lastseen",
        origin="estdepartureairport",
        distances=("estarrivalairporthorizdistance", "estarrivalairportvertdistance"),
    ),
)


@dataclass(frozen=True, slots=True)
class Flown:
    """The identity of the aircraft in a row; None where the row does not state it."""

    icao24: str | None
    registration: str | None
    callsign: str | None
    type_code: str | None
    day: date
    operator: None = None


def read(
    path: Path,
    fields: Mapping[str, Sequence[Airfield]],
    wanted: Wanted,
    report: Report,
    *,
    now_at: datetime = FUTURE,
) -> Iterator[Arrival]:
    """Yield the wanted aircraft's flights in one file that ended at one of `fields` (by code).

    A row that cannot be read, or that ends after `now_at`, is reported and left out. Raises
    DecodeError if the file is not a flight list, or where it is damaged; every flight before the
    damage has been yielded.
    """
    line = 0
    try:
        with closing(opened(path)) as file:
            table = _table(lines_of(file, path), path)
            flights = _Flights(_dialect(table.names, path), table.names, fields, wanted, now_at)
            for line, row in table.rows():
                try:
                    arrival = flights.arrival(row, f"{path.name}, line {line}")
                except ValueError as error:
                    report(f"{path}, line {line}: {error}")
                    continue
                if arrival is not None:
                    yield arrival
    except _DAMAGED as error:
        why = getattr(error, "strerror", None) or error
        raise DecodeError(
            f"{path}: cannot be read after line {line} ({visible(str(why), 200)}); the lines "
            "before are used"
        ) from error


def why_no_flight_list(path: Path) -> str | None:
    """Return why a file does not even begin like a flight list; None if it does."""
    try:
        with closing(opened(path)) as file:
            _dialect(_table(lines_of(file, path), path).names, path)
    except (DecodeError, *_DAMAGED) as error:
        why = getattr(error, "strerror", None) or str(error)
        return visible(why if str(path) in why else f"{path}: cannot be read ({why})", 300)
    return None


def _table(lines: Iterator[str], path: Path) -> Table:
    """Return the rows of a list. Raises DecodeError."""
    try:
        return table_of(lines, *(dialect.needed for dialect in DIALECTS))
    except DecodeError as error:
        where = "" if str(path) in str(error) else f"{path}: "
        raise DecodeError(f"{where}{error}") from error


class _Flights:
    """One list, ready to be read row by row."""

    def __init__(
        self,
        dialect: Dialect,
        header: Sequence[str],
        fields: Mapping[str, Sequence[Airfield]],
        wanted: Wanted,
        now_at: datetime,
    ) -> None:
        self._dialect = dialect
        self._width = len(header)
        self._at = {name: number for number, name in enumerate(header)}
        self._destination = self._at[dialect.destination]
        self._fields = fields
        self._wanted = wanted
        self._now_at = now_at

    def arrival(self, row: list[str], place: str) -> Arrival | None:
        """Return the arrival that a row states; None if it is not wanted.

        Raises ValueError, which says what is wrong with the row.
        """
        if len(row) != self._width:
            raise ValueError(f"{len(row)} columns instead of {self._width}")
        code = row[self._destination].strip().upper()
        if code not in self._fields:
            return None
        dialect = self._dialect
        arrived_at = _moment(row[self._at[dialect.last_seen]])
        if arrived_at > self._now_at:
            raise ValueError(
                f"the flight ends at {arrived_at:%Y-%m-%d %H:%M} UTC, which lies in the future"
            )
        flown = Flown(
            icao24=_address(row[self._at[dialect.address]]),
            registration=self._text(row, dialect.registration),
            callsign=self._text(row, dialect.callsign),
            type_code=self._text(row, dialect.type_code),
            day=arrived_at.date(),
        )
        who = self._wanted(flown)
        if who is None:
            return None
        horizontal_m, vertical_m = self._distance(row, code, arrived_at.date())
        return Arrival(
            source=dialect.source,
            icao24=who[0],
            airfield=code,
            arrived_at=arrived_at,
            departed_at=_moment(row[self._at[dialect.first_seen]]),
            origin=self._text(row, dialect.origin),
            callsign=flown.callsign,
            registration=who[1] or flown.registration,
            horizontal_m=horizontal_m,
            vertical_m=vertical_m,
            place=place,
        )

    def _text(self, row: list[str], name: str) -> str | None:
        at = self._at.get(name)
        return None if at is None else visible(row[at].strip(), 20) or None

    def _distance(self, row: list[str], code: str, day: date) -> tuple[float | None, float | None]:
        """Return metres from the last position to the airfield, along the ground and upwards."""
        if self._dialect.distances is not None:
            along, above = self._dialect.distances
            return self._number(row, along, whole_number), self._number(row, above, whole_number)
        field = next((row for row in self._fields[code] if row.exists_on(day)), None)
        if self._dialect.position is None or field is None:
            return None, None
        north, east, height = self._dialect.position
        lat, lon = self._number(row, north), self._number(row, east)
        altitude_m = self._number(row, height, height_m)
        if lat is None or lon is None:
            return None, None
        along_m = distance_nm(lat, lon, field.lat_deg, field.lon_deg) * NM_IN_M
        above_m = None if altitude_m is None else altitude_m - field.elevation_ft * FT_IN_M
        return round(along_m), None if above_m is None else round(above_m)

    def _number(
        self, row: list[str], name: str, read: Callable[[str], float | None] = number
    ) -> float | None:
        at = self._at.get(name)
        text = "" if at is None else row[at].strip()
        value = read(text)
        if value is not None and not abs(value) <= 1e6:
            raise ValueError(f"{name} {visible(text, 20)!r} is out of all bounds")
        return value


def _dialect(header: Sequence[str], path: Path) -> Dialect:
    for dialect in DIALECTS:
        if set(dialect.needed) <= set(header):
            return dialect
    if "aircraft_uid" in header:
        raise DecodeError(
            f"{path}: this variant names no aircraft (it has `aircraft_uid`): use the list with "
            "the column `icao24`"
        )
    kinds = " or ".join(f"{', '.join(kind.needed)} ({kind.source})" for kind in DIALECTS)
    named = visible(", ".join(header), 200) or "nothing"
    raise DecodeError(f"{path}, line 1: the columns are {named}, but must include {kinds}")


def _address(text: str) -> str | None:
    """Return the address in a cell; None if the row states none. Raises ValueError."""
    text = text.strip()
    if text.lower() in ("", "null", "none", "nan"):
        return None
    found = address(text)
    if found is None:
        raise ValueError(
            f"{visible(text, 20)!r} is not a 24-bit address, as a spreadsheet may have made of one"
        )
    return found


def _moment(text: str) -> datetime:
    """Return the time written as ISO 8601 (UTC unless it names a zone) or Unix seconds.

    Raises ValueError, also for a day alone, which a spreadsheet may have left of a time.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            number = float(text)
            number /= 1000.0 if number > _MILLISECONDS_ABOVE else 1.0
            at = datetime.fromtimestamp(number, UTC)
        else:
            at = utc_time(text)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"{visible(text, 40)!r} is not a time") from None
    if not PAST <= at < FUTURE:
        raise ValueError(f"{visible(text, 40)!r} is not a time between 2000 and 2099")
    return at
