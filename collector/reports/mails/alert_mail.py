"""What does an alert mail say? Whose landings, where, how many and when; then the landings, the
doubts, and the rules that called for it.

One mail holds the notices of all rules of a watch that were due at one moment. Each notice
contributes a part, which is stored with it, so that the mail can be made when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from collector.alerts.lifecycle import Reason
from collector.model.notice import Message
from collector.model.terms import Terms
from collector.reports import rendering
from collector.reports.landing.links import Link, by_place, pages_by_id
from collector.reports.landing.reversal import SETTLED
from collector.reports.landing.summary import LandingSummary, all_at
from collector.reports.mails.glossary import grades_told
from collector.reports.mails.illustrations import weeks_picture
from collector.reports.picture import WeeksChart

MOST_CHARTS = 2
MOST_STATEMENTS = 2
"""Counts in a subject; the first sentences of the mail have all of them."""
USUAL, BY_CHANCE = "Usual", "By chance"
"""The facts that stand beside the first sentence, and not among those about the rule."""
MOST_ABOVE = 5
"""Landings above "More", which is to begin within two screens of a phone: the newest."""
NOT_KNOWN_YET = "not known yet"
"""What is usual, where too few weeks could be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLanding:
    """A landing in words, with the time by which it is sorted (ISO 8601)."""

    touchdown_at: str
    summary: LandingSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPart:
    """What one notice about one rule contributes to a mail, in words."""

    rule: str
    order: int
    """Where the rule stands among those of its watch."""
    window: str
    """The key of the window that the notice is about."""
    reason: Reason
    headline: str
    """Whose landings, and where."""
    place: str
    """Only where."""
    statement: str
    """`2 landings, week 6 of 2026`, as it stands in a subject behind the headline."""
    usual: str
    provisional: bool
    first: str
    """The first sentence, without its full stop."""
    coverage: str
    """How much could be seen, as a clause; empty if that is not known."""
    notes: tuple[str, ...]
    """Sentences that follow the first one."""
    facts: tuple[tuple[str, str], ...]
    """What the rule compares, by name, and what was found."""
    landings: tuple[ShownLanding, ...]
    undetermined: tuple[ShownLanding, ...]
    corrections: tuple[str, ...]
    undoing: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Id and name of each landing, and what could still change it."""
    links: tuple[Link, ...]
    terms: tuple[Terms, ...]
    chart: WeeksChart | None = None
    """The last weeks at the rule's place; None in notices that an earlier version stored."""


def encode_part(part: AlertPart) -> str:
    """Return a part as JSON."""
    return msgspec.json.encode(part).decode()


def decode_part(text: str) -> AlertPart:
    """Return a part from its JSON. Raises ValueError if it is none."""
    return msgspec.json.decode(text, type=AlertPart)


def render(parts: Sequence[AlertPart]) -> Message:
    """Return one mail with these parts, which are given in order of time; at least one.

    Where a later part is about the same window of the same rule, the mail says what the later one
    says, and that the earlier one was superseded.
    """
    latest = {(part.rule, part.window): part for part in parts}
    first = {(part.rule, part.window): part for part in reversed(parts)}
    undone = {key for key, part in latest.items() if _undoes(part, first[key])}
    shown = [_undone(part, first[key]) if key in undone else part for key, part in latest.items()]
    shown.sort(key=_order)
    superseded = [
        part
        for part in parts
        if latest[part.rule, part.window] is not part and (part.rule, part.window) not in undone
    ]
    data = _data(shown, superseded)
    return Message(
        subject=str(data["title"]),
        text=rendering.text("alert", **data),
        html=rendering.html("alert", **data),
        illustrations=tuple(each.picture for each in data["charts"]),
    )


def _undoes(part: AlertPart, first: AlertPart) -> bool:
    """Return whether the alert was reached and cancelled before any mail left."""
    return part.reason is Reason.CORRECTED_BELOW and first.reason is Reason.CROSSED


def _undone(part: AlertPart, crossed: AlertPart) -> AlertPart:
    """Return a correction in the words for a reader who was told nothing that it corrects."""
    now = f"{part.statement.removeprefix(CORRECTED)}, below the threshold again"
    note = (
        f"It had been {crossed.statement.removeprefix(SURGE)}, which meets the rule {part.rule}, "
        "until landings were withdrawn or changed. No mail had said so."
    )
    return replace(part, first=f"{part.headline}: {now}", statement=now, notes=(note,))


_NEWS = (Reason.CROSSED, Reason.ROSE)
_REASONS = (*_NEWS, Reason.CORRECTED_BELOW, Reason.RESOLVED)


def _order(part: AlertPart) -> tuple[int, int, str]:
    """Return where a part stands in its mail: news first, then as the rules are configured."""
    reason = 0 if part.reason in _NEWS else _REASONS.index(part.reason)
    return reason, part.order, part.window


def _subject(parts: Sequence[AlertPart]) -> str:
    """Return `Silk Way Il-76s at Ovda: 2 landings, week 6 of 2026 (usual: 0–1), provisional`.

    The first part leads. What other rules say of the same place follows, and which other places
    the mail is about.
    """
    lead = parts[0]
    said = [part for part in parts if part.headline == lead.headline]
    statements = list(dict.fromkeys(part.statement.removeprefix(SURGE) for part in said))
    # A landing that is withdrawn cancels one rule and may meet another, of undetermined ones.
    statements = [each for each in statements if CORRECTED + each not in statements]
    if statements == [lead.statement.removeprefix(SURGE)]:
        statements = [lead.statement]
    shown = "; ".join(statements[:MOST_STATEMENTS])
    more = " and more" if len(statements) > MOST_STATEMENTS else ""
    others = list(dict.fromkeys(part.place for part in parts if part.place != lead.place))
    places = others[0] if len(others) == 1 else f"{len(others)} other places"
    also = f"; also at {places}" if others else ""
    provisional = ", provisional" if any(part.provisional for part in said) else ""
    return f"{lead.headline}: {shown}{more} (usual: {lead.usual}){provisional}{also}"


def _data(parts: Sequence[AlertPart], superseded: Iterable[AlertPart]) -> dict[str, Any]:
    landings = _in_order(landing for part in parts for landing in part.landings)
    counted = {landing.id for landing in landings}
    undetermined = _in_order(landing for part in parts for landing in part.undetermined)
    links = list(dict.fromkeys(link for part in parts for link in part.links))
    on_page = [link for link in links if link.on_page]
    lead = _sentences(parts)
    undoing = _undoing(parts, {each.id: n for n, each in enumerate(landings, 1)})
    settled = [each for each in undoing if each[1] == (SETTLED,)]
    notes = [note for part in parts for note in part.notes]
    notes += [
        f"Superseded within minutes: {part.statement} (rule {part.rule})." for part in superseded
    ]
    return {
        "title": _subject(parts),
        "lead": lead,
        "notes": list(dict.fromkeys(notes)),
        "charts": [weeks_picture(chart, n) for n, chart in enumerate(_charts(parts), 1)],
        "rules": [_about_the_rule(part, lead) for part in parts],
        "landings": landings,
        "undetermined": [each for each in undetermined if each.id not in counted],
        "places_told": not all_at(parts[0].place, landings),
        "corrections": list(dict.fromkeys(line for part in parts for line in part.corrections)),
        "undoing": [each for each in undoing if each not in settled] or settled,
        "settled": settled if len(settled) < len(undoing) else [],
        "links": [] if on_page else links,
        "places": [] if on_page else by_place(links),
        "pages": on_page,
        "page_of": pages_by_id(on_page),
        "most_above": MOST_ABOVE,
        "glossary": grades_told(each.grade for each in (*landings, *undetermined)),
        "terms": list(dict.fromkeys(terms for part in parts for terms in part.terms)),
    }


def _charts(parts: Iterable[AlertPart]) -> list[WeeksChart]:
    """Return the charts of the first places, each once, the newest of each."""
    charts = {part.chart.headline: part.chart for part in parts if part.chart is not None}
    return list(charts.values())[:MOST_CHARTS]


def _sentences(parts: Sequence[AlertPart]) -> list[tuple[str, str]]:
    """Return the first sentence of each part, once, and what it is compared with: how much could
    be seen, what is usual, and how often chance does it, where that was not said before. Whose
    landings and where is said once, and that what is usual is not known, which means that how often
    chance does it is not known either."""
    sentences: dict[str, list[str]] = {}
    said = set[str]()
    unknown = False
    for part in parts:
        first = part.first
        if sentences and parts[0].headline == part.headline:
            words = first.replace(f"{part.headline}: ", "", 1)
            first = f"{words[:1].upper()}{words[1:]}"
        if first in sentences or part.first in sentences:
            continue
        facts = dict(part.facts)
        usual = "" if unknown and part.usual == NOT_KNOWN_YET else facts.get(USUAL, "")
        unknown = unknown or part.usual == NOT_KNOWN_YET
        chance = facts.get(BY_CHANCE, "")
        if part.usual == NOT_KNOWN_YET and NOT_KNOWN_YET in chance:
            chance = ""
        beside = (
            f"{part.coverage[:1].upper()}{part.coverage[1:]}." if part.coverage else "",
            f"{USUAL}: {usual}." if usual else "",
            chance,
        )
        sentences[first] = [each for each in beside if each and each not in said]
        said.update(beside)
    return [(f"{first}.", " ".join(beside)) for first, beside in sentences.items()]


def _about_the_rule(part: AlertPart, lead: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what the rule compares, without what stands beside the first sentences."""
    said = " ".join(beside for _, beside in lead)
    return [
        (name, words)
        for name, words in part.facts
        if not (name == BY_CHANCE and words in said)
        and not (name == USUAL and f"{USUAL}: {words}." in said)
    ]


def _in_order(landings: Iterable[ShownLanding]) -> list[LandingSummary]:
    """Return these landings by touchdown, each once."""
    by_id = {each.summary.id: each for each in landings}
    ordered = sorted(by_id.values(), key=lambda each: (each.touchdown_at, each.summary.id))
    return [each.summary for each in ordered]


def _undoing(
    parts: Sequence[AlertPart], numbers: Mapping[str, int]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return what could undo which landings; landings with the same sentences stand together.

    They are named by their numbers in the list, and those that are not counted by their aircraft.
    """
    by_id = {id_: (name, lines) for part in parts for id_, name, lines in part.undoing}
    ids_by_lines: dict[tuple[str, ...], list[str]] = {}
    for id_, (_, lines) in by_id.items():
        ids_by_lines.setdefault(lines, []).append(id_)
    undoing = []
    for lines, ids in ids_by_lines.items():
        counted = [str(number) for number in sorted(numbers[id_] for id_ in ids if id_ in numbers)]
        noun = "Landing" if len(counted) == 1 else "Landings"
        names = [f"{noun} {', '.join(counted)}"] if counted else []
        names += dict.fromkeys(
            by_id[id_][0].partition(" (")[0] for id_ in ids if id_ not in numbers
        )
        undoing.append(("; ".join(names), lines))
    return undoing


SURGE = "surge, "
"""How the statement of a surge begins."""
CORRECTED = "corrected to "
"""How the statement of a correction begins."""
