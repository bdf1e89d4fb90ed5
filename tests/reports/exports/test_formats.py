"""Is every form of export whole, valid, and harmless whatever an aircraft transmits?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from collector.model import Revision
from collector.reports.exports import columns, documents, kml, package
from collector.reports.exports.columns import TABLES
from collector.reports.exports.datasette import VIEWS
from collector.reports.exports.rows import status_of
from collector.reports.exports.table import NOTICE, Export
from collector.store import Store
from tests.reports.exports.values import TERMS, exports, landing_row
from tests.reports.test_hostile import ATTACK
from tests.support.landings import CONFIRMED, PROBABLE, TOUCHDOWN, UNDETERMINED

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "exports.md").read_text()
KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.mark.parametrize("export", exports(), ids=lambda export: export.table.name)
def test_every_row_has_the_columns_of_its_table(export: Export) -> None:
    for row in export.rows:
        assert list(row) == export.table.names
        for column in export.table.columns:
            value = row[column.name]
            assert value is not None or not column.required, column.name
            assert not column.one_of or value in column.one_of, column.name


def test_the_page_explains_every_column_and_every_view(tmp_path: Path) -> None:
    for table in TABLES:
        for column in table.columns:
            lines = [line for line in PAGE.splitlines() if line.startswith(f"| `{column.name}` |")]
            assert any(line.endswith(f"| {column.meaning} |") for line in lines), column.name
    with Store.open(tmp_path / "db.sqlite") as store:
        views = store.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        assert {row["name"] for row in views} == set(VIEWS)
        for view in VIEWS:
            (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{view}` |")]
            for row in store.execute("SELECT name FROM pragma_table_info(?)", (view,)):
                assert f"`{row['name']}`" in line, (view, row["name"])


def test_hostile_texts_are_inert_in_every_form() -> None:
    for name, content in package.package_files(exports(ATTACK)).items():
        text = content.decode()
        assert "\x1b" not in text, name
        assert "\u202e" not in text, name
        assert "\ud800" not in text, name
        if name.endswith(".kml"):
            assert "<script" not in text, name
            assert "&lt;script" not in text, name
            assert "＜script>alert(1)＜/script>".replace(">", "&gt;") in text, name
        if name.endswith("json"):
            json.loads(text)
    for export in exports("=HYPERLINK(1)"):
        files = package.package_files([export])
        assert ",=HYPERLINK" not in files[f"{export.table.name}.csv"].decode()


def test_kml_is_wellformed_and_places_what_has_a_place() -> None:
    landings, _, fixes, _ = exports()
    root = ElementTree.fromstring(kml.kml_text(landings))
    marks = root.findall(".//k:Placemark", KML)
    assert len(marks) == len(landings.rows)
    points = [mark.findtext("k:Point/k:coordinates", None, KML) for mark in marks]
    assert points[:2] == ["34.9358,29.9403", None]
    texts = "".join(root.itertext())
    assert NOTICE in texts
    tracks = ElementTree.fromstring(kml.kml_text(fixes)).findall(".//k:MultiGeometry", KML)
    assert [next(iter(track)).tag for track in tracks] == [f"{{{KML['k']}}}Point"]


def test_a_track_is_broken_at_a_gap() -> None:
    fixes = exports()[2]
    rows = [
        fixes.rows[0] | {"at": f"2026-11-18T12:{minute:02d}:00.000Z", "altitude_ft": 1000}
        for minute in (0, 1, 2, 10, 11)
    ]
    root = ElementTree.fromstring(kml.kml_text(replace(fixes, rows=rows)))
    lines = [line.text or "" for line in root.findall(".//k:LineString/k:coordinates", KML)]
    assert [len(line.split()) for line in lines] == [3, 2]
    assert lines[0].split()[0] == "34.9,29.9,305"


def test_geojson_has_a_feature_a_row() -> None:
    document = json.loads(documents.geojson_text(exports()[0]))
    assert document["type"] == "FeatureCollection"
    assert [each["geometry"] and each["geometry"]["type"] for each in document["features"]] == [
        *("Point", None, "Point"),
    ]
    assert document["features"][0]["geometry"]["coordinates"] == [34.9358, 29.9403]
    assert document["features"][0]["properties"]["icao24"] == "600865"


def test_the_package_describes_its_files() -> None:
    tables = [replace(export, origins=tuple(TERMS.values())) for export in exports()]
    files = package.package_files(tables)
    described = json.loads(files["datapackage.json"])
    assert described["licenses"] == [
        {
            "name": "ODbL-1.0",
            "title": "ODbL 1.0",
            "path": "https://opendatacommons.org/licenses/odbl/1-0/",
        }
    ]
    assert "made available under the Open Database License" in described["description"]
    for resource in described["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        head = content.decode("utf-8-sig").splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == head
    assert package.package_files(tables) == files
    alone = json.loads(package.package_files([replace(tables[0], origins=())])["datapackage.json"])
    assert not {"licenses", "sources"} & set(alone)


def test_a_withdrawal_by_a_person_gives_no_reason() -> None:
    withdrawn = replace(PROBABLE, retracted=True)
    by_rules = Revision(withdrawn.id, TOUCHDOWN, "retracted", "no landing there", "5")
    by_person = replace(by_rules, reason="Jane Doe: seen from my balcony", rules_version="")
    rows = [landing_row(withdrawn, withdrawal=each) for each in (by_rules, by_person)]
    assert [row["withdrawn_because"] for row in rows] == ["no landing there", None]
    assert [row["withdrawn_at"] for row in rows] == ["2026-11-18T12:05:00Z"] * 2


def test_what_becomes_of_a_landing_has_a_word() -> None:
    withdrawn = replace(PROBABLE, retracted=True)
    found = [
        status_of(PROBABLE, counted=True),
        status_of(PROBABLE, counted=False),
        status_of(UNDETERMINED, counted=True),
        status_of(withdrawn, counted=False),
        status_of(replace(withdrawn, review="confirmed"), counted=True),
        status_of(replace(CONFIRMED, review="rejected"), counted=False),
    ]
    assert found == [
        *("counted", "not-counted", "undetermined", "withdrawn", "counted", "rejected"),
    ]
    assert set(found) <= set(columns.STATUSES)
    row = landing_row(UNDETERMINED)
    assert (row["airfield"], row["counted"], row["counted_at"]) == (None, True, "LLOV or LLER")
