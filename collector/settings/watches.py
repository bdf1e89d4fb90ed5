"""What do the watches of a configuration come to? Names resolved, rules placed, people found."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from collector.errors import Mistake
from collector.model import Aircraft, Grade, Place, Recipient, Rule, RuleKind, Watch
from collector.settings import fleets
from collector.settings.defaults import rules_of
from collector.settings.sources import Gathered
from collector.settings.watch_schema import RulePart, WatchPart

_LINES = ("fleets", "icao24", "registrations", "callsigns", "operators", "types")
"""The lines of a watch that name aircraft."""


def watches_from(
    parts: Sequence[WatchPart],
    recipients: Mapping[str, Recipient],
    gathered: Gathered,
) -> tuple[tuple[Watch, ...], list[Mistake]]:
    """The watches, and every mistake in what they name."""
    file = gathered.prefix
    mistakes = _twice(file, "watch", (part.name for part in parts))
    watches = []
    for part in parts:
        here = f"{file}watch[{part.name}]"
        aircraft: list[Aircraft] = []
        for name in dict.fromkeys(part.fleets):
            fleet = fleets.read(name, gathered.file, f"{here}.fleets")
            aircraft += fleet.aircraft
            mistakes += [each for each in fleet.mistakes if each not in mistakes]
        told, unknown = find_recipients(part.recipients, recipients, f"{here}.recipients")
        mistakes += [*unknown, *_nobody(part, gathered, here), *_rules(part, here)]
        watches.append(_watch(part, tuple(aircraft), told))
    return tuple(watches), mistakes


def find_recipients(
    names: Sequence[str] | None, recipients: Mapping[str, Recipient], where: str
) -> tuple[tuple[Recipient, ...], list[Mistake]]:
    """The recipients of that name, in order; None stands for all."""
    if names is None:
        return tuple(recipients.values()), []
    mistakes = []
    for name in dict.fromkeys(names):
        if name not in recipients:
            near = difflib.get_close_matches(name, recipients, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(recipients)
            what = f'there is no [[recipient]] named "{name}"; {hint}'
            mistakes.append(Mistake(where, what))
    return tuple(recipients[name] for name in dict.fromkeys(names) if name in recipients), mistakes


def _watch(part: WatchPart, aircraft: tuple[Aircraft, ...], told: tuple[Recipient, ...]) -> Watch:
    return Watch(
        name=part.name,
        places=tuple(_place(text) for text in dict.fromkeys(part.places)),
        fleet=aircraft,
        fleet_names=tuple(dict.fromkeys(part.fleets)),
        icao24=tuple(part.icao24),
        registrations=tuple(part.registrations),
        callsigns=tuple(part.callsigns),
        operators=tuple(part.operators),
        types=tuple(part.types),
        exclude=tuple(part.exclude),
        count_types=tuple(part.count_types),
        count_from=Grade(part.count_from),
        zone=part.zone,
        rules=tuple(_rule(rule) for rule in rules_of(part)),
        recipients=told,
        home=tuple(dict.fromkeys(part.home)),
    )


def _rule(part: RulePart) -> Rule:
    return Rule(
        name=part.name,
        kind=RuleKind(part.kind),
        place=_place(part.at),
        count=part.count,
        days=part.days,
        p_below=part.p_below,
        min_covered_weeks=part.min_covered_weeks,
    )


def _place(text: str) -> Place:
    return Place(tuple(text.split(" or ")))


def _nobody(part: WatchPart, gathered: Gathered, here: str) -> list[Mistake]:
    """A watch that names no aircraft would be silent for ever.

    One whose aircraft were all written wrongly has been told so already.
    """
    written = [each for each in gathered.tables("watch") if each.get("name") == part.name]
    if any(getattr(part, line) for line in _LINES) or any(
        each.get(line) for each in written for line in _LINES
    ):
        return []
    return [Mistake(here, "names no aircraft: give it one of " + ", ".join(_LINES))]


def _rules(part: WatchPart, here: str) -> list[Mistake]:
    rules = rules_of(part)
    mistakes = _twice(f"{here}.", "rule", (rule.name for rule in rules))
    for rule in rules:
        if rule.at not in part.places:
            near = difflib.get_close_matches(rule.at, part.places, 1, 0.5)
            hint = f"did you mean {near[0]}, or" if near else "either write one of them, or"
            mistakes.append(
                Mistake(
                    f"{here}.rule[{rule.name}].at",
                    f'"{rule.at}" is none of the watch\'s places; {hint} add it to `places`',
                )
            )
    return mistakes


def _twice(file: str, key: str, names: Iterable[str]) -> list[Mistake]:
    """Names that occur more than once; case aside, because they become parts of file names."""
    counts = Counter(name.lower() for name in names)
    return [
        Mistake(f"{file}{key}[{name}]", "this name is given more than once; names are unique")
        for name, count in counts.items()
        if count > 1
    ]
