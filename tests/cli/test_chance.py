"""Is it said of each rule, on every surface, how often it fires by chance?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Revision
from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.queries.chance import ChanceQuery, quarter_begin
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings, meta
from collector.weeks import week_of, weeks_between
from tests.cli.runner import call
from tests.support.alert_desk import SUNDAY, Desk, desk, two
from tests.support.station import Station
from tests.support.touchdowns import touchdown

FIRST = datetime(2026, 1, 7, 12, tzinfo=UTC)
ZONE = "Asia/Jerusalem"
SENTENCE = "At the usual rate, a mail like this comes by itself "


def see_weeks(store: Store, weeks: int) -> None:
    """So many weeks since `FIRST` could be seen, and three landings came in them."""
    poll = PollCoverage(
        feed="adsblol",
        at=FIRST,
        outcome=Outcome.HEARD,
        area=True,
        cells={(119, 139, 4): 3},
    )
    coverage_slots.merge_polls(store, [poll])
    end = FIRST + timedelta(weeks=weeks - 1)
    for key in weeks_between(week_of(FIRST, ZONE), week_of(end, ZONE)):
        meta.set_value(store, f"coverage:LLOV:{ZONE}:{key}", "1.000000 1.000000 4")
    for week in (3, 9, 15):
        landing = touchdown(FIRST + timedelta(weeks=week), watch="w")
        landings.save(store, landing, Revision(landing.id, FIRST, "found", "test", "1"))


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as found:
        yield found


def test_a_mail_says_it_of_its_rule_and_of_its_watch(at: Desk) -> None:
    see_weeks(at.services.store, 36)
    at.services.alert_evaluator.calculate_chances(SUNDAY)
    at.find(*two())
    at.work(timedelta(minutes=5))
    assert SENTENCE in at.text()
    assert "All rules and places of this watch together: " in at.text()
    assert at.text().count("comes by itself") == 2, "of two rules that fired"
    rows = at.services.store.execute("SELECT quarter, made_for FROM calibrations WHERE watch = 'w'")
    assert [(row[0], row[1][:2]) for row in rows] == [("2026-Q4", "3:")]


def test_a_mail_says_that_it_is_not_known(at: Desk) -> None:
    see_weeks(at.services.store, 20)
    evaluator = at.services.alert_evaluator
    evaluator.calculate_chances(SUNDAY)
    at.find(*two())
    at.work(timedelta(minutes=5))
    said = "How often a mail like this comes by itself is not known yet (20 of 26 covered weeks)."
    assert said in at.text()
    see_weeks(at.services.store, 36)  # a backfill, say
    evaluator.calculate_chances(SUNDAY)
    (watch,) = [each for each in at.services.settings.watches if each.name == "w"]
    told = ChanceQuery(at.services.store, evaluator.coverage, stored_only=True)
    assert told.of_watch(watch, SUNDAY) is not None, "known at once, and kept"


def test_a_mail_does_not_wait_for_a_calculation(at: Desk) -> None:
    see_weeks(at.services.store, 36)
    at.find(*two())
    at.work(timedelta(minutes=5))
    assert "How often a mail like this comes by itself has not been calculated yet." in at.text()
    assert at.services.store.execute("SELECT * FROM calibrations") == []


def test_what_was_stated_stays_for_the_quarter(at: Desk) -> None:
    services = at.services
    (watch,) = [each for each in services.settings.watches if each.name == "w"]
    see_weeks(services.store, 36)
    stated = services.chances.of_watch(watch, SUNDAY)
    landing = touchdown(FIRST + timedelta(weeks=20), watch="w")
    landings.save(services.store, landing, Revision(landing.id, FIRST, "found", "test", "1"))
    assert services.chances.of_watch(watch, SUNDAY) == stated
    later = services.chances.of_watch(watch, SUNDAY + timedelta(weeks=12))
    assert later not in (None, stated)


def test_the_backtest_and_the_check_say_it_too(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with Store.open(station.database) as store:
        build_services(load(station.config, environ={}), store)
        see_weeks(store, 36)
    span = ("--from", "2026-01-05", "--to", "2026-11-01")
    told = call(station, "rules", "backtest", *span).stdout
    said = "At the usual rate, an alarm like this comes by itself "
    assert said in told
    assert "watch w: All rules and places of this watch together: " in told
    (row,) = json.loads(call(station, "rules", "backtest", *span, "--json").stdout)
    chance = row["chance"]
    assert chance["episodes_per_year_low"] <= chance["episodes_per_year"]
    assert chance["episodes_per_year"] <= chance["episodes_per_year_high"]
    trial = call(station, "rules", "backtest", "--count", "9", *span).stdout
    assert "less than once in 50 years" in trial
    assert "together" not in trial
    checked = call(station, "check").stderr
    assert said in checked


def test_the_check_says_once_what_holds_for_several_rules(tmp_path: Path) -> None:
    station = Station(tmp_path)
    rule = '[[watch.rule]]\nname = "two"\nkind = "threshold"\nat = "LLOV"\ncount = 2\n'
    station.config.write_text(station.config.read_text().replace("[feeds", f"{rule}[feeds", 1))
    told = call(station, "check").stderr
    assert "watch w, rules one, two: How often an alarm like this comes by itself is not" in told
    assert told.count("How often") == 1


def test_a_quarter_begins_at_a_local_midnight() -> None:
    begin = quarter_begin(SUNDAY, ZONE)
    assert begin == datetime(2026, 9, 30, 21, tzinfo=UTC)
    assert quarter_begin(begin, ZONE) == begin
    assert quarter_begin(begin - timedelta(seconds=1), ZONE) < begin
