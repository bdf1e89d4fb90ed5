"""How is what was published told: its dates, its numbers beside ours, its sources?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from collector.model.sighting import Period, Precision, Sighting, Unit
from collector.published.record import CountKind, Fighting, PublishedCount, touching
from collector.published.summary import Compared, in_unit
from collector.reports import formatting

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_URL = ("https://", "http://")
_PATH_LONGEST = 48
"""Letters of an address's path that are shown; the link is whole."""
_UNITS = {Unit.LANDING: "landings", Unit.LEG: "legs", Unit.ROTATION: "rotations"}


def compared_row(one: Compared) -> dict[str, Any]:
    """A published count beside ours, in its own unit."""
    published = one.published
    ours = "–"
    if one.count is not None and one.at_most is not None and (one.at_most or one.coverage):
        ours = formatting.interval(
            in_unit(one.count, published.unit), in_unit(one.at_most, published.unit)
        )
    dated = str(one.dated)
    if one.dated_of_others:
        dated += f" (+{one.dated_of_others} of others)"
    return {
        "period": published.said_period or period_words(published.period),
        "where": " + ".join(published.airfields),
        "published": _published(published),
        "unit": "" if published.unit is None else _UNITS[published.unit],
        "ours": ours,
        "heard": formatting.percent(one.coverage),
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
    """One reported landing, by all its rows."""
    lead = rows[0]
    named = [
        word
        for row in rows
        for word in (row.registration, row.icao24, row.callsign, row.operator)
        if word
    ]
    known = any(row.registration or row.icao24 or row.callsign for row in rows)
    first, last = lead.period.first, lead.period.last
    during = [one.name for one in touching(fighting, first, last)] if first and last else []
    return {
        "when": period_words(lead.period),
        "airfield": lead.airfield or "",
        "who": ", ".join([*dict.fromkeys(named), *([] if known else ["aircraft not named"])]),
        "unit": " + ".join(row.unit.value for row in rows),
        "confidence": "; ".join(dict.fromkeys(row.confidence for row in rows if row.confidence)),
        "notes": list(dict.fromkeys(sentence(row.note) for row in rows if row.note)),
        "fighting": ", ".join(during),
        "sources": [each for row in rows for each in sources(row.source)],
    }


def _shown(source: str) -> str:
    """An address as its site and the beginning of its path."""
    if not source.startswith(_URL):
        return source
    site, _, path = source.partition("://")[2].partition("/")
    site = site.removeprefix("www.")
    cut = path if len(path) <= _PATH_LONGEST else f"{path[:_PATH_LONGEST]}…"
    return f"{site}/{cut}" if cut else site


def fighting_row(one: Fighting) -> dict[str, Any]:
    """One time of fighting."""
    return {
        "when": period_words(one.period),
        "name": one.name,
        "tested": one.tested,
        "confidence": one.confidence,
        "note": sentence(one.note),
        "sources": sources(one.source),
    }


def sentence(text: str) -> str:
    """A note as a sentence: with a capital letter and a full stop.

    >>> sentence("left for Baku"), sentence("")
    ('Left for Baku.', '')
    """
    text = text.strip()
    ended = text.endswith((".", "!", "?"))
    return f"{text[:1].upper()}{text[1:]}{'' if ended or not text else '.'}"


def sources(text: str) -> list[dict[str, Any]]:
    """Where it was published; only what is plainly an address becomes a link."""
    return [
        {"text": part, "url": part if part.startswith(_URL) else None, "shown": _shown(part)}
        for part in (each.strip() for each in text.split("; "))
        if part
    ]


def period_words(period: Period) -> str:
    """A date as people write it.

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
    """A written date as `2 Oct 2020`, `Oct 2020`, `2020`; weeks and times as they are."""
    parts = written.split("-")
    if not all(part.isdecimal() for part in parts):
        return written
    words = [str(int(part)) for part in reversed(parts)]
    if len(words) > 1:
        words[-2] = MONTHS[int(parts[1]) - 1]
    return " ".join([*words[:-1], parts[0]])
