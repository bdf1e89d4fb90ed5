"""Why do we believe in this landing? The evidence in order of time, for an editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from collector.landings.identity_conflicts import Conflict
from collector.model import (
    Airfield,
    Candidate,
    Detection,
    Evidence,
    Grade,
    Landing,
    Revision,
    WatchMatch,
)
from collector.model.review import REJECTED, Review
from collector.model.track_request import TrackRequest
from collector.model.watch import airfield_on
from collector.reports import formatting, rendering
from collector.reports.landing.alternatives import AlternativeRow, alternatives_table
from collector.reports.landing.country import somewhere
from collector.reports.landing.gaps import GapDescription
from collector.reports.landing.identity_conflicts import conflict_lines
from collector.reports.landing.links import Link
from collector.reports.landing.reversal import reversals
from collector.reports.landing.summary import (
    local_zone,
    places_to_look,
    summarise,
    verdict,
)
from collector.reports.landing.track_requests import request_lines
from collector.watches.visitors import VISITORS

NOT_SHOWN = (
    "It does not show what was on board, who sent it, or why the aircraft came: "
    "no cargo and no purpose."
)

UNCONTRADICTED = (
    "Nothing heard of this address about then contradicts it: no other registration, no second "
    "place at the same time."
)

_VERBS = {
    Grade.CONFIRMED: "landed",
    Grade.PROBABLE: "probably landed",
    Grade.POSSIBLE: "may have landed",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence, told."""

    at: str
    """Local time, and UTC beside it."""
    speaks: str
    """`for LLOV`, `against LLER`, `for` (about landing at all), `note`, `gap`."""
    text: str
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """Another airfield that was weighed, and why it is not the answer (or not yet)."""

    airfield: str
    probability: float
    why_not: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything there is to say about one landing, in the order it should be read."""

    id: str
    verdict: str
    persons: tuple[str, ...]
    """What persons said, oldest first: the last word holds."""
    identity: tuple[str, ...]
    undetermined: bool
    steps: tuple[Step, ...]
    rivals: tuple[Rival, ...]
    changes: tuple[str, ...]
    not_shown: str
    history: tuple[str, ...]
    gaps: tuple[GapDescription, ...]
    """Told among the steps as well."""
    interference: tuple[str, ...]
    """How disturbed it was at that hour; empty where nobody looked."""
    fetched: tuple[str, ...]
    """Which full tracks were asked for, and what came of it."""
    links: tuple[Link, ...]
    alternatives: tuple[AlternativeRow, ...]
    """What else it may have done in the silence, and whether that would have been heard."""


def explain(
    landing: Landing,
    history: Sequence[Revision],
    airfields: Sequence[Airfield],
    zone: str,
    *,
    said: Sequence[Review] = (),
    gaps: Sequence[GapDescription] = (),
    conflicts: Sequence[Conflict] | None = None,
    stated: Sequence[Evidence] = (),
    fetched: Sequence[TrackRequest] = (),
    alternatives: Sequence[AlternativeRow] = (),
    interference: Sequence[str] = (),
) -> Explanation:
    """Why `landing` is believed, doubted or taken back; `zone` is used where no field is known.

    `said`: everything that persons said about it, oldest first. `gaps`: when it was not heard.
    `conflicts`: what was seen of its address about then and does not fit the airframe; None where
    nobody looked. `stated`: what other sources say, told among the evidence though it moved no
    grade. `fetched`: the full tracks that were owed for its silence. `alternatives`: what it may
    have done instead. `interference`: how disturbed it was, in lines.
    """
    detection = landing.detection
    local = local_zone(detection, airfields, zone)
    return Explanation(
        id=landing.id,
        verdict=_verdict(landing, airfields, zone),
        persons=tuple(verdict(one, local) for one in said),
        identity=(*_identity(landing), *_doubts(conflicts, local)),
        undetermined=detection.airfield is None,
        steps=_steps([*detection.evidence, *stated], gaps, local),
        rivals=tuple(_rivals(detection, airfields)),
        changes=tuple(reversals(landing, zone)),
        not_shown=NOT_SHOWN,
        history=tuple(_change(one, local) for one in sorted(history, key=lambda r: r.at)),
        gaps=tuple(gaps),
        interference=tuple(interference),
        fetched=tuple(request_lines(fetched, local)),
        links=tuple(
            places_to_look([landing], airfields, _fields(detection), detection.touchdown_at)
        ),
        alternatives=tuple(alternatives),
    )


def explain_text(explanation: Explanation) -> str:
    """`explanation` for a terminal or a text mail, at most 78 columns."""
    instead = alternatives_table(explanation.alternatives).splitlines()
    return rendering.text("explain", e=explanation, instead=instead)


def explain_json(
    explanation: Explanation, landing: Landing, said: Sequence[Review] = ()
) -> dict[str, Any]:
    """`explanation` for machines, with evidence and reviews as they are stored beside their
    words."""
    return asdict(explanation) | {
        "reviews": [
            {
                "at": formatting.iso_z(one.at),
                "by": one.by,
                "verdict": one.verdict,
                "airfield": one.airfield,
                "note": one.note,
            }
            for one in said
        ],
        "evidence": [
            {
                "at": formatting.iso_z(one.at),
                "kind": one.kind,
                "speaks": one.speaks,
                "airfield": one.airfield,
                "feeds": sorted(one.feeds),
                "text": one.text,
            }
            for one in sorted(landing.detection.evidence, key=lambda e: e.at)
        ],
    }


def _verdict(landing: Landing, airfields: Sequence[Airfield], zone: str) -> str:
    detection = landing.detection
    told = summarise(landing, airfields, zone)
    where = f"at {told.place}"
    if landing.airfield is None:
        known = somewhere(detection.candidates, airfields)
        where = known or f"at {formatting.either(detection.candidates)}"
    said = f"{told.aircraft} {_VERBS[detection.grade]} {where}, {told.when}. {told.stay} "
    if landing.review == REJECTED:
        said = f"Rejected by a person, and not counted. As derived: {said}"
    said += f"Grade: {told.certainty}."
    return " ".join([said, *told.remarks])


def _identity(landing: Landing) -> list[str]:
    detection = landing.detection
    said = [
        f"The address {detection.icao24} was sent by the aircraft itself; "
        + (
            f"it belongs to {landing.registration}"
            if landing.registration
            else "its registration is not known"
        )
        + (f", type {landing.type_code}." if landing.type_code else ".")
    ]
    if detection.callsign:
        said.append(f"It called itself {detection.callsign}; a callsign alone proves nothing.")
    said += [_wanted(match) for match in landing.watches]
    return said


def _doubts(conflicts: Sequence[Conflict] | None, zone: str) -> list[str]:
    if conflicts is None:
        return []
    return conflict_lines(conflicts, zone) or [UNCONTRADICTED]


def _wanted(match: WatchMatch) -> str:
    if match.watch == VISITORS:
        return f"No watch wants it; it is followed as an unlisted visitor: {match.matched_by}."
    followed = "." if match.counted else " (followed, not counted)."
    return f"Watch {match.watch} wants it: {match.matched_by}{followed}"


def _steps(
    evidence: Sequence[Evidence], gaps: Sequence[GapDescription], zone: str
) -> tuple[Step, ...]:
    """Evidence and gaps in order of time; a gap stands after what was heard at its beginning.

    How the rivals fit is told with the rivals.
    """
    told = [
        (formatting.iso_z(one.at), 0, _step(one, zone)) for one in evidence if one.kind != "rival"
    ]
    told += [(gap.begins_at, 1, Step(gap.told_at, "gap", gap.text, gap.feeds)) for gap in gaps]
    return tuple(step for _, _, step in sorted(told, key=lambda one: one[:2]))


def _step(one: Evidence, zone: str) -> Step:
    speaks = "note" if one.speaks == "neutral" else one.speaks
    about = f"{speaks} {one.airfield}" if one.airfield else speaks
    return Step(formatting.moment(one.at, zone), about, one.text, tuple(sorted(one.feeds)))


def _rivals(detection: Detection, airfields: Sequence[Airfield]) -> list[Rival]:
    ordered = sorted(detection.candidates, key=lambda one: (-one.probability, one.airfield))
    return [
        Rival(
            _named(one, detection.touchdown_at, airfields),
            one.probability,
            _why_not(one, detection),
        )
        for one in ordered
        if one.airfield != detection.airfield
    ]


def _named(candidate: Candidate, at: datetime, airfields: Sequence[Airfield]) -> str:
    found = airfield_on(airfields, candidate.airfield, at.date())
    return f"{candidate.airfield} {found.name}" if found else candidate.airfield


def _why_not(candidate: Candidate, detection: Detection) -> tuple[str, ...]:
    about = [one for one in detection.evidence if one.airfield == candidate.airfield]
    against = tuple(one.text for one in about if one.speaks == "against")
    weighed = tuple(one.text for one in about if one.kind == "rival")
    if against or weighed:
        return tuple(dict.fromkeys([*against, *weighed]))
    if detection.airfield is None:
        return ("Nothing heard so far rules it out.",)
    return (f"What was heard fits {detection.airfield} better.",)


def _change(one: Revision, zone: str) -> str:
    rules = f" [rules {one.rules_version}]" if one.rules_version else ""
    moved = f" (was in week {one.week_before}, UTC)" if one.week_before else ""
    return f"{formatting.moment(one.at, zone)}: {one.change}{moved}. {one.reason}{rules}"


def _fields(detection: Detection) -> list[str]:
    if detection.airfield is not None:
        return [detection.airfield]
    return [one.airfield for one in detection.candidates]
