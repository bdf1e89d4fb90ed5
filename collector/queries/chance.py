"""How often do the rules of a watch fire by chance? Calculated once a quarter from the stored past.

What was calculated is stored with the quarter, the version of the method and the rules, so that a
mail and a listing of the same quarter say the same, and it can be read later what was stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from collector.alerts.chance.past import LEAST_COVERED_WEEKS, PAST_WEEKS, Past, past_before
from collector.alerts.chance.rates import (
    PlaceRates,
    RuleChance,
    StatedRate,
    rates_at_place,
    sum_of_rates,
)
from collector.alerts.chance.threshold import Threshold, without_threshold
from collector.alerts.comparable import comparable_weeks
from collector.alerts.rule_facts import NO_SURGE
from collector.alerts.surge_facts import SurgeInput
from collector.model import Place, Rule, RuleKind, Watch
from collector.queries.coverage import CoverageQuery
from collector.reports.chance import both_sentences
from collector.store import Store, calibrations, landings
from collector.store.calibrations import CalibrationKey
from collector.weeks import local_date, local_midnight, previous_week, week_of

VERSION = "3"
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

        1. Return what is stored for the quarter and these rules, if a past was long enough for all.
        2. Otherwise look at the past again, of which more may be known by now. Keep what was stated
           while it is still too short for a surge.
        3. Store what was calculated unless the database is read-only.
        """
        rules = [rule for rule in watch.rules if rule.place == place]
        begin = quarter_begin(now, watch.zone)
        key = CalibrationKey(
            watch.name, place.name, quarter_key(begin, watch.zone), _made_for(rules)
        )
        stored = calibrations.calibration_of(self.store, key, PlaceRates)
        if self.stored_only:
            return stored or PlaceRates(None)
        if stored is not None and stored.settled:
            return stored
        pasts = self._enough(watch, rules, place, now)
        if stored is not None and stored.known and not pasts.is_enough:
            rates = replace(stored, thresholds=pasts.without_thresholds(stored.thresholds))
        else:
            rates = pasts.rates()
        if rates != stored and not self.store.read_only:
            calibrations.store_calibration(self.store, key, rates, now)
        return rates

    def calculate(
        self, watch: Watch, rules: Sequence[Rule], place: Place, now: datetime
    ) -> PlaceRates:
        """Return the rates of rules at one place, from the weeks before the quarter of `now`; from
        those before this week if these are too few, for all rules or for a surge.

        Nothing is read from what is stored of earlier calculations, and nothing is stored.
        """
        return self._enough(watch, rules, place, now).rates()

    def _enough(self, watch: Watch, rules: Sequence[Rule], place: Place, now: datetime) -> _Pasts:
        at_quarter = self._pasts(watch, rules, place, quarter_begin(now, watch.zone), now)
        if at_quarter.is_enough:
            return at_quarter
        by_now = self._pasts(watch, rules, place, now, now)
        if at_quarter.past.covered_weeks < LEAST_COVERED_WEEKS:
            return by_now
        return replace(by_now, past=at_quarter.past, seed=at_quarter.seed)

    def _pasts(
        self, watch: Watch, rules: Sequence[Rule], place: Place, before: datetime, now: datetime
    ) -> _Pasts:
        first = before - timedelta(weeks=PAST_WEEKS + 1)
        found = landings.find(
            self.store, begin=first, end=before, watch=watch.name, include_retracted=True
        )
        shares = self.coverage.by_week(place, watch.zone, first, now)
        comparable = None
        if any(rule.kind is RuleKind.SURGE for rule in rules):
            comparable = comparable_weeks(
                *(found, watch, place),
                self.coverage.heard_by_week(place, watch.zone, first, now),
                last=previous_week(week_of(before, watch.zone)),
                weeks=PAST_WEEKS,
            ).past_like_last()
        past = past_before(found, watch, place, shares, before)
        return _Pasts(
            rules,
            past,
            comparable,
            past.covered_weeks,
            f"{watch.name} {place.name} {before:%Y-%m-%d}",
        )


@dataclass(frozen=True, slots=True)
class _Pasts:
    """What rates and thresholds are calculated from."""

    rules: Sequence[Rule]
    past: Past
    comparable: Past | None
    """What surges may compare; None: no rule is one."""
    of_weeks: int
    """The covered weeks, of which surges may compare some."""
    seed: str

    @property
    def is_enough(self) -> bool:
        """Whether all rates and thresholds can be calculated."""
        return self.past.covered_weeks >= LEAST_COVERED_WEEKS and (
            self.comparable is None or self._threshold(self.comparable).is_enough
        )

    def rates(self) -> PlaceRates:
        return rates_at_place(
            *(self.rules, self.past, self.seed),
            comparable=self.comparable,
            of_weeks=self.of_weeks,
        )

    def without_thresholds(
        self, thresholds: Iterable[tuple[str, Threshold]]
    ) -> tuple[tuple[str, Threshold], ...]:
        """Return the same with what those that are missing would now be made of."""
        now = None if self.comparable is None else self._threshold(self.comparable)
        return tuple(
            (name, now if now is not None and found.p_below is None else found)
            for name, found in thresholds
        )

    def _threshold(self, comparable: Past) -> Threshold:
        return without_threshold(comparable, self.of_weeks)


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
