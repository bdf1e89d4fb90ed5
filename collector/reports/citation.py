"""How is a cited number worded, and what is said of it once a landing in it changed?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from collector.coverage.sight import Level, SeenCount, Sight
from collector.model.citation import Citation, CitationChange, CitedCount, CitedLanding
from collector.reports import formatting, seen
from collector.untrusted import visible

NO_UPPER_BOUND, NOTHING = "too little for an upper bound", "nothing can be said"
"""One of them stands in a sentence, so in the stored citation, where too little could be seen."""
NONE_KNOWN = "none known"
MAY_BE_MORE = "so there may have been more"
"""Stands in the sentence of a number where less could be seen than a zero needs."""


def sentence(
    known: CitedCount, sight: Sight, *, headline: str, days: tuple[date, date], as_known: str
) -> str:
    """Return the one sentence that can be printed.

    `headline` says whose landings and where (`titles.whose_and_where`), `as_known` when that was
    known; `days` are the first and the last.
    """
    first, last = map(day_words, days)
    span = f"on {first}" if first == last else f"from {first} to {last}"
    share = formatting.percent(sight.seen)
    told = SeenCount(known.least, known.most, sight)
    if told.blind:
        return (
            f"Of landings of {headline}, {span}, {NOTHING}: we could see {share} of the "
            f"time; as known on {as_known}."
        )
    words = f"{_bounds(known, told)} of {headline}, {span}, seen in {share} of the time"
    if told.sight.level is Level.NOT_SEEN:
        words += f", {NO_UPPER_BOUND}"
    elif _may_be_more(told):
        words += f", {MAY_BE_MORE}"
    opened = f"; from open data alone {known.open_data}" if known.most else ""
    return f"{words}; as known on {as_known}{opened}."


def _bounds(known: CitedCount, told: SeenCount) -> str:
    if told.is_zero:
        return "No landing" if told.sight.level is Level.SEEN else "No landing known"
    if _may_be_more(told):  # worded as where nothing could be seen: a bare number says "no more"
        told = _without_upper_bound(known)
    if told.not_seen or known.least == known.most:
        words = seen.closed(seen.landings_words(told))
        return f"{words[:1].upper()}{words[1:]}"
    most = f"at most {formatting.landings(known.most, known.most)}"
    return f"At least {known.least}, {most}" if known.least else f"At{most[2:]}"


def _may_be_more(told: SeenCount) -> bool:
    return told.sight.level is Level.IN_PART and not told.is_zero


def _without_upper_bound(known: CitedCount) -> SeenCount:
    return SeenCount(known.least, known.most, Sight(0.0, 0.0))


def landing_line(landing: CitedLanding) -> str:
    """Return a landing as a line of a citation: id, touchdown (UTC), aircraft, place, grade.

    Where nobody heard it arrive, the line has the times between which it did, which may reach
    beyond the cited days.
    """
    touchdown = formatting.iso_z(landing.touchdown_at)
    if landing.not_heard is not None:
        first, last = map(formatting.iso_z, landing.not_heard)
        touchdown = f"not heard arriving, between {first} and {last}"
    not_counted = "undetermined or possible, not in the lower number"
    if landing.perhaps_outside:
        not_counted = "perhaps outside these days, so not in the lower number"
    parts = [
        landing.id,
        touchdown,
        visible(landing.aircraft),
        visible(landing.where),
        f"graded {landing.grade}",
        *([f"{landing.review} by a person"] if landing.review else []),
        "counted" if landing.counted else not_counted,
    ]
    return ", ".join(parts)


def text(words: str, known: CitedCount) -> str:
    """Return the sentence and a line for each landing, over which the hash is made."""
    return "".join(f"{line}\n" for line in [words, *map(landing_line, known.landings)])


def day_words(day: date) -> str:
    """Return a date without its weekday.

    >>> day_words(date(2026, 3, 3))
    '3 Mar 2026'
    """
    return formatting.day(day).partition(" ")[2]


def has_upper_bound(citation: Citation) -> bool:
    """Return whether enough could be seen, when it was cited, for an upper bound."""
    sentence = citation.text.partition("\n")[0]
    return not any(words in sentence for words in (NO_UPPER_BOUND, NOTHING, MAY_BE_MORE))


def number(citation: Citation, known: CitedCount) -> str:
    """Return a count of what was cited as it is spoken of: `11`, `11–13`, or, where the sentence
    names no upper bound, `at least 11, perhaps 13`; for a zero there `could not see`, or `none
    known` where a part could be seen."""
    if has_upper_bound(citation):
        return formatting.interval(known.least, known.most)
    told = _without_upper_bound(known)
    if told.blind:
        return NONE_KNOWN if MAY_BE_MORE in citation.text else seen.COULD_NOT_SEE
    return seen.number(told)


def change_line(change: CitationChange, headline: str, zone: str) -> str:
    """Return a line of the corrections: `Cited as 11 on 3 Mar 2026, now 10`, and of what."""
    citation, before, now = change.citation, change.citation.known, change.known
    when = formatting.moment(change.at, zone)
    return f"{when}: {cited_and_now(citation, before, now, zone)} ({of_what(citation, headline)})."


def cited_and_now(citation: Citation, before: CitedCount, now: CitedCount, zone: str) -> str:
    """Return what was cited when, and what it is now."""
    day = formatting.moment(citation.cited_at, zone).partition(",")[0].partition(" ")[2]
    was, is_now = number(citation, before), number(citation, now)
    then = "the number is the same, its landings are not" if was == is_now else f"now {is_now}"
    return f"Cited as {seen.closed(was)} on {day}, {then}"


def of_what(citation: Citation, headline: str) -> str:
    """Return whose landings, where and from when to when."""
    first, last = day_words(citation.first), day_words(citation.last)
    return f"{headline}, {first if first == last else f'{first} to {last}'}"


def difference_lines(before: CitedCount, now: CitedCount, zone: str) -> Iterator[str]:
    """Yield a line for each landing that was added, is missing or changed, by touchdown."""
    old = {each.id: each for each in before.landings}
    new = {each.id: each for each in now.landings}
    for each in sorted((old | new).values(), key=lambda one: (one.touchdown_at, one.id)):
        then, today = old.get(each.id), new.get(each.id)
        if then is None:
            yield f"{_named(each, zone)}: not in what was cited, {_state(each)}."
        elif today is None:
            yield f"{_named(then, zone)}: was {_state(then)}, is not among them any more."
        elif today.differs_from(then):
            touched = _arrival_words(then, today, zone)
            yield f"{_named(then, zone)}: was {_state(then)}, is {_state(today)}{touched}."


def _arrival_words(then: CitedLanding, today: CitedLanding, zone: str) -> str:
    """Return what is known otherwise of when it arrived; empty if nothing is."""
    if today.arrival_as_in(then):
        return ""
    if today.not_heard is None:
        return f", touchdown {_when(today.touchdown_at, zone)}"
    first, last = (_when(at, zone) for at in today.not_heard)
    return f"; nobody heard it arrive, which it did between {first} and {last}"


def _named(landing: CitedLanding, zone: str) -> str:
    name = visible(landing.aircraft)
    if landing.not_heard is not None:
        first, last = (_when(at, zone) for at in landing.not_heard)
        return f"{name}, not heard arriving, between {first} and {last}"
    return f"{name} on {_when(landing.touchdown_at, zone)}"


def _when(at: datetime, zone: str) -> str:
    return formatting.moment(at, zone)


def _state(landing: CitedLanding) -> str:
    person = f", {landing.review} by a person" if landing.review else ""
    counts = "counted" if landing.counted else "not counted but possible"
    if landing.perhaps_outside:
        counts = "not counted, as it may lie outside the cited days,"
    return f"{counts} at {visible(landing.where)}, graded {landing.grade}{person}"
