"""Which words stand on the sheet? Each is one visible line that may quote text from the air."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from collector.model import Airfield, Detection, Landing, Observation
from collector.model.terms import Terms
from collector.model.watch import airfield_on
from collector.reports import formatting
from collector.reports.landing import summary
from collector.reports.picture.heard import Doubted
from collector.tracking import Doubt, Fix
from collector.untrusted import visible

LONGEST = 110
"""Characters of a heading: what fits onto the sheet."""

_DOUBTS = {
    Doubt.STALE: "frozen",
    Doubt.SATURATED: "with spoofed heights",
    Doubt.CIRCLING: "on a spoofed circle",
    Doubt.CROWDED: "with others at one point",
    Doubt.UNREACHABLE: "out of reach",
}


def head(landing: Landing, airfields: Sequence[Airfield], zone: str) -> tuple[str, ...]:
    """Which aircraft; where; when, give or take, and how sure."""
    words = summary.summarise(landing, airfields, zone)
    lines = (
        words.aircraft,
        _place(landing, words.place),
        f"Touchdown {words.when}, {words.certainty}",
    )
    return tuple(visible(line, LONGEST) for line in lines)


def remarks(landing: Landing, airfields: Sequence[Airfield], zone: str) -> tuple[str, ...]:
    """What must not be overlooked: taken back, rejected, undetermined."""
    return tuple(
        visible(one, LONGEST) for one in summary.summarise(landing, airfields, zone).remarks
    )


def _place(landing: Landing, place: str) -> str:
    if landing.airfield is not None:
        return place
    return f"{formatting.between(landing.detection.candidates)}, nobody can tell which"


def candidates(detection: Detection, airfields: Sequence[Airfield]) -> tuple[str, ...]:
    """`LLOV Ovda 75%`, the likeliest first."""
    ordered = sorted(detection.candidates, key=lambda one: (-one.probability, one.airfield))
    lines = []
    for one in ordered:
        field = airfield_on(airfields, one.airfield, detection.touchdown_at.date())
        name = f"{one.airfield} {field.name}" if field else one.airfield
        lines.append(f"{formatting.percent(one.probability)}  {visible(name, 32)}")
    return tuple(lines)


def caption(
    landing: Landing,
    fixes: Sequence[Fix],
    doubted: Sequence[Doubted],
    observations: Sequence[Observation],
    terms: Mapping[str, Terms],
) -> Iterable[str]:
    """From whom, under which terms, how to read it, and what it does not show."""
    feeds = sorted({seen.feed for seen in observations})
    heard = f"Heard by {', '.join(visible(feed, 40) for feed in feeds)}: " if feeds else ""
    placed = sum(fix.placed for fix in fixes)
    whys = Counter(_DOUBTS[one.why] for one in doubted)
    doubts = ", ".join(f"{count} {why}" for why, count in sorted(whys.items()))
    yield (
        f"{heard}{placed} believed positions"
        + (f"; not believed: {doubts}" if doubts else "")
        + ". Lines join reports at most 2½ minutes apart; a dashed line is a gap, not a path. "
        "Heights above sea level, give or take 200 ft (GPS) or 650 ft (pressure)."
    )
    owed = list(dict.fromkeys(terms[feed] for feed in feeds if feed in terms))
    if owed:
        data = "; ".join(visible(_owed(one), 400) for one in owed)
        yield f"Data: {data}."
    yield (
        f"Landing {visible(landing.id, 60)}. It shows where an aircraft was heard: "
        "no cargo and no purpose."
    )


def _owed(terms: Terms) -> str:
    if terms.redistributable:
        return terms.attribution
    return f"{terms.attribution} (not to be passed on without consent: {terms.licence})"
