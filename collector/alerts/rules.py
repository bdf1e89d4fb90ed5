"""Is a window unusual, and how certain is that? One rule and one window give one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from collector.alerts.counts import Count, probability_in, probability_of_at_least
from collector.alerts.rolling import Episode, episodes
from collector.alerts.rule_facts import INSTANT, NO_SURGE, RuleFacts, gather_rule_facts
from collector.alerts.surge_facts import SurgeAlarm, SurgeInput
from collector.alerts.verdict import Verdict
from collector.model import Grade, Landing, Rule, RuleKind, Watch
from collector.weeks import local_date, week_bounds, week_of

__all__ = ["evaluate", "evaluate_week", "verdict_of_episode", "verdict_without_episode"]

UNDOABLE_FOR = timedelta(hours=24)
"""The longest usual stay (20 min … 24 h). Until then an inferred landing without a received
departure can still be withdrawn, if the aircraft turns up elsewhere."""


def evaluate(
    rule: Rule,
    watch: Watch,
    landings: Iterable[Landing],
    coverage_by_week: Mapping[str, float],
    now: datetime,
    *,
    surge: SurgeInput = NO_SURGE,
) -> Verdict:
    """Return the verdict on the present window: this week, or the rolling days up to `now`; of a
    surge that does not fire, the last week.

    `landings` should reach back over the trailing year (`decisions.landings_needed_from`).
    `coverage_by_week` gives the coverage, 0 … 1, of each week key (for the present week, of the
    part gone by).
    """
    facts = gather_rule_facts(rule, watch, landings, coverage_by_week, now, surge=surge)
    if rule.weekly:
        return evaluate_week(facts, week_of(now, watch.zone))
    for episode in episodes(facts):
        if episode.opens_at <= now < episode.closes_at:
            return verdict_of_episode(facts, episode, episode_key(facts, episode))
    days = rule.days or 7
    window = (now - timedelta(days=days), now)
    return verdict_without_episode(facts, rolling_key(facts, now, days), window, window)


def evaluate_week(facts: RuleFacts, key: str) -> Verdict:
    """Return the verdict on one ISO week. Raises ValueError if `key` is not a week."""
    begin, end = week_bounds(key, facts.watch.zone)
    count = facts.count(begin, end)
    crossed = facts.crosses(count)
    return _verdict(facts, key, count, (begin, end), (begin, end), crossed=crossed)


def episode_key(facts: RuleFacts, episode: Episode) -> str:
    """Return the key of a rolling episode, by its days and the local day on which it opens."""
    return rolling_key(facts, episode.opens_at, _days_of(facts, episode))


def rolling_key(facts: RuleFacts, at: datetime, days: int) -> str:
    """Return the key of rolling days that cross at `at`: `14d:2026-11-20`, the local day."""
    return f"{days}d:{local_date(at, facts.watch.zone).isoformat()}"


def days_of_key(key: str) -> int:
    """Return the days of a window by its key; those of a week for `2026-W47`.

    >>> days_of_key("14d:2026-11-20"), days_of_key("2026-W47")
    (14, 7)
    """
    days, rolling, _ = key.partition("d:")
    return int(days) if rolling else 7


def verdict_of_episode(facts: RuleFacts, episode: Episode, key: str) -> Verdict:
    """Return the verdict on a rolling episode, counted at its peak."""
    days = timedelta(days=_days_of(facts, episode))
    count = facts.count(episode.first_at, episode.peak_at + INSTANT)
    window = (episode.first_at, episode.first_at + days)
    life = (episode.opens_at, episode.closes_at)
    return _verdict(facts, key, count, window, life, crossed=True, alarm=episode.alarm)


def _days_of(facts: RuleFacts, episode: Episode) -> int:
    if episode.alarm is not None:
        return 7 * episode.alarm.look.weeks
    return facts.rule.days or 7


def verdict_without_episode(
    facts: RuleFacts, key: str, counted: tuple[datetime, datetime], life: tuple[datetime, datetime]
) -> Verdict:
    """Return the verdict on rolling days [begin, end) in which the rule did not cross."""
    return _verdict(facts, key, facts.count(*counted), counted, life, crossed=False)


def _verdict(
    facts: RuleFacts,
    key: str,
    count: Count,
    window: tuple[datetime, datetime],
    life: tuple[datetime, datetime],
    *,
    crossed: bool,
    alarm: SurgeAlarm | None = None,
) -> Verdict:
    rule, (begin, end), (opens_at, closes_at) = facts.rule, window, life
    needed = max(1, rule.count) if alarm is None else alarm.needed
    resting = _resting_on(rule, count)
    chances = [
        probability_in(each, rule.place) * each.detection.chance_between(begin, end)
        for each in (*count.counted, *count.undetermined)
    ]
    return Verdict(
        rule=rule,
        watch=facts.watch.name,
        window_key=key,
        begin=begin,
        end=end,
        opens_at=opens_at,
        closes_at=closes_at,
        count=count,
        level=facts.level(count),
        crossed=crossed,
        below=not crossed and facts.below(count),
        usual=facts.usual(begin, end, count.count) if alarm is None else alarm.usual,
        needed=needed,
        certainty=probability_of_at_least(needed, chances),
        weakest=min(
            resting, key=lambda each: (probability_in(each, rule.place), each.id), default=None
        ),
        holds_without_weakest=crossed and _holds_without_one(facts, count, alarm),
        over=facts.now >= closes_at,
        late=any(each.first_known_at >= closes_at for each in resting),
        provisional=any(_undoable(each, facts.watch, facts.now) for each in resting),
    )


def _resting_on(rule: Rule, count: Count) -> Sequence[Landing]:
    """Return the landings that make up a rule's level."""
    if rule.kind is not RuleKind.THRESHOLD:
        return (*count.counted, *count.undetermined)
    return count.counted


def _holds_without_one(facts: RuleFacts, count: Count, alarm: SurgeAlarm | None) -> bool:
    """Return whether the rule still crosses with one landing less."""
    if alarm is not None:
        return alarm.look.landings - 1 >= alarm.needed
    if facts.rule.kind is RuleKind.UNDETERMINED:
        return facts.crosses_at(count.count, count.at_most - 1)
    return facts.crosses_at(count.count - 1, count.at_most - 1)


def _undoable(landing: Landing, watch: Watch, now: datetime) -> bool:
    """Return whether the landing is inferred and recent enough to be withdrawn."""
    detection = landing.detection
    return (
        landing.review != "confirmed"
        and landing.grade_for(watch.name) is not Grade.CONFIRMED
        and detection.departed_at is None
        and now < detection.touchdown_at + UNDOABLE_FOR
    )
