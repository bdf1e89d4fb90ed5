"""What is a feed to those who ask it, and what do all adapters do alike with an answer (step 1)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from collector.clock import Clock
from collector.errors import Malformed, Stale
from collector.feeds.budget import RequestBudget
from collector.feeds.catalogue import KINDS, FeedKind
from collector.feeds.config import FeedSettings
from collector.feeds.freshness import Freshness, time_of
from collector.model.reply import CACHED_AFTER, Area, Ask, Format, Reply
from collector.model.terms import Terms
from collector.secret import Secret

if TYPE_CHECKING:
    # The client is handed in, so that reading the kinds of feed never loads httpx.
    from collector.http import Http, Response


class Feed(Protocol):
    """One configured source of replies. Polled by one thread at a time."""

    name: str
    terms: Terms
    default_poll: timedelta
    budget: RequestBudget
    """What it has spent today; `budget.resume` after a restart, `budget.spent` to note it down."""

    @property
    def daily_budget(self) -> int | None:
        """Units (requests, OpenSky: credits) per UTC day; None: no limit."""

    def asks(self, fleet: Sequence[str], areas: Sequence[Area]) -> list[Ask]:
        """The asks of one round: for these addresses and places, as this feed can answer them."""

    def cost(self, ask: Ask) -> int:
        """Units that asking once takes from the day's budget, if nothing is retried."""

    def fetch(self, ask: Ask) -> Reply:
        """Ask once, retries within the client's patience included.

        Raises a branch of FeedError; never returns a body that is not flight data, nor one that
        was returned before. ValueError if `ask` is of a sort that `asks` never gives.
        """


class Adapter:
    """What the networks' adapters share: settings, pacing, budget, and judging an answer."""

    def __init__(self, settings: FeedSettings, http: Http, clock: Clock) -> None:
        self.kind: FeedKind = KINDS[settings.kind]
        self.name = settings.name
        self.terms = self.kind.terms
        self.default_poll = self.kind.default_poll
        self.budget = RequestBudget(settings.daily_requests or self.kind.per_day)
        self.http = http
        self.clock = clock
        self.api = (settings.url or "").rstrip("/")
        """The network's address, without a slash at its end."""
        self.headers: dict[str, str | Secret] = {}
        """What identifies us there; for no other host."""
        self._freshness = Freshness()

    @property
    def daily_budget(self) -> int | None:
        """Units per UTC day; None: no limit."""
        return self.budget.per_day

    def ask_http(
        self,
        url: str,
        headers: Mapping[str, str | Secret],
        *,
        cost: int,
        tolerate: Sequence[int] = (),
        socket_path: str | None = None,
    ) -> Response:
        """A conditional request, paid for from the purse. Raises FeedError."""
        return self.http.get(
            url,
            headers=headers,
            spacing=self.kind.spacing,
            conditional=True,
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
        asked: str,
        shown: str | None = None,
        max_age: timedelta = CACHED_AFTER,
    ) -> Reply:
        """The reply, if the body is data and newer than the last. Raises Malformed or Stale.

        Args:
            asked: the URL as it was asked, whose validators are forgotten if the body is bad.
            shown: the URL that the reply carries, if not the response's.
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
            return self.judged(reply, max_age)
        except Malformed:
            # Otherwise every later 304 would vouch for a body that never was any good.
            self.http.forget(asked)
            raise

    def judged(self, reply: Reply, max_age: timedelta) -> Reply:
        """The reply itself, if its body is data and new. Raises Malformed or Stale."""
        made_at = time_of(reply.format, reply.body, reply.url)
        self._freshness.check(reply.url, made_at, reply.received_at, max_age)
        return reply
