"""Is each condition opened and closed once, with one mail each, also through a restart?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector.errors import (
    CollectorError,
    FeedError,
    Malformed,
    PaymentRequired,
    RateLimited,
    Refused,
    Stale,
    Unreachable,
)
from collector.model.reply import Outcome
from collector.secret import Secret
from collector.services import build_services
from collector.settings import load
from collector.store import conditions, coverage_slots, feeds, outbox
from tests.support.desk import desk
from tests.support.fake_feed import Answer, FakeFeed
from tests.support.sky import Sky
from tests.support.smtp import Inbox, smtp_server
from tests.support.station import Station

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

MONDAY_SEVEN = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
"""07:00 in Jerusalem."""

HOUR = timedelta(hours=1)


def test_no_reception_is_mailed_when_it_begins_and_when_it_ends(tmp_path: Path) -> None:
    silent = Sky(silent=((WEDNESDAY, WEDNESDAY + 8 * HOUR),))
    with desk(tmp_path, WEDNESDAY, silent) as at:
        at.work(WEDNESDAY + 2.9 * HOUR, timedelta(minutes=1))
        assert at.owed() == []
        at.work(WEDNESDAY + 7 * HOUR, timedelta(minutes=1))
        (begun,) = at.owed()
        assert begun.startswith("condition:blind:LLOV:2026-11-18T12:0")
        assert not at.jobs.services.health.all_well()
        at.work(WEDNESDAY + 8.5 * HOUR, timedelta(minutes=1))
        assert [key.rsplit(":", 2)[1] for key in at.owed()] == ["begin", "end"]
        assert at.jobs.services.health.all_well()


def test_reception_is_not_back_before_an_aircraft_is_received(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.work(WEDNESDAY + HOUR, timedelta(minutes=10))
        at.feed.sky = Sky(silent=((WEDNESDAY, WEDNESDAY + 99 * HOUR),))
        at.work(WEDNESDAY + 5 * HOUR, timedelta(minutes=10))
        at.feed.error = Unreachable("down")
        at.work(WEDNESDAY + 5.7 * HOUR, timedelta(minutes=10))
        at.feed.error = None
        at.work(WEDNESDAY + 7 * HOUR, timedelta(minutes=10))
        assert [key.rsplit(":", 2)[1] for key in at.owed()] == ["begin"]
        assert not at.jobs.services.health.all_well(), "the ping stays away"
        at.feed.sky = Sky()
        at.work(WEDNESDAY + 7.4 * HOUR, timedelta(minutes=10))
        assert [key.rsplit(":", 2)[1] for key in at.owed()] == ["begin", "end"]


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
def test_a_failing_feed_backs_off_is_recorded_and_recovers(
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
        for item in outbox.listing(at.store):
            text = " ".join(item.owed.message.text.split())
            assert "No other feed can be polled" in text

        at.feed.error = None
        at.clock.move_to(at.jobs.pollers["adsblol"].next_poll_at())
        while at.jobs.poll("adsblol"):
            pass
        state = feeds.state(at.store, "adsblol")
        assert (state.failures, state.parked_until) == (0, None)
        edges = [key.rsplit(":", 2)[1] for key in at.owed()]
        assert edges == (["begin", "end"] if told else [])


def test_a_feed_that_backs_off_does_so_through_a_restart(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        at.feed.error = Refused("403")
        at.jobs.poll("adsblol")
    with desk(tmp_path, WEDNESDAY + 23 * HOUR, Sky()) as at:
        at.jobs.poll("adsblol")
        assert at.feed.asked == []
        assert len(at.owed()) == 1


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
        at.jobs.ping()
        assert page.requests == [], "no reply was stored yet, so nothing is proven"
        while at.jobs.poll("adsblol"):
            pass
        with capture_logs() as logged:
            at.jobs.ping()
        assert [seen.path for seen in page.requests] == ["/ping"]
    assert (not logged) is well


@pytest.mark.parametrize(
    ("error", "empty", "pinged"),
    [
        (None, False, True),
        (None, True, True),
        (Unreachable("down"), False, False),
        (RateLimited("429", timedelta(minutes=30)), False, False),
        (Stale("cached"), False, False),
    ],
    ids=["answers", "empty sky", "unreachable", "backs off", "cached"],
)
def test_the_ping_ends_15_minutes_after_the_last_stored_reply(
    tmp_path: Path, error: FeedError | None, *, empty: bool, pinged: bool
) -> None:
    sky = Sky(silent=((WEDNESDAY + HOUR, WEDNESDAY + 5 * HOUR),) if empty else ())
    with FakeFeed() as page, desk(tmp_path, WEDNESDAY + 0.8 * HOUR, sky) as at:
        page.on("/ping", Answer(b"ok"))
        at.jobs.services = replace(
            at.jobs.services,
            settings=replace(at.jobs.services.settings, dead_man_url=Secret(f"{page.url}/ping")),
        )

        def pings() -> int:
            at.jobs.ping()
            at.jobs.http.host_clocks.forget()  # the page is served by the real clock
            return len(page.requests)

        at.work(WEDNESDAY + HOUR, timedelta(minutes=1))
        assert pings() == 1
        at.feed.error = error
        at.work(WEDNESDAY + HOUR + timedelta(minutes=10), timedelta(minutes=1))
        assert pings() == 2
        at.work(WEDNESDAY + HOUR + timedelta(minutes=16), timedelta(minutes=1))
        assert pings() == (3 if pinged else 2)
        at.work(WEDNESDAY + 2.1 * HOUR, timedelta(minutes=1))
        assert [key.split(":")[1] for key in at.owed()] == ([] if pinged else ["blind"])


def test_a_feed_that_is_asked_every_two_hours_is_not_late_before_that(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), per_day=24) as at:
        at.work(WEDNESDAY + 7 * HOUR, timedelta(minutes=5))
        assert at.owed() == []
        at.feed.error = Unreachable("down")
        at.work(WEDNESDAY + 10.5 * HOUR, timedelta(minutes=5))
        assert [key.split(":")[1] for key in at.owed()] == ["blind"]


def test_a_mail_that_is_never_accepted_opens_a_condition(tmp_path: Path) -> None:
    inbox = Inbox(recipient_answers=["550 no such user"])
    with smtp_server(inbox) as port, desk(tmp_path, WEDNESDAY, Sky(), smtp_port=port) as at:
        at.jobs.owe_digest()
        at.clock.move_to(MONDAY_SEVEN)
        at.jobs.owe_digest()
        while at.jobs.send():
            pass
        states = Counter(item.state for item in outbox.listing(at.store))
        assert states["failed"] == 1
        # Nobody else is configured, so the condition stands on the page and stops the ping; no mail
        # about it goes to the address that does not exist.
        (condition,) = conditions.open_conditions(at.store)
        assert (condition.kind, condition.subject) == ("mail", "ops@example.org")
        assert not [key for key in at.owed() if key.startswith("condition:")]


def test_a_clock_that_is_off_is_a_condition_when_all_hosts_agree(tmp_path: Path) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        for seconds in ([1, 200], [150, 200], [45, 200], [5, 200]):
            for host, one in zip("ab", seconds, strict=True):
                at.jobs.http.host_clocks.note(host, at.clock.now() + timedelta(seconds=one))
            at.jobs.check_conditions()
        assert [key.rsplit(":", 2)[1] for key in at.owed()] == ["begin", "end"]


def test_a_host_that_was_asked_before_our_clock_was_set_does_not_vouch_for_it(
    tmp_path: Path,
) -> None:
    with desk(tmp_path, WEDNESDAY, Sky()) as at:
        clocks = at.jobs.http.host_clocks
        clocks.note("deadman.test", at.clock.now())
        at.clock.set_wrong(timedelta(days=-400))
        clocks.note("feed.test", WEDNESDAY)
        at.jobs.check_conditions()
        (condition,) = conditions.open_conditions(at.store)
        assert condition.kind == "clock"


def test_the_dead_mans_page_is_fetched_only_while_no_condition_is_open(tmp_path: Path) -> None:
    with FakeFeed() as page, desk(tmp_path, WEDNESDAY, Sky()) as at:
        page.on("/ping", Answer(b"ok"))
        environ = {"COLLECTOR_DEAD_MAN_URL": f"{page.url}/ping"}
        settings = load(Station(tmp_path).config, environ=environ)
        at.jobs.services = build_services(settings, at.store)
        while at.jobs.poll("adsblol"):
            pass
        at.jobs.ping()
        assert len(page.requests) == 1
        at.feed.error = Refused("403")
        at.clock.move_to(at.jobs.pollers["adsblol"].next_poll_at())
        at.jobs.poll("adsblol")
        at.jobs.ping()
        assert len(page.requests) == 1
