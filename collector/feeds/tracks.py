"""How is the full track of one aircraft asked for, and is what comes that track? (step 1)

A trace of readsb's comes in two parts: `trace_full`, rewritten about hourly, and `trace_recent`,
rewritten every 30 s (FEEDS.md §3.3). No hole lies between them: full is also written when recent
would no longer hold every point since (readsb's globe_index.c). OpenSky has one part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlencode, urlsplit

from collector.decode import decode
from collector.errors import DecodeError, Malformed, Unreachable
from collector.feeds.base import Adapter
from collector.feeds.config import FeedSettings
from collector.feeds.local import read
from collector.feeds.opensky import OpenSkyFeed
from collector.feeds.track_urls import place
from collector.model.reply import LATEST_AHEAD, Fleet, Format, Reply
from collector.secret import Secret
from collector.untrusted import visible

MAX_BYTES = 16 * 1024 * 1024
"""A day's trace has under 10 MB, usually a few hundred kB."""
MAX_POINTS = 50_000
"""25 hours with a point every two seconds have 45,000; so many are derived in some ten seconds."""
OLDEST = timedelta(days=3)
"""Live traces hold about 25 hours; a file with older points is another kind, or a wrong clock."""
FULL, RECENT, TRACK = "trace_full", "trace_recent", "track"


@dataclass(frozen=True, slots=True)
class Trace:
    """One part of an aircraft's track, as it came; its points are within bounds."""

    reply: Reply
    times: tuple[datetime, ...]
    """Of its points, in order."""


class Traces(Protocol):
    """Where one feed's full tracks come from. Asked by one thread at a time, as the feed is."""

    parts: tuple[str, ...]
    """What has to be asked for to have all of it."""
    cost: int
    """What each part takes from the feed's daily budget."""

    def ask(self, part: str, icao24: str, at: datetime) -> Trace | None:
        """One part of the track of an aircraft in the flight of that time; None if there is none.

        Raises a branch of FeedError, also where what comes is not that track.
        """

    def shown(self, part: str, icao24: str, at: datetime) -> str:
        """Its address, without credentials."""


def traces(settings: FeedSettings, feed: Adapter) -> Traces | None:
    """Where this feed's full tracks come from; None if it keeps none, or they are not wanted."""
    where = place(settings, feed.kind.traces, feed.api)
    if where is None:
        return None
    if isinstance(feed, OpenSkyFeed):
        return OpenSkyTracks(feed, where)
    if urlsplit(where).scheme in ("http", "https"):
        same = _origin(where) == _origin(feed.api)
        return HttpTraces(feed, where, feed.headers if same else {})
    return FileTraces(feed, Path(unquote(urlsplit(where).path)))


def file_of(part: str, icao24: str) -> str:
    """Where a trace stands in its folder.

    >>> file_of(FULL, "600865")
    '65/trace_full_600865.json'
    """
    return f"{icao24[-2:]}/{part}_{icao24}.json"


class HttpTraces:
    """Files behind a web server."""

    parts: tuple[str, ...] = (FULL, RECENT)
    cost: int = 1

    def __init__(self, feed: Adapter, base: str, headers: Mapping[str, str | Secret]) -> None:
        self._feed = feed
        self._base = base
        self._headers = headers

    def shown(self, part: str, icao24: str, at: datetime) -> str:  # noqa: ARG002
        """As `Traces.shown`."""
        return f"{self._base}/{file_of(part, icao24)}"

    def ask(self, part: str, icao24: str, at: datetime) -> Trace | None:
        """As `Traces.ask`."""
        feed = self._feed
        response = feed.http.get(
            self.shown(part, icao24, at),
            headers=self._headers,
            spacing=feed.kind.spacing,
            max_bytes=MAX_BYTES,
            tolerate=(404,),
            pay=lambda: feed.budget.pay(self.cost, feed.clock.now()),
        )
        if response.status == 404:
            return None
        reply = Reply(
            feed=feed.name,
            format=Format.TRACE,
            ask=Fleet((icao24,)),
            url=response.url,
            received_at=response.received_at,
            status=response.status,
            headers=response.headers,
            body=response.body,
        )
        return judged(reply, icao24)


class FileTraces:
    """Files that a receiver on this machine writes."""

    parts: tuple[str, ...] = (FULL, RECENT)
    cost: int = 1

    def __init__(self, feed: Adapter, folder: Path) -> None:
        self._feed = feed
        self._folder = folder

    def shown(self, part: str, icao24: str, at: datetime) -> str:  # noqa: ARG002
        """As `Traces.shown`."""
        return f"file://{visible(str(self._folder / file_of(part, icao24)))}"

    def ask(self, part: str, icao24: str, at: datetime) -> Trace | None:
        """As `Traces.ask`."""
        now = self._feed.clock.now()
        where = self.shown(part, icao24, at)
        self._feed.budget.pay(self.cost, now)
        try:
            body, _ = read(self._folder / file_of(part, icao24), where)
        except Unreachable as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise
        reply = Reply(
            feed=self._feed.name,
            format=Format.TRACE,
            ask=Fleet((icao24,)),
            url=where,
            received_at=now,
            body=body,
        )
        return judged(reply, icao24)


class OpenSkyTracks:
    """OpenSky's way-points. Its credits are counted as if they were those for states."""

    parts: tuple[str, ...] = (TRACK,)
    cost: int = 4
    """Credits of a track of the last 24 hours (FEEDS.md §1.1)."""

    def __init__(self, feed: OpenSkyFeed, url: str) -> None:
        self._feed = feed
        self._url = url

    def shown(self, part: str, icao24: str, at: datetime) -> str:  # noqa: ARG002
        """As `Traces.shown`."""
        return f"{self._url}?{urlencode({'icao24': icao24, 'time': int(at.timestamp())})}"

    def ask(self, part: str, icao24: str, at: datetime) -> Trace | None:
        """As `Traces.ask`; a second request with a new token after a 401."""
        response = self._feed.authorised(self.shown(part, icao24, at), self.cost, tolerate=(404,))
        if response.status == 404:
            return None
        reply = Reply(
            feed=self._feed.name,
            format=Format.OPENSKY_TRACK,
            ask=Fleet((icao24,)),
            url=response.url,
            received_at=response.received_at,
            status=response.status,
            headers=response.headers,
            body=response.body,
        )
        return judged(reply, icao24)


def judged(reply: Reply, icao24: str) -> Trace:
    """The reply, if it is that aircraft's recent track. Raises Malformed."""
    try:
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
    except DecodeError as error:
        why = visible(str(error), 200)
        raise Malformed(f"{reply.url}: no track ({why}); asked again later") from error
    rows = snapshot.rows
    if len(rows) > MAX_POINTS:
        raise Malformed(f"{reply.url}: {len(rows)} points, more than any day has; not used")
    if any(row.icao24 != icao24 for row in rows):
        raise Malformed(f"{reply.url}: the track of another aircraft; check the feed's `traces`")
    times = sorted(snapshot.observation(row, reply.feed).at for row in rows)
    if times and (
        times[-1] - reply.received_at > LATEST_AHEAD or reply.received_at - times[0] > OLDEST
    ):
        raise Malformed(
            f"{reply.url}: points of {times[0]:%F %H:%M}Z to {times[-1]:%F %H:%M}Z; "
            "check the clocks, and that the folder holds live traces"
        )
    return Trace(reply, tuple(times))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
