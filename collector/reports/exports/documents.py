"""How does a table reach programs and maps? As JSON and as GeoJSON (RFC 7946).

Both carry the notice, the attribution and the licences beside the rows. A row without a place has
no geometry: an undetermined landing is at no point of the map.
"""

from __future__ import annotations

import json
from typing import Any

from collector.reports.exports.table import NOTICE, Export, Row, attribution_lines
from collector.untrusted import visible


def json_text(export: Export) -> str:
    """Return the table as one JSON object with its rows under `rows`."""
    document = {**_head(export), "rows": [_plain(row) for row in export.rows]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def geojson_text(export: Export) -> str:
    """Return the table as a GeoJSON FeatureCollection, one feature a row."""
    features = [
        {
            "type": "Feature",
            "id": ":".join(str(row[name]) for name in export.table.key),
            "geometry": _point(row),
            "properties": _plain(row),
        }
        for row in export.rows
    ]
    document = {"type": "FeatureCollection", **_head(export), "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _head(export: Export) -> dict[str, Any]:
    return {
        "title": export.table.title,
        "description": export.table.meaning,
        "notice": NOTICE,
        "attribution": attribution_lines(export.origins),
        "licences": sorted({origin.licence for origin in export.origins}),
    }


def _point(row: Row) -> dict[str, Any] | None:
    if row["lat_deg"] is None or row["lon_deg"] is None:
        return None
    return {"type": "Point", "coordinates": [row["lon_deg"], row["lat_deg"]]}


def _plain(row: Row) -> Row:
    """Return the row with every text made harmless, whatever a map shows it in."""
    return {key: visible(value) if isinstance(value, str) else value for key, value in row.items()}
