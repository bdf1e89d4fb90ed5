"""`rules`: would they have fired too often, or never? Checked against the stored past."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Invocation, emit, json_option, now, span_options

if TYPE_CHECKING:
    from collector.model import Place, Rule, Watch

EARLIER = "--from must be earlier than --to and the present"
KINDS = ("threshold", "surge", "undetermined")


@click.group()
def rules() -> None:
    """Check rules, and the detection itself, against the stored past."""


@rules.command(short_help="How often a rule would have fired in the past.")
@click.option("--watch", help="Only this watch (default: all).")
@click.option("--rule", help="Only the rule of this name (default: all).")
@click.option("--kind", type=click.Choice(KINDS), help="Try a rule of this kind instead.")
@click.option("--at", "place", metavar="PLACE", help='Try: at "LLOV", or at "LLOV or LLER".')
@click.option("--count", type=click.IntRange(1, 1000), help="Try: so many landings.")
@click.option("--days", type=click.IntRange(1, 366), help="Try: in so many days, not the week.")
@click.option("--p-below", type=click.FloatRange(0, 0.5, min_open=True), help="Try, for a surge.")
@span_options
@json_option
@click.pass_obj
def backtest(
    tool: Invocation,
    *,
    watch: str | None,
    rule: str | None,
    kind: str | None,
    place: str | None,
    count: int | None,
    days: int | None,
    p_below: float | None,
    begin: datetime | None,
    end: datetime | None,
    as_json: bool,
) -> None:
    """How often a rule would have fired in the stored past, and on what.

    Takes the rules of the configuration, or with --rule one of them, changed by what else is
    said; with --kind, --at, --count, --days or --p-below and no --rule, tries a rule of your own.
    Every landing and every end of a day is decided on as it is live, but by what is known
    today: see docs/rules.md.
    """
    from collector.audit import backtest as backtest_audit
    from collector.reports import rule_audit

    tried = {"kind": kind, "place": place, "count": count, "days": days, "p_below": p_below}
    asked = _asked(tool, watch, rule, tried)
    at = now()
    end = min(end or at, at)
    if begin is not None and begin >= end:
        raise click.UsageError(EARLIER)
    with tool.reading() as services:
        tested = list(
            backtest_audit.backtest_rules(
                services.store, services.weeks.coverage, asked, begin, end
            )
        )
    if not tested:
        click.echo("nothing is stored yet for these watches: nothing to look back at", err=True)
    emit(
        [rule_audit.backtest_json(one.result, one.coverage) for one in tested],
        as_json=as_json,
        text=lambda: "\n".join(
            [
                *(rule_audit.backtest_text(one.result, one.coverage) for one in tested),
                rule_audit.HINDSIGHT,
            ]
        ),
    )


@rules.command(short_help="Does the detection count what never was there?")
@click.option("--watch", help="All aircraft of this watch, made for this, counted or not.")
@span_options
@json_option
@click.pass_obj
def control(
    tool: Invocation,
    *,
    watch: str | None,
    begin: datetime | None,
    end: datetime | None,
    as_json: bool,
) -> None:
    """What would be counted of aircraft that never go there: it should be nothing.

    Runs the detection anew over the stored reports of all aircraft that are followed but counted
    by no watch. What it finds is a real visit or a mistake: look at it with `explain`.
    """
    from collector.audit.negative_control import NegativeControl
    from collector.reports import rule_audit
    from collector.store import aircraft

    named = None if watch is None else _watches(tool, watch)[0]
    at = now()
    end = min(end or at, at)
    if begin is not None and begin >= end:
        raise click.UsageError(EARLIER)
    with tool.reading() as services:
        seen = [one.first_seen_at for one in aircraft.identities(services.store)]
        begin = begin or min(seen, default=end)
        controlling = NegativeControl(
            services.store,
            services.pipeline.derivation,
            services.settings.watches,
            services.settings.watched,
        )
        done = controlling.run(begin, end, at, named)
    row = rule_audit.control_json(done)
    emit([row], as_json=as_json, text=lambda: rule_audit.control_text(row))


def _watches(tool: Invocation, watch: str | None) -> list[Watch]:
    """The watch of that name, or all."""
    watches = [one for one in tool.settings.watches if watch in (None, one.name)]
    if not watches:
        names = ", ".join(one.name for one in tool.settings.watches) or "none"
        raise click.BadParameter(f"there is no watch {watch!r}: {names}", param_hint="--watch")
    return watches


def _asked(
    tool: Invocation, watch: str | None, rule: str | None, tried: dict[str, Any]
) -> list[tuple[Watch, Rule]]:
    """The rules to look at, each with its watch."""
    watches = _watches(tool, watch)
    said = {key: value for key, value in tried.items() if value is not None}
    if rule is None and said:
        return [(one, _tried(one, None, said)) for one in watches]
    found = [
        (one, _tried(one, each, said) if said else each)
        for one in watches
        for each in one.rules
        if rule in (None, each.name)
    ]
    if not found:
        names = ", ".join(f"{one.name} {each.name}" for one in watches for each in one.rules)
        raise click.BadParameter(f"there is no such rule: {names or 'none'}", param_hint="--rule")
    return found


def _tried(watch: Watch, like: Rule | None, said: dict[str, Any]) -> Rule:
    """A rule that is not in the configuration: `like` with changes, or a new one."""
    from collector.model import Rule, RuleKind

    changes: dict[str, Any] = dict(said)
    if "kind" in changes:
        changes["kind"] = RuleKind(changes["kind"])
    if "place" in changes:
        changes["place"] = _place(watch, changes["place"])
    if like is not None:
        return replace(like, name=f"{like.name} (changed)", **changes)
    return Rule(
        **{"name": "trial", "kind": RuleKind.THRESHOLD, "place": watch.places[0], **changes}
    )


def _place(watch: Watch, text: str) -> Place:
    from collector.model import Place

    codes = tuple(dict.fromkeys(text.upper().replace(" OR ", " ").split()))
    strange = [code for code in codes if code not in watch.airfields]
    if strange or not codes:
        raise click.BadParameter(
            f"{text!r} is not made of the airfields of watch {watch.name}: "
            f'{", ".join(watch.airfields)}; write "LLOV" or "LLOV or LLER"',
            param_hint="--at",
        )
    return Place(codes)
