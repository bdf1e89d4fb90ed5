"""How does a table reach Google Earth? As KML 2.2 (OGC 07-147r2): points, and tracks as lines.

Google Earth shows texts of a placemark as HTML, so the sign `<` is written in its full width, which
is no HTML. A line joins positions at most 2½ minutes apart: a gap is not a path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from collector.reports.exports.table import NOTICE, Export, Row, attribution_lines
from collector.untrusted import visible

JOINED_WITHIN = timedelta(seconds=150)
"""The pictures of tracks join no more either: two polls of one feed may lie a minute apart, and a
missed one doubles that."""
_METRES_PER_FOOT = 0.3048
_TITLES = {"landings": ("id", "airfield", "certainty"), "weeks": ("week", "airfield", "statement")}


def kml_text(export: Export) -> str:
    """Return the table as KML: one placemark a row, or one a landing for fixes."""
    marks = _tracks(export.rows) if export.table.name == "fixes" else _points(export)
    notes = " ".join([NOTICE, *attribution_lines(export.origins)])
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n',
            f"<name>{_text(export.table.title)}</name>\n<description>{_text(notes)}</description>\n",
            *marks,
            "</Document>\n</kml>\n",
        ]
    )


def _points(export: Export) -> Iterator[str]:
    for row in export.rows:
        title = ", ".join(str(row[name]) for name in _TITLES[export.table.name] if row[name])
        placed = row["lat_deg"] is not None and row["lon_deg"] is not None
        yield _placemark(
            title,
            _time(row),
            row,
            f"<Point><coordinates>{_coordinates(row)}</coordinates></Point>\n" if placed else "",
        )


def _tracks(rows: Iterable[Row]) -> Iterator[str]:
    for landing_id, fixes in groupby(rows, key=lambda row: row["landing_id"]):
        found = list(fixes)
        data = {name: found[0][name] for name in ("landing_id", "icao24", "callsign")}
        data["sources"] = "; ".join(dict.fromkeys(row["sources"] or "" for row in found))
        span = (
            f"<TimeSpan><begin>{_text(found[0]['at'])}</begin>"
            f"<end>{_text(found[-1]['at'])}</end></TimeSpan>\n"
        )
        lines = "".join(_line(part) for part in _parts(found))
        yield _placemark(landing_id, span, data, f"<MultiGeometry>\n{lines}</MultiGeometry>\n")


def _parts(fixes: list[Row]) -> list[list[Row]]:
    """Return the stretches of a track without a gap, each with or without heights throughout."""
    parts: list[list[Row]] = []
    for fix in fixes:
        last = parts[-1][-1] if parts else None
        if (
            last is not None
            and datetime.fromisoformat(fix["at"]) - datetime.fromisoformat(last["at"])
            <= JOINED_WITHIN
            and _has_height(fix) == _has_height(last)
        ):
            parts[-1].append(fix)
        else:
            parts.append([fix])
    return parts


def _line(part: list[Row]) -> str:
    mode = "absolute" if _has_height(part[0]) else "clampToGround"
    shape = "Point" if len(part) == 1 else "LineString"
    places = " ".join(_coordinates(fix) for fix in part)
    return (
        f"<{shape}><altitudeMode>{mode}</altitudeMode>"
        f"<coordinates>{places}</coordinates></{shape}>\n"
    )


def _has_height(fix: Row) -> bool:
    return fix["altitude_ft"] is not None and not fix["on_ground"]


def _coordinates(row: Row) -> str:
    place = f"{row['lon_deg']},{row['lat_deg']}"
    height = row.get("altitude_ft")
    return place if height is None else f"{place},{round(height * _METRES_PER_FOOT)}"


def _time(row: Row) -> str:
    if row.get("touchdown_at"):
        return f"<TimeStamp><when>{_text(row['touchdown_at'])}</when></TimeStamp>\n"
    begin, end = _text(row["begins_on"]), _text(row["ends_on"])
    return f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>\n"


def _placemark(title: str, when: str, data: Row, shape: str) -> str:
    fields = "".join(
        f'<Data name="{name}"><value>{_text(value)}</value></Data>\n'
        for name, value in data.items()
        if value is not None
    )
    return (
        f"<Placemark>\n<name>{_text(title)}</name>\n{when}"
        f"<ExtendedData>\n{fields}</ExtendedData>\n{shape}</Placemark>\n"
    )


def _text(value: Any) -> str:
    """Return a value as XML text in which nothing is left that is HTML to Google Earth."""
    shown = str(value).lower() if isinstance(value, bool) else visible(str(value))
    return escape(shown.replace("<", "\uff1c"))
