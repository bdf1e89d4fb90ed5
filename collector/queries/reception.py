"""Do the feeds answer? Each feed's health, and the last 24 hours around each airfield."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from collector.coverage.share import MARGIN, State, states
from collector.feeds import KINDS
from collector.feeds.config import FeedSettings
from collector.model import Airfield
from collector.model.coverage import SLOT, slot_begin
from collector.model.reply import Outcome
from collector.queries.health import ago, silent_after
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import duration, percent
from collector.reports.learned_coverage import learned_line, learned_row
from collector.reports.titles import airfield_title
from collector.store import coverage_slots, feeds, learned_coverage
from collector.store.feeds import FeedState, Poll
from collector.store.host_paces import host_paces

SHOWN_POLLS = 10
"""The number of last polls shown of each feed."""
DAY = timedelta(days=1)
_STATE_WORDS = {
    State.ALIVE: "received",
    State.JAMMED: "jammed",
    State.EMPTY: "no aircraft nearby",
    State.REGIONALLY_DEAD: "no reception here",
    State.DEAD: "nothing known",
}
"""The legend below the strips explains each."""
OUTCOME_WORDS = {
    Outcome.HEARD: "answered",
    Outcome.NOBODY: "answered without any aircraft",
    Outcome.STALE: "sent an old reply",
    Outcome.MALFORMED: "sent an unreadable reply",
    Outcome.UNREACHABLE: "unreachable",
    Outcome.RATE_LIMITED: "limited our requests",
    Outcome.REFUSED: "refused our request",
    Outcome.PAYMENT_REQUIRED: "asked for payment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One configured feed in words; `tone` is good, warn, bad or off."""

    name: str
    enabled: bool
    tone: str
    health: str
    last_poll: str
    detail: str
    spent: str
    alive: float
    """The share (0 … 1) of the last day's slots in which the feed gave a new reply."""
    polls: tuple[str, ...]
    """The last polls, newest first."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the last day in one state: from `begin` for `length`, both 0 … 1 of the day."""

    state: State
    begin: float
    length: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkyDay:
    """Reception around one airfield in the last 24 hours."""

    airfield: Airfield
    alive: float
    summary: str
    stretches: tuple[Stretch, ...]


def feed_rows(snapshot: Snapshot) -> list[FeedRow]:
    """Return every configured feed, enabled ones first. Raises StoreError."""
    slots = coverage_slots.slots_between(snapshot.store, _day_begins(snapshot.now), snapshot.now)
    rows = []
    for feed in sorted(snapshot.settings.feeds, key=lambda feed: not feed.enabled):
        alive = sum(1 for slot in slots if slot.feed == feed.name and slot.alive_minutes)
        rows.append(_row(snapshot, feed, alive / (DAY / SLOT)))
    return rows


def limited_hosts(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the hosts that limit our requests, with the pause between two in seconds.

    Raises StoreError.
    """
    return [
        {"host": host, "pause_s": round(pace.pause.total_seconds(), 1)}
        for host, pace in host_paces(snapshot.store).items()
        if pace.pause
    ]


def sky_days(snapshot: Snapshot) -> list[SkyDay]:
    """Return the last 24 hours around each watched airfield. Raises StoreError."""
    begin = _day_begins(snapshot.now)
    slots = coverage_slots.slots_between(snapshot.store, begin - MARGIN, snapshot.now)
    days = []
    for airfield in snapshot.watched:
        found = [state for _, state in states(slots, airfield, begin, begin + DAY)]
        days.append(
            SkyDay(
                airfield=airfield,
                alive=found.count(State.ALIVE) / len(found),
                summary=_summary(found),
                stretches=tuple(_stretches(found, begin, snapshot.now)),
            )
        )
    return days


def usual_reception(snapshot: Snapshot) -> str:
    """Return how low reception usually goes at each watched airfield, in one sentence.

    Raises StoreError.
    """
    day = snapshot.now.date()
    return learned_line(
        usual_row(snapshot), lambda code: airfield_title(code, snapshot.watched, day)
    )


def usual_row(snapshot: Snapshot) -> dict[str, Any] | None:
    """Return the same for machines, as `status --json` has it; None if nothing is learned yet.

    Raises StoreError.
    """
    learned = learned_coverage.latest(snapshot.store, snapshot.now.date())
    return learned_row(learned, snapshot.watched)


def _day_begins(now: datetime) -> datetime:
    """Return the begin of the first of the 288 slots that end with the present one."""
    return slot_begin(now) + SLOT - DAY


def _row(snapshot: Snapshot, feed: FeedSettings, alive: float) -> FeedRow:
    state = feeds.state(snapshot.store, feed.name)
    tone, health = _health(feed, state, snapshot)
    if feed.enabled and alive and state.last_poll_at is None:
        health = "replayed, not asked"
    return FeedRow(
        name=feed.name,
        enabled=feed.enabled,
        tone=tone,
        health=health,
        last_poll="never" if state.last_poll_at is None else ago(state.last_poll_at, snapshot.now),
        detail=_detail(state),
        spent=_spent(snapshot, feed),
        alive=alive,
        polls=tuple(_poll(poll) for poll in feeds.polls(snapshot.store, feed.name, SHOWN_POLLS)),
    )


def _health(feed: FeedSettings, state: FeedState, snapshot: Snapshot) -> tuple[str, str]:
    now = snapshot.now
    if not feed.enabled:
        return "off", "not enabled"
    if state.parked_until is not None and state.is_backing_off(now):
        return "bad", f"not asked again for {duration(state.parked_until - now)}"
    if state.last_poll_at is None:
        return "warn", "not asked yet"
    if state.failing_since_at is not None:
        count = "1 poll so far" if state.failures == 1 else f"{state.failures} polls in a row"
        tone = "bad" if now - state.failing_since_at > silent_after(snapshot) else "warn"
        return tone, f"failing for {duration(now - state.failing_since_at)}, {count}"
    if state.last_ok_at is not None and now - state.last_ok_at > silent_after(snapshot):
        return "bad", "no longer asked"
    return "good", "answers"


def _detail(state: FeedState) -> str:
    if state.parked_why:
        return state.parked_why
    if state.failures and state.last_failure:
        return state.last_failure
    if state.last_outcome is Outcome.NOBODY:
        return "a valid reply without any aircraft"
    return state.last_detail or ""


def _poll(poll: Poll) -> str:
    outcome = f"{poll.at:%H:%M:%S} UTC: {OUTCOME_WORDS[poll.outcome]}"
    return f"{outcome}, {poll.detail}" if poll.detail else outcome


def _spent(snapshot: Snapshot, feed: FeedSettings) -> str:
    spent = feeds.spending(snapshot.store, feed.name, snapshot.now)
    budget = feed.daily_requests or KINDS[feed.kind].per_day
    return f"{spent:,} of {budget:,} today" if budget else f"{spent:,} today"


def _summary(found: Sequence[State]) -> str:
    shares = {state: found.count(state) / len(found) for state in State}
    return ", ".join(
        f"{percent(share)} {_STATE_WORDS[state]}" for state, share in shares.items() if share
    )


def _stretches(found: Sequence[State], begin: datetime, now: datetime) -> list[Stretch]:
    stretches = []
    at = 0
    for state, group in groupby(found):
        length = len(list(group))
        until = min(now, begin + (at + length) * SLOT)
        stretches.append(
            Stretch(
                state,
                at / len(found),
                length / len(found),
                f"{_STATE_WORDS[state]}, {_span(begin + at * SLOT, until)}",
            )
        )
        at += length
    return stretches


def _span(begin: datetime, end: datetime) -> str:
    """Return two times of one or two days with the day: `Sun 23:20 to Mon 01:15 UTC`."""
    day = "" if begin.date() == end.date() else f"{end:%a} "
    return f"{begin:%a %H:%M} to {day}{end:%H:%M} UTC"
