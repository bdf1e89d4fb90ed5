"""Which watches does a configuration describe? Names, places, rules and recipients are resolved."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from collector.errors import Mistake
from collector.model import (
    Aircraft,
    Grade,
    Place,
    Recipient,
    Rule,
    RuleKind,
    StatedUsual,
    Watch,
)
from collector.settings import fleets
from collector.settings.defaults import rules_of, title_of
from collector.settings.rule_schema import RulePart
from collector.settings.sources import Gathered
from collector.settings.watch_schema import WatchPart

_AIRCRAFT_KEYS = ("fleets", "icao24", "registrations", "callsigns", "operators", "types")
"""The keys of a watch that name aircraft."""


def watches_from(
    parts: Sequence[WatchPart],
    recipients: Mapping[str, Recipient],
    gathered: Gathered,
) -> tuple[tuple[Watch, ...], list[Mistake]]:
    """Return the watches, and every mistake in the names they use."""
    file = gathered.prefix("watch")
    mistakes = _duplicates(file, "watch", (part.name for part in parts))
    watches = []
    for part in parts:
        here = f"{file}watch[{part.name}]"
        aircraft: list[Aircraft] = []
        for name in dict.fromkeys(part.fleets):
            fleet = fleets.read(name, gathered.file, f"{here}.fleets")
            aircraft += fleet.aircraft
            mistakes += [mistake for mistake in fleet.mistakes if mistake not in mistakes]
        watch_recipients, unknown = find_recipients(
            part.recipients, recipients, f"{here}.recipients"
        )
        mistakes += [*unknown, *_no_aircraft(part, gathered, here), *_rule_mistakes(part, here)]
        watches.append(_watch(part, tuple(aircraft), watch_recipients))
    mistakes += _same_titles(file, watches)
    return tuple(watches), mistakes


def find_recipients(
    names: Sequence[str] | None, recipients: Mapping[str, Recipient], where: str
) -> tuple[tuple[Recipient, ...], list[Mistake]]:
    """Return the recipients of these names, in order, and a mistake for each unknown name.

    `names` is None for all recipients.
    """
    if names is None:
        return tuple(recipients.values()), []
    mistakes = []
    for name in dict.fromkeys(names):
        if name not in recipients:
            near = difflib.get_close_matches(name, recipients, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else "choose from: " + ", ".join(recipients)
            what = f'there is no [[recipient]] named "{name}"; {hint}'
            mistakes.append(Mistake(where, what))
    return tuple(recipients[name] for name in dict.fromkeys(names) if name in recipients), mistakes


def _watch(
    part: WatchPart, aircraft: tuple[Aircraft, ...], recipients: tuple[Recipient, ...]
) -> Watch:
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
        rules=tuple(rule for each in rules_of(part) for rule in _rules(each)),
        recipients=recipients,
        home=tuple(dict.fromkeys(part.home)),
        title=title_of(part),
    )


def _rules(part: RulePart) -> list[Rule]:
    """Return a rule, and the one that its flag `undetermined` adds."""
    rule = _rule(part)
    if not part.undetermined or rule.kind is not RuleKind.THRESHOLD:
        return [rule]
    added = replace(
        rule,
        name=f"{rule.name}-undetermined",
        kind=RuleKind.UNDETERMINED,
        added_by=rule.name,
    )
    return [rule, added]


def _rule(part: RulePart) -> Rule:
    return Rule(
        name=part.name,
        kind=RuleKind(part.kind),
        place=_place(part.at),
        count=part.count,
        days=part.days,
        mail_end=part.mail_end,
        false_alarms_per_year=part.false_alarms_per_year,
        stated_usual=_stated_usual(part),
    )


def _stated_usual(part: RulePart) -> StatedUsual | None:
    """Return what was published of a rule's place, with the weeks of its months."""
    landings, source = part.usual_landings, part.usual_source
    if landings is None or part.usual_from is None or part.usual_to is None or source is None:
        return None
    begin = date.fromisoformat(f"{part.usual_from}-01")
    last = date.fromisoformat(f"{part.usual_to}-01")
    end = (last + timedelta(days=31)).replace(day=1)
    words = f"{landings} from {part.usual_from} to {part.usual_to}, {source}"
    return StatedUsual(landings=landings, weeks=(end - begin).days / 7, source=words)


def _place(text: str) -> Place:
    return Place(tuple(text.split(" or ")))


def _no_aircraft(part: WatchPart, gathered: Gathered, here: str) -> list[Mistake]:
    """Return a mistake if a watch names no aircraft, because it would never find a landing.

    A watch whose aircraft were all refused has a mistake for each of them already.
    """
    raw_tables = [table for table in gathered.tables("watch") if table.get("name") == part.name]
    if any(getattr(part, key) for key in _AIRCRAFT_KEYS) or any(
        table.get(key) for table in raw_tables for key in _AIRCRAFT_KEYS
    ):
        return []
    return [Mistake(here, "names no aircraft; add one of " + ", ".join(_AIRCRAFT_KEYS))]


def _rule_mistakes(part: WatchPart, here: str) -> list[Mistake]:
    rules = rules_of(part)
    names = [rule.name for each in rules for rule in _rules(each)]
    mistakes = _duplicates(f"{here}.", "rule", names)
    for rule in rules:
        if rule.at not in part.places:
            near = difflib.get_close_matches(rule.at, part.places, 1, 0.5)
            hint = f"did you mean {near[0]}? If not," if near else "write one of them, or"
            mistakes.append(
                Mistake(
                    f"{here}.rule[{rule.name}].at",
                    f'"{rule.at}" is not one of the watch\'s places; {hint} add it to `places`',
                )
            )
    return mistakes


def _same_titles(file: str, watches: Iterable[Watch]) -> list[Mistake]:
    """Return a mistake for each watch whose title an earlier one has: a reader could not tell their
    landings apart."""
    first: dict[str, Watch] = {}
    return [
        Mistake(
            f"{file}watch[{watch.name}].title",
            f'"{watch.title}" is the title of the watch {first[watch.title.lower()].name} too; '
            "titles must be unique",
        )
        for watch in watches
        if first.setdefault(watch.title.lower(), watch).name.lower() != watch.name.lower()
    ]


def _duplicates(file: str, key: str, names: Iterable[str]) -> list[Mistake]:
    """Return a mistake for each name that occurs more than once.

    Upper and lower case count as equal, because the names become parts of file names.
    """
    counts = Counter(name.lower() for name in names)
    return [
        Mistake(f"{file}{key}[{name}]", "this name is given more than once; names must be unique")
        for name, count in counts.items()
        if count > 1
    ]
