"""Is a reply judged too old, or from the future, alike when it is fetched and when replayed?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collector.coverage.region import Region
from collector.errors import DecodeError, Malformed, Stale
from collector.feeds.freshness import Freshness, time_of
from collector.model.reply import CACHED_AFTER, LATEST_AHEAD, Everything, Format, Outcome, Reply
from collector.pipeline.sift import sift
from tests.support.fake_feed import aircraft_json

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "age",
    [CACHED_AFTER, CACHED_AFTER + SECOND, -LATEST_AHEAD, -LATEST_AHEAD - SECOND, timedelta()],
    ids=str,
)
def test_fetched_and_replayed_alike(age: timedelta) -> None:
    body = aircraft_json(NOW - age)
    assert fetched(body) is replayed(body)


def fetched(body: bytes) -> Outcome:
    try:
        made_at = time_of(Format.READSB, body, "here")
        Freshness().check("here", made_at, NOW, CACHED_AFTER)
    except Stale:
        return Outcome.STALE
    except Malformed:
        return Outcome.MALFORMED
    return Outcome.NOBODY


def replayed(body: bytes) -> Outcome:
    reply = Reply(
        feed="here",
        format=Format.READSB,
        ask=Everything(),
        url="https://feed.example/v2/all",
        received_at=NOW,
        body=body,
    )
    try:
        return sift(reply, lambda *_: (), Region(())).coverage.outcome
    except DecodeError:
        return Outcome.MALFORMED
