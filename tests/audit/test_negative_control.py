"""Does the negative control run the real detection, on the right aircraft, and say how much?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collector.cli import main
from collector.model import Observation, WatchMatch
from collector.services import build_services
from collector.settings import load
from collector.store import Store
from tests.support.flights import LLOV, START, hear, overflight, polls, visit
from tests.support.station import Station

HOUR = timedelta(hours=1)
FOLLOWED = WatchMatch("w", "fleet x", counted=False)
COUNTED = WatchMatch("w", "icao24 600865", counted=True)
VISITOR = "4b1234"
PASSER = "4b9999"
WEEK = timedelta(days=7)
DAY = (START - 104 * WEEK).date()
"""Commands live by the real clock: everything happened two years before the other tests."""


def call(station: Station, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--config", str(station.config), "rules", "control", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def control(station: Station, *words: str) -> dict[str, Any]:
    (row,) = json.loads(call(station, *words, "--json").stdout)
    answer: dict[str, Any] = row
    return answer


def later(observations: Sequence[Observation], by: timedelta) -> list[Observation]:
    return [
        replace(one, heard_at=one.heard_at + by, position_at=one.heard_at + by)
        for one in observations
    ]


def landed(icao24: str) -> list[Observation]:
    path = visit(LLOV, START + HOUR, 2 * HOUR)
    return later(hear(path, polls(START, START + 4 * HOUR), icao24=icao24), -104 * WEEK)


def passed(icao24: str) -> list[Observation]:
    path = overflight(LLOV, START + HOUR)
    return later(hear(path, polls(START, START + 2 * HOUR), icao24=icao24), -104 * WEEK)


def fill(station: Station, *observations: tuple[Sequence[Observation], WatchMatch]) -> Station:
    with Store.open(station.database) as store:
        pipeline = build_services(load(station.config, environ={}), store).pipeline
        for seen, match in observations:
            now = max(one.heard_at for one in seen) + HOUR
            pipeline.store_reports([(one, (match,)) for one in seen], (), now)
    return station


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def test_overflights_of_two_weeks_count_nothing_and_their_weeks_are_told(station: Station) -> None:
    over = passed(PASSER)
    fill(station, (over, FOLLOWED), (later(over, WEEK), FOLLOWED))
    row = control(station)
    assert (row["aircraft"], row["aircraft_weeks"], row["aircraft_weeks_near"]) == (1, 2, 2)
    assert (row["would_count"], row["landings"]) == (0, [])
    text = call(station).stdout
    assert "the detection would have counted no landing" in text
    assert "95% sure: 3 in 2" in text


def test_a_landing_of_a_followed_aircraft_is_found_anew_and_named(station: Station) -> None:
    fill(station, (landed(VISITOR), FOLLOWED), (passed(PASSER), FOLLOWED))
    row = control(station)
    assert (row["aircraft"], row["would_count"]) == (2, 1)
    (found,) = row["landings"]
    assert (found["icao24"], found["at"], found["would_count"]) == (VISITOR, "LLOV", True)
    assert found["id"] == f"{VISITOR}-{DAY}-1"
    assert found["grade"] == "confirmed"
    assert VISITOR in call(station).stdout


def test_aircraft_that_are_counted_are_no_control_unless_their_watch_is_named(
    station: Station,
) -> None:
    fill(station, (landed("600865"), COUNTED))
    row = control(station)
    assert (row["aircraft"], row["would_count"]) == (0, 0)
    assert "proves nothing" in call(station).stdout
    assert control(station, "--watch", "w")["would_count"] == 1


def test_a_landing_at_the_seam_of_two_windows_is_found_once(station: Station) -> None:
    """The window of the first landing ends an hour after the second, in cruise; the next begins
    before it."""
    second = visit(LLOV, START + 6.8 * HOUR, 0.4 * HOUR, begin_nm=500)
    observations = hear(second, polls(START + 5 * HOUR, START + 10 * HOUR), icao24=VISITOR)
    fill(station, (landed(VISITOR), FOLLOWED), (later(observations, -104 * WEEK), FOLLOWED))
    row = control(station)
    assert row["would_count"] == len(row["landings"]) == 2


def test_landings_of_several_days_are_all_found(station: Station) -> None:
    seen = landed(VISITOR)
    fill(
        station, (seen, FOLLOWED), (later(seen, 8 * HOUR), FOLLOWED), (later(seen, WEEK), FOLLOWED)
    )
    row = control(station)
    assert row["would_count"] == len(row["landings"]) == 3
    assert row["aircraft_weeks"] == 2


def test_only_the_span_is_looked_at(station: Station) -> None:
    fill(station, (landed(VISITOR), FOLLOWED))
    for words, count in (
        (["--from", f"{DAY + timedelta(days=1)}"], 0),
        (["--from", "2020-01-01", "--to", f"{DAY - timedelta(days=1)}"], 0),
        (["--from", f"{DAY}", "--to", f"{DAY}"], 1),
    ):
        row = control(station, *words)
        assert (row["aircraft"], row["would_count"]) == (count, count)
    row = control(station, "--from", f"{DAY}T10:00Z")
    assert (row["aircraft"], row["would_count"]) == (1, 0), "received after it had landed"


def test_nothing_is_stored(station: Station) -> None:
    fill(station, (landed(VISITOR), FOLLOWED))
    before = station.database.read_bytes()
    call(station)
    assert station.database.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [(["--watch", "none"], "no watch"), (["--from", "2999-01-01"], "earlier")],
)
def test_mistakes_are_usage(station: Station, words: list[str], message: str) -> None:
    assert message in call(station, *words, code=2).stderr
