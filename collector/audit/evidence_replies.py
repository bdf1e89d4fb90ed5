"""Which replies go into an evidence pack, and which stay behind? All of them, or those that leave.

The file of replies is written record by record: those of a stay of days do not fit into memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.disclosure.origins import UNSTATED, origins_of
from collector.disclosure.replies import Leaving, names_of
from collector.feeds import KINDS
from collector.feeds.terms import LOCAL
from collector.model import Landing
from collector.model.reply import Fleet
from collector.model.terms import Terms
from collector.recording.extracting import Extract
from collector.recording.urls import PUBLIC_HOSTS
from collector.settings import Settings
from collector.settings.derived import terms_of_feeds
from collector.store import Store, track_requests

REPLIES = "replies.warc.gz"
_UNTOLD = timedelta(minutes=10)
"""A shorter time without a record is a pause between two polls."""
_FETCHED = timedelta(minutes=1)
"""A track request ends when the reply was stored, soon after it was received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The names under which feeds leave, and the terms by these names."""

    names: dict[str, str]
    terms: dict[str, Terms]
    leaving: Leaving | None
    """None: everything goes in as it was recorded."""


@dataclass(slots=True)
class Written:
    """What the file of replies holds, and what it does not."""

    records: int = 0
    replies: int = 0
    redacted: int = 0
    feeds: set[str] = field(default_factory=set)
    """Under the names in the pack."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    kept_back: Counter[str] = field(default_factory=Counter)
    """Records that stay behind, by the feed's own name."""
    narrowed: int = 0
    """Records of feeds that may leave, of which nothing was left."""


def everything(settings: Settings) -> Chosen:
    """Return the choice of the internal edition: every feed under its own name."""
    terms = dict(terms_of_feeds(settings))
    return Chosen(names={name: name for name in terms}, terms=terms, leaving=None)


def what_leaves(settings: Settings, icao24: str, *, receivers: bool) -> Chosen:
    """Return the choice of the edition to pass on, with own receivers only if `receivers`."""
    terms = terms_of_feeds(settings)
    own = {feed for feed, stated in terms.items() if stated == LOCAL}
    kinds = {feed.name: feed.kind for feed in settings.feeds}
    feeds = [feed for feed in terms if feed not in KINDS or feed in kinds or feed not in own]
    candidates = [feed for feed in feeds if receivers or feed not in own]
    names = names_of(candidates, kinds, terms, own)
    return Chosen(
        names=names,
        terms={name: terms[feed] for feed, name in names.items()},
        leaving=Leaving(icao24, names, frozenset(own & names.keys()), frozenset(PUBLIC_HOSTS)),
    )


def track_spans(store: Store, landing: Landing) -> list[tuple[datetime, datetime]]:
    """Return when the full tracks of a landing's silences were fetched. Raises StoreError."""
    return [
        (request.owed_at, request.ended_at + _FETCHED)
        for request in track_requests.requests_around(store, landing)
        if request.ended_at is not None and request.points
    ]


def write_replies(path: Path, extracts: Iterable[Extract], icao24: str, chosen: Chosen) -> Written:
    """Write the records that go into a pack; return what was written. Raises OSError."""
    done = Written()
    with path.open("wb") as file:
        for extract in extracts:
            if _is_track_of_another(extract, icao24):
                continue
            taken = _as_it_leaves(extract, chosen, done)
            if taken is None:
                continue
            file.write(taken.content)
            done.records += 1
            done.replies += taken.recorded.reply is not None
            done.redacted += bool(taken.removed or not taken.as_recorded)
            done.feeds.add(_feed(taken))
            done.first_at = done.first_at or taken.recorded.at
            done.last_at = taken.recorded.at
    return done


def missing_lines(
    written: Written,
    chosen: Chosen,
    terms: Mapping[str, Terms],
    rests_on: Sequence[str],
    span: tuple[datetime, datetime],
) -> list[str]:
    """Return what stays behind and why, a sentence each, without any feed's own name.

    `terms` are those of the feeds by their own names, `rests_on` the feeds of the landing, and
    `span` is the time of which all replies are wanted.
    """
    lines = []
    begin, end = written.first_at, written.last_at
    if begin is not None and begin - span[0] > _UNTOLD:
        lines.append(f"Replies from {_told(span[0])} to {_told(begin)}: none is recorded.")
    if end is not None and span[1] - end > _UNTOLD:
        lines.append(f"Replies from {_told(end)} to {_told(span[1])}: none is recorded.")
    by_terms: Counter[Terms] = Counter()
    for feed, count in written.kept_back.items():
        by_terms[terms.get(feed, UNSTATED)] += count
    for stated, count in sorted(by_terms.items(), key=lambda each: each[0].attribution):
        why = f"which its terms do not allow to be passed on ({stated.licence})"
        if stated == LOCAL:
            why = "which stay with the operator"
        records = "1 record" if count == 1 else f"{count:,} records"
        lines.append(f"{records} of {stated.attribution}, {why}.")
    if written.narrowed:
        lines.append(
            f"{written.narrowed:,} records of which nothing was left without what tells of the "
            "operator, such as polls for other aircraft in a form that cannot be divided."
        )
    unheard = [feed for feed in rests_on if feed not in written.kept_back]
    absent = [feed for feed in unheard if chosen.names.get(feed, feed) not in written.feeds]
    for origin in origins_of(absent, terms):
        lines.append(
            f"The replies of {origin.attribution}, on which the landing rests: none is recorded. "
            "What a backfill read stands where it was read from."
        )
    if not written.records and not written.kept_back:
        lines.append("Every reply: none of that time is recorded.")
    return lines


def _told(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _as_it_leaves(extract: Extract, chosen: Chosen, done: Written) -> Extract | None:
    if chosen.leaving is None:
        return extract
    recorded = extract.recorded
    if _feed(extract) not in chosen.names:
        done.kept_back[_feed(extract)] += 1
        return None
    if recorded.reply is not None:
        left = chosen.leaving.of_reply(recorded.reply)
        if left is not None:
            return extract.without(replace(recorded, reply=left[0]), left[1])
    elif recorded.poll is not None:
        of_poll = chosen.leaving.of_poll(recorded.poll)
        if of_poll is not None:
            return extract.without(replace(recorded, poll=of_poll[0]), of_poll[1])
    done.narrowed += 1
    return None


def _feed(extract: Extract) -> str:
    one = extract.recorded.reply or extract.recorded.poll
    return "" if one is None else one.feed


def _is_track_of_another(extract: Extract, icao24: str) -> bool:
    """Return whether it is the full track of another aircraft, which says nothing of this one."""
    reply = extract.recorded.reply
    if reply is None or not reply.format.history:
        return False
    return isinstance(reply.ask, Fleet) and icao24 not in reply.ask.icao24
