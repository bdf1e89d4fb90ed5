"""What is a feed? A `Feed` says which polls it can answer, what each costs, and fetches replies.

`Adapter` holds what all adapters share: settings, pacing, budget, and the check of each reply.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from collector.clock import Clock
from collector.errors import Malformed, Stale
from collector.feeds.budget import RequestBudget
from collector.feeds.catalogue import KINDS, FeedKind
from collector.feeds.config import FeedSettings
from collector.feeds.freshness import Freshness, stated
from collector.model.reply import CACHED_AFTER, Area, Ask, Format, Reply
from collector.model.terms import Terms
from collector.secret import Secret

if TYPE_CHECKING:
    # The client is handed in, so that reading the kinds of feed never loads httpx.
    from collector.http import Http, Response

LONGEST_CACHED = timedelta(hours=1)
"""A reply that a cache kept for longer is not used: its landings would come too late for alerts."""


class Feed(Protocol):
    """One configured feed. One thread at a time polls it."""

    name: str
    terms: Terms
    default_poll: timedelta
    budget: RequestBudget
    """What was spent today. It is stored (`budget.spent`) and resumed after a restart."""

    @property
    def daily_budget(self) -> int | None:
        """Units (requests; for OpenSky, credits) per UTC day; None if there is no limit."""

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:
        """Return the polls of one round, for these addresses and places, as the feed takes them."""

    def cost(self, ask: Ask) -> int:
        """Return the units that one poll takes from the day's budget, without retries."""

    def fetch(self, ask: Ask) -> Reply:
        """Poll once, including the client's retries, and return the reply.

        Never returns a body that is not flight data or that was returned before. Raises a branch of
        FeedError; ValueError if `asks` never gives such an `ask`.
        """


class Adapter:
    """What all adapters share: settings, pacing, budget, and the check of each reply."""

    def __init__(self, settings: FeedSettings, http: Http, clock: Clock) -> None:
        self.kind: FeedKind = KINDS[settings.kind]
        self.name = settings.name
        self.terms = self.kind.terms
        self.default_poll = self.kind.default_poll
        self.budget = RequestBudget(settings.daily_requests or self.kind.per_day)
        self.http = http
        self.clock = clock
        self.api = (settings.url or "").rstrip("/")
        """The address of the API, without a slash at its end."""
        self.headers: dict[str, str | Secret] = {}
        """Headers with the operator's key, for this host only."""
        self._freshness = Freshness()

    @property
    def daily_budget(self) -> int | None:
        """Units per UTC day; None if there is no limit."""
        return self.budget.per_day

    def ask_http(
        self,
        url: str,
        headers: Mapping[str, str | Secret],
        *,
        cost: int,
        teaches: bool = True,
        tolerate: Sequence[int] = (),
        socket_path: str | None = None,
    ) -> Response:
        """Send a conditional request, paid for from the request budget. Raises FeedError.

        `teaches`: whether its answer teaches the host's pace; track requests only keep to it.
        """
        return self.http.get(
            url,
            headers=headers,
            spacing=self.kind.spacing,
            conditional=True,
            teaches=teaches,
            tolerate=tolerate,
            pay=lambda: self.budget.pay(cost, self.clock.now()),
            socket_path=socket_path,
        )

    def accept(
        self,
        response: Response,
        ask: Ask,
        format: Format,  # noqa: A002 - the noun's name
        *,
        requested: str,
        shown: str | None = None,
        max_age: timedelta = CACHED_AFTER,
    ) -> Reply:
        """Return the reply if its body is data and newer than the last. Raises Malformed, Stale.

        A reply may be older than `max_age` by the age that a cache on the way states: then it
        counts for its own time (`pipeline.sift`). Other old replies may come from a wrong clock.

        Args:
            requested: the URL of the request, whose validators are forgotten if the body is bad.
            shown: the URL for the reply, if not the response's.
        """
        where = shown or response.url
        if response.not_modified:
            raise Stale(f"{where}: unchanged since the last poll (304)")
        reply = Reply(
            feed=self.name,
            format=format,
            ask=ask,
            url=where,
            received_at=response.received_at,
            status=response.status,
            headers=response.headers,
            body=response.body,
        )
        try:
            return self.checked(reply, max_age + _stated_age(response))
        except Malformed:
            # Otherwise every later 304 would confirm a body that was never usable.
            self.http.forget(requested)
            raise

    def checked(self, reply: Reply, max_age: timedelta) -> Reply:
        """Return the reply if its body is data and new. Raises Malformed, Stale."""
        said = stated(reply.format, reply.body, reply.url)
        self._freshness.check(reply.url, said.made_at, reply.received_at, max_age)
        self._freshness.check_rows(reply.url, said)
        return reply


def _stated_age(response: Response) -> timedelta:
    """Return how long a cache says that it has kept the reply (RFC 9111, section 5.1)."""
    text = response.header("age") or ""
    age = timedelta(seconds=int(text)) if re.fullmatch(r"[0-9]{1,9}", text) else timedelta()
    return age if age <= LONGEST_CACHED else timedelta()
