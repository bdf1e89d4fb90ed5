"""How often do the rules of a watch fire by chance? Calculated once a quarter from the stored past.

What was calculated is stored with the quarter, the version of the method and the rules, so that a
mail and a listing of the same quarter say the same, and it can be read later what was stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from collector.alerts.chance.past import PAST_WEEKS, past_before
from collector.alerts.chance.rates import (
    PlaceRates,
    RuleChance,
    StatedRate,
    rates_at_place,
    sum_of_rates,
)
from collector.alerts.comparable import comparable_weeks
from collector.alerts.rule_facts import NO_SURGE
from collector.alerts.surge_facts import SurgeInput
from collector.model import Place, Rule, RuleKind, Watch
from collector.queries.coverage import CoverageQuery
from collector.reports.chance import both_sentences
from collector.store import Store, calibrations, landings
from collector.store.calibrations import CalibrationKey
from collector.weeks import local_date, local_midnight, previous_week, week_of

VERSION = "2"
"""Of the method. A new version calculates the present quarter anew."""


@dataclass(frozen=True, slots=True)
class ChanceQuery:
    """The rates of rules in one database. Every method raises StoreError."""

    store: Store
    coverage: CoverageQuery
    stored_only: bool = False
    """Whether nothing is calculated, which takes seconds: what is not stored is not known then."""

    def of_rule(self, watch: Watch, rule: Rule, now: datetime) -> RuleChance:
        """Return how often a rule fires by chance; one that is not configured is calculated."""
        rates = (
            self.at_place(watch, rule.place, now)
            if rule in watch.rules
            else self.calculate(watch, [rule], rule.place, now)
        )
        return RuleChance(
            dict(rates.by_rule).get(rule.name),
            rates.covered_weeks,
            dict(rates.thresholds).get(rule.name),
        )

    def surge_input(
        self,
        watch: Watch,
        rule: Rule,
        begin: datetime,
        now: datetime,
        chance: RuleChance | None = None,
    ) -> SurgeInput:
        """Return what a rule needs besides landings and coverage since `begin`: nothing unless it
        is a surge whose threshold is known. `chance` is what `of_rule` gave, if it was called.

        Weeks that were not computed yet are, which takes as long as for the threshold.
        """
        if rule.kind is not RuleKind.SURGE:
            return NO_SURGE
        threshold = (chance or self.of_rule(watch, rule, now)).threshold
        if threshold is None or threshold.p_below is None:
            return NO_SURGE
        return SurgeInput(
            threshold.p_below, self.coverage.heard_by_week(rule.place, watch.zone, begin, now)
        )

    def of_watch(self, watch: Watch, now: datetime) -> StatedRate | None:
        """Return the sum over the places of a watch; None if one of them is not known."""
        places = dict.fromkeys(rule.place for rule in watch.rules)
        rates = [self.at_place(watch, place, now).together for place in places]
        known = [rate for rate in rates if rate is not None]
        return sum_of_rates(known) if known and len(known) == len(rates) else None

    def in_words(self, watch: Watch, rule: Rule, now: datetime) -> str:
        """Return what a mail says of its rule and of its watch."""
        return both_sentences(self.of_rule(watch, rule, now), self.of_watch(watch, now))

    def at_place(self, watch: Watch, place: Place, now: datetime) -> PlaceRates:
        """Return the rates of all rules of the watch at a place, in the quarter of `now`.

        1. Return what is stored for the quarter and these rules, if that are rates.
        2. Otherwise calculate them from the weeks before the quarter, of which more may be known by
           now.
        3. Store them unless the database is read-only.
        """
        rules = [rule for rule in watch.rules if rule.place == place]
        begin = quarter_begin(now, watch.zone)
        key = CalibrationKey(
            watch.name, place.name, quarter_key(begin, watch.zone), _made_for(rules)
        )
        stored = calibrations.calibration_of(self.store, key, PlaceRates)
        if self.stored_only:
            return stored or PlaceRates(None)
        if stored is not None and stored.known:
            return stored
        rates = self.calculate(watch, rules, place, now)
        if rates != stored and not self.store.read_only:
            calibrations.store_calibration(self.store, key, rates, now)
        return rates

    def calculate(
        self, watch: Watch, rules: Sequence[Rule], place: Place, now: datetime
    ) -> PlaceRates:
        """Return the rates of rules at one place, from the weeks before the quarter of `now`.

        Nothing is read from what is stored of earlier calculations, and nothing is stored.
        """
        begin = quarter_begin(now, watch.zone)
        first = begin - timedelta(weeks=PAST_WEEKS + 1)
        found = landings.find(
            self.store, begin=first, end=begin, watch=watch.name, include_retracted=True
        )
        shares = self.coverage.by_week(place, watch.zone, first, now)
        comparable = None
        if any(rule.kind is RuleKind.SURGE for rule in rules):
            comparable = comparable_weeks(
                *(found, watch, place),
                self.coverage.heard_by_week(place, watch.zone, first, now),
                last=previous_week(week_of(begin, watch.zone)),
                weeks=PAST_WEEKS,
            ).past_like_last()
        return rates_at_place(
            rules,
            past_before(found, watch, place, shares, begin),
            f"{watch.name} {place.name} {begin:%Y-%m-%d}",
            comparable=comparable,
        )


def quarter_begin(at: datetime, zone: str) -> datetime:
    """Return the local midnight with which the quarter of `at` begins."""
    day = local_date(at, zone)
    return local_midnight(day.replace(month=day.month - (day.month - 1) % 3, day=1), zone)


def quarter_key(at: datetime, zone: str) -> str:
    """Return the name of a quarter.

    >>> from datetime import UTC
    >>> quarter_key(datetime(2026, 11, 30, tzinfo=UTC), "UTC")
    '2026-Q4'
    """
    day = local_date(at, zone)
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _made_for(rules: Sequence[Rule]) -> str:
    """Return the version of the method, and a name for the rules as they are configured."""
    return f"{VERSION}:{sha256(repr(tuple(rules)).encode()).hexdigest()[:16]}"
