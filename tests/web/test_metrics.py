"""Does `/metrics` say what Prometheus's own reader understands, and what the pages say?"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as openmetrics_families,
)
from prometheus_client.parser import text_string_to_metric_families

from collector.daemon.job_runs import JobRuns
from collector.model import Observation
from collector.model.reply import Outcome
from collector.settings import Settings
from collector.store import Store, conditions, feeds, observations
from tests.web.browser import Site
from tests.web.fleet_week import HOUR, MINUTE, NOW, fill

OURS = "landing_collector_"
OPERATING = Path(__file__).resolve().parents[2] / "docs" / "operating.md"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"

Read = dict[tuple[str, ...], float]


def scraped(site: Site) -> Read:
    """Every sample of ours, by its name without the prefix and the values of its labels."""
    answer = site.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name.removeprefix(OURS), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name.startswith(OURS)
    }


def of(read: Read, name: str) -> Read:
    """The samples of one name, by their labels, in the order of the labels' names."""
    return {key[1:]: value for key, value in read.items() if key[0] == name}


def test_the_clients_own_reader_reads_what_the_pages_say(site: Site) -> None:
    with Store.open(site.path) as store:
        for ago in (3 * HOUR, 3 * MINUTE):
            report = Observation(icao24="600865", feed="adsblol", heard_at=NOW - ago, squawk="1")
            observations.store_reports(store, [(report, ())])
    read, at = scraped(site), NOW.timestamp() - 23
    status = site.get("/status.json").json()
    assert of(read, "healthy") == {(): float(status["healthy"])} == {(): 0}
    assert of(read, "feed_requests_total") == {("adsblol",): 2}
    polls = of(read, "feed_recent_polls")
    assert {key: number for key, number in polls.items() if number} == {
        ("adsblol", "heard"): 1,
        ("adsblol", "unreachable"): 1,
    }
    assert {key[1] for key in polls} == {each.value for each in Outcome}
    assert of(read, "feed_recent_observations") == {("adsblol",): 1}
    assert of(read, "feed_recent_aircraft_observed") == {("adsblol",): 40}
    assert of(read, "feed_recent_aircraft_with_position") == {("adsblol",): 38}
    for what in ("poll", "reply", "heard"):
        assert of(read, f"feed_last_{what}_timestamp_seconds") == {("adsblol",): at}
    assert of(read, "landings") == {
        ("confirmed", "silkway"): 2,
        ("probable", "silkway"): 1,
        ("possible", "silkway"): 1,
        ("undetermined", "silkway"): 1,
        ("reviewed", "silkway"): 0,
        ("withdrawn", "silkway"): 0,
    }
    coverage = {(code,): share for code, share in status["coverage_24h"].items()}
    assert of(read, "airfield_coverage_ratio") == coverage
    assert [key for key, number in of(read, "conditions").items() if number] == [("mail",)]
    assert of(read, "outbox_messages") == {("owed",): 1, ("failed",): 0}
    owed_at = (NOW - 25 * HOUR).timestamp()
    assert of(read, "outbox_oldest_timestamp_seconds") == {(): owed_at}
    assert of(read, "database_size_bytes")["database",] == site.path.stat().st_size
    written_at = max(
        each.stat().st_mtime for each in site.path.parent.glob("*sqlite*") if each.suffix != "-shm"
    )
    (last_write,) = of(read, "database_last_write_timestamp_seconds").values()
    assert abs(last_write - written_at) < 60


def test_a_feed_in_trouble(site: Site) -> None:
    def states() -> list[float]:
        read = scraped(site)
        return [read[f"feed_{name}", "adsblol"] for name in ("up", "failures", "backing_off")]

    assert states() == [1, 0, 0]
    with Store.open(site.path) as store:
        conditions.close_condition(store, "mail", "ops", NOW)
        assert of(scraped(site), "healthy") == {(): 1}
        feeds.store_poll(store, "adsblol", NOW, Outcome.MALFORMED, "HTML")
        assert states() == [0, 1, 0]
        feeds.back_off(store, "adsblol", NOW + HOUR, "429")
        feeds.store_poll(store, "adsblol", NOW, Outcome.NOBODY)
        assert states() == [0, 0, 1]
    site.clock.move_to(NOW + 2 * HOUR)
    read = scraped(site)
    assert read["feed_up", "adsblol"] == 1
    assert of(read, "healthy") == {(): 0}, "no reply for two hours"
    assert not any(of(read, "feed_recent_polls").values())


def test_the_daemons_jobs_are_told(path: Path, settings: Settings) -> None:
    runs, minute = JobRuns(), timedelta(minutes=1)
    runs.add("send", minute, timedelta())
    runs.add("settle", minute, timedelta())
    runs.end("settle", 19 * minute, well=True)
    runs.begin("settle", 20 * minute)
    with Store.open(path) as store:
        fill(store)
    site = Site(path, settings, lambda: runs.states(22 * minute))
    read = scraped(site)
    site.stop()
    assert of(read, "job_success_age_seconds") == {("send",): 1320, ("settle",): 180}
    assert of(read, "job_run_seconds") == {("send",): 0, ("settle",): 120}
    assert of(read, "job_overdue") == {("send",): 1, ("settle",): 0}


def test_nothing_says_where_an_aircraft_is_or_who_gets_mail(site: Site) -> None:
    text = site.get("/metrics").text
    assert not re.findall("600865|4K-AZ101|AZQ4721|secret-address|ops", text)
    assert site.get("/metrics", Host="evil.example").status_code == 421


def test_openmetrics_is_answered_where_it_is_asked_for(site: Site) -> None:
    answer = site.get("/metrics", Accept=OPENMETRICS)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    read = openmetrics_families(answer.text)  # type: ignore[no-untyped-call]
    names = {family.name for family in read}
    assert f"{OURS}feed_requests" in names
    assert "process_resident_memory_bytes" in names


def test_the_page_for_operators_names_every_metric_and_no_other(site: Site) -> None:
    families = text_string_to_metric_families(site.get("/metrics").text)
    said = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in families
        if family.name.startswith(OURS)
    }
    assert set(re.findall(rf"{OURS}\w+", OPERATING.read_text())) == said


def test_a_failing_database_fails_the_scrape(site: Site) -> None:
    site.path.rename(site.path.with_name("elsewhere"))
    answer: httpx.Response = site.get("/metrics")
    assert answer.status_code == 503
    assert "there is no database at" in answer.text
