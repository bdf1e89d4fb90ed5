"""Do the pages, /status.json and /healthz say whether feeds answer and the database can be read?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from collector.cli.status import status_text
from collector.landings.rules import RULES_VERSION
from collector.lock import SingleInstance
from collector.model.host_pace import HostPace
from collector.model.reply import Outcome
from collector.settings import Settings
from collector.store import Store, conditions, feeds, judged, landings
from collector.store.host_paces import store_host_paces
from tests.web.browser import PAGES, Outline, Site
from tests.web.fleet_week import HOUR, MINUTE, NOW, fill

SECOND = timedelta(seconds=1)


MAIL_PROBLEM = "Mail to ops cannot be sent, since Thu 19 Nov 2026, 17:42 IST (15:42 UTC)."


@contextmanager
def stopping(site: Site) -> Iterator[Site]:
    """Stop the site at the end."""
    try:
        yield site
    finally:
        site.stop()


def close_mail_condition(path: Path) -> None:
    with Store.open(path) as store:
        conditions.close_condition(store, "mail", "ops", NOW)


def test_status_for_machines(site: Site) -> None:
    status = site.get("/status.json").json()
    assert (status["healthy"], status["problems"], status["at"]) == (
        False,
        [MAIL_PROBLEM],
        "2026-11-20T15:42:00Z",
    )
    assert status["conditions"][0]["kind"] == "mail"
    assert status["outbox"] == {"owed": 1, "failed": 0}
    assert status["coverage_24h"] == {"LLOV": 0.875, "LLER": 0.875}
    (feed,) = status["feeds"]
    assert feed == {
        "feed": "adsblol",
        "name": "adsblol",
        "enabled": True,
        "health": "answers",
        "last_outcome": "heard",
        "failures": 0,
        "alive_24h": 0.9167,
        "last_poll_at": "2026-11-20T15:41:37Z",
        "last_ok_at": "2026-11-20T15:41:37Z",
        "failing_since_at": None,
        "last_failure": "unreachable: timed out after 20 s",
        "parked_until": None,
        "parked_why": None,
        "spent_today": 2,
    }
    week = next(row for row in status["weeks"] if row["airfield"] == "LLOV")
    assert (week["week"], week["count"], week["at_most"], week["alert"]) == (
        "2026-W47",
        2,
        None,
        "firing",
    )
    assert week["not_seen"].startswith("aircraft near it were heard only 18% of the time")
    assert status["landings"][0]["id"] == "600865-2026-11-19-1"


def test_a_host_that_limits_us_is_shown(site: Site) -> None:
    assert site.get("/status.json").json()["limited_hosts"] == []
    with Store.open(site.path) as store:
        paces = {"api.adsb.lol:443": HostPace(7.23 * SECOND, limited=True), "b": HostPace()}
        store_host_paces(store, paces, NOW)
    shown = "api.adsb.lol:443 limits our requests: 7.2 s between two of them"
    assert shown in Outline(site.get("/operator/feeds").text).text
    status = site.get("/status.json").json()
    assert status["limited_hosts"] == [{"host": "api.adsb.lol:443", "pause_s": 7.2}]
    assert f"{shown}\n" in status_text(status)


def test_page_and_status_say_how_far_new_rules_have_judged(site: Site) -> None:
    with Store.open(site.path) as store:
        ids = [landing.id for landing in landings.find(store, include_retracted=True)]
        judged.mark_judged(store, ids[:2], RULES_VERSION)
        stored = judged.judged_counts(store, RULES_VERSION).stored
    shown = f"2 of {stored} stored landings judged by rules {RULES_VERSION}"
    assert shown in Outline(site.get("/operator").text).text
    status = site.get("/status.json").json()
    assert (status["judged"]["judged"], status["judged"]["waiting"]) == (2, stored - 2)
    assert f"{shown}\n" in status_text(status)


def test_healthz_follows_the_conditions(site: Site) -> None:
    answer = site.get("/healthz")
    assert (answer.status_code, answer.text) == (503, f"{MAIL_PROBLEM}\n")
    assert 'class="banner warn" role="status">Receiving' in site.get("/operator").text
    close_mail_condition(site.path)
    assert site.get("/healthz").text == "ok\n"
    assert 'class="banner good" role="status">Receiving' in site.get("/operator").text
    assert site.get("/status.json").json()["healthy"] is True
    with Store.open(site.path) as store:
        conditions.open_condition(store, "feed-refused", "adsblol", NOW - MINUTE, "403")
    refused = "Every enabled feed refuses our requests, so nothing is received."
    lines = site.get("/healthz").text.splitlines()
    assert lines == [
        refused,
        "Feed adsblol refuses our requests, since Fri 20 Nov 2026, 17:41 IST (15:41 UTC).",
    ]
    assert f'class="banner bad" role="status">{refused}' in site.get("/operator").text


def test_without_a_daemon_nothing_is_well(path: Path, settings: Settings) -> None:
    with Store.open(path) as store:
        fill(store)
    close_mail_condition(path)
    site = Site(path, settings)
    with stopping(site):
        text = "No daemon runs, so nothing is received; the last reply came 23 s ago."
        answer = site.get("/healthz")
        assert (answer.status_code, answer.text) == (503, f"{text}\n")
        assert f'class="banner bad" role="status">{text}' in site.get("/operator").text
        with SingleInstance(path):
            assert site.get("/healthz").status_code == 200
        assert site.get("/healthz").status_code == 503


def test_healthz_follows_the_polls(site: Site) -> None:
    close_mail_condition(site.path)
    assert (site.get("/healthz").status_code, site.get("/healthz").text) == (200, "ok\n")
    site.clock.move_to(NOW + HOUR)
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "No feed has answered for 1 h.\n"
    assert "No feed has answered for 1 h." in site.get("/operator").text
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
    assert "None known: this week we could not see at" in site.get("/landings").text


def test_nothing_heard_yet(path: Path, settings: Settings) -> None:
    Store.open(path).close()
    site = Site(path, settings)
    with stopping(site), SingleInstance(path):
        assert site.get("/healthz").text == "No feed has answered yet.\n"
        document = site.get("/status.json").json()
        assert not document["healthy"]
        first, then = status_text(document).split("\n\n")[:2]
        assert first == "Not healthy: No feed has answered yet."
        assert "running" in then
        assert site.get("/healthz").status_code == 503
        for page in PAGES:
            assert site.get(page).status_code == 200
        assert "not asked yet" in site.get("/operator/feeds").text
        assert "No rule has reached its threshold so far." in site.get("/alerts").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("park", "not asked again for 3 h"),
        ("fail", "failing for 30 min, 2 polls in a row"),
        ("quiet", "a valid reply without any aircraft"),
        ("blind", "Feeds answer, but no aircraft is received near the watched airfields."),
        ("skewed", "the last reply is dated 5 min in the future, so a clock is wrong"),
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
    page = "/operator/feeds" if change in ("park", "fail", "quiet") else "/operator"
    assert words in Outline(site.get(page).text).text
