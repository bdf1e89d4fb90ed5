"""Do the jobs go on whatever happens to the clocks, to a round or to one run of a job?"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from collector.daemon.job_runs import OVERDUE_AFTER
from collector.daemon.scheduler import JOB_INTERVALS, Daemon
from collector.daemon.systemd import SystemdNotifier
from collector.feeds import build
from collector.notify.database_alarm import DatabaseAlarm
from collector.settings import load
from collector.store import feeds
from tests.support.clock import TickingClock
from tests.support.desk import Desk, desk
from tests.support.fake_feed import Answer, FakeFeed, Seen
from tests.support.sky import AREA, Sky
from tests.support.station import DEADLINE_S, Station

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def soon(happened: Callable[[], bool], what: str) -> None:
    """Wait until it happened; that takes milliseconds on an idle machine."""
    end = time.monotonic() + DEADLINE_S
    while not happened():
        assert time.monotonic() < end, what
        time.sleep(0.005)


@contextmanager
def running(at: Desk) -> Iterator[Daemon]:
    """The daemon's threads at work; the test moves the clock."""
    alarm = DatabaseAlarm(at.jobs.services.health, at.jobs.outbox_sender.sender, "collector.sqlite")
    daemon = Daemon(at.jobs, TickingClock(at.clock), alarm, SystemdNotifier({}))
    daemon.start_jobs()
    try:
        yield daemon
    finally:
        daemon.clock.stop()
        for thread in threading.enumerate():
            if thread.name in {*JOB_INTERVALS, "poll adsblol"}:
                thread.join(5)


def rounds(at: Desk) -> int:
    """Polls for the fleet: each round has one."""
    return len(at.feed.asked) // 2


@pytest.mark.parametrize(
    "leap",
    [2 * HOUR, 26 * HOUR, 24 * 30 * HOUR, -3 * HOUR, -timedelta(seconds=100)],
    ids=["2 h", "26 h", "30 days", "3 h back", "100 s back"],
)
def test_polls_go_on_after_the_clock_leaps(tmp_path: Path, leap: timedelta) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at, running(at) as daemon:
        soon(lambda: rounds(at) == 1, "the first round")
        for round_number in (2, 3, 4):
            soon(lambda: at.jobs.pollers["adsblol"].next_poll_at() > at.clock.now(), "its end")
            time.sleep(0.05)
            at.clock.move_to(at.clock.now() + leap)
            soon(lambda n=round_number: rounds(at) == n, "a round after the clock leapt")  # type: ignore[misc]
            assert daemon.is_working(), "no poll hangs because the clock leapt"


def test_after_a_leap_the_rhythm_is_the_old_one(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at, running(at):
        soon(lambda: rounds(at) == 1, "the first round")
        at.clock.move_to(at.clock.now() + 26 * HOUR)
        soon(lambda: rounds(at) == 2, "the round after the leap")
        time.sleep(0.1)
        assert rounds(at) == 2, "nothing is made up for"
        due = at.jobs.pollers["adsblol"].next_poll_at()
        at.clock.move_to(due - timedelta(seconds=1))
        time.sleep(0.1)
        assert rounds(at) == 2, "polled before the time"
        at.clock.move_to(due)
        soon(lambda: rounds(at) == 3, "the next round")


@pytest.mark.parametrize(("per_day", "rounds_today"), [(2, 1), (3, 1), (24, 12)])
def test_a_budget_is_shared_out_evenly_however_often_is_asked(
    tmp_path: Path, per_day: int, rounds_today: int
) -> None:
    midnight = WEDNESDAY + 15 * HOUR
    with desk(tmp_path, WEDNESDAY, Sky(), per_day=per_day) as at:

        def work(until: datetime) -> None:
            while at.clock.now() < until:
                while at.jobs.poll("adsblol"):
                    pass
                at.clock.wait(timedelta(seconds=30))

        work(midnight - timedelta(minutes=2))
        begins = [asked_at for asked_at, _ in at.feed.asked[::2]]
        state = feeds.state(at.store, "adsblol")
        assert (state.failures, state.last_failure) == (0, None), "asked without a budget"
        gaps = [later - earlier for earlier, later in itertools.pairwise(begins)]
        even = 15 * HOUR / max(1, per_day // 2 - 1)
        assert all(abs(gap - even) < timedelta(minutes=5) for gap in gaps), gaps
        assert rounds_today - 1 <= rounds(at) <= rounds_today
        before = rounds(at)
        work(begins[-1] + 24 * HOUR / (per_day // 2) + timedelta(minutes=1))
        assert rounds(at) == before + 1, "the next day's first round"


def test_a_round_that_overruns_its_interval_is_followed_by_the_next(tmp_path: Path) -> None:
    with (
        desk(tmp_path, WEDNESDAY, Sky()) as at,
        running(at) as daemon,
        structlog.testing.capture_logs() as lines,
    ):
        soon(lambda: rounds(at) == 1, "the first round")
        entered, leave = threading.Event(), threading.Event()
        fetch = at.feed.fetch

        def slowly(request: object) -> object:
            entered.set()
            assert leave.wait(DEADLINE_S)
            return fetch(request)  # type: ignore[arg-type]

        at.feed.fetch = slowly  # type: ignore[assignment,method-assign]
        for round_number in (2, 3, 4):
            entered.clear()
            leave.clear()
            at.clock.move_to(at.clock.now() + HOUR)
            soon(entered.is_set, "a round began")
            at.clock.move_to(at.clock.now() + 2 * HOUR)
            time.sleep(0.05)
            assert daemon.is_working()
            leave.set()
            soon(lambda n=round_number: rounds(at) >= n, "a round after the long one")  # type: ignore[misc]
        soon(lambda: rounds(at) >= 5, "due at once, because the last one took hours")
        assert [line for line in lines if line["event"].startswith(("job", "feed"))] == []


def test_a_poll_that_hangs_is_noticed_and_one_asleep_is_not(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at, running(at) as daemon:
        assert isinstance(daemon.clock, TickingClock)
        soon(lambda: rounds(at) == 1, "the first round")
        entered, leave = threading.Event(), threading.Event()
        fetch = at.feed.fetch

        def hang(request: object) -> object:
            entered.set()
            assert leave.wait(DEADLINE_S)
            return fetch(request)  # type: ignore[arg-type]

        at.feed.fetch = hang  # type: ignore[assignment,method-assign]
        at.clock.move_to(at.clock.now() + 8 * HOUR)
        soon(entered.is_set, "the poll that hangs")
        at.clock.move_to(at.clock.now() + 8 * HOUR)
        assert daemon.is_working(), "the machine slept during the poll"
        daemon.clock.awake += OVERDUE_AFTER + timedelta(seconds=1)
        assert not daemon.is_working()
        leave.set()
        soon(daemon.is_working, "the poll ended")


@pytest.mark.parametrize("value", ["\xff", "a\x01b", "x" * 20_000], ids=["0xff", "control", "long"])
@pytest.mark.parametrize("name", ["ETag", "Last-Modified"])
def test_polls_go_on_after_a_validator_that_cannot_be_sent(
    tmp_path: Path, name: str, value: str
) -> None:
    with FakeFeed() as server, desk(tmp_path, WEDNESDAY, Sky()) as at:

        def reply(_: Seen) -> Answer:
            return Answer(at.feed.sky.body(at.clock.now(), AREA), headers={name: value})

        server.on("/*", reply)
        (described,) = load(Station(tmp_path, feed_url=server.url).config, environ={}).feeds
        poller = at.jobs.pollers["adsblol"]
        poller.feed = build(described, at.jobs.http, at.clock)
        with running(at):
            for round_number in (1, 2, 3):
                soon(lambda n=round_number: len(server.requests) == 2 * n, "a round")  # type: ignore[misc]
                soon(lambda: poller.next_poll_at() > at.clock.now(), "its end")
                state = feeds.state(at.store, "adsblol")
                assert (state.failures, state.last_failure) == (0, None)
                at.clock.move_to(poller.next_poll_at())


def test_a_job_that_raises_goes_on_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at, structlog.testing.capture_logs() as lines:
        runs: list[int] = []

        def settle() -> bool:
            runs.append(len(runs))
            if len(runs) < 4:
                raise ZeroDivisionError("a defect")
            return False

        fetch = at.feed.fetch

        def odd(request: object) -> object:
            at.feed.fetch = fetch  # type: ignore[method-assign]
            raise ZeroDivisionError("another")

        monkeypatch.setattr(at.jobs, "settle", settle)
        at.feed.fetch = odd  # type: ignore[assignment,method-assign]
        with running(at):
            soon(lambda: len(runs) > 5, "more runs after three that failed")
            soon(lambda: bool(at.feed.asked), "the rest of the round")
            at.clock.move_to(at.clock.now() + HOUR)
            soon(lambda: len(at.feed.asked) == 3, "the next round")
        failed = [line for line in lines if line["event"] == "job failed"]
        assert [line["job"] for line in failed].count("settle") == 3
        assert [line["job"] for line in failed].count("poll adsblol") == 1
        traces = [line for line in failed if line["job"] == "settle" and line["exception"]]
        assert len(traces) == 1, "the same failure has its traceback once"
        assert "in settle" in traces[0]["exception"]
