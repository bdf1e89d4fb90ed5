"""Are a feed's failures, backing off and spending kept, and readable by people?"""

from __future__ import annotations

from datetime import UTC, date, datetime

from collector.model.coverage import PollCoverage
from collector.model.reply import Outcome
from collector.store import Store, coverage_slots, feeds
from tests.store.samples import DAY, HOUR, MINUTE, NOON, SECOND


def test_a_feed_never_polled(store: Store) -> None:
    assert feeds.state(store, "adsblol") == feeds.FeedState(feed="adsblol")
    assert feeds.states(store) == []
    assert feeds.spending(store, "adsblol", NOON) == 0


def test_failures_in_a_row(store: Store) -> None:
    feeds.store_poll(store, "adsblol", NOON, Outcome.HEARD, "300 aircraft")
    feeds.store_poll(store, "adsblol", NOON + MINUTE, Outcome.UNREACHABLE, "timed out \ud800")
    feeds.store_poll(store, "adsblol", NOON + 2 * MINUTE, Outcome.STALE)
    state = feeds.state(store, "adsblol")
    assert state == feeds.FeedState(
        feed="adsblol",
        last_poll_at=NOON + 2 * MINUTE,
        last_outcome=Outcome.STALE,
        last_detail="",
        last_ok_at=NOON,
        last_failure="stale",
        failing_since_at=NOON + MINUTE,
        failures=2,
    )
    feeds.store_poll(store, "adsblol", NOON + HOUR, Outcome.NOBODY)
    state = feeds.state(store, "adsblol")
    assert (state.failures, state.failing_since_at, state.last_failure) == (0, None, "stale")


def test_a_first_failure(store: Store) -> None:
    feeds.store_poll(store, "adsblol", NOON, Outcome.REFUSED, "403")
    state = feeds.state(store, "adsblol")
    assert (state.failures, state.last_ok_at, state.last_failure) == (1, None, "refused: 403")


def test_the_days_budget(store: Store) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    feeds.store_poll(store, "opensky", midnight - SECOND, Outcome.HEARD, requests=2, cost=8)
    feeds.store_poll(store, "opensky", midnight, Outcome.HEARD, cost=4)
    feeds.store_poll(store, "opensky", midnight + HOUR, Outcome.RATE_LIMITED, cost=0)
    assert feeds.spending(store, "opensky", midnight - SECOND) == 8
    assert feeds.spending(store, "opensky", date(2026, 11, 23)) == 4
    assert [tuple(row) for row in store.execute("SELECT requests, cost FROM spending")] == [
        (2, 8),
        (2, 4),
    ]


def test_backing_off_survives_polls_and_ends(store: Store) -> None:
    feeds.back_off(store, "adsblol", NOON + DAY, "403: blocked")
    feeds.store_poll(store, "adsblol", NOON, Outcome.REFUSED)
    state = feeds.state(store, "adsblol")
    assert (state.parked_until, state.parked_why) == (NOON + DAY, "403: blocked")
    assert state.is_backing_off(NOON + DAY - SECOND)
    assert not state.is_backing_off(NOON + DAY)
    feeds.end_back_off(store, "adsblol")
    assert not feeds.state(store, "adsblol").is_backing_off(NOON)


def test_old_polls_are_forgotten(store: Store) -> None:
    for at in (NOON, NOON + MINUTE, NOON + feeds.POLLS_KEPT_FOR + MINUTE):
        feeds.store_poll(store, "adsblol", at, Outcome.HEARD)
        feeds.store_poll(store, "opensky", NOON, Outcome.HEARD, requests=3, cost=4)
    assert [poll.at for poll in feeds.polls(store, "adsblol")] == [
        NOON + feeds.POLLS_KEPT_FOR + MINUTE,
        NOON + MINUTE,
    ]
    assert feeds.polls(store, "opensky", limit=1) == [
        feeds.Poll(feed="opensky", at=NOON, outcome=Outcome.HEARD, detail="", requests=3, cost=4)
    ]
    assert len(feeds.polls(store)) == 5


def test_feed_health_for_people(store: Store) -> None:
    for minute in range(0, 12 * 60, 5):
        at = NOON - minute * MINUTE
        heard = PollCoverage(feed="adsblol", at=at, outcome=Outcome.HEARD, area=True)
        coverage_slots.merge_polls(store, [heard])
    feeds.store_poll(store, "adsblol", NOON, Outcome.HEARD)
    feeds.store_poll(store, "opensky", NOON, Outcome.MALFORMED)
    feeds.store_poll(store, "parked", NOON, Outcome.REFUSED)
    feeds.back_off(store, "parked", NOON + DAY, "403")
    feeds.back_off(store, "never", NOON, "402")
    rows = store.execute("SELECT feed, health, alive_percent_of_last_day FROM feed_health")
    assert [tuple(row) for row in rows] == [
        ("adsblol", "ok", 50),
        ("never", "never heard", 0),
        ("opensky", "failing", 0),
        ("parked", "parked", 0),
    ]


def test_failures_of_one_kind_count_since_the_last_answer(store: Store) -> None:
    outcomes = [Outcome.RATE_LIMITED, Outcome.HEARD, Outcome.UNREACHABLE, Outcome.RATE_LIMITED]
    outcomes += [Outcome.UNREACHABLE, Outcome.UNREACHABLE]
    assert feeds.failures_with(store, "adsblol", Outcome.UNREACHABLE) == 0
    for number, outcome in enumerate(outcomes):
        feeds.store_poll(store, "adsblol", NOON + number * MINUTE, outcome)
    feeds.store_poll(store, "opensky", NOON + HOUR, Outcome.UNREACHABLE)
    found = [feeds.failures_with(store, "adsblol", outcome) for outcome in Outcome]
    assert dict(zip(Outcome, found, strict=True)) == {
        outcome: {Outcome.UNREACHABLE: 3, Outcome.RATE_LIMITED: 1, Outcome.HEARD: 0}.get(outcome, 0)
        for outcome in Outcome
    }
    feeds.store_poll(store, "adsblol", NOON + 2 * HOUR, Outcome.NOBODY)
    assert feeds.failures_with(store, "adsblol", Outcome.UNREACHABLE) == 0
