"""Which requests make up a round? Those for the fleet and the places, and for as many followed
aircraft as the budget allows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.feeds import Feed
from collector.model.reply import Area, Ask, Fleet

MAX_FOLLOWED = 100
"""Most followed aircraft that are asked for by address, those that matched last; public feeds take
100 addresses in a request (`docs/feeds.md`)."""


def requests_with_followed(
    feed: Feed,
    fleet: Sequence[str],
    followed: Sequence[str],
    areas: Sequence[Area],
    *,
    rounds_left: float,
    now: datetime,
) -> list[Ask]:
    """Return the requests of a round.

    Followed aircraft, those that matched last first, share the fleet's requests. One request more
    is made for them only if the day's budget lasts for the `rounds_left` until midnight UTC.
    """
    requests = feed.asks(fleet, areas)
    tracked = followed[:MAX_FOLLOWED]
    if not tracked:
        return requests
    affordable = _cost(feed, requests)
    with_one_more = affordable + feed.cost(Fleet((tracked[0],)))
    left = feed.budget.left(now)
    if left is None or with_one_more * rounds_left <= left:
        affordable = with_one_more
    while tracked:
        more = feed.asks([*fleet, *tracked], areas)
        if _cost(feed, more) <= affordable:
            return more
        tracked = tracked[: len(tracked) // 2]
    return requests


def _cost(feed: Feed, requests: Sequence[Ask]) -> int:
    return sum(feed.cost(request) for request in requests)
