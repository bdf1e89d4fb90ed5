"""Which texts does the sheet have? Heading, remarks, candidates and caption are visible lines that
may quote received text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from collector.model import Airfield, Detection, Landing, Observation
from collector.model.terms import Terms
from collector.model.watch import airfield_on
from collector.reports import formatting
from collector.reports.landing import summary
from collector.reports.picture.outlines import CREDIT
from collector.reports.picture.track import DoubtedPosition
from collector.tracking import Doubt, Fix
from collector.untrusted import visible

LONGEST_HEADING = 110
"""Characters of a heading that fit on the sheet."""

DOUBTS = {
    Doubt.STALE: "frozen",
    Doubt.SATURATED: "with spoofed heights",
    Doubt.CIRCLING: "on a spoofed circle",
    Doubt.CROWDED: "at one point with other aircraft",
    Doubt.FROZEN: "repeated in flight",
    Doubt.UNREACHABLE: "out of reach",
}


def head(landing: Landing, airfields: Sequence[Airfield], zone: str) -> tuple[str, ...]:
    """Return three lines: the aircraft; the place; the time with its uncertainty, and the grade."""
    landing_summary = summary.summarise(landing, airfields, zone)
    lines = (
        landing_summary.aircraft,
        _place(landing, landing_summary.place, airfields),
        f"Touchdown {landing_summary.when}, {_grade(landing)}",
    )
    return tuple(visible(line, LONGEST_HEADING) for line in lines)


def remarks(landing: Landing, airfields: Sequence[Airfield], zone: str) -> tuple[str, ...]:
    """Return the remarks that must be visible: withdrawn, rejected, undetermined."""
    return tuple(map(visible, summary.summarise(landing, airfields, zone).remarks))


def _grade(landing: Landing) -> str:
    derived = formatting.grade_words(landing.grade, landing.detection.probability)
    return f"{landing.review} by a person; {derived}" if landing.review else derived


def _place(landing: Landing, place: str, airfields: Sequence[Airfield]) -> str:
    if landing.airfield is not None:
        return place
    names = summary.names_of(landing.detection, airfields)
    return f"{formatting.between(landing.detection.candidates, names)}, undetermined"


def candidates(detection: Detection, airfields: Sequence[Airfield]) -> tuple[str, ...]:
    """Return a line for each candidate, the most probable first: `75%  LLOV Ovda`."""
    lines = []
    for one in detection.ranked:
        field = airfield_on(airfields, one.airfield, detection.touchdown_at.date())
        name = f"{one.airfield} {field.name}" if field else one.airfield
        lines.append(f"{formatting.percent(one.probability)}  {visible(name, 32)}")
    return tuple(lines)


def caption(
    landing: Landing,
    fixes: Sequence[Fix],
    doubted: Sequence[DoubtedPosition],
    observations: Sequence[Observation],
    terms: Mapping[str, Terms],
) -> Iterable[str]:
    """Yield the caption: feeds, how to read the picture, terms of the data, limits."""
    feeds = sorted({report.feed for report in observations})
    received = f"Received by {', '.join(visible(feed, 40) for feed in feeds)}: " if feeds else ""
    placed = sum(fix.placed for fix in fixes)
    reasons = Counter(DOUBTS[one.reason] for one in doubted)
    doubts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    yield (
        f"{received}{placed} believed positions"
        + (f"; not believed: {doubts}" if doubts else "")
        + ". Lines join reports at most 2½ minutes apart; a dashed line is a gap, not a path. "
        "Heights are above sea level, ± 200 ft (GPS) or ± 650 ft (pressure)."
    )
    data_terms = list(dict.fromkeys(terms[feed] for feed in feeds if feed in terms))
    if data_terms:
        data = "; ".join(visible(_attribution(one), 400) for one in data_terms)
        yield f"Data: {data}."
    yield (
        f"{CREDIT}. Landing {visible(landing.id, 60)}. It shows where an aircraft was received, "
        "not its cargo or purpose."
    )


def _attribution(terms: Terms) -> str:
    if terms.redistributable:
        return terms.credit
    return f"{terms.attribution} (not to be passed on without consent: {terms.licence})"
