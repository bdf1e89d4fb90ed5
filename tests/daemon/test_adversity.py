"""Does the daemon count and mail correctly when the clock is wrong or settings change?"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.daemon.clock_trust import CLOCK_SUBJECT
from collector.errors import Malformed, Refused, Unreachable
from collector.reports.mails.condition import ConditionKind
from collector.store import closed_time, feeds, landings
from tests.support.desk import Desk, desk
from tests.support.sky import Sky, Visit

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 19, tzinfo=UTC)
HOUR = timedelta(hours=1)
AHEAD = timedelta(days=400)


def poll(at: Desk) -> None:
    """One round, if one is due."""
    while at.jobs.poll("adsblol"):
        pass


def test_a_clock_that_ran_ahead_for_a_year_stops_nothing_once_it_is_right(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
        at.clock.move_to(WEDNESDAY + AHEAD)
        at.feed.error = Refused("403")
        at.work(WEDNESDAY + AHEAD + HOUR)
        assert at.owed()

        at.feed.error = None
        at.clock.move_to(WEDNESDAY)
        assert at.jobs.pollers["adsblol"].next_poll_at() <= WEDNESDAY + HOUR
        at.work(WEDNESDAY + HOUR)
        assert feeds.state(at.store, "adsblol").failures == 0
        at.clock.move_to(datetime(2026, 11, 23, 5, 0, tzinfo=UTC))
        at.jobs.owe_digest()
        assert "digest:2026-W47:ops" in at.owed()


def test_an_ask_over_midnight_is_counted_once_and_never_less(tmp_path: Path) -> None:
    with desk(tmp_path, MIDNIGHT - timedelta(milliseconds=200), Sky(), per_day=300) as at:
        at.jobs.poll("adsblol")
        assert at.clock.now() > MIDNIGHT
        assert feeds.spending(at.store, "adsblol", MIDNIGHT - HOUR) == 1
        assert feeds.spending(at.store, "adsblol", MIDNIGHT) == 0


def test_recordings_outlive_a_clock_that_runs_ahead(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        poll(at)
        (kept,) = (tmp_path / "var" / "recordings").glob("*.warc.gz")
        os.utime(kept, (WEDNESDAY.timestamp(), WEDNESDAY.timestamp()))
    with desk(tmp_path, WEDNESDAY + AHEAD, Sky()) as at:
        at.jobs.prune()
        at.feed.error = Malformed("in the future; check our clock")
        poll(at)
        at.jobs.prune()
        assert kept.exists()
        at.feed.error = None
        at.clock.wait(HOUR)
        poll(at)
        at.jobs.prune()
        assert not kept.exists()


def test_the_database_is_not_pruned_by_a_clock_that_runs_ahead(tmp_path: Path) -> None:
    setting = "\n[retention]\nprune_after_days = 90\n"
    with desk(tmp_path, WEDNESDAY, Sky(), extra=setting) as at:
        poll(at)
        at.clock.move_to(WEDNESDAY + AHEAD)
        at.jobs.services.health.open(ConditionKind.CLOCK, CLOCK_SUBJECT, WEDNESDAY, "ahead")
        at.jobs.prune_database()
        assert closed_time.closed_until(at.store) is None
        at.jobs.services.health.close(ConditionKind.CLOCK, CLOCK_SUBJECT, WEDNESDAY)
    with desk(tmp_path, WEDNESDAY + AHEAD, Sky(), extra=setting) as at:
        at.jobs.prune_database()
        assert closed_time.closed_until(at.store) is None
        poll(at)
        while at.jobs.prune_database():
            pass
        closed_until = closed_time.closed_until(at.store)
        assert closed_until is not None
        age = WEDNESDAY + AHEAD - closed_until
        assert timedelta(days=90) <= age < timedelta(days=97)


def test_what_is_wrong_with_what_is_no_longer_configured_ends(tmp_path: Path) -> None:
    unconfigured = [
        (ConditionKind.FEED_REFUSED, "adsbfi"),
        (ConditionKind.MAIL, "typo@example.org"),
        (ConditionKind.BLIND, "LLOV, LLER"),
    ]
    still = [(ConditionKind.FEED_REFUSED, "adsblol"), (ConditionKind.MAIL, "ops@example.org")]
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        for kind, subject in [*unconfigured, *still]:
            at.jobs.services.health.open(kind, subject, WEDNESDAY, "as it was configured then")
    with desk(tmp_path, WEDNESDAY + HOUR, Sky()) as at:
        health = at.jobs.services.health
        assert [health.is_open(*one) for one in unconfigured] == [False] * 3
        assert [health.is_open(*one) for one in still] == [True] * 2


@pytest.mark.parametrize("error", [Malformed("half a reply"), Unreachable("no route")])
def test_hours_of_garbage_and_then_a_landing(tmp_path: Path, error: Malformed) -> None:
    lands_at = WEDNESDAY + 7 * HOUR
    with desk(tmp_path, WEDNESDAY, Sky((Visit(lands_at=lands_at),))) as at:
        at.feed.error = error
        at.work(WEDNESDAY + 6 * HOUR, timedelta(minutes=1))
        assert landings.find(at.store) == []
        assert [key.split(":")[1] for key in at.owed()] == ["blind"]
        at.feed.error = None
        at.work(lands_at + HOUR, timedelta(seconds=20))
        (landing,) = landings.find(at.store)
        assert (landing.airfield, landing.detection.grade.value) == ("LLOV", "confirmed")
        assert at.jobs.services.health.all_well()
