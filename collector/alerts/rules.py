"""Is a window unusual, and how certain is that? One rule and one window give one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from collector.alerts.counts import Count, probability_in, probability_of_at_least
from collector.alerts.rolling import Episode, episodes
from collector.alerts.rule_facts import INSTANT, RuleFacts, gather_rule_facts
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
) -> Verdict:
    """Return the verdict on the present window: this week, or the rolling days up to `now`.

    `landings` should reach back over the trailing year (`decisions.landings_needed_from`).
    `coverage_by_week` gives the coverage, 0 … 1, of each week key (for the present week, of the
    part gone by).
    """
    facts = gather_rule_facts(rule, watch, landings, coverage_by_week, now)
    if rule.days is None:
        return evaluate_week(facts, week_of(now, watch.zone))
    for episode in episodes(facts):
        if episode.opens_at <= now < episode.closes_at:
            return verdict_of_episode(facts, episode, rolling_key(facts, episode.opens_at))
    days = (now - timedelta(days=rule.days), now)
    return verdict_without_episode(facts, rolling_key(facts, now), days, days)


def evaluate_week(facts: RuleFacts, key: str) -> Verdict:
    """Return the verdict on one ISO week. Raises ValueError if `key` is not a week."""
    begin, end = week_bounds(key, facts.watch.zone)
    count = facts.count(begin, end)
    crossed = facts.crosses(count, begin, end)
    return _verdict(facts, key, count, (begin, end), (begin, end), crossed=crossed)


def rolling_key(facts: RuleFacts, at: datetime) -> str:
    """Return the key of a rolling episode that crosses at `at`: `14d:2026-11-20`, the local day."""
    return f"{facts.rule.days}d:{local_date(at, facts.watch.zone).isoformat()}"


def verdict_of_episode(facts: RuleFacts, episode: Episode, key: str) -> Verdict:
    """Return the verdict on a rolling episode, counted at its peak."""
    days = timedelta(days=facts.rule.days or 7)
    count = facts.count(episode.first_at, episode.peak_at + INSTANT)
    window = (episode.first_at, episode.first_at + days)
    return _verdict(facts, key, count, window, (episode.opens_at, episode.closes_at), crossed=True)


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
) -> Verdict:
    rule, (begin, end), (opens_at, closes_at) = facts.rule, window, life
    needed = facts.needed(count, begin, end)
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
        below=not crossed and facts.below(count, begin, end),
        usual=facts.usual(begin, end, count.count),
        certainty=probability_of_at_least(needed, chances),
        weakest=min(
            resting, key=lambda each: (probability_in(each, rule.place), each.id), default=None
        ),
        holds_without_weakest=_holds_without_one(facts, count, begin, end, crossed=crossed),
        over=facts.now >= closes_at,
        late=any(each.first_known_at >= closes_at for each in resting),
        provisional=any(_undoable(each, facts.watch, facts.now) for each in resting),
    )


def _resting_on(rule: Rule, count: Count) -> Sequence[Landing]:
    """Return the landings that make up a rule's level."""
    if rule.kind is RuleKind.UNDETERMINED:
        return (*count.counted, *count.undetermined)
    return count.counted


def _holds_without_one(
    facts: RuleFacts, count: Count, begin: datetime, end: datetime, *, crossed: bool
) -> bool:
    """Return whether the rule still crosses with one landing less."""
    if not crossed:
        return False
    if facts.rule.kind is RuleKind.UNDETERMINED:
        return facts.crosses_at(count.count, count.at_most - 1, begin, end)
    return facts.crosses_at(count.count - 1, count.at_most - 1, begin, end)


def _undoable(landing: Landing, watch: Watch, now: datetime) -> bool:
    """Return whether the landing is inferred and recent enough to be withdrawn."""
    detection = landing.detection
    return (
        landing.review != "confirmed"
        and landing.grade_for(watch.name) is not Grade.CONFIRMED
        and detection.departed_at is None
        and now < detection.touchdown_at + UNDOABLE_FOR
    )
