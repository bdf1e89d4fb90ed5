"""How are all tables handed on together? As a folder with a Data Package and a page to read first.

`datapackage.json` states each table's columns, the licences and the attribution, so that other
programs read the CSV files with the right types (https://specs.frictionlessdata.io/data-package/).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from collector.model.terms import Terms
from collector.reports.exports import datasette, documents, kml
from collector.reports.exports.spreadsheet import ADDRESS_PREFIX, LINE_END, csv_text
from collector.reports.exports.table import (
    NOTICE,
    Column,
    Export,
    Table,
    all_origins,
    attribution_lines,
)
from collector.untrusted import visible

NAME = "landings"
"""The package's name, and that of the database that the README makes of it."""
_MAPS = {"geojson": documents.geojson_text, "kml": kml.kml_text}
_TYPES = {"address": "string", "key": "string", "local": "datetime", "instant": "datetime"}
"""The types of Table Schema for the kinds of our own."""
_OPEN_LICENCES = {
    "ODbL 1.0": {"name": "ODbL-1.0", "path": "https://opendatacommons.org/licenses/odbl/1-0/"}
}
"""By the name that is printed: the one of opendefinition.org, which the specification asks for."""


def package_files(exports: Sequence[Export]) -> dict[str, bytes]:
    """Return the files of the package by name, the same bytes for the same tables."""
    files = {f"{each.table.name}.csv": csv_text(each).encode() for each in exports}
    for each in exports:
        if "lat_deg" in each.table.names:
            for suffix, text in _MAPS.items():
                files[f"{each.table.name}.{suffix}"] = text(each).encode()
    files["datapackage.json"] = _json(data_package(exports, files))
    files["datasette.json"] = _json(datasette.of_package(NAME, exports))
    files["README.txt"] = _readme(exports).encode()
    return files


def data_package(exports: Sequence[Export], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the descriptor of the CSV files among `files`."""
    origins = all_origins(exports)
    sources = [
        {"title": visible(origin.attribution)} | ({"path": origin.url} if origin.url else {})
        for origin in origins
    ]
    # The specification allows neither list to be empty.
    lists = {"licenses": _licences(origins), "sources": sources}
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": "Landings of watched aircraft",
        "description": " ".join([NOTICE, *attribution_lines(origins)]),
        **{name: found for name, found in lists.items() if found},
        "resources": [_resource(each.table, files[f"{each.table.name}.csv"]) for each in exports],
    }


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": LINE_END, "doubleQuote": True},
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.one_of:
        constraints["enum"] = list(column.one_of)
    kind = _TYPES.get(column.kind, column.kind)
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.meaning}
    if column.kind == "address":
        constraints["pattern"] = f"{ADDRESS_PREFIX}[0-9a-f]{{6}}"
    if column.kind == "instant":
        field["format"] = "any"  # the default knows no fractions of a second
    if column.kind == "local":
        field["format"] = "%Y-%m-%d %H:%M"
    return field | ({"constraints": constraints} if constraints else {})


def _licences(origins: Iterable[Terms]) -> list[dict[str, str]]:
    found = {}
    for origin in origins:
        where = {"path": origin.url} if origin.url else {}
        licence = _OPEN_LICENCES.get(origin.licence, where)
        if licence:  # the specification asks for a name or a path
            found[origin.licence] = {"title": origin.licence} | licence
    return list(found.values())


def _readme(exports: Sequence[Export]) -> str:
    lines = ["Landings of watched aircraft", "", NOTICE, "", "Sources, to be named in print:"]
    lines += [f"  {line}" for line in attribution_lines(all_origins(exports)) or ["none"]]
    lines += ["", "Files:"]
    for each in exports:
        lines.append(f"  {each.table.name}.csv: {each.size}. {each.table.meaning}")
    lines += [
        "  *.geojson, *.kml: the same for maps and Google Earth",
        "  datapackage.json: what each column means (Frictionless Data Package)",
        "  datasette.json: descriptions and ready queries for Datasette",
        "",
        "In a spreadsheet: open the CSV files (UTF-8, commas). 24-bit addresses are written like",
        "0x004e51. A text that begins with an apostrophe is that text without it. Without these",
        "marks the spreadsheet would turn it into a number or a date.",
        "",
        "In Datasette:",
        *(
            f"  sqlite-utils insert {NAME}.sqlite {each.table.name} {each.table.name}.csv"
            " --csv --detect-types"
            for each in exports
        ),
        f"  datasette {NAME}.sqlite --metadata datasette.json",
        "",
    ]
    return "\r\n".join(lines)


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
