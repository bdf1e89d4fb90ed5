"""What happens in the demo's season, and what does its only feed reply, moment by moment?

Nine weeks: quiet ones, a burst that fires the rules, a week without any reply, a landing of
which nobody can tell where it was, a visitor, and one landing that a person finds to be wrong after
its week was cited. In the last days the visitor comes again, and an aircraft of no list flies under
a watched callsign. The script is a table; the replies follow from it alone, so that the season is
the same at every run. The feed is polled as the daemon polls: every ten minutes at least, and often
while an aircraft of the script is near.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from collector.demo.flights import Visit, circling, crossing
from collector.demo.places import (
    BETWEEN,
    CROSSING,
    EAST,
    LOW,
    NORTH,
    SOUTH,
    UNLISTED,
    VISITOR,
    WATCHED,
)
from collector.feeds.terms import SIMULATED_FEED
from collector.model.coverage import PollCoverage
from collector.model.reply import Everything, Format, Outcome, Reply

URL = "https://feed.demo.invalid/aircraft.json"
FAR, NEAR = timedelta(minutes=10), timedelta(minutes=1)
"""Between two polls. Two replies ten minutes apart prove the time between them (docs/design.md,
`coverage/share.py`); positions a minute apart are what a feed gives of an approach."""
FAILED_EVERY = timedelta(hours=1)
DIGESTS_AFTER = timedelta(hours=8)
"""After midnight on Monday: an hour after the digests are due."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A person finds that a landing of the season did not take place."""

    at: datetime
    touchdown_at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Somebody cites the landings of some days at the first place, from the first to the last."""

    at: datetime
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """The script of a season. Its weeks are numbered from 0."""

    begins_at: datetime
    """Midnight on a Monday in the season's time zone, as UTC."""
    told: tuple[str, ...]
    """What happens in each week, in words."""
    blind: frozenset[int]
    """The weeks in which the feed does not answer."""
    visits: tuple[Visit, ...]
    cited: Cited
    reviewed: Reviewed

    @property
    def shown_at(self) -> datetime:
        """When the page is looked at: on the Monday after, when the last digest was mailed."""
        return self.monday(len(self.told)) + DIGESTS_AFTER

    def monday(self, week: int) -> datetime:
        """Return when a week of the season begins."""
        return self.begins_at + timedelta(weeks=week)


_BEGIN = datetime(2025, 9, 7, 23, tzinfo=UTC)
"""Monday 8 September 2025, 00:00 in the season's time zone."""


def _at(week: int, day: int, hour: int, minute: int) -> datetime:
    """Return a time of the season (local time); day 0 is Monday."""
    return _BEGIN + timedelta(weeks=week, days=day, hours=hour, minutes=minute)


def _visit(number: int, at: datetime, hours: float, floor_ft: float, turn: float = 20.0) -> Visit:
    """Return a visit of a watched aircraft that is received down to `floor_ft`."""
    stay = timedelta(hours=hours)
    return Visit(
        WATCHED[number], NORTH, touchdown_at=at, stay=stay, floor_ft=floor_ft, from_deg=turn
    )


SEASON = Season(
    begins_at=_BEGIN,
    told=(
        "one landing, received to the ground",
        "quiet",
        "one landing, received down to 4,000 ft",
        "quiet",
        "a burst of four landings, of which a person rejects one a week later",
        "blind: the feed does not answer",
        "one landing at one of two airfields, nobody can tell which",
        "a visitor that is on no list",
        "one landing, after a stop that was received at another airfield; the visitor again",
    ),
    blind=frozenset({5}),
    visits=(
        _visit(0, _at(0, 2, 10, 20), 3.5, 0),
        _visit(1, _at(2, 4, 15, 5), 2.5, 4000),
        _visit(0, _at(4, 0, 8, 40), 3.0, 0),
        _visit(1, _at(4, 1, 13, 10), 4.0, 0, 35.0),
        _visit(2, _at(4, 2, 19, 30), 2.0, 4000, 10.0),
        _visit(3, _at(4, 4, 7, 55), 5.0, 0),
        Visit(
            WATCHED[2],
            BETWEEN,
            touchdown_at=_at(6, 3, 11, 15),
            stay=timedelta(hours=3),
            floor_ft=9500,
            from_deg=110.0,
        ),
        Visit(
            VISITOR, NORTH, touchdown_at=_at(7, 1, 9, 30), stay=timedelta(hours=3), from_deg=50.0
        ),
        # Seen on the ground at home; a further stop on the way is not excluded, by ten minutes.
        Visit(
            WATCHED[3], EAST, touchdown_at=_at(8, 2, 14, 40), stay=timedelta(hours=2), from_deg=10.0
        ),
        _visit(3, _at(8, 2, 17, 45), 3.0, 0, 40.0),
        Visit(
            VISITOR, NORTH, touchdown_at=_at(8, 4, 13, 20), stay=timedelta(hours=2), from_deg=50.0
        ),
        Visit(
            UNLISTED, EAST, touchdown_at=_at(8, 5, 10, 5), stay=timedelta(hours=4), from_deg=10.0
        ),
    ),
    cited=Cited(at=_at(5, 0, 10, 0), first=date(2025, 10, 6), last=date(2025, 10, 12)),
    reviewed=Reviewed(
        at=_at(5, 2, 12, 0),
        touchdown_at=_at(4, 2, 19, 30),
        by="DEMO editor (simulated)",
        note="the simulated photograph shows an aircraft of another operator",
    ),
)


def polls(season: Season) -> Iterator[Reply | PollCoverage]:
    """Yield what the feed replies, or that it does not answer, in order of time."""
    at = season.begins_at
    while at < season.shown_at:
        if (at - season.begins_at) // timedelta(weeks=1) in season.blind:
            yield PollCoverage(feed=SIMULATED_FEED, at=at, outcome=Outcome.UNREACHABLE, area=True)
            at += FAILED_EVERY
        else:
            yield _reply(season.visits, at)
            at = _next_poll(season.visits, at)


def _next_poll(visits: Sequence[Visit], at: datetime) -> datetime:
    """Return the time of the next poll: sooner while an aircraft comes or goes."""
    times = [at + FAR]
    for visit in visits:
        for first, last in (
            (visit.begins_at, visit.touchdown_at + timedelta(minutes=8)),
            (visit.lifts_off_at - timedelta(minutes=5), visit.ends_at),
        ):
            if first <= at < last:
                times.append(at + NEAR)
            elif at < first:
                times.append(first)
    return min(times)


def _reply(visits: Sequence[Visit], at: datetime) -> Reply:
    """Return the reply of a moment: who is received, in adsb.lol's format."""
    now = [visit for visit in visits if visit.begins_at <= at <= visit.ends_at]
    floor_ft = max((visit.floor_ft for visit in now), default=0.0)
    rows = [row for visit in now if (row := visit.row(at)) is not None]
    rows.append(circling(LOW, NORTH, at, floor_ft))
    rows += [crossing(each, SOUTH, at, turn) for turn, each in enumerate(CROSSING)]
    now_ms = round(at.timestamp() * 1000)
    document = {
        "ac": rows,
        "msg": "DEMO: simulated, nothing of this happened",
        "now": now_ms,
        "total": len(rows),
        "ctime": now_ms,
        "ptime": 1,
    }
    return Reply(
        feed=SIMULATED_FEED,
        format=Format.READSB,
        ask=Everything(),
        url=URL,
        received_at=at + timedelta(seconds=1),
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(document, separators=(",", ":")).encode(),
    )
