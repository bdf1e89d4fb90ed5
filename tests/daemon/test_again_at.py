"""When does the log say that a feed that failed is asked again? At the time at which it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from collector.errors import Unreachable
from collector.feeds.backoff import FAILED_FIRST
from tests.support.desk import desk
from tests.support.sky import Sky

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def failing(fetch: Callable[..., object], at_request: int) -> Callable[..., object]:
    """The feed's `fetch`, of which one request fails."""
    asked = iter(range(1000))

    def fetched(*request: object) -> object:
        if next(asked) == at_request:
            raise Unreachable("no connection; tried again later")
        return fetch(*request)

    return fetched


@pytest.mark.parametrize("at_request", [0, 1], ids=["first of a round", "last of a round"])
def test_the_log_names_the_time_of_the_next_poll(tmp_path: Path, at_request: int) -> None:
    with desk(tmp_path, WEDNESDAY, Sky(), per_day=100) as at, capture_logs() as lines:
        at.feed.fetch = failing(at.feed.fetch, at_request)  # type: ignore[method-assign, assignment]
        while at.jobs.poll("adsblol"):
            pass
        (line,) = [line for line in lines if line["event"] == "feed failed"]
        again_at = datetime.fromisoformat(line["again_at"])
        due = at.jobs.pollers["adsblol"].next_poll_at()
    assert abs(again_at - due) < timedelta(seconds=2)
    if at_request == 1:
        assert again_at - WEDNESDAY > 10 * FAILED_FIRST, "the interval is longer than the back-off"
