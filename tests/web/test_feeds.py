"""Do Atom feeds hold what may leave, when it may, without those who helped, and inert?"""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest

from collector.alerts.lifecycle import AlertState, Status
from collector.model import Grade, Revision, WatchMatch
from collector.model.review import Review
from collector.settings import load
from collector.store import Store, alerts, landings, reviews
from collector.weeks import week_bounds
from tests.web.browser import Site
from tests.web.fleet_week import HOSTILE, HOUR, NOW, WATCH, landing

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)
NAMELESS = (WatchMatch(WATCH, "type IL76", True),)
SECRET = "Maria of the desk"

LEFT = landing(NOW - 3 * DAY, "LLOV", Grade.CONFIRMED, callsign=HOSTILE)
STANDING = landing(NOW - 70 * HOUR, "LLOV", Grade.CONFIRMED, ordinal=2)
STANDING = replace(STANDING, detection=replace(STANDING.detection, departed_at=None))
JUST_GONE = landing(NOW - 20 * HOUR, "LLOV", Grade.CONFIRMED, ordinal=3)
OLD = landing(NOW - 30 * DAY, "LLOV", Grade.PROBABLE, ordinal=4)
UNNAMED = replace(
    landing(NOW - 5 * DAY, "LLOV", Grade.CONFIRMED, icao24="a00001", registration="N1"),
    watches=NAMELESS,
    id="a00001-1",
)
UNNAMED = replace(UNNAMED, detection=replace(UNNAMED.detection, callsign=None))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """One landing that has left, three that may not, and one that was corrected."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "collector.sqlite"
    with Store.open(path) as store, store.transaction():
        for each in (LEFT, STANDING, JUST_GONE, UNNAMED, OLD):
            landings.save(store, each, Revision(each.id, each.first_known_at, "found", "", "1"))
        for each in (OLD, JUST_GONE, UNNAMED):
            late = Revision(each.id, NOW - HOUR, "retimed", f"{SECRET} saw it", "")
            landings.save(store, each, late)
        said = Review(at=NOW, by=SECRET, verdict="confirmed", note=f"{SECRET} saw", airfield=None)
        reviews.store_review(store, OLD.id, said)
        for key in ("2026-W44", "2026-W46"):
            _fired(store, key)
    site = Site(path, load(None, environ={}))
    yield site
    site.stop()


def _fired(store: Store, key: str) -> None:
    begin, end = week_bounds(key, "Asia/Jerusalem")
    state = AlertState(
        watch=WATCH,
        rule="weekly",
        window=key,
        status=Status.RESOLVED,
        count=2,
        at_most=3,
        level=2,
        begin=begin,
        end=end,
        since_at=begin,
        changed_at=end,
        told=("crossed:2",),
        reached_at=begin,
    )
    alerts.save_state(store, state)


def entries(site: Site, name: str, at: datetime = NOW) -> list[ET.Element]:
    """Return the entries of a feed, and check what RFC 4287 asks of it."""
    site.clock.move_to(at)
    answer = site.get(f"/{name}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert SECRET not in answer.text
    assert not {"\x1b", "\u202e"} & set(answer.text)
    feed = ET.fromstring(answer.content)
    found = feed.findall(f"{ATOM}entry")
    for each in (feed, *found):
        assert all(each.findtext(f"{ATOM}{tag}") for tag in ("id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [each.findtext(f"{ATOM}id") for each in found]
    assert len(set(ids)) == len(ids)
    assert all(":" in str(each) for each in ids), "an id is an IRI"
    return found


def told(found: list[ET.Element]) -> list[str]:
    return [str(each.findtext(f"{ATOM}id")).partition("#")[2] for each in found]


def test_a_landing_is_told_once_it_may_leave(site: Site) -> None:
    assert told(entries(site, "landings")) == [LEFT.id, OLD.id]
    assert told(entries(site, "landings", NOW + 3 * HOUR)) == [STANDING.id, LEFT.id, OLD.id]
    soon = NOW + 6 * HOUR + timedelta(seconds=1)
    assert told(entries(site, "landings", soon))[0] == JUST_GONE.id
    assert UNNAMED.id not in told(entries(site, "landings", NOW + 99 * DAY))


def test_a_callsign_can_do_nothing_in_a_feed_reader(site: Site) -> None:
    (entry, _) = entries(site, "landings")
    assert r"<script>alert(1)</script>\x1b[2J\u202e" in str(entry.findtext(f"{ATOM}title"))
    assert {each.get("type") for each in entry.findall(f"{ATOM}summary")} == {"text"}


def test_a_feed_reader_of_others_reads_the_same(site: Site) -> None:
    for name in ("landings", "corrections", "alerts"):
        ours = entries(site, name)
        read = feedparser.parse(site.get(f"/{name}.atom").content)
        assert (read.bozo, read.version) == (False, "atom10"), "well formed, and Atom 1.0"
        assert [each.id for each in read.entries] == [each.findtext(f"{ATOM}id") for each in ours]
        for each in read.entries:
            assert datetime.fromtimestamp(timegm(each.updated_parsed), UTC) <= NOW
            assert each.link.startswith("http")
            assert each.summary_detail.type == "text/plain"
            assert not {"\x1b", "\u202e"} & {*each.title, *each.summary}


def test_corrections_are_told_of_what_has_left_without_reasons(site: Site) -> None:
    (entry,) = entries(site, "corrections")
    assert OLD.id in told([entry])[0]
    assert str(entry.findtext(f"{ATOM}title")).startswith("retimed: 4K-AZ101")


def test_an_alert_is_told_when_its_week_may_leave(site: Site) -> None:
    (entry,) = entries(site, "alerts")
    assert "2026-W44" in str(entry.findtext(f"{ATOM}title"))
    summary = str(entry.findtext(f"{ATOM}summary"))
    assert "2–3 landings" in summary
    assert ", reached on Mon 26 Oct 2026, 00:00 IST" in summary
    assert ", ended on Mon 2 Nov 2026, 00:00 IST" in summary
    assert len(entries(site, "alerts", NOW + 30 * DAY)) == 2


@pytest.mark.parametrize(
    ("setting", "page"),
    [
        ('public_url = "https://example.org/collector/"', "https://example.org/collector"),
        ('host = "::1"', "http://[::1]:8042"),
    ],
)
def test_a_feed_names_the_public_address(tmp_path: Path, setting: str, page: str) -> None:
    config = tmp_path / "c.toml"
    config.write_text(f"[web]\n{setting}\n")
    path = tmp_path / "collector.sqlite"
    Store.open(path).close()
    site = Site(path, load(config, environ={}))
    try:
        path_of = urlsplit(page).path
        feed = ET.fromstring(site.get(f"{path_of}/landings.atom").content)
    finally:
        site.stop()
    assert feed.findtext(f"{ATOM}id") == f"{page}/landings.atom"
