"""When was a rolling count above its rule? Each episode lasts from a crossing to the day on which
the count is below again.

The episodes of a surge are those of `surge_facts`. Otherwise the count covers the last N days (of
24 h). It is taken at every landing, where it can only rise,
and at the end of every local day, the only time at which it falls. So an episode begins with a
landing and ends at a local midnight, and no two begin on one day: the day names it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.alerts.rule_facts import INSTANT, RuleFacts
from collector.alerts.surge_facts import EPISODE, SurgeAlarm, episodes_of
from collector.model import RuleKind
from collector.weeks import next_midnight


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which a rolling count was above its rule."""

    opens_at: datetime
    """Touchdown of the landing that crossed the rule."""
    closes_at: datetime
    """The end of the first local day on which the count is below again, regardless of later
    landings."""
    first_at: datetime
    """Touchdown of the first landing in the days of the highest level …"""
    peak_at: datetime
    """… and of the last."""
    alarm: SurgeAlarm | None = None
    """Of a surge: the landing that opened it; its window is that of the peak."""


def episodes(facts: RuleFacts) -> list[Episode]:
    """Return every episode of a rule with `days`, in order of time; a function of the landings
    alone."""
    if facts.rule.kind is RuleKind.SURGE:
        return [_surge_episode(facts, each) for each in episodes_of(facts.surge_alarms())]
    days = timedelta(days=facts.rule.days or 7)
    found: list[Episode] = []
    at = 0
    while at < len(facts.times):
        if not _crosses(facts, at, days):
            at += 1
            continue
        closes_at = _closes_at(facts, facts.times[at], days)
        after = bisect_left(facts.times, closes_at)
        above = [i for i in range(at, after) if _crosses(facts, i, days)]
        peak = max(above, key=lambda i: (_level(facts, i, days), -i))
        first_at = _first_at(facts, peak, days)
        found.append(Episode(facts.times[at], closes_at, first_at, facts.times[peak]))
        at = after
    return found


def _surge_episode(facts: RuleFacts, alarms: Sequence[SurgeAlarm]) -> Episode:
    """Return an episode that is counted in the window of its first alarm."""
    first, last = alarms[0], alarms[-1]
    opens_at = first.landing.detection.touchdown_span[1]
    begin = opens_at - timedelta(weeks=first.look.weeks) + INSTANT
    first_at = facts.first_at(begin, opens_at + INSTANT)
    ends_at = last.landing.detection.touchdown_span[1] + EPISODE
    closes_at = next_midnight(ends_at, facts.watch.zone)
    return Episode(opens_at, closes_at, first_at, opens_at, first)


def highest_window(
    facts: RuleFacts, begin: datetime, end: datetime, days: timedelta
) -> tuple[datetime, datetime]:
    """Return the days of the highest level in [begin, end), in which the rule did not cross.

    The days end with `begin` or with a landing; they are returned as beginning and (exclusive) end.
    """
    inside = facts.times[bisect_left(facts.times, begin) : bisect_left(facts.times, end)]
    windows = [(at - days + INSTANT, at + INSTANT) for at in (begin, *inside)]
    return max(windows, key=lambda window: facts.level(facts.count(*window)))


def _first_at(facts: RuleFacts, last: int, days: timedelta) -> datetime:
    """Return the first touchdown in the rolling days that end with landing `last`."""
    return facts.first_at(facts.times[last] - days + INSTANT, facts.times[last] + INSTANT)


def _level(facts: RuleFacts, last: int, days: timedelta) -> int:
    first_at = _first_at(facts, last, days)
    return facts.level(facts.count(first_at, facts.times[last] + INSTANT))


def _crosses(facts: RuleFacts, last: int, days: timedelta) -> bool:
    first_at = _first_at(facts, last, days)
    count = facts.count(first_at, facts.times[last] + INSTANT)
    return facts.crosses(count)


def _closes_at(facts: RuleFacts, crossed_at: datetime, days: timedelta) -> datetime:
    midnight = next_midnight(crossed_at, facts.watch.zone)
    while True:
        if facts.below(facts.count(midnight - days, midnight)):
            return midnight
        midnight = next_midnight(midnight, facts.watch.zone)
