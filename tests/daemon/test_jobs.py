"""Is each job done when it is due, once, and never again after a restart?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.model.reply import Area
from collector.store import feeds, landings, outbox
from tests.support.desk import desk
from tests.support.sky import Sky, Visit
from tests.support.smtp import Inbox, smtp_server

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

MONDAY_SEVEN = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""07:00 in Jerusalem."""

HOUR = timedelta(hours=1)


def test_the_digest_comes_at_zero_and_once(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
        at.clock.move_to(MONDAY_SEVEN - timedelta(seconds=1))
        assert not at.jobs.owe_digest()
        assert at.owed() == []
        at.clock.move_to(MONDAY_SEVEN)
        at.jobs.owe_digest()
        at.jobs.owe_digest()
        assert at.owed() == ["digest:2026-W47:ops"]
        (item,) = outbox.listing(at.store)
        assert "could not see" in item.owed.message.subject
    with desk(tmp_path, MONDAY_SEVEN + HOUR, Sky()) as at:
        at.jobs.owe_digest()
        assert at.owed() == ["digest:2026-W47:ops"]


def test_digests_missed_while_down_are_queued_afterwards(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
    with desk(tmp_path, MONDAY_SEVEN + timedelta(days=15), Sky()) as at:
        assert at.jobs.owe_digest()
        while at.jobs.owe_digest():
            pass
        assert at.owed() == [f"digest:2026-W{week}:ops" for week in (47, 48, 49)]


def test_after_a_year_down_only_the_last_weeks_are_sent(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
    with desk(tmp_path, MONDAY_SEVEN + timedelta(weeks=52), Sky()) as at:
        while at.jobs.owe_digest():
            pass
        assert len(at.owed()) == 8
        assert at.owed()[-1] == "digest:2027-W46:ops"


def test_chances_wait_until_old_landings_are_judged(tmp_path: Path) -> None:
    """They stay for a quarter, and what older rules found is not compared with the rest."""
    stored = "SELECT count(*) AS number FROM calibrations"
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.calculate_chances()
        assert at.store.execute(stored)[0]["number"] == 0
        while at.jobs.judge_again():
            pass
        at.jobs.calculate_chances()
        assert at.store.execute(stored)[0]["number"] > 0


def test_silence_below_the_floor_becomes_a_landing_only_in_time(tmp_path: Path) -> None:
    lands_at = WEDNESDAY + HOUR
    sky = Sky((Visit(lands_at=lands_at, heard_above_ft=3_000),))
    with desk(tmp_path, WEDNESDAY, sky) as at:
        at.work(lands_at + timedelta(minutes=10))
        assert landings.find(at.store) == []
        at.work(lands_at + timedelta(minutes=30))
        (landing,) = landings.find(at.store)
        assert landing.detection.airfield == "LLOV"
        assert landing.detection.grade.value == "probable"
        assert abs(landing.detection.touchdown_at - lands_at) < timedelta(minutes=3)


def test_the_same_silence_during_an_outage_is_no_landing(tmp_path: Path) -> None:
    lands_at = WEDNESDAY + HOUR
    sky = Sky(
        (Visit(lands_at=lands_at, heard_above_ft=3_000),),
        silent=((lands_at - timedelta(minutes=1), lands_at + 6 * HOUR),),
    )
    with desk(tmp_path, WEDNESDAY, sky) as at:
        at.work(lands_at + 3 * HOUR, timedelta(seconds=60))
        counted = [one.detection.grade.value for one in landings.find(at.store)]
        assert "confirmed" not in counted
        assert "probable" not in counted
        assert not [key for key in at.owed() if key.startswith("alert")]


def test_polls_are_frequent_only_while_an_aircraft_is_inbound(tmp_path: Path) -> None:
    lands_at = WEDNESDAY + HOUR
    with desk(tmp_path, WEDNESDAY, Sky((Visit(lands_at=lands_at),))) as at:
        at.work(lands_at - timedelta(minutes=30), timedelta(seconds=5))
        far = len(at.feed.asked)
        at.clock.move_to(lands_at - timedelta(minutes=6))
        at.work(lands_at, timedelta(seconds=5))
        near = len(at.feed.asked) - far
    assert far / 30 < near / 6 / 1.5


def test_a_days_budget_lasts_the_day_and_is_never_exceeded(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 18, tzinfo=UTC)
    visits = tuple(Visit(lands_at=midnight + number * HOUR) for number in range(1, 24))
    with desk(tmp_path, midnight, Sky(visits), per_day=300) as at:
        at.work(midnight + 12 * HOUR, timedelta(seconds=60))
    # A restart does not hand the day's budget out again.
    with desk(tmp_path, midnight + 12 * HOUR, Sky(visits), per_day=300) as at:
        assert at.feed.budget.left(at.clock.now()) is not None
        at.work(midnight + 24 * HOUR - timedelta(seconds=40), timedelta(seconds=60))
        assert 250 < feeds.spending(at.store, "adsblol", midnight) <= 300
        assert at.feed.asked[-1][0] > midnight + 23 * HOUR
        at.work(midnight + 25 * HOUR, timedelta(seconds=60))
        assert feeds.spending(at.store, "adsblol", midnight + 24 * HOUR) > 0


def test_a_mail_is_tried_again_until_the_server_takes_it(tmp_path: Path) -> None:
    inbox = Inbox(data_answers=["451 later", "drop"])
    with smtp_server(inbox) as port, desk(tmp_path, WEDNESDAY, Sky(), smtp_port=port) as at:
        at.jobs.owe_digest()
        at.clock.move_to(MONDAY_SEVEN)
        at.jobs.owe_digest()
        for _ in range(3):
            at.jobs.send()
        assert inbox.taken == []
        at.clock.wait(timedelta(minutes=1))
        at.jobs.send()
        assert inbox.taken == []
        at.clock.wait(timedelta(minutes=2))
        at.jobs.send()
        at.jobs.send()
        assert len(inbox.taken) == 1
        (item,) = outbox.listing(at.store)
        assert (item.state, item.attempts) == ("sent", 3)


def test_neighbouring_fields_share_one_poll(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        while at.jobs.poll("adsblol"):
            pass
        assert sum(isinstance(ask, Area) for _, ask in at.feed.asked) == 1
