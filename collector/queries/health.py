"""Is the collector healthy? If a daemon runs, a feed answered lately, and no condition is open.

The pages, `/healthz` and `status` say so by this one decision. The daemon decides about the dead
man's page by the same three grounds, of which it knows more: its jobs, and the replies of its run.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.lock import holder
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import duration, moment
from collector.reports.mails.condition import ConditionKind, title_of
from collector.store import conditions, feeds
from collector.store.conditions import Condition
from collector.store.feeds import FeedState

SILENT_AFTER = timedelta(minutes=15)
"""After at least this long without a reply the feeds count as silent: one missed poll is normal."""
SILENT_AFTER_POLLS = 3
"""And after at least this many of the longest intervals between polls."""
CLOCK_TOLERANCE = timedelta(minutes=1)
"""A reply stored while the page is made may be a moment younger than the page."""
REFUSED = ConditionKind.FEED_REFUSED.value


@dataclass(frozen=True, slots=True)
class Reception:
    """Whether aircraft are received now. `tone` is good, warn or bad; `text` is one sentence."""

    tone: str
    text: str
    receives: bool = False
    """Whether they are, also while a condition is open that has nothing to do with it."""


def reception_now(
    snapshot: Snapshot, known: Sequence[FeedState], open_conditions: Sequence[Condition]
) -> Reception:
    """Return whether aircraft are received now, given the feeds' states and open conditions.

    `good` only if a daemon runs, a feed answered lately, and no condition is open.
    """
    names = {feed.name for feed in snapshot.settings.feeds if feed.enabled}
    replies = [state.last_ok_at for state in known if state.feed in names and state.last_ok_at]
    last, now = max(replies, default=None), snapshot.now
    refused = {each.subject for each in open_conditions if each.kind == REFUSED}
    fault = _fault(snapshot, names, refused, last)
    if fault is not None or last is None:
        return Reception("bad", fault or "No feed has answered yet.")
    if any(condition.kind == ConditionKind.BLIND.value for condition in open_conditions):
        text = "Feeds answer, but no aircraft is received near the watched airfields."
        return Reception("warn", text)
    if last - now > CLOCK_TOLERANCE:
        ahead = duration(last - now)
        text = f"Receiving: the last reply is dated {ahead} in the future, so a clock is wrong."
        return Reception("warn", text, receives=True)
    text = f"Receiving: the last reply came {ago(min(last, now), now)}."
    return Reception("warn" if open_conditions else "good", text, receives=True)


def _fault(
    snapshot: Snapshot, enabled: Set[str], refused: Set[str], last: datetime | None
) -> str | None:
    """Return why nothing is received now, None if something is; `last` is the last reply's time."""
    if not enabled:
        return "No feed is enabled, so no aircraft can be received."
    now = snapshot.now
    if holder(snapshot.store.path) is None:
        reply = "" if last is None else f"; the last reply came {ago(last, now)}"
        return f"No daemon runs, so nothing is received{reply}."
    if enabled <= refused:
        return "Every enabled feed refuses our requests, so nothing is received."
    if last is not None and now - last > silent_after(snapshot):
        return f"No feed has answered for {duration(now - last)}."
    return None


def silent_after(snapshot: Snapshot) -> timedelta:
    """Return after how long without a reply the feeds count as silent. Raises StoreError.

    Where request budgets keep polls further apart, it is as long as the daemon itself waits.
    """
    far = snapshot.settings.polling.far
    return max(SILENT_AFTER, SILENT_AFTER_POLLS * far, feeds.late_after(snapshot.store))


def problems(snapshot: Snapshot) -> list[str]:
    """Return why the collector is not healthy, a sentence each; an empty list if it is.

    It is healthy if a daemon runs, a feed answered lately, and no condition is open. Raises
    StoreError.
    """
    open_now = conditions.open_conditions(snapshot.store)
    now = reception_now(snapshot, feeds.states(snapshot.store), open_now)
    return ([now.text] if now.tone == "bad" else []) + [
        f"{title_of(each.kind, each.subject)}, since {moment(each.began_at, snapshot.zone)}."
        for each in open_now
    ]


def ago(at: datetime, now: datetime) -> str:
    """Return `3 min ago`; for a time in the future, which a wrong clock causes, `in 3 min`."""
    return f"in {duration(at - now)}" if at > now else f"{duration(now - at)} ago"
