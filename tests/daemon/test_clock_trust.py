"""Does anything happen for the wrong date: before the clock was set, or while it is wrong?"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import Malformed
from collector.store import Store, landings
from collector.store.restoring import restore
from tests.support.desk import Desk, desk
from tests.support.sky import Sky, Visit

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MONDAY_SEVEN = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""07:00 in Jerusalem."""
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def a_wrong_while(at: Desk, by: timedelta, span: timedelta = 20 * MINUTE) -> None:
    """The clock is set wrong, so that the feed's replies are of another time, and then right."""
    at.clock.set_wrong(by)
    at.feed.error = Malformed("of another time")
    at.work(at.clock.now() + span, MINUTE)
    at.clock.set_wrong(-by)
    at.feed.error = None


def digests_of(at: Desk) -> list[str]:
    """The weeks of the digests that were owed by the Monday after."""
    at.work(at.clock.now() + 10 * MINUTE, MINUTE)
    at.clock.move_to(MONDAY_SEVEN)
    at.work(MONDAY_SEVEN + 10 * MINUTE, MINUTE)
    return [key.split(":")[1] for key in at.owed() if key.startswith("digest")]


@pytest.mark.parametrize("off", [-400 * DAY, -8 * DAY, 6 * DAY, 400 * DAY])
@pytest.mark.parametrize("at_the_start", [True, False])
def test_a_wrong_clock_makes_no_digest_and_costs_none(
    tmp_path: Path, off: timedelta, at_the_start: bool
) -> None:
    begin = WEDNESDAY + off if at_the_start else WEDNESDAY
    with desk(tmp_path, begin, Sky(), patience=DAY) as at:
        if at_the_start:
            at.feed.error = Malformed("of another time")
            at.work(begin + 20 * MINUTE, MINUTE)
            at.clock.set_wrong(-off)
            at.feed.error = None
        else:
            at.work(WEDNESDAY + 10 * MINUTE, MINUTE)
            a_wrong_while(at, off)
        assert digests_of(at) == ["2026-W47"]


def test_a_clock_that_is_set_after_the_start_makes_no_hour_without_reception(
    tmp_path: Path,
) -> None:
    """A small computer without a battery begins in 1970."""
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    with desk(tmp_path, begin, Sky(), patience=DAY) as at:
        at.feed.error = Malformed("of another time")
        at.work(begin + 5 * MINUTE, MINUTE)
        at.clock.set_wrong(WEDNESDAY - at.clock.now())
        at.work(WEDNESDAY + 50 * MINUTE, MINUTE)
        assert at.owed() == []
        at.work(WEDNESDAY + 70 * MINUTE, MINUTE)
        assert [key.split(":")[1] for key in at.owed()] == ["blind"], "an hour after the start"


def test_a_digest_leaves_although_nobody_tells_the_time(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), patience=DAY) as at:
        at.work(WEDNESDAY + 2 * MINUTE, MINUTE)
    with desk(tmp_path, MONDAY_SEVEN - HOUR, Sky(), patience=DAY) as at:
        at.feed.error = Malformed("no route")
        owed = []
        for hours in (2, 24):
            at.clock.move_to(MONDAY_SEVEN - HOUR + hours * HOUR)
            at.jobs.owe_digest()
            owed.append(at.owed())
        assert owed == [[], ["digest:2026-W47:ops"]]


def test_a_clock_that_is_set_ahead_makes_no_silence_longer(tmp_path: Path) -> None:
    lands_at = WEDNESDAY + 12 * MINUTE
    sky = Sky((Visit(lands_at=lands_at, heard_above_ft=3_000.0),))
    with desk(tmp_path, WEDNESDAY, sky, patience=DAY) as at:
        at.work(lands_at - MINUTE)
        a_wrong_while(at, 7 * HOUR, 2 * MINUTE)
        assert landings.find(at.store) == []


def test_recordings_outlive_a_clock_that_is_set_ahead_while_we_run(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), patience=DAY) as at:
        at.work(WEDNESDAY + 2 * MINUTE, MINUTE)
        (kept,) = (tmp_path / "var" / "recordings").glob("*.warc.gz")
        os.utime(kept, (WEDNESDAY.timestamp(), WEDNESDAY.timestamp()))
        at.clock.set_wrong(400 * DAY)
        at.jobs.prune()
        assert kept.exists()


def test_after_a_restored_backup_only_the_last_week_is_sent_again(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
        database, backup = at.store.path, tmp_path / "backup.sqlite"
        at.store.backup(backup)
    later = MONDAY_SEVEN + 5 * 7 * DAY + HOUR
    restore(backup, database, kept_as=tmp_path / "kept.sqlite", at=later)
    with desk(tmp_path, later, Sky()) as at:
        while at.jobs.owe_digest():
            pass
        assert at.owed() == ["digest:2026-W52:ops"]
    with Store.open(database, read_only=True) as store:
        assert store.check() == []
