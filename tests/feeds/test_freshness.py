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


@pytest.mark.parametrize(
    ("rows", "msg", "outcome"),
    [
        (b"", b"No error", Outcome.NOBODY),
        (b" ", b"back end down", Outcome.MALFORMED),
        (b'{"hex":"600865","gs":NaN}', b"No error", Outcome.HEARD),
        (b'{"hex":"600865"}', b"moving \xe9 soon", Outcome.HEARD),
        (b'{"hex":"600865","gs":"}', b"No error", Outcome.MALFORMED),
    ],
)
def test_errors_and_odd_bytes_alike(rows: bytes, msg: bytes, outcome: Outcome) -> None:
    body = b'{"ac":[%s],"msg":"%s","now":%d}' % (rows, msg, NOW.timestamp())
    assert replayed(body) is outcome
    assert (fetched(body) is Outcome.MALFORMED) == (outcome is Outcome.MALFORMED)


def test_a_clock_that_was_set_back_makes_nothing_cached() -> None:
    """A receiver on the collector's machine has its clock, right or wrong."""
    freshness = Freshness()
    for now in (NOW + timedelta(days=400), NOW, NOW + SECOND):
        freshness.check("here", now, now, CACHED_AFTER)
    with pytest.raises(Stale, match="the same reply as before"):
        freshness.check("here", NOW + SECOND, NOW + 5 * SECOND, CACHED_AFTER)


def test_an_error_is_quoted_harmless() -> None:
    body = b'{"ac":[],"msg":"down \x1b[2J","now":%d}' % NOW.timestamp()
    with pytest.raises(Malformed, match="here: the feed answers with an error: down ") as caught:
        time_of(Format.READSB, body, "here")
    assert str(caught.value).isprintable()


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


def test_what_says_that_there_is_no_error_is_no_reason() -> None:
    body = b'{"ac":[],"msg":"No error","now":"%d"}' % NOW.timestamp()
    with pytest.raises(Malformed, match="not flight data but Expected `float`, got `str`"):
        time_of(Format.READSB, body, "here")
