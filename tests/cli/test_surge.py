"""Does a surge say on every surface what it compares, what it costs, and why it says nothing?"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from collector.landings.rules import RULES_VERSION
from collector.model import Landing, Revision
from collector.model.coverage import CoverageSlot
from collector.model.heard_week import HeardWeek
from collector.model.watch import Place
from collector.queries.coverage import CoverageQuery
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store, archive_units, coverage_slots, judged, landings, meta, outbox
from collector.store.archive_units import UnitRead
from collector.store.encoding import to_json
from collector.weeks import week_bounds, week_of
from tests.cli.runner import call
from tests.cli.test_chance import FIRST, SENTENCE, ZONE, see_weeks
from tests.support.alert_desk import SUNDAY
from tests.support.landings import AIRFIELDS
from tests.support.station import Station
from tests.support.touchdowns import touchdown

RULE = """
[[watch.rule]]
name = "surge"
kind = "surge"
at = "LLOV"
"""
STATED = """usual_landings = 92
usual_from = "2016-04"
usual_to = "2023-03"
usual_source = "a report"
"""
WEEKLY = """
[[watch.rule]]
name = "weekly"
kind = "threshold"
at = "LLOV"
count = 4
"""
HOUR = timedelta(hours=1)
BURST = [touchdown(SUNDAY - hours * HOUR, watch="w") for hours in (40, 30, 20, 3)]


def _station(tmp_path: Path, keys: str = "") -> Station:
    station = Station(tmp_path)
    text = station.config.read_text()
    head, tail = text[: text.index("[[watch.rule]]")], text[text.index("\n[feeds") :]
    station.config.write_text(head + RULE + keys + tail)
    return station


def _find(services: Services, *found: Landing) -> None:
    for landing in found:
        revision = Revision(landing.id, FIRST, "found", "Heard.", RULES_VERSION)
        with services.store.transaction():
            landings.save(services.store, landing, revision)
            judged.mark_judged(services.store, [landing.id], RULES_VERSION)
            services.alert_evaluator.evaluate_touchdowns(
                {"w": [landing.detection.touchdown_at]}, SUNDAY
            )


def _heard(store: Store, feeds: set[str], weeks: range) -> None:
    """How the place was heard in these weeks since `FIRST`."""
    for week in weeks:
        key = week_of(FIRST + timedelta(weeks=week), ZONE)
        meta.set_value(
            store, f"heard:LLOV:{ZONE}:{key}", to_json(HeardWeek(1.0, frozenset(feeds), 2000))
        )


def _mails(services: Services) -> list[str]:
    keys = [row["key"] for row in services.store.execute("SELECT key FROM outbox")]
    items = [outbox.get(services.store, key) for key in keys]
    return [" ".join(each.owed.message.text.split()) for each in items if each is not None]


def test_a_surge_is_mailed_once_with_what_it_costs(tmp_path: Path) -> None:
    station = _station(tmp_path)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        see_weeks(store, 46)
        judged.mark_judged(store, [each.id for each in landings.find(store)], RULES_VERSION)
        services.alert_evaluator.calculate_chances(SUNDAY)
        _find(services, *BURST)
        (mail,) = _mails(services)
        assert "surge" in mail
        assert "in 7 days" in mail
        assert f"{SENTENCE}about once in 2 years (" in mail
        (row,) = store.execute("SELECT result_json FROM calibrations")
        assert 0 < json.loads(row["result_json"])["thresholds"][0][1]["p_below"] < 0.1


def test_other_feeds_make_it_abstain_and_say_so_until_enough_is_known(tmp_path: Path) -> None:
    """What a backfill adds counts on the day after it; what is stated of the other rule stays."""
    station = _station(tmp_path, WEEKLY)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        see_weeks(store, 45)
        judged.mark_judged(store, [each.id for each in landings.find(store)], RULES_VERSION)
        _heard(store, {"adsblol"}, range(20))
        _heard(store, {"adsblol", "opensky"}, range(20, 45))
        services.alert_evaluator.calculate_chances(SUNDAY)
        _find(services, *BURST)
        assert not any("surge" in mail for mail in _mails(services))
    said = "The surge does not fire yet: 25 of 45 covered weeks may be compared (26 are needed)"
    assert said in call(station, "check").stderr
    assert said in call(station, "rules", "backtest").stdout
    row, weekly = json.loads(call(station, "rules", "backtest", "--json").stdout)
    assert row["threshold"]["abstains"] in said
    assert row["fired"] == 0
    with Store.open(station.database) as store:
        _heard(store, {"adsblol", "opensky"}, range(20))
        services = build_services(load(station.config, environ={}), store)
        services.alert_evaluator.calculate_chances(SUNDAY)
    row, still = json.loads(call(station, "rules", "backtest", "--json").stdout)
    assert row["threshold"]["p_below"] > 0
    assert row["chance"] is not None
    assert still["chance"] == weekly["chance"]


def test_a_published_number_stands_in(tmp_path: Path) -> None:
    station = _station(tmp_path, STATED)
    with Store.open(station.database) as store:
        services = build_services(load(station.config, environ={}), store)
        see_weeks(store, 2)
        judged.mark_judged(store, [each.id for each in landings.find(store)], RULES_VERSION)
        services.alert_evaluator.calculate_chances(SUNDAY)
        _find(services, *BURST)
        (mail,) = _mails(services)
        assert "stated: 92 from 2016-04 to 2023-03, a report" in mail
        assert (
            "At the usual rate that the configuration states, since too little was seen here (no "
            "landing in 1 covered week), a mail like this comes by itself "
        ) in mail


@pytest.mark.parametrize("key", ["p_below = 0.01", "min_covered_weeks = 13", "days = 14"])
def test_keys_of_the_surge_of_one_week_say_what_to_write(tmp_path: Path, key: str) -> None:
    said = call(_station(tmp_path, f"{key}\n"), "check", code=78).stderr
    assert f"remove `{key.partition(' ')[0]}`. A surge now looks at" in said
    assert "false_alarms_per_year = 0.5" in said


def test_an_archive_has_an_exposure_of_its_own(tmp_path: Path) -> None:
    """Where live feeds heard the place, neither its feed nor its share counts."""
    begin, end = week_bounds("2026-W45", ZONE)
    low = (119, 139, 2)
    with Store.open(tmp_path / "test.sqlite") as store:
        unit = UnitRead(
            key="a",
            kind="traces",
            feed="archive",
            name="a",
            fingerprint="",
            begun_at=end,
            size_bytes=1,
        )
        archive_units.store_unit(store, unit)
        slots = [
            CoverageSlot(
                feed=feed,
                begins_at=begin + number * timedelta(minutes=10),
                alive_minutes=1,
                area_minutes=1,
                aircraft=1,
                cells={low: 1},
            )
            for feed, first in (("archive", 0), ("adsblol", 504))
            for number in range(first, 1008)
        ]
        coverage_slots.merge_slots(store, slots)
        query = CoverageQuery(store, AIRFIELDS, frozenset({ZONE}))
        place, now = Place(("LLOV",)), end + timedelta(days=8)
        heard = query.heard_by_week(place, ZONE, begin, now)["2026-W45"]
        assert heard.feeds == {"adsblol"}
        assert heard.height_ft == 4000
        assert heard.seen == pytest.approx(0.5, abs=0.01)
        query.invalidate_coverage(begin + HOUR)
        store.execute("DELETE FROM slots WHERE feed = 'adsblol'")
        heard = query.heard_by_week(place, ZONE, begin, now)["2026-W45"]
        assert heard.feeds == {"archive"}
        assert heard.seen > 0.99
