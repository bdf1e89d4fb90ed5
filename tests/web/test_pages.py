"""Are the pages whole, harmless and true, as a browser gets them over a socket?"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from collector.errors import CollectorError
from collector.model.reply import Outcome
from collector.settings import Settings, load
from collector.store import Store, alerts, conditions, feeds, outbox
from collector.web import create_app, serve
from tests.support.clock import ManualClock
from tests.web.fleet_week import HOSTILE, HOUR, MINUTE, NOW, WATCH, fill

PAGES = ("/", "/weeks", "/landings", "/alerts")
VOID = {"meta", "link", "br", "img"}


class Site:
    """A server on loopback and a browser without scripts."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.settings = settings
        self.clock = ManualClock(NOW)
        self._stop = threading.Event()
        port: list[int] = []
        up = threading.Event()

        def ready(number: int) -> None:
            port.append(number)
            up.set()

        app = create_app(path, settings, self.clock)
        self.thread = threading.Thread(
            target=serve,
            args=(app, "127.0.0.1", 0, self._stop),
            kwargs={"ready": ready},
        )
        self.thread.start()
        assert up.wait(20)
        self.port = port[0]
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=20
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def stop(self) -> None:
        self.client.close()
        self._stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The embedded defaults, whatever file lies where the tests were started."""
    monkeypatch.chdir(tmp_path)
    return load(None, environ={})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "collector.sqlite"


@pytest.fixture
def site(path: Path, settings: Settings) -> Iterator[Site]:
    with Store.open(path) as store:
        fill(store)
    site = Site(path, settings)
    yield site
    site.stop()


class Outline(HTMLParser):
    """What a page is made of; fails where tags do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name in ("href", "src") and value}
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def _crawl(site: Site) -> dict[str, httpx.Response]:
    """Every page that can be reached from the first one, and from "no such page"."""
    found: dict[str, httpx.Response] = {}
    wanted = ["/", "/no/such/<page>"]
    while wanted:
        link = wanted.pop()
        if link in found:
            continue
        found[link] = answer = site.get(link)
        if answer.headers["content-type"].startswith("text/html"):
            links = Outline(answer.text).links
            wanted += [each.partition("#")[0] for each in links if each.startswith("/")]
    return found


def test_every_page_is_whole_and_every_link_leads_somewhere(site: Site) -> None:
    found = _crawl(site)
    assert {link for link, answer in found.items() if answer.status_code != 200} == {
        "/no/such/<page>"
    }
    assert set(PAGES) <= set(found)
    assert sum(link.startswith("/landings/") for link in found) == 5


def test_no_page_can_run_or_load_anything(site: Site) -> None:
    for link, answer in _crawl(site).items():
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers
        if answer.headers["content-type"].startswith("text/html"):
            outline = Outline(answer.text)
            assert not outline.tags & {"script", "iframe", "img", "form", "object"}, link
            assert not [name for name in outline.attributes if name.startswith("on")]
            assert "style" not in outline.attributes, "the policy would drop it"
            assert all(each.startswith(("/", "https://", "#")) for each in outline.links), (
                outline.links
            )


def test_text_from_the_air_is_shown_harmless(site: Site) -> None:
    shown = r"<script>alert(1)</script>\x1b[2J\u202e"
    page = site.get("/landings")
    assert shown in Outline(page.text).text
    (link,) = [each for each in Outline(page.text).links if "2026-10-31" in each]
    for each in (page, site.get(link), site.get("/"), site.get("/status.json")):
        assert not set("\x1b\u202e") & set(each.text)
    assert shown in Outline(site.get(link).text).text


def test_json_carries_hostile_text_as_data(site: Site) -> None:
    status = site.get("/status.json")
    assert status.headers["content-type"] == "application/json"
    callsigns = {row["callsign"] for row in status.json()["landings"]}
    assert HOSTILE in callsigns
    assert "\x1b" not in status.text


def test_addresses_of_recipients_are_nobodys_business(site: Site) -> None:
    assert all("secret-address" not in answer.text for answer in _crawl(site).values())


def test_the_week_now(site: Site) -> None:
    text = Outline(site.get("/").text).text
    assert "Listening: the last answer came 23 s ago." in text
    assert re.search(r"LLOV firing 2–3 landings, 1 of them unsure", text)
    assert "LLOV or LLER 3 landings" in text
    assert "88% heard, 4% jammed, 8% nothing known" in text
    assert "Mail: ops since" in text
    assert "contact is set: feeds cannot reach you" in text
    assert "Data: adsb.lol contributors, ODbL 1.0 ( ODbL-1.0 )" in text
    assert "requests" not in text
    assert "Last asked 23 s ago: 41 aircraft. Requests: 2 of 10000 today." in text
    assert "15:02:00 UTC: unreachable, timed out after 20 s" in text


def test_a_page_left_open_stays_true(site: Site) -> None:
    answer = site.get("/")
    assert answer.headers["refresh"] == "60"
    assert answer.headers["cache-control"] == "no-store"


def test_weeks(site: Site) -> None:
    text = Outline(site.get("/weeks").text).text
    assert re.search(r"2026-W47 so far Mon 16 Nov 2026 to Sun 22 Nov 2026 2–3 firing", text)
    assert re.search(r"2026-W46 Mon 9 Nov 2026 to Sun 15 Nov 2026 – 0% seen 0–1 0% seen", text)
    assert 'class="unseen"' in site.get("/weeks").text


def test_a_landing_shows_its_evidence_in_order(site: Site) -> None:
    text = Outline(site.get("/landings/600866-2026-11-18-1").text).text
    in_order = [
        "undetermined",
        "probably landed at LLER (52%) or LLOV (41%)",
        "Counts for silkway: LLOV or LLER.",
        "Lost at 3,400 ft",
        "against LLER",
        "Heard again climbing",
        "Where it may have been LLER Ramon International",
        "found (ground contact). [rules 2026-11]",
        "track of 600866 on 2026-11-18 at adsb.lol",
        "collector explain 600866-2026-11-18-1",
    ]
    places = [text.index(words) for words in in_order]
    assert places == sorted(places)


def test_alerts_and_mails(site: Site) -> None:
    with Store.open(site.path) as store:
        alerts.mute(store, WATCH, None, NOW + HOUR, "exercise", at=NOW)
        outbox.mark_failed(store, "a", "550 no such user")
    text = Outline(site.get("/alerts").text).text
    assert "silkway, every rule: muted until Fri 20 Nov 2026, 18:42 IST" in text
    assert "silkway: weekly firing 2026-W47: 2–3 landings" in text
    assert "Told: crossed at 2." in text
    assert "2 landings at Ovda in week 47 failed To ops, 1 d 1 h ago: 550 no such user" in text
    assert "1 mail could not be delivered" in Outline(site.get("/").text).text


def test_status_for_machines(site: Site) -> None:
    status = site.get("/status.json").json()
    assert (status["healthy"], status["problems"], status["at"]) == (
        True,
        [],
        "2026-11-20T15:42:00Z",
    )
    assert status["conditions"][0]["kind"] == "mail"
    assert status["outbox"] == {"owed": 1, "failed": 0}
    assert status["coverage_24h"] == {"LLOV": 0.875, "LLER": 0.875}
    (feed,) = status["feeds"]
    assert feed == {
        "name": "adsblol",
        "health": "answers",
        "last_outcome": "heard",
        "failures": 0,
        "alive_24h": 0.9167,
        "last_poll_at": "2026-11-20T15:41:37Z",
        "last_ok_at": "2026-11-20T15:41:37Z",
        "failing_since_at": None,
        "parked_until": None,
    }
    week = next(row for row in status["weeks"] if row["airfield"] == "LLOV")
    assert (week["week"], week["count"], week["at_most"], week["alert"]) == (
        "2026-W47",
        2,
        3,
        "firing",
    )
    assert status["landings"][0]["id"] == "600865-2026-11-19-1"


def test_healthz_follows_the_polls(site: Site) -> None:
    assert (site.get("/healthz").status_code, site.get("/healthz").text) == (200, "ok\n")
    site.clock.move_to(NOW + HOUR)
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "Deaf: the last answer of any feed came 1 h ago.\n"
    assert "Deaf" in site.get("/").text
    assert site.get("/status.json").json()["healthy"] is False
    with Store.open(site.path) as store:
        feeds.store_poll(store, "adsblol", NOW + HOUR, Outcome.NOBODY)
    assert site.get("/healthz").status_code == 200
    assert site.client.head("/healthz").status_code == 200


def test_healthz_follows_the_database(site: Site) -> None:
    site.path.rename(site.path.with_name("elsewhere"))
    for answer in (site.get("/healthz"), site.get("/")):
        assert answer.status_code == 503
        assert "there is no database at" in answer.text
    site.path.write_text("not a database at all\n" * 100)
    for link in (*PAGES, "/healthz", "/status.json", "/landings/x"):
        answer = site.get(link)
        assert answer.status_code == 503
        assert "choose another path" in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_database_put_back_is_read(site: Site, tmp_path: Path) -> None:
    with Store.open(tmp_path / "other.sqlite") as store:
        feeds.store_poll(store, "adsblol", NOW, Outcome.HEARD)
    (tmp_path / "other.sqlite").replace(site.path)
    for left in tmp_path.glob("collector.sqlite-*"):
        left.unlink()
    assert "None so far." in site.get("/landings").text


def test_nothing_heard_yet(path: Path, settings: Settings) -> None:
    Store.open(path).close()
    site = Site(path, settings)
    try:
        assert site.get("/healthz").text == "No feed has answered yet.\n"
        assert site.get("/healthz").status_code == 503
        for page in PAGES:
            assert site.get(page).status_code == 200
        assert "not asked yet" in site.get("/").text
        assert "No rule was ever crossed." in site.get("/alerts").text
    finally:
        site.stop()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("park", "parked for 3 h"),
        ("fail", "failing for 30 min, 2 times in a row"),
        ("quiet", "valid, but nobody in it"),
        ("blind", "Feeds answer, but nobody is heard near"),
        ("skewed", "came in 5 min"),
    ],
)
def test_a_feed_in_trouble(site: Site, change: str, words: str) -> None:
    with Store.open(site.path) as store:
        if change == "park":
            feeds.back_off(store, "adsblol", NOW + 3 * HOUR, "403: blocked")
        elif change == "fail":
            for ago in (30, 10):
                feeds.store_poll(store, "adsblol", NOW - ago * MINUTE, Outcome.MALFORMED, "HTML")
        elif change == "quiet":
            feeds.store_poll(store, "adsblol", NOW, Outcome.NOBODY)
        elif change == "blind":
            conditions.open_condition(store, "blind", "LLOV", NOW - HOUR, "")
        else:
            feeds.store_poll(store, "adsblol", NOW + 5 * MINUTE, Outcome.HEARD)
    assert words in Outline(site.get("/").text).text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.7",
        "",
        "a b",
        "@",
    ],
)
def test_other_hosts_are_refused(site: Site, host: str) -> None:
    answer = site.get("/", host=host)
    assert answer.status_code in (400, 421)
    assert "Landing" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8642", "127.0.0.1:1", "[::1]:8642"])
def test_our_own_names_are_served(site: Site, host: str) -> None:
    assert site.get("/", host=host).status_code == 200


def test_nothing_can_be_changed(site: Site) -> None:
    before = site.path.read_bytes()
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert site.client.request(method, "/").status_code == 405
    _crawl(site)
    assert site.path.read_bytes() == before


def test_a_writer_is_not_kept_waiting(site: Site) -> None:
    with Store.open(site.path) as store, store.transaction():
        conditions.open_condition(store, "clock", "host", NOW, "")
        assert "clock" not in json.dumps(site.get("/status.json").json()["conditions"])
    assert "clock" in json.dumps(site.get("/status.json").json()["conditions"])


def test_many_readers_at_once(site: Site) -> None:
    statuses: list[int] = []

    def read() -> None:
        with httpx.Client(base_url=str(site.client.base_url), trust_env=False, timeout=60) as own:
            statuses.extend(own.get(page).status_code for page in PAGES)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert statuses == [200] * 24


def test_a_port_in_use_is_told(site: Site) -> None:
    app = create_app(site.path, site.settings, site.clock)
    with pytest.raises(CollectorError, match=r"cannot listen on 127\.0\.0\.1.*in use.*`web\.port`"):
        serve(app, "127.0.0.1", site.port, threading.Event())


def test_it_stops_at_once_also_with_a_client_connected(path: Path, settings: Settings) -> None:
    Store.open(path).close()
    site = Site(path, settings)
    site.get("/weeks")  # keeps its connection open
    clock_before = site.clock.now()
    site._stop.set()
    site.thread.join(4)
    assert not site.thread.is_alive()
    assert site.clock.now() == clock_before
    site.client.close()


def test_times_to_come_do_not_break_a_page(site: Site) -> None:
    site.clock.move_to(NOW - timedelta(days=400))
    for page in PAGES:
        assert site.get(page).status_code == 200


def test_a_landing_that_counts_nowhere_says_so_in_the_list(site: Site) -> None:
    text = site.get("/landings").text
    rows = [row for row in text.split('<li class="landing') if "</li>" in row]
    assert any("not counted" in row for row in rows)
    assert any("not counted" not in row for row in rows)
    for row in rows:
        page = site.get(row.partition('href="')[2].partition('"')[0]).text
        assert ("not counted" in row) == ("Counts for no place." in page)
