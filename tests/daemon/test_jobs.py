"""Is each job done when it is due, once, and never again after a restart?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector import recording
from collector.backfill import recordings
from collector.clock import SystemClock
from collector.daemon.jobs import POLL_OVERDUE_AFTER
from collector.daemon.scheduler import JOB_INTERVALS, Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.errors import (
    CollectorError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Stale,
    StoreError,
    Unreachable,
)
from collector.model.notice import Owed
from collector.model.reply import Area, Outcome
from collector.notify.database_alarm import DatabaseAlarm
from collector.secret import Secret
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, feeds, landings, outbox
from tests.support.desk import desk
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.sky import Sky, Visit
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import Station

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


def test_digests_missed_while_down_are_owed_afterwards(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
    with desk(tmp_path, MONDAY_SEVEN + timedelta(days=15), Sky()) as at:
        assert at.jobs.owe_digest()
        while at.jobs.owe_digest():
            pass
        assert at.owed() == [f"digest:2026-W{week}:ops" for week in (47, 48, 49)]


def test_after_a_year_down_only_the_last_weeks_are_told(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.jobs.owe_digest()
    with desk(tmp_path, MONDAY_SEVEN + timedelta(weeks=52), Sky()) as at:
        while at.jobs.owe_digest():
            pass
        assert len(at.owed()) == 8
        assert at.owed()[-1] == "digest:2027-W46:ops"


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


def test_it_listens_closely_only_while_one_is_inbound(tmp_path: Path) -> None:
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
        at.work(midnight + 12 * HOUR, timedelta(seconds=30))
    # A restart does not hand the day's budget out again.
    with desk(tmp_path, midnight + 12 * HOUR, Sky(visits), per_day=300) as at:
        assert at.feed.budget.left(at.clock.now()) is not None
        at.work(midnight + 24 * HOUR - timedelta(seconds=40), timedelta(seconds=30))
        assert 250 < feeds.spending(at.store, "adsblol", midnight) <= 300
        assert at.feed.asked[-1][0] > midnight + 23 * HOUR
        at.work(midnight + 25 * HOUR, timedelta(seconds=30))
        assert feeds.spending(at.store, "adsblol", midnight + 24 * HOUR) > 0


def test_blindness_is_told_when_it_begins_and_when_it_ends(tmp_path: Path) -> None:
    deaf = Sky(silent=((WEDNESDAY, WEDNESDAY + 8 * HOUR),))
    with desk(tmp_path, WEDNESDAY, deaf) as at:
        at.work(WEDNESDAY + 2.9 * HOUR, timedelta(minutes=1))
        assert at.owed() == []
        at.work(WEDNESDAY + 7 * HOUR, timedelta(minutes=1))
        (begun,) = at.owed()
        assert begun.startswith("condition:blind:LLOV:2026-11-18T12:0")
        assert not at.jobs.services.health.all_well()
        at.work(WEDNESDAY + 8.5 * HOUR, timedelta(minutes=1))
        assert [key.rsplit(":", 2)[1] for key in at.owed()] == ["begin", "end"]
        assert at.jobs.services.health.all_well()


@pytest.mark.parametrize(
    ("error", "outcome", "least", "told"),
    [
        (Refused("403"), Outcome.REFUSED, 24 * HOUR, True),
        (PaymentRequired("402"), Outcome.PAYMENT_REQUIRED, 14 * HOUR, True),
        (RateLimited("429", timedelta(minutes=30)), Outcome.RATE_LIMITED, 0.5 * HOUR, False),
        (Unreachable("down"), Outcome.UNREACHABLE, timedelta(seconds=30), False),
        (Malformed("a page"), Outcome.MALFORMED, timedelta(seconds=30), False),
        (Stale("cached"), Outcome.STALE, timedelta(), False),
    ],
)
def test_a_failing_feed_is_parked_recorded_and_forgiven(
    tmp_path: Path, error: CollectorError, outcome: Outcome, least: timedelta, *, told: bool
) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.feed.error = error  # type: ignore[assignment] # all of them are FeedErrors
        while at.jobs.poll("adsblol"):
            pass
        state = feeds.state(at.store, "adsblol")
        assert state.last_outcome is outcome
        assert state.failures == len(at.feed.asked)
        assert at.jobs.pollers["adsblol"].next_poll_at() >= WEDNESDAY + least
        (slot,) = coverage_slots.slots_between(at.store, WEDNESDAY, WEDNESDAY + HOUR)
        assert (slot.alive_minutes, slot.failed_minutes) == (0, 1)
        assert bool(at.owed()) is told

        at.feed.error = None
        at.clock.move_to(at.jobs.pollers["adsblol"].next_poll_at())
        while at.jobs.poll("adsblol"):
            pass
        state = feeds.state(at.store, "adsblol")
        assert (state.failures, state.parked_until) == (0, None)
        edges = [key.rsplit(":", 2)[1] for key in at.owed()]
        assert edges == (["begin", "end"] if told else [])


def test_a_parked_feed_stays_parked_through_a_restart(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.feed.error = Refused("403")
        at.jobs.poll("adsblol")
    with desk(tmp_path, WEDNESDAY + 23 * HOUR, Sky()) as at:
        at.jobs.poll("adsblol")
        assert at.feed.asked == []
        assert len(at.owed()) == 1


def test_what_was_recorded_replays_to_the_same_hearings_and_landings(tmp_path: Path) -> None:
    lands_at = WEDNESDAY + timedelta(minutes=20)
    sky = Sky((Visit(lands_at=lands_at),), silent=((lands_at + HOUR, lands_at + 2 * HOUR),))
    live = tmp_path / "live"
    live.mkdir()
    with desk(live, WEDNESDAY, sky) as at:
        for number, error in enumerate([None, Unreachable("down"), Stale("old"), None]):
            at.feed.error = error
            at.work(WEDNESDAY + (number + 1) * timedelta(minutes=10))
        at.work(lands_at + 3 * HOUR, timedelta(seconds=60))
        expected = (everything_heard(at.store), told(at.store))
    assert replayed(live, tmp_path) == expected
    assert expected[1]


def test_what_came_from_a_cache_proves_as_much_live_as_replayed(tmp_path: Path) -> None:
    """Also where a replay could not tell: the answers between were kept as heartbeats only, or
    the daemon was started anew and knew no answer before."""
    full, empty, minute = Sky(), Sky(others=0), timedelta(minutes=1)
    live = tmp_path / "live"
    live.mkdir()
    answers = [
        (1, full, None),
        (2, empty, None),
        (3, full, full.body(WEDNESDAY + 1.5 * minute)),
    ]
    with desk(live, WEDNESDAY, full) as at:
        for minutes, at.feed.sky, at.feed.cached in answers:
            at.clock.move_to(WEDNESDAY + minutes * minute)
            while at.jobs.poll("adsblol"):
                pass
    with desk(live, WEDNESDAY + 5.5 * minute, full) as at:
        at.feed.cached = full.body(WEDNESDAY + minute)
        while at.jobs.poll("adsblol"):
            pass
        expected = (everything_heard(at.store), told(at.store))
        slots = coverage_slots.slots_between(at.store, WEDNESDAY, WEDNESDAY + HOUR)
    assert [(slot.alive_minutes, slot.failed_minutes) for slot in slots] == [
        (0b0110, 0b1000),
        (0b0001, 0),
    ]
    assert replayed(live, tmp_path) == expected


def replayed(live: Path, folder: Path) -> tuple[object, object]:
    settings = load(Station(folder).config, environ={})
    with Store.open(folder / "again.sqlite") as store:
        recordings.replay(
            build_services(settings, store),
            recording.read(
                [live / "var" / "recordings"],
                recognise=partial(recording.recognise, hosts=settings.hosts),
            ),
        )
        return everything_heard(store), told(store)


@pytest.mark.parametrize(("status", "well"), [(200, True), (202, True), (204, True), (404, False)])
def test_a_dead_mans_page_may_answer_without_a_word(
    tmp_path: Path, status: int, *, well: bool
) -> None:
    with FakeFeed() as page, desk(tmp_path, WEDNESDAY, Sky()) as at:
        page.on("/ping", Answer(b"", status))
        at.jobs.services = replace(
            at.jobs.services,
            settings=replace(at.jobs.services.settings, dead_man_url=Secret(f"{page.url}/ping")),
        )
        with capture_logs() as logged:
            at.jobs.ping()
        assert [seen.path for seen in page.requests] == ["/ping"]
    assert (not logged) is well


def everything_heard(store: Store) -> object:
    return coverage_slots.slots_between(store, WEDNESDAY, WEDNESDAY + 24 * HOUR)


def told(store: Store) -> object:
    return [(one.id, one.detection, one.retracted) for one in landings.find(store)]


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


def test_a_mail_that_is_never_taken_is_told_and_shown(tmp_path: Path) -> None:
    inbox = Inbox(recipient_answers=["550 no such user"])
    with smtp_server(inbox) as port, desk(tmp_path, WEDNESDAY, Sky(), smtp_port=port) as at:
        at.jobs.owe_digest()
        at.clock.move_to(MONDAY_SEVEN)
        at.jobs.owe_digest()
        while at.jobs.send():
            pass
        states = Counter(item.state for item in outbox.listing(at.store))
        # The mail about it went to the same address, which took it: that ends the trouble.
        assert states["failed"] == 1
        assert [key for key in at.owed() if key.startswith("condition:mail:ops@example.org")]


class Letterbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.sent: list[Owed] = []

    def send(self, owed: Owed) -> None:
        self.sent.append(owed)


def test_a_failing_database_is_told_past_itself_once(tmp_path: Path) -> None:
    letters = Letterbox()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, letters, "collector.sqlite")
        for minutes in range(10):
            alarm.record_failure(StoreError("disk full"), WEDNESDAY + timedelta(minutes=minutes))
        (mail,) = letters.sent
        assert "disk full" in mail.message.text
        alarm.record_success(WEDNESDAY + timedelta(minutes=10))
        alarm.record_success(WEDNESDAY + timedelta(minutes=11))
        (ended,) = at.owed()
        assert ended.startswith("condition:database:collector.sqlite:2026-11-18T09:00:00Z:end")


def test_a_busy_moment_of_the_database_is_no_news(tmp_path: Path) -> None:
    letters = Letterbox()
    with desk(tmp_path, WEDNESDAY, Sky(), sender=letters) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, letters, "collector.sqlite")
        alarm.record_failure(StoreError("locked"), WEDNESDAY)
        alarm.record_success(WEDNESDAY + timedelta(minutes=1))
        assert letters.sent == []
        assert at.owed() == []


def test_a_clock_that_is_off_is_told_when_all_hosts_agree(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        offsets = at.jobs.http.offsets
        for seconds in ([1, 200], [150, 200], [45, 200], [5, 200]):
            offsets |= dict(zip("ab", (timedelta(seconds=one) for one in seconds), strict=True))
            at.jobs.check_conditions()
        assert [key.rsplit(":", 2)[1] for key in at.owed()] == ["begin", "end"]


def test_the_dead_mans_page_hears_of_us_only_while_all_is_well(tmp_path: Path) -> None:
    with FakeFeed() as page, desk(tmp_path, WEDNESDAY, Sky()) as at:
        page.on("/ping", Answer(b"ok"))
        environ = {"COLLECTOR_DEAD_MAN_URL": f"{page.url}/ping"}
        settings = load(Station(tmp_path).config, environ=environ)
        at.jobs.services = build_services(settings, at.store)
        at.jobs.ping()
        assert len(page.requests) == 1
        at.feed.error = Refused("403")
        at.jobs.poll("adsblol")
        at.jobs.ping()
        assert len(page.requests) == 1


def test_neighbouring_fields_are_asked_about_together(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        while at.jobs.poll("adsblol"):
            pass
        assert sum(isinstance(ask, Area) for _, ask in at.feed.asked) == 1


def test_the_watchdog_is_fed_only_while_database_and_polls_work(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), sender=Letterbox()) as at:
        alarm = DatabaseAlarm(at.jobs.services.health, Letterbox(), "collector.sqlite")
        daemon = Daemon(at.jobs, SystemClock(), alarm, SystemdNotifier({}))
        scheduler = daemon.scheduler()
        now = at.clock.now()

        def fails() -> bool:
            raise StoreError("disk full")

        works = [daemon.is_working(daemon.clock.now())]
        daemon.run_job(fails)
        works.append(daemon.is_working(daemon.clock.now()))
        daemon.run_job(lambda: False)
        works.append(daemon.is_working(daemon.clock.now()))
        works.append(
            daemon.is_working(daemon.clock.now() + POLL_OVERDUE_AFTER + timedelta(seconds=1))
        )
        assert works == [True, False, True, False]

        daemon.reschedule_all(scheduler, now)
        planned = {job.id for job in scheduler.get_jobs()}
        assert planned == {*JOB_INTERVALS, "poll adsblol"}
