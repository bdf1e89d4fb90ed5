"""Are arrivals of other sources stored once, beside landings, and never as landings?"""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from collector.archives.flight_lists import Flown
from collector.backfill.flight_lists import (
    BUCKET,
    FlightMatcher,
    FlightTableBackfill,
    FlightTableRequest,
    fields_of,
    plan,
)
from collector.backfill.session import Session
from collector.http import Http
from collector.services import build_services
from collector.settings import load
from collector.store import Store, arrivals
from tests.cli.runner import call, listed
from tests.support.clock import ManualClock
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.flight_lists import COVID, covid_row
from tests.support.opensky import flight, put_token
from tests.support.sky import IL76, Sky, Visit
from tests.support.station import Station, record

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
DAY = AT.date()
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SPAN = ("--from", "2026-11-18", "--to", "2026-11-18")


@pytest.fixture(autouse=True)
def _logs_stay() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def feed() -> Iterator[FakeFeed]:
    with FakeFeed() as one:
        put_token(one)
        yield one


def with_landing(station: Station) -> str:
    """One landing at Ovda on that day, replayed; its id."""
    sky = Sky((Visit(lands_at=AT),))
    span = timedelta(minutes=10)
    heard = list(sky.replies(AT - span, AT + span, timedelta(seconds=20)))
    call(station, "replay", *map(str, record(station.folder / "recorded", heard)))
    (row,) = listed(station, "landings")
    return str(row["id"])


def opensky(folder: Path, feed: FakeFeed, extra: str = "") -> Station:
    # Another name for the same host: the pause between two requests to one host takes no time here.
    token_url = feed.url.replace("127.0.0.1", "localhost")
    text = f"""
[feeds.opensky]
enabled = false
consent = "agreement of today"
url = "{feed.url}/api"
token_url = "{token_url}/token"
{extra}
"""
    environ = {"COLLECTOR_FEEDS__OPENSKY__CLIENT_ID": "me"}
    environ["COLLECTOR_FEEDS__OPENSKY__CLIENT_SECRET"] = "hush"
    return Station(folder, extra=text, environ=environ)


def write(path: Path, *rows: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join([COVID, *rows, ""]).encode()))
    return path


def seen(hour: int, minute: int = 0) -> str:
    return f"2026-11-18 {hour:02}:{minute:02}:00+00:00"


def test_a_list_corroborates_the_landing_it_fits_and_makes_none(tmp_path: Path) -> None:
    station = Station(tmp_path)
    landing = with_landing(station)
    write(
        tmp_path / "lists" / "flightlist_20261101_20261130.csv.gz",
        covid_row(last_seen=seen(10, 2)),
        covid_row(last_seen=seen(20)),
        covid_row(last_seen=seen(10, 2), icao24="738001"),
        covid_row(last_seen=seen(11), destination="UBBB"),
    )
    for _ in range(2):
        result = call(station, "backfill", "flightlist", str(tmp_path / "lists"))
        assert result.stdout == ""
    assert "1 read before" in result.stderr
    rows = listed(station, "backfill", "arrivals")
    assert [row["landings"] for row in rows] == [[landing], []]
    assert [row["near"] for row in rows] == [True, True]
    assert rows[0]["place"] == "flightlist_20261101_20261130.csv.gz, line 2"
    assert rows[0]["arrived_at"] == "2026-11-18T10:02:00Z"
    assert [row["landings"] for row in listed(station, "backfill", "arrivals", "--unmatched")] == [
        []
    ]
    assert listed(station, "backfill", "arrivals", "--to", "2026-11-17") == []
    assert landing in call(station, "backfill", "arrivals").stdout
    assert len(listed(station, "landings", "--all")) == 1
    text = call(station, "explain", landing).stdout
    assert "published flight list names Ovda" in " ".join(text.split())
    (told,) = listed(station, "explain", landing)
    (step,) = [one for one in told["steps"] if one["feeds"] == ["opensky-list"]]
    assert step["speaks"] == "for LLOV"
    before = listed(station, "landings")
    assert before[0]["grade"] == "confirmed"


def test_a_changed_file_is_read_again_and_replaces_what_it_said(tmp_path: Path) -> None:
    station = Station(tmp_path)
    path = write(tmp_path / "flightlist.csv.gz", covid_row(last_seen=seen(10)))
    call(station, "backfill", "flightlist", str(path))
    write(path, covid_row(last_seen=seen(12)), covid_row(last_seen=seen(15)))
    call(station, "backfill", "flightlist", str(path))
    times = [row["arrived_at"][11:16] for row in listed(station, "backfill", "arrivals")]
    assert times == ["12:00", "15:00"]


def test_bad_files_are_told_and_the_others_kept(tmp_path: Path) -> None:
    station = Station(tmp_path)
    folder = tmp_path / "lists"
    whole = write(folder / "b.csv.gz", covid_row(last_seen=seen(10)), "x,y")
    (folder / "a.csv").write_text("wrong,columns\n1,2\n")
    (folder / "c.csv.gz").write_bytes(whole.read_bytes()[:40])
    (folder / "notes.txt").write_text("not looked at")
    missing = tmp_path / "missing.csv"
    result = call(station, "backfill", "flightlist", str(folder), str(missing), code=1)
    for place in ("a.csv, line 1: ", "b.csv.gz, line 3: ", "c.csv.gz: cannot", "missing.csv: "):
        assert place in result.stderr
    assert "notes.txt" not in result.stderr
    assert len(listed(station, "backfill", "arrivals")) == 1


def test_a_registration_tells_the_aircraft_where_the_address_does_not() -> None:
    settings = load(None, environ={})
    wanted = FlightMatcher(settings)
    known = next(row for row in settings.watches[0].fleet if row.registration)
    day = date(2026, 11, 18)
    no_hyphen = (known.registration or "").replace("-", "").lower()
    for icao24 in (None, "abcdef"):
        flown = Flown(icao24, no_hyphen, None, None, day)
        assert wanted(flown) == (known.icao24, known.registration)
    assert wanted(Flown(None, "D-ABCD", None, None, day)) is None
    assert wanted(Flown(None, None, None, None, day)) is None
    assert {"LLOV", "LLER"} <= set(fields_of(settings))
    assert "UBBB" not in fields_of(settings)


def test_opensky_is_asked_once_for_each_airfield_and_day(
    tmp_path: Path, feed: FakeFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = opensky(tmp_path, feed)
    for name, value in station.environ.items():
        monkeypatch.setenv(name, value)
    landing = with_landing(station)
    rows = [flight(DAY), flight(DAY, icao24="738001"), flight(DAY, estArrivalAirport="EDDF")]
    feed.on("/api/flights/arrival", Answer(json.dumps(rows).encode()))
    plan = listed(station, "backfill", "opensky-flights", *SPAN, "--plan")
    assert plan == [{"requests": 1, "credits": 30, "today": 133}]
    assert feed.requests == []
    for _ in range(2):
        result = call(station, "backfill", "opensky-flights", *SPAN)
        assert result.stdout == ""
        assert "hush" not in result.stderr
    assert "0 requests to make" in result.stderr
    assert len(feed.requests) == 2  # a token and the flights of one airfield and day
    (row,) = listed(station, "backfill", "arrivals")
    assert (row["source"], row["landings"]) == ("opensky-flights", [landing])
    with Store.open(station.database, read_only=True) as store:
        (spent,) = store.execute("SELECT feed, cost FROM spending")
        assert tuple(spent) == (BUCKET, 30), "once, on whichever day this is"
    assert "OpenSky's flight table names Ovda" in " ".join(
        call(station, "explain", landing).stdout.split()
    )


def test_without_agreement_or_account_it_says_what_is_missing(
    tmp_path: Path, feed: FakeFeed
) -> None:
    result = call(Station(tmp_path), "backfill", "opensky-flights", *SPAN, code=78)
    assert "feeds.opensky" in result.stderr
    assert "consent" in result.stderr
    result = call(opensky(tmp_path, feed), "backfill", "opensky-flights", *SPAN, code=78)
    assert "feeds.opensky.client_id" in result.stderr
    assert feed.requests == []


def run_of(station: Station, store: Store, clock: ManualClock, http: Http) -> Session:
    settings = load(station.config, environ=station.environ)
    return Session(build_services(settings, store), http, clock)


def test_credits_of_a_day_are_planned_and_the_rest_is_left(tmp_path: Path, feed: FakeFeed) -> None:
    station = opensky(tmp_path, feed, "daily_requests = 100")
    feed.on("/api/flights/*", Answer(b"", 404))
    clock = ManualClock(NOW)
    http = Http(contact=None, clock=clock, version="1")
    days = [DAY - timedelta(days=4 - number) for number in range(5)] + [NOW.date()]
    with Store.open(station.database) as store:
        run = run_of(station, store, clock, http)
        asks = plan(run, days, aircraft=False)
        assert asks == [FlightTableRequest(day, airfield="LLOV") for day in days]
        one = FlightTableBackfill(run)
        assert one.affordable() == 3
        one.send(asks)
        assert run.ended == {"none": 3, "left for another day": 3, "asked before": 0}
        again = FlightTableBackfill(run_of(station, store, clock, http))
        assert again.affordable() == 0, "what an earlier run spent today is known"
        clock.wait(timedelta(days=1))
        run = run_of(station, store, clock, http)
        asks = plan(run, days, aircraft=False)
        assert len(asks) == 3
        FlightTableBackfill(run).send(asks)
        assert run.ended == {"asked before": 3, "none": 3}
        assert arrivals.find(store) == []
    http.close()
    asked = [one for one in feed.requests if "/flights/" in one.path]
    assert len(asked) == 6


def test_aircraft_are_asked_for_as_well_and_today_never(tmp_path: Path, feed: FakeFeed) -> None:
    station = opensky(tmp_path, feed)
    feed.on("/api/flights/*", Answer(json.dumps([flight(DAY)]).encode()))
    clock = ManualClock(NOW)
    http = Http(contact=None, clock=clock, version="1")
    with Store.open(station.database) as store:
        run = run_of(station, store, clock, http)
        asks = plan(run, [DAY, NOW.date()], aircraft=True)
        assert [ask.subject for ask in asks] == [
            *("2026-11-18 LLOV", f"2026-11-18 {IL76}"),
            *("2026-11-20 LLOV", f"2026-11-20 {IL76}"),
        ]
        FlightTableBackfill(run).send(asks)
        assert run.ended == {"taken": 2, "not yet": 2, "asked before": 0}
        assert len(arrivals.find(store)) == 1, "the same flight, by airfield and by aircraft"
    http.close()
