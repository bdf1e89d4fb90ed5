"""When was a surge under way, and by which window? Episodes of one rule at one place, from the
landings alone.

Alarms that are less than `EPISODE_WEEKS` apart are one episode, so that a higher level that lasts
alarms once. An episode is counted in the window that opened it: later landings do not make it rise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from collector.alerts.chance.alarms import EPISODE_WEEKS
from collector.alerts.comparable import ComparableWeeks
from collector.alerts.surge import LEAST_P, WINDOWS_WEEKS, Look, Surge, UsualRate
from collector.alerts.usual import USUAL_QUANTILES, Usual, quantile
from collector.model import Landing, Rule
from collector.model.heard_week import HeardWeek

LONGEST = timedelta(weeks=WINDOWS_WEEKS[-1])
EPISODE = timedelta(weeks=EPISODE_WEEKS)


@dataclass(frozen=True, slots=True)
class SurgeInput:
    """What a surge needs besides landings and coverage."""

    p_below: float | None = None
    """The threshold of the quarter; None: too little is known, or it is not calculated yet."""
    heard_by_week: Mapping[str, HeardWeek] | None = None
    """How the place was heard, by week key; None: as nothing else is known, all weeks alike."""


@dataclass(frozen=True, slots=True)
class SurgeAlarm:
    """A landing with which a surge fired."""

    landing: Landing
    look: Look
    needed: int
    """The least number of landings of its window with which it fires."""

    @property
    def usual(self) -> Usual:
        """What was usual in the window, and how improbable its count is."""
        look = self.look
        low, high, text = usual_words(look.usual, look.weeks)
        expected = look.usual.rate_per_week * look.exposure
        return Usual(expected, look.p, look.usual.covered_weeks, low, high, text)


def surge_alarms(rule: Rule, weeks: ComparableWeeks, p_below: float) -> list[SurgeAlarm]:
    """Return every landing with which the rule fires, in order."""
    surge = surge_of(rule, weeks, p_below)
    by_time = dict(zip(weeks.times, weeks.landings, strict=True))
    return [
        SurgeAlarm(by_time[look.at], look, _needed(rule, look, p_below)) for look in surge.alarms()
    ]


def surge_of(rule: Rule, weeks: ComparableWeeks, p_below: float) -> Surge:
    """Return the rule at the beginning of these weeks."""
    return Surge(weeks.surge_weeks, p_below, max(1, rule.count), rule.stated_usual)


def episodes_of(alarms: Iterable[SurgeAlarm]) -> list[list[SurgeAlarm]]:
    """Return the alarms of each episode."""
    found: list[list[SurgeAlarm]] = []
    for alarm in alarms:
        if found and alarm.look.at - found[-1][-1].look.at < EPISODE_WEEKS:
            found[-1].append(alarm)
        else:
            found.append([alarm])
    return found


def usual_words(usual: UsualRate, weeks: int) -> tuple[int, int, str]:
    """Return the usual count of a fully seen window, from and to, and in words."""
    mean = usual.rate_per_week * weeks
    low, high = (quantile(share, mean, usual.dispersion) for share in USUAL_QUANTILES)
    between = str(low) if low == high else f"{low}–{high}"
    of = f"{usual.covered_weeks} covered weeks before that may be compared"
    if usual.stated is not None:
        of = f"stated: {usual.stated.source}"
    return low, high, f"usual: {between} in {7 * weeks} days ({of})"


def _needed(rule: Rule, look: Look, p_below: float) -> int:
    # With fewer landings, the other windows are taken to be more probable by the same factor.
    alone, needed = p_below * look.p / max(look.score, LEAST_P), look.landings
    while needed > max(1, rule.count) and (
        look.usual.probability(needed - 1, look.exposure) < alone
    ):
        needed -= 1
    return needed
