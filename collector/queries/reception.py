"""Are we listening? Each feed's health, and the last day as the airfields' receivers told it."""

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
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import duration, percent
from collector.reports.learned_coverage import learned_line, learned_row
from collector.reports.mails.condition import ConditionKind
from collector.store import conditions, coverage_slots, feeds, learned_coverage
from collector.store.conditions import Condition
from collector.store.feeds import FeedState, Poll

DEAF_AFTER = timedelta(minutes=15)
"""At least this long without an answer before the page says deaf: one missed poll is no news."""
DEAF_AFTER_POLLS = 3
"""And at least so many of the slowest rhythm."""
POLLS = 10
"""The last polls shown of each feed."""
DAY = timedelta(days=1)
_IN_WORDS = {
    State.ALIVE: "heard",
    State.JAMMED: "jammed",
    State.EMPTY: "nobody about",
    State.REGIONALLY_DEAD: "deaf here",
    State.DEAD: "nothing known",
}
"""The legend below the strips says what each means."""


@dataclass(frozen=True, slots=True)
class Listening:
    """The answer to "are we listening?". `tone` is good, warn or bad; `text` one sentence."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One configured feed in words; `tone` is good, warn, bad or off."""

    name: str
    enabled: bool
    network: str
    tone: str
    health: str
    last_poll: str
    detail: str
    spent: str
    alive: float
    """Share of the last day's five minutes in which it answered with something new, 0 … 1."""
    polls: tuple[str, ...]
    """The last ones, newest first."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the last day that was all alike: from `begin` for `length`, both 0 … 1."""

    state: State
    begin: float
    length: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkyDay:
    """The last 24 hours as heard around one airfield."""

    airfield: Airfield
    alive: float
    summary: str
    stretches: tuple[Stretch, ...]


def listening(
    present: Snapshot, known: Sequence[FeedState], open_now: Sequence[Condition]
) -> Listening:
    """Whether anything is heard now. Pure, given what is stored."""
    names = {feed.name for feed in present.settings.feeds if feed.enabled}
    if not names:
        return Listening("bad", "No feed is enabled: nothing can be heard.")
    answers = [each.last_ok_at for each in known if each.feed in names and each.last_ok_at]
    if not answers:
        return Listening("bad", "No feed has answered yet.")
    last = max(answers)
    if present.now - last > deaf_after(present):
        return Listening("bad", f"Deaf: the last answer of any feed came {ago(last, present.now)}.")
    blind = [each for each in open_now if each.kind == ConditionKind.BLIND.value]
    if blind:
        return Listening("warn", "Feeds answer, but nobody is heard near the watched airfields.")
    return Listening("good", f"Listening: the last answer came {ago(last, present.now)}.")


def deaf_after(present: Snapshot) -> timedelta:
    """How long without any answer is too long."""
    return max(DEAF_AFTER, DEAF_AFTER_POLLS * present.settings.polling.far)


def problems(present: Snapshot) -> list[str]:
    """Why a supervisor should worry, one sentence each; empty while all is well.

    Raises StoreError.
    """
    heard = listening(
        present, feeds.states(present.store), conditions.open_conditions(present.store)
    )
    return [heard.text] if heard.tone == "bad" else []


def feed_rows(present: Snapshot) -> list[FeedRow]:
    """Every configured feed, enabled ones first. Raises StoreError."""
    slots = coverage_slots.slots_between(present.store, _day_begins(present.now), present.now)
    rows = []
    for feed in sorted(present.settings.feeds, key=lambda each: not each.enabled):
        alive = sum(1 for slot in slots if slot.feed == feed.name and slot.alive_minutes)
        rows.append(_row(present, feed, alive / (DAY / SLOT)))
    return rows


def sky_days(present: Snapshot) -> list[SkyDay]:
    """The last day around each watched airfield. Raises StoreError."""
    begin = _day_begins(present.now)
    slots = coverage_slots.slots_between(present.store, begin - MARGIN, present.now)
    days = []
    for airfield in present.watched:
        found = [state for _, state in states(slots, airfield, begin, begin + DAY)]
        days.append(
            SkyDay(
                airfield=airfield,
                alive=found.count(State.ALIVE) / len(found),
                summary=_summary(found),
                stretches=tuple(_stretches(found, begin, present.now)),
            )
        )
    return days


def usual(present: Snapshot) -> str:
    """How low each watched airfield is usually heard, in one sentence. Raises StoreError."""
    line = learned_line(usual_row(present))
    return f"{line[0].upper()}{line[1:]}."


def usual_row(present: Snapshot) -> dict[str, Any] | None:
    """The same as `status --json` gives it. Raises StoreError."""
    return learned_row(learned_coverage.latest(present.store, present.now.date()), present.watched)


def ago(at: datetime, now: datetime) -> str:
    """`3 min ago`; a time to come is told as such, since then a clock is off."""
    return f"in {duration(at - now)}" if at > now else f"{duration(now - at)} ago"


def _day_begins(now: datetime) -> datetime:
    """The first of the 288 slots that end with the present one."""
    return slot_begin(now) + SLOT - DAY


def _row(present: Snapshot, feed: FeedSettings, alive: float) -> FeedRow:
    state = feeds.state(present.store, feed.name)
    tone, health = _health(feed, state, present)
    return FeedRow(
        name=feed.name,
        enabled=feed.enabled,
        network=KINDS[feed.kind].terms.attribution.partition(",")[0],
        tone=tone,
        health=health,
        last_poll="never" if state.last_poll_at is None else ago(state.last_poll_at, present.now),
        detail=_detail(state),
        spent=_spent(present, feed),
        alive=alive,
        polls=tuple(_poll(poll) for poll in feeds.polls(present.store, feed.name, POLLS)),
    )


def _health(feed: FeedSettings, state: FeedState, present: Snapshot) -> tuple[str, str]:
    now = present.now
    if not feed.enabled:
        return "off", "not enabled"
    if state.parked_until is not None and state.is_backing_off(now):
        return "bad", f"parked for {duration(state.parked_until - now)}"
    if state.last_poll_at is None:
        return "warn", "not asked yet"
    if state.failing_since_at is not None:
        count = "once" if state.failures == 1 else f"{state.failures} times in a row"
        tone = "bad" if now - state.failing_since_at > deaf_after(present) else "warn"
        return tone, f"failing for {duration(now - state.failing_since_at)}, {count}"
    if state.last_ok_at is not None and now - state.last_ok_at > deaf_after(present):
        return "bad", "not asked any more"
    return "good", "answers"


def _detail(state: FeedState) -> str:
    if state.parked_why:
        return state.parked_why
    if state.failures and state.last_failure:
        return state.last_failure
    if state.last_outcome is Outcome.NOBODY:
        return "valid, but nobody in it"
    return state.last_detail or ""


def _poll(poll: Poll) -> str:
    told = f"{poll.at:%H:%M:%S} UTC: {poll.outcome.value}"
    return f"{told}, {poll.detail}" if poll.detail else told


def _spent(present: Snapshot, feed: FeedSettings) -> str:
    spent = feeds.spending(present.store, feed.name, present.now)
    budget = feed.daily_requests or KINDS[feed.kind].per_day
    return f"{spent} of {budget} today" if budget else f"{spent} today"


def _summary(found: Sequence[State]) -> str:
    shares = {state: found.count(state) / len(found) for state in State}
    return ", ".join(
        f"{percent(share)} {_IN_WORDS[state]}" for state, share in shares.items() if share
    )


def _stretches(found: Sequence[State], begin: datetime, now: datetime) -> list[Stretch]:
    stretches = []
    at = 0
    for state, group in groupby(found):
        length = len(list(group))
        until = min(now, begin + (at + length) * SLOT)
        text = f"{_IN_WORDS[state]}, {begin + at * SLOT:%H:%M} to {until:%H:%M} UTC"
        stretches.append(Stretch(state, at / len(found), length / len(found), text))
        at += length
    return stretches
