"""Does somebody learn at a start that this is not the database that the collector used last?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import Malformed
from collector.store import outbox
from tests.support.desk import Desk, desk
from tests.support.sky import Sky, Visit

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def start(at: Desk, lasts: timedelta = 5 * MINUTE) -> None:
    """Begin as the daemon does, and work for a while."""
    at.jobs.start_check.begin(at.clock.now())
    at.work(at.clock.now() + lasts, MINUTE)


def told(at: Desk) -> Sequence[str]:
    """What the mails were about."""
    return [key.split(":")[1] for key in at.owed() if key.startswith("condition:")]


def test_the_first_start_on_a_database_is_told_once(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        start(at)
    with desk(tmp_path, WEDNESDAY + HOUR, Sky()) as at:
        start(at)
        assert told(at) == ["new-database"]
        (mail,) = outbox.listing(at.store)
    assert mail.owed.message.subject == "Condition: The collector runs on a new database"
    words = " ".join(mail.owed.message.text.split())
    assert f"No reply was stored in {tmp_path}/var/collector.sqlite before." in words
    assert "this mail shows that mails reach you" in words


def test_a_database_that_an_earlier_version_ran_on_is_not_new(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.work(WEDNESDAY + 5 * MINUTE, MINUTE)
    with desk(tmp_path, WEDNESDAY + HOUR, Sky()) as at:
        start(at)
        assert told(at) == []


@pytest.mark.parametrize(("days", "tells"), [(1.9, []), (2.1, ["pause"])])
def test_a_database_that_ends_long_ago_is_told_once(
    tmp_path: Path, days: float, tells: list[str]
) -> None:
    with desk(tmp_path, WEDNESDAY, Sky((Visit(lands_at=WEDNESDAY + 10 * DAY),))) as at:
        at.work(WEDNESDAY + 5 * MINUTE, MINUTE)
    for later in (timedelta(), HOUR):
        with desk(tmp_path, WEDNESDAY + days * DAY + later, Sky()) as at:
            start(at)
            assert told(at) == tells
            mails = outbox.listing(at.store)
    for mail in mails:
        words = " ".join(mail.owed.message.text.split())
        assert "is of Wed 18 Nov 2026, 11:04 IST (09:04 UTC): 2 d 2 h before." in words
        assert "this database is an old one" in words


def test_a_pause_is_measured_once_the_clock_is_right(tmp_path: Path) -> None:
    """A machine without a battery begins with the time of its end; and may be ended again."""
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.work(WEDNESDAY + 5 * MINUTE, MINUTE)
    with desk(tmp_path, WEDNESDAY + 6 * MINUTE, Sky(), patience=DAY) as at:
        at.feed.error = Malformed("of another time")
        start(at)
    with desk(tmp_path, WEDNESDAY + 20 * MINUTE, Sky(), patience=DAY) as at:
        at.feed.error = Malformed("of another time")
        start(at)
        assert told(at) == []
        at.clock.set_wrong(9 * DAY)
        at.feed.error = None
        at.work(at.clock.now() + 5 * MINUTE, MINUTE)
        assert told(at) == ["pause"]
