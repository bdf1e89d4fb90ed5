"""Would a rule have fired too often, or never? `rules` tests rules against the stored past.

`rules control` tests the detection itself: it counts landings of aircraft that never go there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from collector.cli import chance
from collector.cli.context import Invocation, now
from collector.cli.output import emit, json_option, say
from collector.cli.parameters import Edge, span_in, span_options, watches_named

if TYPE_CHECKING:
    from collector.model import Place, Rule, Watch

SPAN_IS_EMPTY = "--from must be earlier than --to and than the present"
KINDS = ("threshold", "surge", "undetermined")


@click.group()
def rules() -> None:
    """Test rules and the detection against the stored past."""


@rules.command(short_help="Test how often a rule would have fired.")
@click.option("--watch", metavar="NAME", help="Only this watch (default: all).")
@click.option("--rule", metavar="NAME", help="Only this rule (default: all).")
@click.option("--kind", type=click.Choice(KINDS), help="Test a rule of this kind instead.")
@click.option("--at", "place", metavar="PLACE", help='Test it at "LLOV" or at "LLOV or LLER".')
@click.option(
    "--count", type=click.IntRange(1, 1000), metavar="N", help="Test this number of landings."
)
@click.option(
    "--days",
    type=click.IntRange(1, 366),
    metavar="N",
    help="Test this number of days instead of a week.",
)
@click.option(
    "--false-alarms-per-year",
    type=click.FloatRange(0.05, 6),
    metavar="N",
    help="Test this rate of false alarms, for a surge.",
)
@span_options
@json_option
@click.pass_obj
def backtest(
    invocation: Invocation,
    *,
    watch: str | None,
    rule: str | None,
    kind: str | None,
    place: str | None,
    count: int | None,
    days: int | None,
    false_alarms_per_year: float | None,
    begin: Edge | None,
    end: Edge | None,
    as_json: bool,
) -> None:
    """Test how often a rule would have fired in the stored past, and why.

    By default each rule of the configuration is tested. --kind, --at, --count, --days and
    --false-alarms-per-year change the rule that --rule names, or describe a rule of your own if
    --rule is not given. Each landing and each end of a day is judged as by the daemon, but with
    today's knowledge of the past: see docs/rules.md.
    """
    from collector.audit import backtest as backtest_audit
    from collector.reports import rule_audit

    options = {
        "kind": kind,
        "place": place,
        "count": count,
        "days": days,
        "false_alarms_per_year": false_alarms_per_year,
    }
    wanted = watch, rule, options
    _rules_to_test(invocation.settings.watches, *wanted)
    at = now()
    first, last = span_in(begin, end, invocation.settings, watch)
    last = min(last or at, at)
    if first is not None and first >= last:
        raise click.UsageError(SPAN_IS_EMPTY)
    with invocation.open_read_only() as services:
        tested = list(
            backtest_audit.backtest_rules(
                services.store,
                services.weeks.coverage,
                _rules_to_test(services.settings.watches, *wanted),
                first,
                last,
            )
        )
        configured = {test.result.watch for test in tested if test.configured}
        watches = [each for each in services.settings.watches if each.name in configured]
        sums = list(chance.watch_lines(services.chances, watches, last))
    reason = "nothing is stored yet for these watches, so no rule can be tested"
    if as_json and not tested:
        say(f"collector: {reason}")
    emit(
        [rule_audit.backtest_json(test.result, test.sight, test.chance) for test in tested],
        as_json=as_json,
        text=lambda: "\n".join(
            [
                *(
                    rule_audit.backtest_text(test.result, test.sight, test.chance)
                    for test in tested
                ),
                *(f"{line}\n" for line in sums),
                rule_audit.HINDSIGHT,
            ]
        ),
        none=reason,
    )


@rules.command(short_help="Test whether the detection counts too much.")
@click.option(
    "--watch", metavar="NAME", help="Test all aircraft of this watch, which you made for the test."
)
@span_options
@json_option
@click.pass_obj
def control(
    invocation: Invocation,
    *,
    watch: str | None,
    begin: Edge | None,
    end: Edge | None,
    as_json: bool,
) -> None:
    """Test whether the detection counts landings that did not take place.

    The detection runs again over the stored reports of all aircraft that are followed but counted
    by no watch. Each landing that it finds is a real visit or a mistake; `explain` shows which.
    """
    from collector.audit.negative_control import NegativeControl
    from collector.reports import rule_audit
    from collector.store import aircraft

    settings = invocation.settings
    control_watch = None if watch is None else watches_named(watch, settings.watches)[0]
    at = now()
    first, last = span_in(begin, end, settings, watch)
    last = min(last or at, at)
    if first is not None and first >= last:
        raise click.UsageError(SPAN_IS_EMPTY)
    with invocation.open_read_only() as services:
        first = first or aircraft.first_seen_at(services.store) or last
        negative_control = NegativeControl(
            services.store,
            services.pipeline.derivation,
            services.settings.watches,
            services.settings.watched,
        )
        result = negative_control.run(first, last, at, control_watch)
    row = rule_audit.control_json(result)
    emit([row], as_json=as_json, text=lambda: rule_audit.control_text(row))


def _rules_to_test(
    configured: Sequence[Watch],
    watch_name: str | None,
    rule_name: str | None,
    options: dict[str, Any],
) -> list[tuple[Watch, Rule]]:
    """Return the rules to test, each with its watch. Raises BadParameter if there is none."""
    watches = watches_named(watch_name, configured)
    changes = {key: value for key, value in options.items() if value is not None}
    if rule_name is None and changes:
        return [(watch, _trial_rule(watch, None, changes)) for watch in watches]
    rules = [
        (watch, _trial_rule(watch, rule, changes) if changes else rule)
        for watch in watches
        for rule in watch.rules
        if rule_name in (None, rule.name)
    ]
    if not rules:
        names = ", ".join(f"{watch.name} {rule.name}" for watch in watches for rule in watch.rules)
        hint = f"choose from: {names}" if names else "the configuration has none"
        raise click.BadParameter(f"there is no such rule; {hint}", param_hint="--rule")
    return rules


def _trial_rule(watch: Watch, base: Rule | None, changes: dict[str, Any]) -> Rule:
    """Return `base` with changes, or a new rule if `base` is None. Raises BadParameter."""
    from collector.model import Rule, RuleKind

    changes = dict(changes)
    if "kind" in changes:
        changes["kind"] = RuleKind(changes["kind"])
    if "place" in changes:
        changes["place"] = _place(watch, changes["place"])
    if base is not None:
        rule = replace(base, name=f"{base.name} (changed)", **changes)
    else:
        usual = {"name": "trial", "kind": RuleKind.THRESHOLD, "place": watch.places[0]}
        rule = Rule(**{**usual, **changes})
    surge = rule.kind is RuleKind.SURGE
    if surge and rule.days is not None:
        raise click.UsageError("a surge looks at 1 to 26 weeks; leave out --days")
    if not surge and "false_alarms_per_year" in changes:
        raise click.UsageError("--false-alarms-per-year is for a surge: add --kind surge")
    return rule


def _place(watch: Watch, text: str) -> Place:
    """Return the place that `--at` names. Raises BadParameter."""
    from collector.model import Place

    codes = tuple(dict.fromkeys(text.upper().replace(" OR ", " ").split()))
    if not codes or any(code not in watch.airfields for code in codes):
        raise click.BadParameter(
            f"{text!r} is not made of the airfields of watch {watch.name}: "
            f'{", ".join(watch.airfields)}; write one code, or several like "LLOV or LLER"',
            param_hint="--at",
        )
    return Place(codes, watch.places[0].followed)
