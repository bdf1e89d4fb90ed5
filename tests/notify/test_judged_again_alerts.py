"""What becomes of alerts and mutes when new rules judge stored landings again?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector.landings.rules import RULES_VERSION
from collector.model import Grade, Landing, WatchMatch
from collector.model.review import Review
from collector.pipeline.changes import LandingChange
from collector.pipeline.derivation import Derivation
from collector.pipeline.reviews import apply_review
from collector.services import Services
from collector.store import alerts, judged, landings, observations, outbox
from tests.notify.test_judged_again import FIRST, HOUR, MAIL, NOW, WEEK, judge_all, keys, services
from tests.support.rules_four import (
    cruise_with_one_ground_row,
    store_false_landing,
    store_landing,
    store_true_landing,
)
from tests.support.station import Station

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


def mail(here: Services) -> str:
    """Return the text of the mail about judging again, on one line."""
    item = outbox.get(here.store, MAIL)
    assert item is not None
    return " ".join(item.owed.message.text.split())


def mute(here: Services) -> None:
    """Mute every rule of the watch until a day after NOW."""
    alerts.mute(here.store, "w", None, NOW + DAY, "maintenance", at=NOW - 2 * DAY)


def store_false_landing_of_another(here: Services) -> None:
    """Store the false landing of an aircraft of which no other is stored."""
    landing = store_landing(here, FIRST, FIRST - MINUTE, FIRST + MINUTE)
    here.store.execute("UPDATE landings SET icao24 = '600866' WHERE id = ?", (landing.id,))
    reports = [replace(each, icao24="600866") for each in cruise_with_one_ground_row(FIRST)]
    match = WatchMatch("w", "icao24 600866", counted=True)
    observations.store_reports(here.store, [(each, (match,)) for each in reports])


def store_lowered_landing(here: Services) -> Landing:
    """Store a landing that rules 4 had as `possible`, without alert; now it counts."""
    landing = store_true_landing(here, FIRST)
    lowered = replace(landing.detection, grade=Grade.POSSIBLE, probability=0.4)
    landings.save(here.store, replace(landing, detection=lowered), None)
    for table in ("outbox", "alert_states"):
        here.store.execute(f"DELETE FROM {table}")
    return landing


def test_a_muted_alert_of_the_present_is_mailed_after_the_mute(station: Station) -> None:
    with services(station) as here:
        store_false_landing_of_another(here)
        mute(here)
        present = store_true_landing(here, NOW - 20 * HOUR)
        judged.mark_judged(here.store, [present.id], RULES_VERSION)
        before = keys(here.store)
        judge_all(here)
        assert keys(here.store) == sorted([*before, MAIL])
        alerts_told = mail(here).partition("Alerts that this changes:")[2]
        assert "week 37 of 2026" in alerts_told, "the mute does not hold back what is over"
        assert "this week" not in alerts_told, "the rules changed nothing in it"
        here.alert_evaluator.evaluate(NOW + DAY + HOUR)
        new = sorted({*keys(here.store)} - {*before, MAIL})
        assert new == ["alert:w:one:2026-W47:crossed:1:ops"]


def test_a_muted_alert_that_the_rules_withdraw_is_corrected_after_the_mute(
    station: Station,
) -> None:
    with services(station) as here:
        store_false_landing(here, NOW - 20 * HOUR)
        assert "alert:w:one:2026-W47:crossed:1:ops" in keys(here.store)
        mute(here)
        before = keys(here.store)
        judge_all(here)
        assert "Alerts that this changes" not in mail(here)
        here.alert_evaluator.evaluate(NOW + DAY + HOUR)
        new = sorted({*keys(here.store)} - {*before, MAIL})
        assert new == ["alert:w:one:2026-W47:corrected_below:0:ops"]


def test_an_alert_told_by_that_mail_is_corrected_by_another(station: Station) -> None:
    with services(station) as here:
        landing = store_lowered_landing(here)
        judge_all(here)
        assert keys(here.store) == [MAIL]
        assert "(usual: not known yet). Rule one: its threshold is now reached." in mail(here)
        rejected = Review(
            at=NOW + 2 * HOUR, by="Anna", verdict="rejected", note="No.", airfield="LLOV"
        )
        apply_review(here.store, here.alert_evaluator, landing.id, rejected)
        item = outbox.get(here.store, "alert:w:one:2026-W37:corrected_below:0:ops")
        assert item is not None
        assert item.state == "owed"


def test_alerts_are_told_also_where_no_listed_change_concerns_the_watch(station: Station) -> None:
    """As after a landing that the watch no longer names: its change is none of the watch's."""
    with services(station) as here:
        landing = store_false_landing(here, FIRST)
        judged.mark_judged(here.store, [landing.id], RULES_VERSION)
        (state,) = alerts.load_states(here.store, "w")
        judged.store_changed_alert(here.store, state, "LLOV: none. Rule one: as before.")
        judge_all(here)
        item = outbox.get(here.store, MAIL)
        assert item is not None
        assert (
            item.owed.message.subject == f"Alerts corrected: judged again by rules {RULES_VERSION}"
        )
        assert "w: no landing changed" in mail(here)
        assert "- LLOV: none. Rule one: as before." in mail(here)
        assert "<ul" in item.owed.message.html.partition("Alerts that this changes")[2]


def test_only_landings_of_earlier_rules_were_judged_again(station: Station) -> None:
    with services(station) as here:
        store_false_landing(here, FIRST)
        found = store_true_landing(here, FIRST + WEEK)
        judged.mark_judged(here.store, [found.id], RULES_VERSION)
        with capture_logs() as logged:
            judge_all(here)
        assert f"Rules {RULES_VERSION} have judged 1 landing again" in mail(here)
        (line,) = [each for each in logged if each["event"] == "stored landings judged again"]
        assert (line["judged"], line["changes"]) == (1, 1)


def test_nothing_is_said_where_nothing_is_stored(station: Station) -> None:
    with services(station) as here, capture_logs() as logged:
        judge_all(here)
        assert [each for each in logged if "judged" in each["event"]] == []
        assert keys(here.store) == []


def test_a_landing_that_cannot_be_judged_keeps_no_other_waiting(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Derivation.judge_again

    def faulty(derivation: Derivation, landing: Landing, now: datetime) -> list[LandingChange]:
        if landing.detection.icao24 == "600865":
            raise ZeroDivisionError("a defect")
        return judge(derivation, landing, now)

    monkeypatch.setattr(Derivation, "judge_again", faulty)
    with services(station) as here:
        store_false_landing_of_another(here)
        defective = store_false_landing(here, FIRST + 2 * WEEK)
        with capture_logs() as logged:
            assert judge_all(here) == 2
        (line,) = [each for each in logged if each["log_level"] == "error"]
        assert line["id"] == defective.id
        assert "1 withdrawn" in mail(here)
        assert landings.find(here.store) == [defective]
