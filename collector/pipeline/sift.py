"""Which rows of a reply are kept, and which coverage does the reply prove?

A reply is decoded, matched against the watches and counted for coverage in one pass each. Nothing
is built for a row that is not kept: a reply of the whole world has 12,000 rows, of which a handful
are kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import itemgetter

from collector.coverage.region import Region
from collector.decode import Located, Row, Snapshot, decode
from collector.decode.trace import TraceRow
from collector.model import Observation, WatchMatch
from collector.model.coverage import BAND_FLOORS_FT, CELL_DEG, Cell, PollCoverage
from collector.model.reply import CACHED_AFTER, LATE_AFTER, Area, Everything, Outcome, Reply
from collector.pipeline.crowds import Placed, at_one_point, beside
from collector.watches.following import NOBODY, Followed, begins_following, hour_of
from collector.watches.matcher import Matcher, Wanted
from collector.watches.visitors import Visitors

Match = Callable[[Row, date], tuple[WatchMatch, ...]]
STRANGERS_BELOW_FT = 29_000.0
"""Aircraft that nobody asked for are remembered for a while below this altitude, as visitors are
followed: a higher one is not about to land."""

_INNER_FLOORS_FT = BAND_FLOORS_FT[1:]


@dataclass(frozen=True)
class SiftedReply:
    """The part of a reply that is kept: reports with their watches, and the coverage it proves.

    A report of a followed aircraft that no watch matches has no watches.
    """

    observations: tuple[tuple[Observation, tuple[WatchMatch, ...]], ...]
    coverage: PollCoverage
    now_at: datetime
    received_at: datetime
    bad_rows: int = 0
    strangers: tuple[Observation, ...] = ()
    """Reports in the region that nobody asked for, in case a watch matches the aircraft later."""

    def as_stale(self) -> SiftedReply:
        """Return the same reply marked as cached: it proves no coverage."""
        coverage = replace(self.coverage, outcome=Outcome.STALE, at=self.received_at)
        return replace(self, coverage=coverage)


def failed_poll(feed: str, at: datetime, outcome: Outcome, area: bool) -> PollCoverage:
    """Return the coverage of a poll that gave no usable reply."""
    return PollCoverage(feed=feed, at=at, outcome=outcome, area=area)


def sift(
    reply: Reply,
    match: Match,
    region: Region,
    visitors: Visitors | None = None,
    followed: Followed = NOBODY,
    *,
    remember: bool = False,
) -> SiftedReply:
    """Decode a reply, keep the watched rows, and count its coverage. Raises DecodeError.

    `match` receives every row with its day (UTC). A row without an address is never kept, but
    counts for coverage. The coverage counts aircraft with a fresh position within `region`; a trace
    proves nothing about other aircraft. A row that no watch matches is kept if `visitors` matches
    it, or if its address is `followed` at that time. With `remember`, the reports of other
    aircraft in the region are returned apart.
    """
    snapshot = decode(reply.format, reply.body, received_at=reply.received_at)
    if reply.format.history:
        return _sift_trace(reply, snapshot, match, visitors, followed)
    return _sift_rows(
        reply,
        snapshot,
        match,
        region,
        visitors=visitors,
        followed=followed,
        remember=remember,
    )


def _sift_rows(
    reply: Reply,
    snapshot: Snapshot,
    match: Match,
    region: Region,
    *,
    visitors: Visitors | None,
    followed: Followed,
    remember: bool,
) -> SiftedReply:
    rows, day = snapshot.rows, snapshot.now_at.date()
    matched = match.among(rows, day) if isinstance(match, Matcher) else _among(match, rows, day)
    now_s = snapshot.now_at.timestamp()
    south, north = region.latitudes
    following = _followed_rows(rows, followed, snapshot.now_at)
    strangers: list[Located] = []
    placed: list[Placed] = []
    cells: dict[Cell, int] = {}
    unplaced = 0
    for index, row in enumerate(rows):
        place = row.position(now_s)
        if place is None:
            unplaced += row.recent(now_s)
            continue
        lat, lon = place
        lost = row.lost_gps
        if lost:
            unplaced += row.recent(now_s)
        else:
            placed.append((lat, lon, row))
        if south <= lat <= north and region.holds(lat, lon):
            altitude = row.altitude_ft
            if altitude is not None and not lost and not row.proves_nothing:
                band = bisect_right(_INNER_FLOORS_FT, altitude)
                cell = (int(lat // CELL_DEG), int(lon // CELL_DEG), band)
                cells[cell] = cells.get(cell, 0) + 1
            if visitors is not None and index not in matched and visitors.near(lat, lon, altitude):
                matched[index] = visitors.match(row, day)
            low = altitude is None or altitude < STRANGERS_BELOW_FT
            if remember and low and not matched.get(index) and index not in following:
                strangers.append(row)
    watched = [
        (rows[index], matched.get(index, ()))
        for index in sorted(matched.keys() | following)
        if matched.get(index) or index in following
    ]
    coverage = _coverage(reply, snapshot, unplaced, cells)
    observations = _observations(watched, placed, snapshot, reply.feed)
    unasked = _observations([(row, ()) for row in strangers], placed, snapshot, reply.feed)
    return SiftedReply(
        observations,
        coverage,
        snapshot.now_at,
        reply.received_at,
        snapshot.bad_rows,
        strangers=tuple(observation for observation, _ in unasked),
    )


def _followed_rows(rows: Sequence[Located], followed: Followed, at: datetime) -> set[int]:
    """Return the rows whose address is followed at that time, by index."""
    spans = followed.spans
    if not spans:
        return set()
    return {
        index
        for index, row in enumerate(rows)
        if (icao24 := row.icao24) in spans and icao24 and followed.holds(icao24, at)
    }


def _among(match: Match, rows: Sequence[Located], day: date) -> Wanted:
    """Return the matches of the rows that `match` accepts, by index; as `Matcher.among`."""
    return {index: found for index, row in enumerate(rows) if (found := match(row, day))}


def _coverage(
    reply: Reply, snapshot: Snapshot, unplaced: int, cells: dict[Cell, int]
) -> PollCoverage:
    outcome = _outcome(reply, snapshot)
    late = outcome.alive and reply.received_at - snapshot.now_at > LATE_AFTER
    return PollCoverage(
        feed=reply.feed,
        at=snapshot.now_at if late else reply.received_at,
        outcome=outcome,
        area=isinstance(reply.ask, Area | Everything),
        aircraft=len(snapshot.rows),
        unplaced=unplaced,
        cells=cells,
    )


def _outcome(reply: Reply, snapshot: Snapshot) -> Outcome:
    if reply.received_at - snapshot.now_at > CACHED_AFTER:
        return Outcome.STALE
    return Outcome.HEARD if snapshot.rows else Outcome.NOBODY


def _observations(
    watched: Sequence[tuple[Located, tuple[WatchMatch, ...]]],
    placed: list[Placed],
    snapshot: Snapshot,
    feed: str,
) -> tuple[tuple[Observation, tuple[WatchMatch, ...]], ...]:
    if watched:
        placed.sort(key=itemgetter(0))
    kept = []
    for row, matches in watched:
        if row.icao24 is None:
            continue
        observation = snapshot.observation(row, feed)
        others = (snapshot.observation(other, feed) for other in beside(observation, placed))
        if any(at_one_point(observation, other) for other in others):
            observation = replace(observation, crowded=True)
        kept.append((observation, matches))
    return tuple(kept)


def _sift_trace(
    reply: Reply, snapshot: Snapshot, match: Match, visitors: Visitors | None, followed: Followed
) -> SiftedReply:
    """Sift a trace, which has one identity for each leg and day: each is matched only once.

    A row that matches makes the others be followed, those before it too.
    """
    matched: dict[tuple[str | None, date], tuple[WatchMatch, ...]] = {}
    visiting: dict[tuple[str | None, str | None, date], tuple[WatchMatch, ...]] = {}
    found: list[tuple[TraceRow, tuple[WatchMatch, ...]]] = []
    hours: dict[str, set[int]] = {}
    for row in snapshot.rows:
        if not isinstance(row, TraceRow) or row.icao24 is None:
            continue
        day = row.at.date()
        identity = (row.callsign, day)
        if identity not in matched:
            matched[identity] = match(row, day)
        matches = matched[identity]
        if not matches and visitors is not None and _near(row, visitors):
            looks = (row.callsign, row.category, day)
            if looks not in visiting:
                visiting[looks] = visitors.match(row, day)
            matches = visiting[looks]
        elif begins_following(matches):
            hours.setdefault(row.icao24, set()).add(hour_of(row.at))
        found.append((row, matches))
    following = followed.and_hours(hours)
    kept = [
        (snapshot.observation(row, reply.feed), matches)
        for row, matches in found
        if matches or following.holds(row.icao24 or "", row.at)
    ]
    coverage = PollCoverage(
        feed=reply.feed,
        at=reply.received_at,
        outcome=Outcome.HEARD if snapshot.rows else Outcome.NOBODY,
        area=False,
        aircraft=1 if snapshot.rows else 0,
    )
    return SiftedReply(tuple(kept), coverage, snapshot.now_at, reply.received_at, snapshot.bad_rows)


def _near(row: TraceRow, visitors: Visitors) -> bool:
    place = row.position(0.0)
    return place is not None and visitors.near(*place, row.altitude_ft)
