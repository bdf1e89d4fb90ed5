"""How are the backtest of a rule and the negative control shown? As rows for machines and as tables
for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.alerts.backtest import Backtest, Firing
from collector.alerts.chance.rates import RuleChance
from collector.coverage.sight import SeenCount, Sight
from collector.model import Landing, Rule, RuleKind
from collector.reports import chance as chance_words
from collector.reports import formatting, seen
from collector.reports.tables import table
from collector.reports.titles import window_title

HINDSIGHT = (
    "Decided as live, but with the data of today: a landing that was found late, or\n"
    "revised or reviewed since, counts here from its touchdown on, as it stands now.\n"
)


@dataclass(frozen=True, slots=True)
class ControlLanding:
    """A landing that would have been counted for a watch, or might have been."""

    watch: str
    place: str
    landing: Landing
    """Its id is that of the stored landing, or empty if none is stored."""
    counted: bool
    """False if it is undetermined or graded below the least grade that the watch counts."""


@dataclass(frozen=True, slots=True)
class ControlResult:
    """The aircraft that a negative control examined, and the landings it found."""

    begin: datetime
    end: datetime
    aircraft: int
    aircraft_weeks: int
    """Pairs of an aircraft and an ISO week (UTC) with at least one position report."""
    near_weeks: int
    """Those with a position report within 75 NM of a watched airfield: only there could a landing
    be invented."""
    found: tuple[ControlLanding, ...]

    @property
    def counted(self) -> int:
        """The number of landings that would have been counted, each once."""
        sure = [one.landing.detection for one in self.found if one.counted]
        return len({(one.icao24, one.touchdown_at) for one in sure})


def backtest_json(tested: Backtest, sight: Sight, chance: RuleChance) -> dict[str, Any]:
    """Return the backtest of one rule; `sight` is how much of its time could be seen, `chance` how
    often the rule fires at the usual rate."""
    rule = tested.rule
    told = SeenCount(tested.count.count, tested.count.at_most, sight)
    return {
        "watch": tested.watch,
        "rule": rule.name,
        "kind": rule.kind.value,
        "at": rule.place.name,
        "count": rule.count,
        "days": rule.days,
        "from": formatting.iso_z(tested.begin),
        "to": formatting.iso_z(tested.end),
        "years": round(tested.years, 3),
        "coverage": round(sight.coverage, 4),
        "landings": told.count,
        "landings_at_least": told.least,
        "landings_at_most": told.at_most,
        "not_seen": seen.not_seen(told),
        "fired": len(tested.firings),
        "per_year": round(tested.per_year, 2),
        "chance": chance_words.chance_json(chance.rate),
        "threshold": chance_words.threshold_json(chance.threshold),
        "firings": [_firing(one) for one in tested.firings],
    }


def _firing(one: Firing) -> dict[str, Any]:
    verdict = one.verdict
    counted = [*verdict.count.counted]
    if verdict.rule.kind is not RuleKind.THRESHOLD:
        counted += verdict.count.undetermined
    p = verdict.usual.p
    return {
        "window": verdict.window_key,
        "fired_at": formatting.iso_z(one.fired_at),
        "count": verdict.count.count,
        "at_most": verdict.count.at_most,
        "usual": verdict.usual.text,
        "p": None if p is None else float(f"{p:.3g}"),
        "certainty": round(verdict.certainty, 4),
        "landings": [each.id for each in counted],
    }


def backtest_text(tested: Backtest, sight: Sight, chance: RuleChance) -> str:
    """Return `backtest_json` as text for a terminal."""
    row = backtest_json(tested, sight, chance)
    told = SeenCount(tested.count.count, tested.count.at_most, sight)
    head = (
        f"{row['watch']} {row['rule']}: {_rule_words(tested.rule)}\n"
        f"  {tested.begin:%Y-%m-%d} to {tested.end:%Y-%m-%d %H:%M} UTC ({_length(tested.years)}), "
        f"coverage {formatting.percent(sight.coverage)}\n"
        f"  {seen.landings_words(told)}; it would have fired "
        f"{_often(row['fired'], tested)}\n"
        f"  {chance_words.rule_sentence(chance, 'an alarm like this')}\n"
    )
    if not tested.firings:
        return head
    cells = [
        [
            window_title(one["window"]),
            one["fired_at"].replace("T", " ").removesuffix("Z"),
            formatting.interval(one["count"], one["at_most"]),
            one["usual"].removeprefix("usual: "),
            "-" if one["p"] is None else f"{one['p']:.2g}",
            ", ".join(one["landings"]),
        ]
        for one in row["firings"]
    ]
    names = ("WINDOW", "FIRED (UTC)", "COUNT", "USUAL", "P", "LANDINGS")
    return head + "\n" + table(names, cells, longest=400)


LEAST_YEARS_FOR_RATE = 365 / 365.25
"""A rate a year is given from the length of a calendar year on."""


def _length(years: float) -> str:
    """
    >>> _length(0.16), _length(2.5)
    ('58 days', '2.5 years')
    """
    return f"{years:.1f} years" if years >= LEAST_YEARS_FOR_RATE else f"{years * 365.25:.0f} days"


def _often(fired: int, tested: Backtest) -> str:
    """How often the rule fired, with a rate a year if the time is at least a year."""
    times = "never" if not fired else "once" if fired == 1 else f"{fired} times"
    if fired and tested.years >= LEAST_YEARS_FOR_RATE:
        return f"{times}, {tested.per_year:.1f} a year"
    return times


def _rule_words(rule: Rule) -> str:
    """The condition of a rule in words.

    >>> from collector.model import Place
    >>> _rule_words(Rule(name="x", kind=RuleKind.SURGE, place=Place(("LLOV",))))
    'at least 2 landings at LLOV in 1 to 26 weeks, so improbable that it happens 0.5 times a year'
    """
    window = "an ISO week" if rule.days is None else f"{rule.days} days"
    landings = "landing" if rule.count == 1 else "landings"
    if rule.kind is RuleKind.SURGE:
        window = "1 to 26 weeks"
    condition = f"at least {rule.count} {landings} at {rule.place.name} in {window}"
    if rule.kind is RuleKind.SURGE:
        often = f"{rule.false_alarms_per_year:g} times a year"
        return f"{condition}, so improbable that it happens {often}"
    if rule.kind is RuleKind.UNDETERMINED:
        return f"{condition}, but only if undetermined landings are added"
    return condition


def control_json(result: ControlResult) -> dict[str, Any]:
    """Return a negative control as one row, for machines."""
    return {
        "from": formatting.iso_z(result.begin),
        "to": formatting.iso_z(result.end),
        "aircraft": result.aircraft,
        "aircraft_weeks": result.aircraft_weeks,
        "aircraft_weeks_near": result.near_weeks,
        "would_count": result.counted,
        "landings": [_landing_row(one) for one in result.found],
    }


def _landing_row(one: ControlLanding) -> dict[str, Any]:
    detection = one.landing.detection
    return {
        "id": one.landing.id or None,
        "watch": one.watch,
        "at": one.place,
        "would_count": one.counted,
        "icao24": detection.icao24,
        "registration": one.landing.registration,
        "type": one.landing.type_code,
        "callsign": detection.callsign,
        "touchdown_at": formatting.iso_z(detection.touchdown_at),
        "grade": detection.grade.value,
        "probability": round(detection.probability, 4),
    }


def control_text(row: dict[str, Any]) -> str:
    """Return `control_json` as text for a terminal."""
    near = row["aircraft_weeks_near"]
    summary = (
        f"{row['from'][:10]} to {row['to'][:10]} UTC: {row['aircraft']} aircraft that are not "
        f"counted, received in {row['aircraft_weeks']} aircraft-weeks,\n"
        f"in {near} of them within 75 NM of a watched airfield; the detection would have "
        f"counted {formatting.landings(row['would_count'], row['would_count'])}\n"
    )
    if not near:
        summary += "No aircraft came near, so this proves nothing.\n"
    elif not row["would_count"]:
        bound = min(1.0, 3 / near)
        summary += (
            f"So at most {bound:.2g} wrong landings in an aircraft-week near an airfield "
            f"(95% sure: 3 in {near}).\n"
        )
    if not row["landings"]:
        return summary
    cells = [
        [
            one["id"] or "-",
            f"{one['watch']} {one['at']}",
            one["registration"] or one["icao24"],
            one["type"] or "-",
            one["touchdown_at"].replace("T", " ").removesuffix("Z"),
            f"{one['grade']} {formatting.percent(one['probability'])}",
            "yes" if one["would_count"] else "perhaps",
        ]
        for one in row["landings"]
    ]
    head = ("ID", "WATCH, PLACE", "AIRCRAFT", "TYPE", "TOUCHDOWN (UTC)", "GRADE", "WOULD COUNT")
    return summary + "\n" + table(head, cells) + "\nA real visit or a mistake? See `explain ID`.\n"
