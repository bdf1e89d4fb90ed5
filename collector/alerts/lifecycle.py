"""Is a notice due, and why? An alert lives from ok to firing to resolved, with one notice for each
reason.

The decision compares the present with the notices already given, so that it is the same however
often and under whatever clock it is repeated:

- above the rule, and no notice since the last correction: `crossed`;
- above the highest level of a notice: `rose`, once for each level;
- below the rule after a notice that said otherwise: `corrected_below`;
- the window over, and the latest notice says that it fires: `resolved`, so only if it ever fired.
  The digest tells it, a mail only if the rule asks for one.

Each reason is given once for each level of a window, for ever. A level that crosses again after a
correction therefore comes as `rose`; after that there is no further notice for it. A window found
above its rule only after its end is given as `crossed` and resolved by that same notice; so is a
rise found late.

A mute is Alertmanager's silence: the state goes on without notices. What still holds at the end of
the mute is given then; a window that opened and closed under a mute is never given. Acknowledging
an episode ("seen, I know") holds back its rises and its end, never a correction, and lapses with
one. Incident systems use the word that way; Alertmanager has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from collector.alerts.verdict import Verdict
from collector.model import Place, Rule


class Status(StrEnum):
    """The status of an alert."""

    OK = "ok"
    FIRING = "firing"
    RESOLVED = "resolved"
    """It fired, and its window is over, or it ended for an `Ending`."""


class Ending(StrEnum):
    """Why an alert ended before its time."""

    RULE_GONE = "rule-gone"
    """The configuration has no such rule any more."""
    JOINED = "joined"
    """Its days became part of an alert that began earlier."""


class Reason(StrEnum):
    """Why a notice is sent; part of its key."""

    CROSSED = "crossed"
    ROSE = "rose"
    CORRECTED_BELOW = "corrected_below"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """The state of one rule of one watch in one window; one stored row."""

    watch: str
    rule: str
    window: str
    """`2026-W47` for a week, `14d:2026-11-20` for a rolling window (the day it crossed)."""
    status: Status
    count: int
    at_most: int
    level: int
    """The number that the rule compares: `count`, or `at_most` for an undetermined rule."""
    begin: datetime
    """The week, or a rolling window's episode from its crossing …"""
    end: datetime
    """… to the end (exclusive) of the day after which the count is below again."""
    since_at: datetime
    """When `status` began."""
    changed_at: datetime
    """When any of the state last changed."""
    told: tuple[str, ...] = ()
    """Notices given, in order: `crossed:2`, `rose:3`, `corrected_below:1`, `resolved:3`."""
    reached_at: datetime | None = None
    """When the count was found to have reached the threshold; None: not written down, by versions
    before 0.3."""
    ended_because: Ending | None = None
    """Why it ended before its time; None: it did not."""
    acknowledged_at: datetime | None = None
    """When a person acknowledged it: rises and the end of this window are not mailed any more."""

    @property
    def ended_at(self) -> datetime | None:
        """The end of the window, or when it ended before; None unless it fired and is over."""
        return self.end if self.status is Status.RESOLVED else None


def notice_key(state: AlertState, reason: Reason, recipient: str) -> str:
    """Return the key of the mail for `reason`: one for ever for each reason and level."""
    return f"{window_prefix(state)}{reason.value}:{state.level}:{recipient}"


def window_prefix(state: AlertState) -> str:
    """Return how the keys of all mails about this window of this rule begin."""
    return ":".join(("alert", state.watch, state.rule, state.window, ""))


@dataclass(frozen=True, slots=True)
class Mute:
    """No mail of a rule before `until`; `rule` None means every rule of the watch."""

    watch: str
    rule: str | None
    until: datetime
    note: str = ""


def acknowledge(state: AlertState, at: datetime) -> AlertState:
    """Return the state as acknowledged by a person. The first acknowledgement stands; OK needs
    none."""
    if state.acknowledged_at is not None or state.status is Status.OK:
        return state
    return replace(state, acknowledged_at=at, changed_at=max(at, state.changed_at))


def decide_state(
    state: AlertState | None, verdict: Verdict, now: datetime, *, muted: bool = False
) -> tuple[AlertState, Reason | None]:
    """Return the state after `verdict`, and the reason for a notice (None if none is due).

    Pure, and monotone under replay: deciding on the same verdict again gives the same state and no
    reason, also with an earlier `now`.
    """
    status = _status(state, verdict, now)
    notices = state.told if state is not None else ()
    acknowledged_at = state.acknowledged_at if state and status is not Status.OK else None
    reason = None if muted else _reason(state, status, verdict)
    if acknowledged_at is not None and reason in {Reason.ROSE, Reason.RESOLVED}:
        reason = None
    if reason is not None:
        notices = (*notices, _word(reason, verdict.level))
        if status is Status.RESOLVED and reason is not Reason.RESOLVED:
            notices = (*notices, _word(Reason.RESOLVED, verdict.level))
    after = AlertState(
        watch=verdict.watch,
        rule=verdict.rule.name,
        window=verdict.window_key,
        status=status,
        count=verdict.count.count,
        at_most=verdict.count.at_most,
        level=verdict.level,
        begin=verdict.opens_at,
        end=verdict.closes_at,
        since_at=state.since_at if state and state.status is status else now,
        changed_at=state.changed_at if state else now,
        told=notices,
        reached_at=_reached_at(state, status, now),
        ended_because=_ended_because(state, status, verdict),
        acknowledged_at=acknowledged_at,
    )
    if state is not None and after != state:
        after = replace(after, changed_at=max(now, state.changed_at))
    return after, reason


def end_state(state: AlertState, because: Ending, now: datetime) -> AlertState:
    """Return the state as over before its time, without a notice: a rolling episode that became
    part of an earlier one, or an alert whose rule is gone."""
    if state.status is not Status.FIRING:
        return state
    notices = (*state.told, _word(Reason.RESOLVED, state.level)) if state.told else ()
    return replace(
        state,
        status=Status.RESOLVED,
        # If it parts from the other, or the rule comes back, it was not over until its end.
        end=max(state.begin, min(state.end, now)),
        since_at=now,
        changed_at=max(now, state.changed_at),
        told=notices,
        ended_because=because,
    )


def is_unfinished(state: AlertState) -> bool:
    """Return whether time alone can still change the state, or a mute held back a notice."""
    if state.status is Status.FIRING:
        return True
    if _peak_level(state.told) is None:
        return False
    if state.status is Status.OK:
        return _word(Reason.CORRECTED_BELOW, state.level) not in state.told
    if state.acknowledged_at is not None or state.told[-1].startswith(Reason.RESOLVED.value):
        return False
    return _word(Reason.RESOLVED, state.level) not in state.told


def week_state(
    states: Iterable[AlertState],
    rules: Iterable[Rule],
    place: Place,
    begin: datetime,
    end: datetime,
) -> Status:
    """Return the strongest status of a place's weekly rules in a week [begin, end), as every list
    of weeks tells it.

    Firing outranks resolved, resolved outranks ok. A rule of rolling days says nothing of one week,
    least of all of one that could not be seen: its alerts are listed by themselves. `states` are
    those of one watch.
    """
    names = {rule.name for rule in rules if rule.place == place and rule.days is None}
    found = {
        state.status
        for state in states
        if state.rule in names and state.begin < end and begin < state.end
    }
    for status in (Status.FIRING, Status.RESOLVED):
        if status in found:
            return status
    return Status.OK


def _status(state: AlertState | None, verdict: Verdict, now: datetime) -> Status:
    if not verdict.crossed:
        if state is None or state.status is Status.OK:
            return Status.OK
        if verdict.below and verdict.level < state.level:
            return Status.OK
        # It fired, and no landing was withdrawn: a revised year made the surge less rare, or
        # undetermined landings turned out to be counted ones.
    over = now >= verdict.closes_at or (
        # An earlier clock does not re-open a finished window, only a later end does.
        state is not None and state.status is Status.RESOLVED and verdict.closes_at <= state.end
    )
    return Status.RESOLVED if over else Status.FIRING


def _reached_at(state: AlertState | None, status: Status, now: datetime) -> datetime | None:
    """Return when the count reached the threshold, anew after a correction below it."""
    if state is None:
        return None if status is Status.OK else now
    anew = state.status is Status.OK and status is not Status.OK
    return now if anew else state.reached_at


def _ended_because(state: AlertState | None, status: Status, verdict: Verdict) -> Ending | None:
    """Return why it ended before its time, as long as that still is its end."""
    if state is None or status is not Status.RESOLVED or verdict.closes_at > state.end:
        return None
    return state.ended_because


def _reason(state: AlertState | None, status: Status, verdict: Verdict) -> Reason | None:
    notices = state.told if state is not None else ()
    peak = _peak_level(notices)
    if status is Status.OK:
        return _first_new(notices, verdict, Reason.CORRECTED_BELOW) if peak is not None else None
    if peak is None:
        lived = state is not None and state.status is not Status.OK and state.level
        if status is Status.RESOLVED and lived and verdict.level <= lived:
            return None  # it opened and closed under a mute
        return _first_new(notices, verdict, Reason.CROSSED, Reason.ROSE)
    if verdict.crossed and verdict.level > peak:
        return _first_new(notices, verdict, Reason.ROSE)
    if status is Status.RESOLVED and not notices[-1].startswith(Reason.RESOLVED.value):
        return _first_new(notices, verdict, Reason.RESOLVED)
    return None


def _peak_level(notices: tuple[str, ...]) -> int | None:
    """Return the highest level given since the last correction; None if none was given."""
    peak: int | None = None
    for word in notices:
        name, _, level = word.partition(":")
        if name == Reason.CORRECTED_BELOW.value:
            peak = None
        elif name in {Reason.CROSSED.value, Reason.ROSE.value}:
            peak = int(level) if peak is None else max(peak, int(level))
    return peak


def _first_new(notices: tuple[str, ...], verdict: Verdict, *reasons: Reason) -> Reason | None:
    """Return the first of `reasons` that was not yet given at this level."""
    return next((each for each in reasons if _word(each, verdict.level) not in notices), None)


def _word(reason: Reason, level: int) -> str:
    return f"{reason.value}:{level}"
