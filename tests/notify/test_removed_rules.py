"""Does every surface say when an alert was reached, when it ended, and why if its rule is gone?"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collector.alerts.lifecycle import AlertState, Status
from collector.reports.alert_times import times_words
from collector.services import build_services
from collector.settings import load
from collector.store import Store, alerts, outbox
from tests.cli.runner import call, listed
from tests.support.alert_desk import DAY, SUNDAY, desk, two
from tests.support.station import Station
from tests.web.browser import Outline, Site

KEYS = ("2026-W47", "2026-11-22")
GONE = "since the configuration has no such rule any more"
REACHED, ENDED = "Sun 22 Nov 2026, 22:25 IST (20:25 UTC)", "Wed 25 Nov 2026, 22:25 IST (20:25 UTC)"


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """One whose week and fortnight were reached on Sunday evening."""
    with desk(tmp_path) as here:
        here.find(*two())
        text = (tmp_path / "collector.toml").read_text()
    found = Station(tmp_path)
    found.config.write_text(text)
    return found


def _start(station: Station, at: datetime) -> dict[str, AlertState]:
    """Evaluate as at a start; return the states of the watch's rules by name."""
    with Store.open(station.database) as store:
        build_services(load(station.config, environ={}), store).alert_evaluator.evaluate(at)
        return {state.rule: state for state in alerts.load_states(store, "w")}


def _mails(station: Station) -> list[str]:
    with Store.open(station.database) as store:
        return [item.owed.key for item in outbox.listing(store)]


def test_an_alert_whose_rule_is_gone_ends_and_every_surface_says_why(station: Station) -> None:
    mails, kept = _mails(station), station.config.read_text()
    station.config.write_text(kept.replace('name = "fortnight"', 'name = "fourteen"'))
    states = _start(station, SUNDAY + 3 * DAY)
    assert states["fortnight"].status is Status.RESOLVED
    assert (states["fortnight"].reached_at, states["fortnight"].ended_at) == (
        *(SUNDAY, SUNDAY + 3 * DAY),
    )
    assert states["fourteen"].status is Status.FIRING
    assert not [key for key in _mails(station) if key not in mails and "fourteen" not in key]

    row = next(row for row in listed(station, "alerts") if row["rule"] == "fortnight")
    assert (row["reached_at"], row["ended_at"], row["ended_because"]) == (
        *("2026-11-22T20:25:00Z", "2026-11-25T20:25:00Z", "rule-gone"),
    )
    text = call(station, "alerts", "list").stdout
    assert f"ended {GONE}: w fortnight 2026-11-22" in text
    site = Site(station.database, load(station.config, environ={}))
    try:
        site.clock.move_to(SUNDAY + 60 * DAY)
        page = Outline(site.get("/alerts").text).text
    finally:
        site.stop()
    assert f"reached on {REACHED}, ended on {ENDED}, {GONE}" in page

    station.config.write_text(kept)
    states, mails = _start(station, SUNDAY + 4 * DAY), _mails(station)
    assert states["fortnight"].status is Status.FIRING, "its days are not over"
    assert states["fortnight"].reached_at == SUNDAY
    assert states["fortnight"].ended_because is None
    assert _mails(station) == mails


def test_an_ended_week_keeps_when_it_was_reached(station: Station) -> None:
    states = _start(station, SUNDAY + 3 * DAY)
    week = states["two"]
    monday = SUNDAY + timedelta(hours=1, minutes=35)
    assert (week.reached_at, week.ended_at) == (SUNDAY, monday)
    row = next(row for row in listed(station, "alerts") if row["rule"] == "two")
    assert (row["reached_at"], row["ended_at"]) == ("2026-11-22T20:25:00Z", "2026-11-22T22:00:00Z")


def test_people_read_a_window_and_type_its_key(station: Station) -> None:
    assert {row["key"] for row in listed(station, "alerts")} == set(KEYS)
    text = " ".join(call(station, "alerts").stdout.split())
    assert "14d:" not in text
    for key in KEYS:
        rule = "two" if "W" in key else "fortnight"
        call(station, "alerts", "ack", "w", rule, key)
        assert f"UTC: w {rule} {key}" in call(station, "alerts").stdout
    call(station, "alerts", "ack", "w", "fortnight", "2020-01-01", code=1)


def test_a_window_that_was_over_when_it_was_found_says_so(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.find(*two(SUNDAY - 30 * DAY))
        (state,) = (
            each for each in alerts.load_states(here.services.store, "w") if each.rule == "two"
        )
    assert state.status is Status.RESOLVED
    assert state.reached_at is not None
    assert state.ended_at is not None
    assert state.reached_at > state.ended_at
    assert times_words(state, "UTC").startswith(
        "found on Sun 22 Nov 2026, 20:25 UTC, after its end"
    )
