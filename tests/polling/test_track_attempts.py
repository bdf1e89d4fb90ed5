"""What follows from an attempt to fetch a full track: done, failed, given up, or tried again?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from collector.model.track_request import RequestReason, Silence, TrackRequest, TrackRequestState
from collector.polling.track_rules import (
    END_TOLERANCE,
    RATE_LIMIT_PAUSE,
    RETRY_AFTER,
    SILENT_AFTER,
    TRACKS_KEPT_FOR,
    TrackAttempt,
    abandoned,
    is_expired,
    new_requests,
    with_attempt,
    with_rate_limit,
    with_refusal,
    with_result,
)
from tests.support.flights import START

MINUTE = timedelta(minutes=1)

HOUR = timedelta(hours=1)

SILENCE = Silence(reason=RequestReason.INBOUND, begins_at=START, ends_at=None)

NOW = START + SILENT_AFTER


@pytest.fixture
def fetch() -> TrackRequest:
    """A request during its first attempt."""
    (one,) = new_requests("600865", [SILENCE], ["roof"], [], NOW)
    return with_attempt(one, NOW)


def got(until_s: float | None, **changes: Any) -> TrackAttempt:
    """A track that ends so long after the silence began."""
    ends = [] if until_s is None else [START + timedelta(seconds=until_s)]
    times = frozenset([START - HOUR, *ends] if ends else [])
    return replace(TrackAttempt(times=times, whole=True, url="http://roof/x.json"), **changes)


def test_an_attempt_is_stored_before_it_is_made(fetch: TrackRequest) -> None:
    assert (fetch.tries, fetch.due_at, fetch.state) == (
        1,
        NOW + RETRY_AFTER,
        TrackRequestState.OWED,
    )


def test_a_whole_track_that_reaches_the_silence_is_all_there_is(fetch: TrackRequest) -> None:
    for until_s in (0.0, 240.0, -END_TOLERANCE.total_seconds()):
        done = with_result(fetch, got(until_s), NOW)
        assert done.state is TrackRequestState.DONE
        assert (done.points, done.first_at, done.ended_at) == (2, START - HOUR, NOW)
        assert done.last_at == START + timedelta(seconds=until_s)


@pytest.mark.parametrize(
    ("result", "last_state"),
    [
        (got(-61.0), TrackRequestState.ABANDONED),
        (got(None, problem="none there"), TrackRequestState.FAILED),
        (got(60.0, whole=False, problem="recent is missing"), TrackRequestState.DONE),
    ],
    ids=["older-than-the-silence", "none", "not-whole"],
)
def test_anything_less_is_tried_once_more(
    fetch: TrackRequest, result: TrackAttempt, last_state: TrackRequestState
) -> None:
    later = with_result(fetch, result, NOW)
    assert (later.state, later.due_at, later.ended_at) == (
        TrackRequestState.OWED,
        NOW + RETRY_AFTER,
        None,
    )
    assert later.detail
    last = with_result(with_attempt(later, later.due_at), result, later.due_at)
    assert (last.state, last.ended_at) == (last_state, later.due_at)


def test_there_is_no_second_try_when_the_trace_will_be_gone(fetch: TrackRequest) -> None:
    late = START + TRACKS_KEPT_FOR - RETRY_AFTER + MINUTE
    assert with_result(fetch, got(None, problem="404"), late).state is TrackRequestState.FAILED


def test_a_limit_is_no_try_and_a_refusal_the_last(fetch: TrackRequest) -> None:
    wished = with_rate_limit(fetch, HOUR, "429", NOW)
    assert (wished.tries, wished.due_at, wished.state) == (0, NOW + HOUR, TrackRequestState.OWED)
    assert with_rate_limit(fetch, None, "429", NOW).due_at == NOW + RATE_LIMIT_PAUSE
    refused = with_refusal(fetch, "403", NOW)
    assert (refused.state, refused.refused_at, refused.detail) == (
        TrackRequestState.FAILED,
        NOW,
        "403",
    )


def test_what_waits_for_longer_than_a_trace_is_kept_is_given_up(fetch: TrackRequest) -> None:
    assert not is_expired(fetch, START + TRACKS_KEPT_FOR)
    assert is_expired(fetch, START + TRACKS_KEPT_FOR + MINUTE)
    assert "not asked in time" in abandoned(fetch, NOW).detail
    assert abandoned(replace(fetch, detail="429"), NOW).detail == "429"
