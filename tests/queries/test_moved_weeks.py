"""Is a landing that moves from one week into the next a correction of the week that it left?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from collector.alerts.counts import count_landings
from collector.landings.reconcile import AircraftIdentity, reconcile
from collector.model import Detection, Landing, Place, Rule, RuleKind, WatchMatch
from collector.pipeline.changes import LandingChange
from collector.reports.mails.corrections import correction_lines
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, landings, outbox
from collector.weeks import digest_at, week_bounds
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.unheard import arrived_between

ZONE = "Asia/Jerusalem"
MIDNIGHT = datetime(2026, 11, 23, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
"""The end of week 47 and the beginning of week 48, as Ovda counts them; in UTC it is Sunday."""
WATCHED = AircraftIdentity("4K-AZ101", "IL76", (WatchMatch("w", "icao24", counted=True),))


def _store(services: Services, stored: list[Landing], derived: Detection, now: datetime) -> Landing:
    ((landing, revision),) = reconcile(
        stored,
        [derived],
        identity=WATCHED,
        span=(MIDNIGHT - timedelta(days=1), MIDNIGHT + timedelta(days=1)),
        now=now,
        new_id=lambda icao24, day: f"{icao24}-{day}-1",
        zones=services.pipeline.derivation.matcher.zones,
    )
    before = stored[0] if stored else None
    with services.store.transaction():
        landings.save(services.store, landing, revision)
        services.alert_evaluator.landings_changed([LandingChange(landing, before, revision)], now)
    return landing


@pytest.mark.parametrize("later", [timedelta(minutes=20), -timedelta(minutes=20)])
def test_the_digest_tells_of_it(tmp_path: Path, later: timedelta) -> None:
    station = Station(tmp_path)
    told_at = digest_at("2026-W47", ZONE) + timedelta(hours=1)
    at = MIDNIGHT - later / 2
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        first = touchdown(at, "LLOV", watch="w").detection
        found = _store(services, [], first, MIDNIGHT + timedelta(hours=1))
        _store(services, [found], touchdown(at + later, "LLOV", watch="w").detection, told_at)
        watch = services.settings.watches[0]
        corrections = services.weeks.corrections(
            watch, "2026-W48", digest_at("2026-W47", ZONE), told_at + timedelta(days=7)
        )
        (line,) = correction_lines(corrections, ZONE, ())
    weeks = ("2026-W47", "2026-W48")
    before, after = weeks if later > timedelta() else weeks[::-1]
    assert f"UTC), from week {before} to {after}." in line


def test_the_mail_that_corrects_an_alert_says_where_its_landing_went(tmp_path: Path) -> None:
    station = Station(tmp_path)
    at = MIDNIGHT - timedelta(minutes=10)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        found = _store(services, [], touchdown(at, "LLOV", watch="w").detection, MIDNIGHT)
        later = touchdown(at + timedelta(minutes=20), "LLOV", watch="w").detection
        _store(services, [found], later, MIDNIGHT + timedelta(hours=2))
        corrected = "alert:w:one:2026-W47:corrected_below:0:ops"
        (mail,) = [each for each in outbox.listing(store) if each.key == corrected]
    assert "from week 2026-W47 to 2026-W48" in " ".join(mail.owed.message.text.split())


HOUR = timedelta(hours=1)
EMPTIED = "in week 2026-W48 instead of 2026-W47 or 2026-W48."
OVDA = Place(("LLOV",))


def _undated_then_heard(services: Services, told_at: datetime) -> Landing:
    """A landing of one of two weeks, whose estimate lies in the second; its arrival is found there
    once the first one's digest is sent."""
    at = MIDNIGHT + 6 * HOUR
    first = arrived_between(
        touchdown(at, "LLOV", watch="w").detection, at - 21 * HOUR, at + 9 * HOUR
    )
    found = _store(services, [], replace(first, touchdown_at=at), MIDNIGHT + 10 * HOUR)
    return _store(services, [found], touchdown(at, "LLOV", watch="w").detection, told_at)


def test_the_digest_tells_of_a_week_that_a_landing_left_though_its_estimate_stays(
    tmp_path: Path,
) -> None:
    station = Station(tmp_path)
    told_at = digest_at("2026-W47", ZONE) + HOUR
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        after = _undated_then_heard(services, told_at)
        watch = services.settings.watches[0]
        counts = [
            count_landings([after], watch, OVDA, *week_bounds(key, ZONE)).text
            for key in ("2026-W47", "2026-W48")
        ]
        corrections = services.weeks.corrections(
            watch, "2026-W48", digest_at("2026-W47", ZONE), told_at + timedelta(days=7)
        )
        (line,) = correction_lines(corrections, ZONE, ())
    assert counts == ["0", "1"]
    assert EMPTIED in line


def test_the_mail_that_corrects_such_a_week_lists_why(tmp_path: Path) -> None:
    station = Station(tmp_path)
    rule = Rule(name="may", kind=RuleKind.UNDETERMINED, place=OVDA, count=1)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        (watch,) = services.settings.watches
        evaluator = replace(services.alert_evaluator, watches=[replace(watch, rules=(rule,))])
        services.alert_evaluator = evaluator
        _undated_then_heard(services, MIDNIGHT + 12 * HOUR)
        (mail,) = [
            each for each in outbox.listing(store) if ":2026-W47:corrected_below:" in each.key
        ]
    assert EMPTIED in " ".join(mail.owed.message.text.split())


def test_an_estimate_that_moves_while_both_weeks_stay_possible_names_none(tmp_path: Path) -> None:
    station = Station(tmp_path)
    told_at = digest_at("2026-W47", ZONE) + HOUR
    heard = touchdown(MIDNIGHT, "LLOV", watch="w").detection
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        first = arrived_between(heard, MIDNIGHT - 30 * HOUR, MIDNIGHT + 20 * HOUR)
        found = _store(services, [], first, MIDNIGHT + HOUR)
        then = arrived_between(heard, MIDNIGHT - 20 * HOUR, MIDNIGHT + 30 * HOUR)
        _store(services, [found], then, told_at)
        watch = services.settings.watches[0]
        corrections = services.weeks.corrections(
            watch, "2026-W48", digest_at("2026-W47", ZONE), told_at + timedelta(days=7)
        )
        (line,) = correction_lines(corrections, ZONE, ())
    assert "retimed" in line
    assert "week" not in line
