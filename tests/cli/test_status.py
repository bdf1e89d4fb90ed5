"""Does `status` say first what is wrong, and nothing about what is not there?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from collector.lock import SingleInstance
from collector.store import Store, conditions
from tests.cli.runner import call, listed
from tests.support.station import Station


def test_status_says_first_that_nothing_works(tmp_path: Path) -> None:
    station = Station(tmp_path)
    call(station, "db", "migrate")
    assert "Not healthy: No daemon runs, so nothing is received." in call(station, "status").stdout
    with SingleInstance(station.database):
        begin = call(station, "status").stdout.splitlines()[:3]
        assert begin[0] == "Not healthy: No feed has answered yet."
        assert begin[2].startswith("running, process ")
        with Store.open(station.database) as store:
            since = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
            conditions.open_condition(store, "feed-refused", "adsblol", since, "403")
        text = call(station, "status").stdout
        (document,) = listed(station, "status")
    told = " ".join(text.partition("running, process")[0].split())
    assert told == " ".join(f"Not healthy: {problem}" for problem in document["problems"])
    assert ": feed-refused adsblol: 403\n" in text


def test_nothing_is_said_of_judging_where_no_landing_is_stored(tmp_path: Path) -> None:
    station = Station(tmp_path)
    call(station, "db", "migrate")
    assert call(station, "db", "judge").stderr.endswith("no landings are stored\n")
    assert "judged" not in call(station, "status").stdout
