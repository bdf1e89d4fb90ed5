"""Does the rule that the flag `undetermined` adds fire only while the count alone does not?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collector.alerts.rules import evaluate
from collector.alerts.verdict import Verdict
from collector.model import Landing, Rule, RuleKind
from collector.weeks import previous_week
from tests.support.touchdowns import SURGE, WATCH, touchdown

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def year_before() -> dict[str, float]:
    shares, key = {}, "2026-W47"
    for _ in range(54):
        shares[key] = 0.9
        key = previous_week(key)
    return shares


def verdict(rule: Rule, landings: Sequence[Landing], coverage: Mapping[str, float]) -> Verdict:
    return evaluate(rule, WATCH, landings, coverage, NOW)


def test_undetermined_landings_can_make_a_surge_until_the_count_is_one_itself() -> None:
    """It fires only if so many landings would be improbable."""
    open_one = touchdown(at("2026-11-18T08:00"), None, candidates=(("LLOV", 0.5), ("LLER", 0.5)))
    first, second = (touchdown(at(f"2026-11-1{day}T08:00")) for day in (7, 9))
    added = replace(SURGE, name="surge-undetermined", kind=RuleKind.UNDETERMINED, base=SURGE.kind)
    rare = year_before()
    crossed = verdict(added, [open_one, first], rare)
    assert (crossed.crossed, crossed.level) == (True, 2)
    assert not verdict(added, [open_one], rare).crossed
    assert not verdict(added, [open_one, first], {}).crossed, "nothing is known of the year"
    surge = verdict(added, [open_one, first, second], rare)
    assert (surge.crossed, surge.below) == (False, False)
    assert verdict(SURGE, [open_one, first, second], rare).crossed
    usual = [touchdown(at("2026-11-18T08:00") - n * timedelta(days=3)) for n in range(3, 120)]
    assert not verdict(added, [*usual, open_one, first], rare).crossed
