"""Does the published site hold what may leave, all of it reachable, and nothing else?"""

from __future__ import annotations

import csv
import io
import posixpath
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from collector.drawing import Drawer
from collector.model import Revision
from collector.store import Store, landings
from tests.cli.runner import call
from tests.publishing.conftest import (
    DAY,
    NOTHING_LEAVES,
    NOW,
    ONLY_COUNTED,
    OPEN,
    PRIVATE,
    RECENT,
    SECRET_NOTE,
    VISITOR,
    Published,
)
from tests.support.evidence import LANDING, OPERATORS
from tests.web.browser import Outline

PLANTED = [
    *OPERATORS, SECRET_NOTE, "N1PRIV", "a00001", "D-VISI", "3c4444", "AZQ9999", "/run/nowhere",
    "airplaneslive", NOTHING_LEAVES.id, ONLY_COUNTED.id, RECENT.id, PRIVATE.id, VISITOR.id,
]  # fmt: skip
YEAR = ("", "-2026")
MAPS = ("csv", "geojson", "kml")


def pages(published: Published) -> dict[str, str]:
    return {name: each.decode() for name, each in published.files.items() if ".html" in name}


def test_the_command_says_what_goes_in_and_asks_first(published: Published) -> None:
    assert "pages with 2 landings" in published.said
    assert "left out: 1 landing too recent" in published.said
    assert "left out: 1 landing of aircraft whose operator nobody names" in published.said
    assert (
        "left out: the pages of 2 landings that do not follow from open data alone"
        in published.said
    )
    assert "add --yes" in published.again(code=2), "nobody can be asked"


def test_every_link_leads_to_a_file_and_nothing_is_loaded_from_elsewhere(
    published: Published,
) -> None:
    files, led_to = published.files, set()
    for name, text in pages(published).items():
        loaded = re.findall(r'(?:src|srcset|<link[^>]*href)="([^"]*)"', text)
        assert not [each for each in loaded if urlsplit(each).scheme or each.startswith("/")], name
        assert "<script" not in text
        for link in {*Outline(text).links, *loaded}:
            if not urlsplit(link).scheme:
                path = urlsplit(link).path
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                assert target in files or not path, (name, link)
                led_to.add(target)
    assert {name for name in files if name.endswith((".html", ".svg", ".png", ".csv"))} <= {
        *led_to,
        *(f"data/{each}.csv" for each in ("aircraft", "fixes")),
        *(f"{each}-2026.html" for each in ("aircraft", "coverage", "weeks")),  # the first year
    }, "every page and picture is reached from another"


def test_nobody_who_helped_and_nothing_that_may_not_leave_is_in_it(published: Published) -> None:
    planted = [*PLANTED, str(published.station.folder)]
    for name, content in published.files.items():
        found = [each for each in planted if each.encode() in content or each in name]
        assert not found, name


def test_counts_say_how_many_follow_from_open_data_alone(published: Published) -> None:
    """Of five landings, one rests on a feed of which nothing may leave, one on a feed of which only
    counts may, and one is of an aircraft whose operator nobody names."""
    weeks = Outline(published.files["weeks.html"].decode()).text
    assert (
        "of which 3 are of aircraft whose operator is named and 2 follow from open data alone"
    ) in weeks
    rows = list(csv.DictReader(io.StringIO(published.files["data/weeks.csv"].decode("utf-8-sig"))))
    (row,) = [each for each in rows if each["week"] == "2026-W47"]
    assert (row["found"], row["not_listed"]) == ("4", "2")
    assert row["alert"] == "resolved", "by what is counted here, without any stored alert"
    assert "threshold was reached" in weeks
    chart = published.files["charts/w-llov.csv"].decode("utf-8-sig")
    (row,) = [r for r in csv.DictReader(io.StringIO(chart)) if r["week"] == "2026-W47"]
    assert "ODbL 1.0" in row["licence"]
    assert "adsb.lol contributors" in row["sources"]
    assert "does not show what was on board" in row["notice"]
    assert "2 follow from open data" in row["statement"]


def test_no_page_leads_to_where_aircraft_are_now(published: Published) -> None:
    text = " ".join(pages(published).values())
    assert "live traffic" not in text
    assert "on the map" in text
    assert "showTrace=" in text


def test_a_landing_is_derived_again_from_what_may_leave(published: Published) -> None:
    page = Outline(published.files[f"landings/{LANDING}.html"].decode()).text
    assert "Derived from open data alone" in page
    assert "own-receiver" in page
    assert "Operator on that day: callsign AZQ*" in page
    table = published.files["data/fixes.csv"].decode()
    assert "own receiver" in table
    assert "airplanes.live" not in table


def test_every_page_says_what_a_landing_does_not_show(published: Published) -> None:
    for name, text in pages(published).items():
        assert "does not show what was on board, for what purpose" in text, name
    for name in ("data/README.txt", "methodology.md"):
        assert b"what was on board" in published.files[name]
    for name in ("charts/w-llov.svg", "maps/w-llov.svg"):
        assert b"Shows no cargo" in published.files[name]


def test_a_second_run_changes_nothing_and_draws_nothing(published: Published) -> None:
    before = {path: path.stat().st_mtime_ns for path in published.folder.rglob("*")}
    said = published.again("--yes")
    assert "0 new, 0 changed, 0 to be deleted" in said
    assert "drawing" not in said
    assert {path: path.stat().st_mtime_ns for path in published.folder.rglob("*")} == before


@pytest.fixture
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures that would be drawn again are only said to be others."""
    monkeypatch.setattr(
        Drawer, "drawn", lambda _, orders: [f"<svg>{one}</svg>".encode() for one in orders]
    )


@pytest.mark.usefixtures("_quickly")
def test_a_withdrawn_landing_changes_exactly_its_pages(
    published: Published, tmp_path: Path
) -> None:
    site = published.copied(tmp_path / "site")
    before, why = site.files, "reports received since then leave no landing there"
    with Store.open(site.station.database) as store:
        gone = replace(OPEN, retracted=True, revised_at=NOW - DAY)
        landings.save(store, gone, Revision(OPEN.id, NOW - DAY, "retracted", why, "7"))
        try:
            site.again("--yes")
        finally:
            landings.save(store, OPEN, None)
            store.execute("DELETE FROM revisions WHERE change = 'retracted'")
    after = site.files
    assert before.keys() == after.keys()
    both = {f"{name}{year}.html" for name in ("aircraft", "landings", "weeks") for year in YEAR}
    assert {name for name in after if after[name] != before[name]} == both | {
        f"landings/{OPEN.id}.html", "index.html", "landings-2026-W47.html", "aircraft/600865.html",
        "corrections.html", "corrections.atom", "landings.atom", "methodology.html",
        "methodology.md", "data/aircraft.csv", "data/datapackage.json",
        *(f"charts/w-llov.{suffix}" for suffix in ("csv", "png", "svg")),
        *(f"maps/w-llov{suffix}" for suffix in (".svg", "-phone.png", ".png")),
        *(f"data/{n}.{suffix}" for n in ("landings", "weeks") for suffix in MAPS),
    }  # fmt: skip
    page = Outline(after[f"landings/{OPEN.id}.html"].decode()).text
    assert f"Withdrawn on Tue 8 Dec 2026, because {why}" in page
    feed = ET.fromstring(after["corrections.atom"])
    titles = [each.text or "" for each in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert any(each.startswith("withdrawn: 4K-AZ101") for each in titles)
    assert SECRET_NOTE.encode() not in after["corrections.html"]


@pytest.mark.usefixtures("_quickly")
def test_only_what_a_person_checked_has_a_page_if_asked(
    published: Published, tmp_path: Path
) -> None:
    site = published.copied(tmp_path / "site")
    said = site.again("--yes", "--checked-only")
    assert f"to be deleted: landings/{OPEN.id}.html" in said
    assert f"landings/{OPEN.id}.html" not in site.files
    assert f"landings/{LANDING}.html" in site.files
    assert "1 was checked by a person" in Outline(site.files["weeks.html"].decode()).text


def test_the_note_has_the_numbers_of_this_installation(published: Published) -> None:
    note = call(published.station, "methodology").stdout
    assert "Landings with a page of their own: 2" in note
    assert "Checked by persons: 1 of 2, of which 1 were confirmed" in note
    data = note.partition("## Data and licences")[2].partition("## ")[0]
    assert re.search(r"- adsb\.lol contributors, https://\S+; ODbL 1\.0\. Published: its pos", data)
    assert data.count("- adsb.lol contributors") == 1, "with its notice below"
    assert data.count("Open Database License") == 1
    assert not [each for each in PLANTED if each in note]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_a_browser_opens_it_from_the_disk_and_asks_nobody(
    published: Published, tmp_path: Path
) -> None:
    log = tmp_path / "net.json"
    done = subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update"),
            *(f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}", "--dump-dom"),
            (published.folder / "index.html").as_uri(),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert b"The last week" in done.stdout
    asked = {urlsplit(url).hostname for url in re.findall(r'"url":"(http[^"]*)', log.read_text())}
    own = ("google.com", "googleapis.com", "gvt1.com")
    assert not {host for host in asked if not str(host).endswith(own)}, "but what Chromium wants"


def test_the_database_is_free_while_pictures_are_drawn(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawing takes minutes, in which an open reader would let the log of changes grow."""
    emptied: list[tuple[int, int]] = []

    def drawn(_: Drawer, orders: list[str]) -> list[None]:
        with closing(sqlite3.connect(published.station.database)) as db:
            db.execute("UPDATE meta SET value = value")
            db.commit()
            busy, log, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            emptied.append((busy, log))
        return [None] * len(orders)

    monkeypatch.setattr(Drawer, "drawn", drawn)
    said = replace(published, folder=tmp_path / "site").again("--yes")
    assert set(emptied) == {(0, 0)}
    assert "pictures could not be drawn; the pages do without" in said
