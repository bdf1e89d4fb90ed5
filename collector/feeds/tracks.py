"""How is the full track of one aircraft fetched? A `TrackSource` fetches and checks it.

readsb keeps a track as two trace files: `trace_full`, rewritten about hourly, and `trace_recent`,
rewritten every 30 s (docs/feed-formats.md#traces). No points are missing between them: readsb also
writes `trace_full` when `trace_recent` would no longer hold every later point (readsb's
globe_index.c). OpenSky's tracks have one part.
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
from collector.feeds.track_urls import track_url
from collector.model.reply import LATEST_AHEAD, Fleet, Format, Reply
from collector.secret import Secret
from collector.untrusted import visible

MAX_BYTES = 16 * 1024 * 1024
"""A trace of a day has less than 10 MB, usually a few hundred kB."""
MAX_POINTS = 50_000
"""25 hours with a point every 2 s have 45,000 points. To derive 50,000 takes some ten seconds."""
OLDEST = timedelta(days=3)
"""Live traces hold about 25 hours. Older points mean another kind of file or a wrong clock."""
FULL, RECENT, TRACK = "trace_full", "trace_recent", "track"


@dataclass(frozen=True, slots=True)
class FullTrack:
    """One part of an aircraft's full track, checked: its aircraft, size and times fit."""

    reply: Reply
    times: tuple[datetime, ...]
    """The times of its points, in order."""


class TrackSource(Protocol):
    """The source of one feed's full tracks. One thread at a time asks it, as for the feed."""

    parts: tuple[str, ...]
    """The parts that make up a full track."""
    cost: int
    """Units that each part takes from the feed's request budget."""

    def ask(self, part: str, icao24: str, at: datetime) -> FullTrack | None:
        """Fetch one part of an aircraft's track around that time; None if the feed has none.

        Raises a branch of FeedError, also if the answer is not that track.
        """

    def shown(self, part: str, icao24: str, at: datetime) -> str:
        """Return the address of that part, without credentials."""


def track_source(settings: FeedSettings, feed: Adapter) -> TrackSource | None:
    """Return the source of a feed's full tracks; None if it has none or none are wanted."""
    where = track_url(settings, feed.kind.traces, feed.api)
    if where is None:
        return None
    if isinstance(feed, OpenSkyFeed):
        return OpenSkyTracks(feed, where)
    if urlsplit(where).scheme in ("http", "https"):
        same = _origin(where) == _origin(feed.api)
        return HttpTracks(feed, where, feed.headers if same else {})
    return FileTracks(feed, Path(unquote(urlsplit(where).path)))


def file_of(part: str, icao24: str) -> str:
    """Return the path of a trace within its folder.

    >>> file_of(FULL, "600865")
    '65/trace_full_600865.json'
    """
    return f"{icao24[-2:]}/{part}_{icao24}.json"


class HttpTracks:
    """Trace files behind a web server."""

    parts: tuple[str, ...] = (FULL, RECENT)
    cost: int = 1

    def __init__(self, feed: Adapter, base: str, headers: Mapping[str, str | Secret]) -> None:
        self._feed = feed
        self._base = base
        self._headers = headers

    def shown(self, part: str, icao24: str, at: datetime) -> str:  # noqa: ARG002
        """Return the address, as `TrackSource.shown` does."""
        return f"{self._base}/{file_of(part, icao24)}"

    def ask(self, part: str, icao24: str, at: datetime) -> FullTrack | None:
        """Fetch as `TrackSource.ask` does."""
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
        return checked_track(reply, icao24)


class FileTracks:
    """Trace files that a receiver on this machine writes."""

    parts: tuple[str, ...] = (FULL, RECENT)
    cost: int = 1

    def __init__(self, feed: Adapter, folder: Path) -> None:
        self._feed = feed
        self._folder = folder

    def shown(self, part: str, icao24: str, at: datetime) -> str:  # noqa: ARG002
        """Return the address, as `TrackSource.shown` does."""
        return f"file://{visible(str(self._folder / file_of(part, icao24)))}"

    def ask(self, part: str, icao24: str, at: datetime) -> FullTrack | None:
        """Fetch as `TrackSource.ask` does."""
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
        return checked_track(reply, icao24)


class OpenSkyTracks:
    """OpenSky's way-points. Their credits are counted together with those for states."""

    parts: tuple[str, ...] = (TRACK,)
    cost: int = 4
    """Credits for a track of the last 24 hours (docs/feed-formats.md#opensky)."""

    def __init__(self, feed: OpenSkyFeed, url: str) -> None:
        self._feed = feed
        self._url = url

    def shown(self, part: str, icao24: str, at: datetime) -> str:  # noqa: ARG002
        """Return the address, as `TrackSource.shown` does."""
        return f"{self._url}?{urlencode({'icao24': icao24, 'time': int(at.timestamp())})}"

    def ask(self, part: str, icao24: str, at: datetime) -> FullTrack | None:
        """Fetch as `TrackSource.ask` does, with a second request and a new token after a 401."""
        where = self.shown(part, icao24, at)
        response = self._feed.authorised(where, self.cost, teaches=False, tolerate=(404,))
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
        return checked_track(reply, icao24)


def checked_track(reply: Reply, icao24: str) -> FullTrack:
    """Return the reply as a full track. Raises Malformed if it is not that aircraft's."""
    try:
        snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
    except DecodeError as error:
        why = visible(str(error), 200)
        raise Malformed(
            f"{reply.url}: the answer is not a track ({why}); tried again later"
        ) from error
    rows = snapshot.rows
    if len(rows) > MAX_POINTS:
        raise Malformed(
            f"{reply.url}: {len(rows)} points, more than a day can have; the track is not used"
        )
    if any(row.icao24 != icao24 for row in rows):
        raise Malformed(f"{reply.url}: the track is of another aircraft; check the feed's `traces`")
    times = sorted(snapshot.observation(row, reply.feed).at for row in rows)
    if times and (
        times[-1] - reply.received_at > LATEST_AHEAD or reply.received_at - times[0] > OLDEST
    ):
        raise Malformed(
            f"{reply.url}: the points are of {times[0]:%F %H:%M}Z to {times[-1]:%F %H:%M}Z; "
            "check both clocks, and that the folder holds live traces"
        )
    return FullTrack(reply, tuple(times))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
