"""Does fetching full tracks keep to the feed's limits, and does a bad reply change nothing?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model import Grade
from collector.model.reply import Fleet, Format, Outcome, Reply
from collector.model.track_request import RequestReason, TrackRequestState
from collector.store import feeds
from tests.polling.silent_flights import (
    BEGIN,
    BOTH,
    HOUR,
    LANDS_AT,
    MINUTE,
    OVDA,
    STAY,
    detections,
    receiver_of,
    report_count,
    states,
    switched_off,
)
from tests.support.fake_feed import Answer, v2_body
from tests.support.traced import IL76, trace_body, traced


def test_without_budget_it_waits_for_the_next_day(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    with traced(tmp_path, receiver_of(switched_off(OVDA)), BEGIN) as rig:
        rig.work(LANDS_AT + 12 * MINUTE)
        budget, now = rig.jobs.pollers["adsblol"].feed.budget, rig.clock.now()
        budget.pay((budget.left(now) or 0) - 3, now)
        rig.work(LANDS_AT + HOUR)
        assert rig.asked() == []
        assert [one.grade for one in detections(rig)] != [Grade.CONFIRMED]
        rig.clock.move_to(midnight - 10 * MINUTE)
        rig.work(midnight)
        assert rig.asked() == []
        before = feeds.spending(rig.store, "adsblol", midnight)
        rig.work(midnight + 2 * MINUTE)
        assert rig.asked() == BOTH
        assert feeds.spending(rig.store, "adsblol", midnight) >= before + 2
        assert [one.grade for one in detections(rig)] == [Grade.CONFIRMED]


def test_what_no_feed_gives_in_time_is_given_up(tmp_path: Path) -> None:
    nothing = receiver_of(switched_off(OVDA), instead=lambda _: Answer(status=404))
    with traced(tmp_path, nothing, BEGIN) as rig:
        rig.work(LANDS_AT + 30 * MINUTE)
        for hours in (4, 8, 12, 30):
            rig.clock.move_to(LANDS_AT + hours * HOUR)
            rig.work(LANDS_AT + hours * HOUR + 2 * MINUTE)
        assert rig.asked() == BOTH * 2
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.FAILED)]
        # Nothing was polled for hours, so less speaks against its having flown on, or to Ramon.
        assert rig.history() == ["found", "moved"]


def test_a_refusal_ends_the_requests_and_polls_go_on(tmp_path: Path) -> None:
    refusing = receiver_of(OVDA, 2500.0, instead=lambda _: Answer(status=403))
    with traced(tmp_path, refusing, BEGIN) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        rig.clock.move_to(LANDS_AT + STAY)
        rig.work(LANDS_AT + STAY + 25 * MINUTE)
        assert rig.asked() == ["trace_full"]
        assert sorted(states(rig)) == [
            (RequestReason.OUTBOUND, TrackRequestState.OWED),
            (RequestReason.INBOUND, TrackRequestState.FAILED),
        ]
        assert not feeds.state(rig.store, "adsblol").is_backing_off(rig.clock.now())
        assert feeds.state(rig.store, "adsblol").failures == 0


def test_a_limit_is_kept_to_and_is_no_try(tmp_path: Path) -> None:
    def limited(now: datetime) -> Answer | None:
        headers = {"Retry-After": "7200"}
        return Answer(status=429, headers=headers) if now < LANDS_AT + HOUR else None

    with traced(tmp_path, receiver_of(switched_off(OVDA), instead=limited), BEGIN) as rig:
        rig.work(LANDS_AT + 25 * MINUTE)
        rig.clock.move_to(LANDS_AT + 2.1 * HOUR)
        rig.work(LANDS_AT + 2.15 * HOUR)
        assert rig.asked() == ["trace_full"]
        assert rig.track_requests()[0].tries == 0
        rig.clock.move_to(LANDS_AT + 2.35 * HOUR)
        rig.work(LANDS_AT + 2.4 * HOUR)
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.DONE)]


TIMES = [LANDS_AT - timedelta(seconds=5 * n) for n in range(60, 0, -1)]

HOSTILE = {
    "a page": b"<html>come in</html>",
    "cut short": trace_body(OVDA, TIMES)[:500],
    "another aircraft": trace_body(OVDA, TIMES, icao24="600866"),
    "still to come": trace_body(OVDA, TIMES, shift_s=86_400.0),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_body_that_is_not_that_track_changes_nothing(tmp_path: Path, body: bytes) -> None:
    hostile = receiver_of(switched_off(OVDA), instead=lambda _: Answer(body))
    with traced(tmp_path, hostile, LANDS_AT - 12 * MINUTE) as rig:
        rig.work(LANDS_AT + 12 * MINUTE, fetch=False)
        rows = report_count(rig.store)
        rig.work(LANDS_AT + 22 * MINUTE)
        assert rig.asked() == BOTH
        assert report_count(rig.store) == rows
        assert states(rig) == [(RequestReason.INBOUND, TrackRequestState.OWED)]
        assert [one.grade for one in detections(rig)] != [Grade.CONFIRMED]


def test_a_track_hides_no_cached_reply(tmp_path: Path) -> None:
    """A fleet of one aircraft is requested as its track is: `Fleet(("600865",))`."""
    now = LANDS_AT
    asked = Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=Fleet((IL76,)),
        url="https://api.adsb.lol/v2/hex/600865",
        received_at=now,
        body=v2_body(now),
    )
    track = replace(asked, format=Format.TRACE, body=trace_body(OVDA, TIMES))
    with traced(tmp_path, receiver_of(OVDA), BEGIN) as rig:
        take = rig.jobs.services.pipeline.ingest
        assert take(asked).coverage.outcome is Outcome.NOBODY
        assert take(track, cached=False).coverage.outcome is Outcome.HEARD
        assert take(replace(asked, received_at=now + MINUTE)).coverage.outcome is Outcome.STALE
