"""How are rules told that were checked against the past? Rows for machines, tables for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector.alerts.backtest import Backtest, Firing
from collector.model import Landing, Rule, RuleKind
from collector.reports import formatting
from collector.reports.tables import table

HINDSIGHT = (
    "Decided as it is live, but on what is known today: a landing found late, or revised or\n"
    "reviewed since, counts here from its touchdown on, as it stands now.\n"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A landing that would have been counted for a watch, or might have been."""

    watch: str
    place: str
    landing: Landing
    """With the id of the stored landing, or an empty one if none is stored."""
    counted: bool
    """False: undetermined at the place, or graded below what the watch counts."""


@dataclass(frozen=True, slots=True)
class Control:
    """What was looked at, and what was found in it."""

    begin: datetime
    end: datetime
    aircraft: int
    aircraft_weeks: int
    """Pairs of an aircraft and an ISO week (UTC) with at least one report …"""
    near_weeks: int
    """… and with one within 75 NM of a watched airfield: only these could have gone wrong."""
    found: tuple[Found, ...]

    @property
    def counted(self) -> int:
        """Landings that would have been counted, each once."""
        sure = [one.landing.detection for one in self.found if one.counted]
        return len({(one.icao24, one.touchdown_at) for one in sure})


def backtest_json(tested: Backtest, coverage: float) -> dict[str, Any]:
    """One rule's past; `coverage` is the share of it that could be seen, 0 … 1."""
    rule = tested.rule
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
        "coverage": round(coverage, 4),
        "landings": tested.count.count,
        "landings_at_most": tested.count.at_most,
        "fired": len(tested.firings),
        "per_year": round(tested.per_year, 2),
        "firings": [_firing(one) for one in tested.firings],
    }


def _firing(one: Firing) -> dict[str, Any]:
    verdict = one.verdict
    rests_on = [*verdict.count.counted]
    if verdict.rule.kind is RuleKind.UNDETERMINED:
        rests_on += verdict.count.undetermined
    p = verdict.usual.p
    return {
        "window": verdict.window_key,
        "fired_at": formatting.iso_z(one.fired_at),
        "count": verdict.count.count,
        "at_most": verdict.count.at_most,
        "usual": verdict.usual.text,
        "p": None if p is None else float(f"{p:.3g}"),
        "certainty": round(verdict.certainty, 4),
        "landings": [each.id for each in rests_on],
    }


def backtest_text(tested: Backtest, coverage: float) -> str:
    """The same for a terminal."""
    row = backtest_json(tested, coverage)
    head = (
        f"{row['watch']} {row['rule']}: {_asks(tested.rule)}\n"
        f"  {tested.begin:%Y-%m-%d} to {tested.end:%Y-%m-%d %H:%M} UTC ({_long(tested.years)}), "
        f"could see {formatting.percent(coverage)} of it\n"
        f"  {formatting.landings(tested.count.count, tested.count.at_most)}; would have fired "
        f"{_often(row['fired'], tested)}\n"
    )
    if not tested.firings:
        return head
    cells = [
        [
            one["window"],
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


A_YEAR = 365 / 365.25
"""From so many years on a rate a year is told: of a calendar year, and of whatever is longer."""


def _long(years: float) -> str:
    """
    >>> _long(0.16), _long(2.5)
    ('58 days', '2.5 years')
    """
    return f"{years:.1f} years" if years >= A_YEAR else f"{years * 365.25:.0f} days"


def _often(fired: int, tested: Backtest) -> str:
    """How often; a rate a year only from a whole year on: a few weeks cannot carry one."""
    said = "never" if not fired else "once" if fired == 1 else f"{fired} times"
    return f"{said}, {tested.per_year:.1f} a year" if fired and tested.years >= A_YEAR else said


def _asks(rule: Rule) -> str:
    """What a rule looks at, in words.

    >>> from collector.model import Place
    >>> _asks(Rule(name="x", kind=RuleKind.SURGE, place=Place(("LLOV",)), days=14))
    'at least 2 landings at LLOV in 14 days, and improbable (p below 0.01)'
    """
    window = "an ISO week" if rule.days is None else f"{rule.days} days"
    landings = "landing" if rule.count == 1 else "landings"
    said = f"at least {rule.count} {landings} at {rule.place.name} in {window}"
    if rule.kind is RuleKind.SURGE:
        return f"{said}, and improbable (p below {rule.p_below:g})"
    if rule.kind is RuleKind.UNDETERMINED:
        return f"{said}, but only if undetermined ones are added"
    return said


def control_json(done: Control) -> dict[str, Any]:
    """A negative control."""
    return {
        "from": formatting.iso_z(done.begin),
        "to": formatting.iso_z(done.end),
        "aircraft": done.aircraft,
        "aircraft_weeks": done.aircraft_weeks,
        "aircraft_weeks_near": done.near_weeks,
        "would_count": done.counted,
        "landings": [_found(one) for one in done.found],
    }


def _found(one: Found) -> dict[str, Any]:
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
    """`control_json` for a terminal."""
    near = row["aircraft_weeks_near"]
    said = (
        f"{row['from'][:10]} to {row['to'][:10]} UTC: {row['aircraft']} aircraft that are not "
        f"counted, heard in {row['aircraft_weeks']} aircraft-weeks,\n"
        f"in {near} of them within 75 NM of a watched airfield; would have counted "
        f"{formatting.landings(row['would_count'], row['would_count'])}\n"
    )
    if not near:
        said += "None came near: this proves nothing.\n"
    elif not row["would_count"]:
        bound = min(1.0, 3 / near)
        said += f"So at most {bound:.2g} wrong landings in such a week (95% sure: 3 in {near}).\n"
    if not row["landings"]:
        return said
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
    return said + "\n" + table(head, cells) + "\nA real visit, or a mistake? `explain ID` tells.\n"
