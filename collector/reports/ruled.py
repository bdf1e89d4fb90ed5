"""How are rules told that were checked against the past? Rows for machines, tables for people."""

from __future__ import annotations

from typing import Any

from collector.alerts.backtest import Backtest, Firing
from collector.model import Rule, RuleKind
from collector.reports import wording
from collector.reports.listing import table

HINDSIGHT = (
    "Decided as it is live, but on what is known today: a landing found late, or revised or\n"
    "reviewed since, counts here from its touchdown on, as it stands now.\n"
)


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
        "from": wording.iso_z(tested.begin),
        "to": wording.iso_z(tested.end),
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
        "fired_at": wording.iso_z(one.fired_at),
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
        f"  {tested.begin:%Y-%m-%d} to {tested.end:%Y-%m-%d %H:%M} UTC ({tested.years:.2f} years), "
        f"could see {wording.percent(coverage)} of it\n"
        f"  {wording.landings(tested.count.count, tested.count.at_most)}; would have fired "
        f"{row['fired']} times, {tested.per_year:.1f} a year\n"
    )
    if not tested.firings:
        return head
    cells = [
        [
            one["window"],
            one["fired_at"].replace("T", " ").removesuffix("Z"),
            wording.interval(one["count"], one["at_most"]),
            one["usual"].removeprefix("usual: "),
            "-" if one["p"] is None else f"{one['p']:.2g}",
            ", ".join(one["landings"]),
        ]
        for one in row["firings"]
    ]
    names = ("WINDOW", "FIRED (UTC)", "COUNT", "USUAL", "P", "LANDINGS")
    return head + "\n" + table(names, cells, longest=400)


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
