"""What changes for a rule after these landings changed? Every window concerned gets its new state,
and the reason for a notice.

Live polls, replays, backfills, reviews and the end of a day all come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.alerts.lifecycle import (
    AlertState,
    Ending,
    Reason,
    Status,
    decide_state,
    end_state,
    is_unfinished,
)
from collector.alerts.rolling import Episode, episodes, highest_window
from collector.alerts.rule_facts import RuleFacts, gather_rule_facts
from collector.alerts.rules import (
    evaluate_week,
    rolling_key,
    verdict_of_episode,
    verdict_without_episode,
)
from collector.alerts.usual import TRAILING_WEEKS
from collector.alerts.verdict import Verdict
from collector.model import Landing, Rule, Watch
from collector.weeks import week_of


@dataclass(frozen=True, slots=True)
class Decision:
    """A state to store, and the reason for a notice, if one is due."""

    verdict: Verdict
    state: AlertState
    reason: Reason | None


def landings_needed_from(
    rule: Rule, states: Iterable[AlertState], touched: Iterable[datetime], now: datetime
) -> datetime:
    """Return the time from which `decide_windows` needs the watch's landings and coverage for this
    rule."""
    year = timedelta(weeks=TRAILING_WEEKS + 2)
    return _floor(rule, states, tuple(touched), now) - year - timedelta(days=rule.days or 7)


def decide_windows(
    rule: Rule,
    watch: Watch,
    landings: Iterable[Landing],
    coverage_by_week: Mapping[str, float],
    states: Sequence[AlertState],
    *,
    touched: Iterable[datetime],
    now: datetime,
    muted: bool = False,
    judged_again: bool = False,
) -> list[Decision]:
    """Decide on every window that the `touched` touchdowns, the present or unfinished states
    concern.

    `landings` are the watch's since `landings_needed_from`, withdrawn ones too (they may be
    reviewed). `states` are all stored states of this watch and rule. `touched` are touchdowns of
    changed landings before and after the change (empty at the end of a day). Only states that
    differ from the stored ones are returned, with a reason if a notice is due.

    With `judged_again`, what changed is told in the one mail about judging stored landings again:
    only the windows that the touched touchdowns concern are decided, since whatever else is due is
    a notice of its own, and a mute holds back only windows that are not over.
    """
    touched = tuple(touched)
    facts = gather_rule_facts(rule, watch, landings, coverage_by_week, now)
    stored = {state.window: state for state in states}
    absorbed: list[tuple[AlertState, Verdict]] = []
    if rule.days is None:
        verdicts = _weeks(facts, stored, touched)
    else:
        verdicts, absorbed = _rolling(facts, stored, _floor(rule, states, touched, now))
    decisions = []
    for verdict in verdicts:
        before = stored.get(verdict.window_key)
        if judged_again and not _concerned(rule, touched, verdict, before):
            continue
        told_anyway = judged_again and verdict.closes_at <= now
        state, reason = decide_state(before, verdict, now, muted=muted and not told_anyway)
        if state != before and not (before is None and state.status is Status.OK):
            decisions.append(Decision(verdict, state, reason))
    for before, verdict in absorbed:
        if judged_again and not _concerned(rule, touched, verdict, before):
            continue
        state = end_state(before, Ending.JOINED, now)
        if state != before:
            decisions.append(Decision(verdict, state, None))
    return decisions


def _concerned(
    rule: Rule, touched: Iterable[datetime], verdict: Verdict, before: AlertState | None
) -> bool:
    """Return whether a touchdown is counted in a window, or was before."""
    lives = [(verdict.opens_at, verdict.closes_at)]
    if before is not None:
        lives.append((before.begin, before.end))
    counted = timedelta(days=rule.days or 0)
    return any(begin - counted <= at < end for at in touched for begin, end in lives)


def _floor(
    rule: Rule, states: Iterable[AlertState], touched: Sequence[datetime], now: datetime
) -> datetime:
    """Return the earliest instant whose windows are decided."""
    open_since = [state.begin for state in states if is_unfinished(state)]
    return min((*touched, *open_since, now)) - timedelta(days=rule.days or 7)


def _weeks(
    facts: RuleFacts, stored: Mapping[str, AlertState], touched: Sequence[datetime]
) -> list[Verdict]:
    keys = {week_of(at, facts.watch.zone) for at in (*touched, facts.now)}
    keys.update(window for window, state in stored.items() if is_unfinished(state))
    return [evaluate_week(facts, key) for key in sorted(keys)]


def _rolling(
    facts: RuleFacts, stored: Mapping[str, AlertState], floor: datetime
) -> tuple[list[Verdict], list[tuple[AlertState, Verdict]]]:
    """Return the verdicts on rolling windows under the keys that they already have, and the
    absorbed states.

    An episode whose crossing moved (a landing found late, moved or withdrawn) keeps the key of the
    earliest stored episode that it overlaps, so that no notice goes out twice under two names. A
    stored episode that became part of one with an earlier name is absorbed, and returned with that
    one's verdict.
    """
    free = sorted(
        (state for state in stored.values() if state.end > floor),
        key=lambda state: (state.begin, state.window),
    )
    derived: list[tuple[Episode, Verdict]] = []
    used_keys: set[str] = set()
    for episode in episodes(facts):
        if episode.closes_at > floor:
            mine = next(
                (s for s in free if s.window not in used_keys and _overlap(s, episode)), None
            )
            key = mine.window if mine else _new_key(facts, episode, {*stored, *used_keys})
            used_keys.add(key)
            derived.append((episode, verdict_of_episode(facts, episode, key)))
    verdicts = [verdict for _, verdict in derived]
    absorbed = []
    for state in free:
        if state.window not in used_keys:
            larger = next((v for episode, v in derived if _overlap(state, episode)), None)
            if larger is not None:
                absorbed.append((state, larger))
            else:
                life = (state.begin, state.end)
                counted = highest_window(facts, *life)
                verdicts.append(verdict_without_episode(facts, state.window, counted, life))
    return verdicts, absorbed


def _overlap(state: AlertState, episode: Episode) -> bool:
    return state.begin < episode.closes_at and episode.opens_at < state.end


def _new_key(facts: RuleFacts, episode: Episode, used: set[str]) -> str:
    key = rolling_key(facts, episode.opens_at)
    ordinal, unique = 2, key
    while unique in used:
        unique = f"{key}.{ordinal}"
        ordinal += 1
    return unique
