"""How are published landings and counts shown? Each becomes a row with its date, its number beside
our number, and its sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collector.coverage.sight import SeenCount
from collector.model.sighting import Period, Precision, Sighting, Unit
from collector.published.comparison import CountComparison, in_unit
from collector.published.record import CountKind, Fighting, PublishedCount, fighting_between
from collector.reports import formatting, seen

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_URL = ("https://", "http://")
_LONGEST_PATH = 48
"""Characters of a URL's path that are shown; the link holds the whole URL."""
_UNITS = {Unit.LANDING: "landings", Unit.LEG: "legs", Unit.ROTATION: "rotations"}


def comparison_row(one: CountComparison) -> dict[str, Any]:
    """Return a published count beside our count, in the published unit."""
    published = one.published
    ours = "–"
    if one.count is not None and one.at_most is not None:
        unit = published.unit
        ours = seen.number(
            SeenCount(in_unit(one.count, unit), in_unit(one.at_most, unit), one.sight)
        )
    dated = str(one.dated)
    if one.dated_of_others:
        dated += f" (+{one.dated_of_others} of other operators)"
    return {
        "period": published.said_period or period_words(published.period),
        "where": " + ".join(published.airfields),
        "published": _published(published),
        "unit": "" if published.unit is None else _UNITS[published.unit],
        "ours": ours,
        "could_see": formatting.percent(one.sight.seen),
        "dated": dated if published.count is not None else "",
        "verdict": one.verdict,
        "what": sentence(published.what),
        "confidence": published.confidence,
        "note": sentence(published.note),
        "sources": sources(published.source),
    }


def _published(one: PublishedCount) -> str:
    if one.said or one.count is None:
        return one.said
    return f"{'at least ' if one.kind is CountKind.AT_LEAST else ''}{one.count}"


def reported_row(rows: Sequence[Sighting], fighting: Sequence[Fighting]) -> dict[str, Any]:
    """Return one reported landing with the values of all its rows."""
    first_row = rows[0]
    named = [
        word
        for row in rows
        for word in (row.registration, row.icao24, row.callsign, row.operator)
        if word
    ]
    has_aircraft = any(row.registration or row.icao24 or row.callsign for row in rows)
    first, last = first_row.period.first, first_row.period.last
    during = (
        [event.name for event in fighting_between(fighting, first, last)] if first and last else []
    )
    return {
        "when": period_words(first_row.period),
        "airfield": first_row.airfield or "",
        "aircraft": ", ".join(
            [*dict.fromkeys(named), *([] if has_aircraft else ["aircraft not named"])]
        ),
        "unit": " + ".join(row.unit.value for row in rows),
        "confidence": "; ".join(dict.fromkeys(row.confidence for row in rows if row.confidence)),
        "notes": list(dict.fromkeys(sentence(row.note) for row in rows if row.note)),
        "fighting": ", ".join(during),
        "sources": [source for row in rows for source in sources(row.source)],
    }


def _shown(source: str) -> str:
    """A URL as its host and the beginning of its path."""
    if not source.startswith(_URL):
        return source
    site, _, path = source.partition("://")[2].partition("/")
    site = site.removeprefix("www.")
    cut = path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"
    return f"{site}/{cut}" if cut else site


def fighting_row(one: Fighting) -> dict[str, Any]:
    """Return one time of fighting."""
    return {
        "when": period_words(one.period),
        "name": one.name,
        "tested": one.tested,
        "confidence": one.confidence,
        "note": sentence(one.note),
        "sources": sources(one.source),
    }


def sentence(text: str) -> str:
    """Return a note as a sentence, with a capital letter and a full stop.

    >>> sentence("left for Baku"), sentence("")
    ('Left for Baku.', '')
    """
    text = text.strip()
    ended = text.endswith((".", "!", "?"))
    return f"{text[:1].upper()}{text[1:]}{'' if ended or not text else '.'}"


def sources(text: str) -> list[dict[str, Any]]:
    """Return the sources of a row; only a text that begins like a URL becomes a link."""
    return [
        {"text": part, "url": part if part.startswith(_URL) else None, "shown": _shown(part)}
        for part in (source.strip() for source in text.split("; "))
        if part
    ]


def period_words(period: Period) -> str:
    """Return a period in words.

    >>> from collector.model.sighting import period
    >>> period_words(period("2020-09")), period_words(period("../2020-10-02"))
    ('Sep 2020', 'before or on 2 Oct 2020')
    """
    first, last = period.first, period.last
    if period.precision is Precision.RANGE:
        begins, _, ends = (part.strip() for part in period.written.partition("/"))
        if first is None:
            return f"before or on {date_words(ends)}"
        if last is None:
            return f"{date_words(begins)} or later"
        return f"{date_words(begins)} to {date_words(ends)}"
    return date_words(period.written)


def date_words(written: str) -> str:
    """Return a date as `2 Oct 2020`, `Oct 2020` or `2020`; weeks and times stay as written."""
    parts = written.split("-")
    if not all(part.isdecimal() for part in parts):
        return written
    words = [str(int(part)) for part in reversed(parts)]
    if len(words) > 1:
        words[-2] = MONTHS[int(parts[1]) - 1]
    return " ".join([*words[:-1], parts[0]])
