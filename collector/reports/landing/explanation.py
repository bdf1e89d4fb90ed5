"""Why is a landing believed? An `Explanation` gives an editor the evidence in order of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from collector.landings.identity_conflicts import Conflict
from collector.model import (
    Airfield,
    Detection,
    Evidence,
    Grade,
    Landing,
    Revision,
)
from collector.model.dating import weeks_before, weeks_of_landing
from collector.model.review import REJECTED, Review
from collector.model.stop import Side, StopRevision
from collector.model.track_request import TrackRequest
from collector.reports import formatting, rendering
from collector.reports.landing.alternatives import AlternativeRow, alternatives_table
from collector.reports.landing.country import somewhere
from collector.reports.landing.gaps import GapDescription
from collector.reports.landing.identity import identity_lines
from collector.reports.landing.links import Link, places_to_look
from collector.reports.landing.persons import review_words, verdict
from collector.reports.landing.reversal import reversals
from collector.reports.landing.rivals import Rival, rivals_of
from collector.reports.landing.summary import (
    change_words,
    derived_grade,
    local_zone,
    names_of,
    summarise,
    weeks_changed,
)
from collector.reports.landing.track_requests import request_lines
from collector.reports.stops import stop_lines, stop_row
from collector.reports.titles import with_names
from collector.watches.visitors import unlisted

NOT_SHOWN = "The evidence does not show what was on board, who sent it, or why the aircraft came."

_VERBS = {
    Grade.CONFIRMED: "landed",
    Grade.PROBABLE: "very likely landed",
    Grade.POSSIBLE: "may have landed",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence in words."""

    at: str
    """Local time, and UTC beside it."""
    speaks: str
    """`for LLOV`, `against LLER`, `for` (about landing at all), `note`, `gap`."""
    label: str
    """The same for people, with the airfield's name: `for Ovda`."""
    text: str
    feeds: tuple[str, ...]
    numbers: bool = False
    """Whether it is the weights of the evidence, which a page folds away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is known about one landing, in the order of reading. The fields are JSON keys."""

    id: str
    verdict: str
    persons: tuple[str, ...]
    """The reviews, oldest first; the latest one counts."""
    identity: tuple[str, ...]
    undetermined: bool
    steps: tuple[Step, ...]
    rivals: tuple[Rival, ...]
    changes: tuple[str, ...]
    not_shown: str
    history: tuple[str, ...]
    gaps: tuple[GapDescription, ...]
    """They stand among the steps as well."""
    interference: tuple[str, ...]
    """How much interference there was at that hour; empty if this was not looked up."""
    fetched: tuple[str, ...]
    """The track requests and their results."""
    links: tuple[Link, ...]
    stops: tuple[str, ...]
    """What is known of the stop seen before, and of the one seen after."""
    alternatives: tuple[AlternativeRow, ...]
    """The alternatives to a landing in the silence, and whether they would have been heard."""
    raw_replies: tuple[str, ...]
    """Where the replies as received stand; empty if this was not looked up."""


def explain(
    landing: Landing,
    history: Sequence[Revision],
    airfields: Sequence[Airfield],
    zone: str,
    *,
    reviews: Sequence[Review] = (),
    gaps: Sequence[GapDescription] = (),
    conflicts: Sequence[Conflict] | None = None,
    arrivals: Sequence[Evidence] = (),
    track_requests: Sequence[TrackRequest] = (),
    alternatives: Sequence[AlternativeRow] = (),
    interference: Sequence[str] = (),
    raw_replies: Sequence[str] = (),
    stop_history: Sequence[StopRevision] = (),
    week_zones: Sequence[str] = (),
) -> Explanation:
    """Return why `landing` is believed, doubted or withdrawn.

    `zone` is used if no airfield is known. `reviews`: oldest first. `gaps`: when the aircraft was
    not heard. `conflicts`: the identity conflicts of its address around that time; None if they
    were not looked up. `arrivals`: what other sources state, which stands among the evidence though
    it moves no grade. `track_requests`: of full tracks for its silence. `interference` and
    `raw_replies`: in lines. `stop_history`: the changes of its stops, oldest first. `week_zones`:
    those in which its watches count weeks; none: `zone`.
    """
    detection, day = landing.detection, landing.detection.touchdown_at.date()
    local = local_zone(detection, airfields, zone)
    detection = replace(detection, evidence=_named(detection.evidence, airfields, day))
    return Explanation(
        id=landing.id,
        verdict=_verdict(landing, airfields, zone, reviews),
        persons=tuple(verdict(review, local) for review in reviews),
        identity=tuple(identity_lines(landing, conflicts, local)),
        undetermined=detection.airfield is None,
        steps=_steps(
            [*detection.evidence, *_named(arrivals, airfields, day)],
            gaps,
            local,
            names_of(detection, airfields),
        ),
        rivals=tuple(rivals_of(detection, airfields)),
        changes=tuple(reversals(landing, zone, airfields)),
        not_shown=NOT_SHOWN,
        history=tuple(history_lines(history, landing, local, week_zones or [zone], airfields)),
        gaps=tuple(gaps),
        interference=tuple(interference),
        fetched=tuple(request_lines(track_requests, local)),
        links=tuple(
            places_to_look([landing], airfields, _fields(detection), detection.touchdown_at)
        ),
        stops=() if unlisted(landing.watches) else tuple(stop_lines(landing, stop_history, local)),
        alternatives=tuple(alternatives),
        raw_replies=tuple(raw_replies),
    )


def explain_text(explanation: Explanation, counts: str = "") -> str:
    """Return `explanation` and `counts`, a sentence, in at most 78 columns."""
    table = alternatives_table(explanation.alternatives).splitlines()
    return rendering.text("explain", explanation=explanation, alternatives=table, counts=counts)


def explain_json(
    explanation: Explanation, landing: Landing, reviews: Sequence[Review] = ()
) -> dict[str, Any]:
    """Return `explanation` for `--json`: evidence and reviews in words and as they are stored."""
    return asdict(explanation) | {
        "reviews": [
            {
                "at": formatting.iso_z(review.at),
                "by": review.by,
                "verdict": review.verdict,
                "airfield": review.airfield,
                "note": review.note,
            }
            for review in reviews
        ],
        "evidence": [
            {
                "at": formatting.iso_z(evidence.at),
                "kind": evidence.kind,
                "speaks": evidence.speaks,
                "airfield": evidence.airfield,
                "feeds": sorted(evidence.feeds),
                "text": evidence.text,
            }
            for evidence in sorted(landing.detection.evidence, key=lambda each: each.at)
        ],
        "previous_stop": stop_row(landing.stop(Side.PREVIOUS)),
        "next_stop": stop_row(landing.stop(Side.NEXT)),
    }


def _verdict(
    landing: Landing, airfields: Sequence[Airfield], zone: str, reviews: Sequence[Review]
) -> str:
    """Return what is believed, and what a reader must know with it; `reviews` stand elsewhere."""
    detection = landing.detection
    summary = summarise(landing, airfields, zone)
    where = f"at {summary.place}"
    if landing.airfield is None:
        in_country = somewhere(detection.candidates, airfields)
        names = names_of(detection, airfields)
        where = in_country or f"at {formatting.either(detection.candidates, names)}"
    text = (
        f"{summary.aircraft} {_VERBS[landing.grade]} {where}, on {summary.when}. "
        f"{summary.departure} It is {derived_grade(landing)}."
    )
    if landing.review == REJECTED:
        rejected = review_words(landing).capitalize()
        text = f"{rejected}, and not counted. As derived: {text}"
    listed = {verdict(review, local_zone(detection, airfields, zone)) for review in reviews}
    return " ".join([text, *(each for each in summary.remarks if each not in listed)])


def _named(
    evidence: Sequence[Evidence], airfields: Sequence[Airfield], day: date
) -> tuple[Evidence, ...]:
    return tuple(replace(each, text=with_names(each.text, airfields, day)) for each in evidence)


def _steps(
    evidence: Sequence[Evidence],
    gaps: Sequence[GapDescription],
    zone: str,
    name: Callable[[str], str],
) -> tuple[Step, ...]:
    """Return evidence and gaps in order of time; a gap follows the evidence at its beginning.

    Evidence about rival airfields is left out, because it stands with the rivals.
    """
    dated = [
        (formatting.iso_z(each.at), 0, _step(each, zone, name))
        for each in evidence
        if each.kind != "rival"
    ]
    dated += [
        (gap.begins_at, 1, Step(gap.told_at, "gap", "gap", gap.text, gap.feeds)) for gap in gaps
    ]
    return tuple(step for _, _, step in sorted(dated, key=lambda entry: entry[:2]))


def _step(evidence: Evidence, zone: str, name: Callable[[str], str]) -> Step:
    speaks = label = "note" if evidence.speaks == "neutral" else evidence.speaks
    if evidence.airfield:
        speaks, label = f"{speaks} {evidence.airfield}", f"{speaks} {name(evidence.airfield)}"
    when = formatting.moment(evidence.at, zone)
    feeds = tuple(sorted(evidence.feeds))
    return Step(when, speaks, label, evidence.text, feeds, numbers=evidence.kind == "weights")


def history_lines(
    revisions: Sequence[Revision],
    landing: Landing,
    zone: str,
    week_zones: Sequence[str],
    airfields: Sequence[Airfield],
) -> list[str]:
    """Return a line for each change, the oldest first, at times in `zone`.

    From which week to which a change moved the landing is said for each of `week_zones`, with its
    name if there are several.
    """
    lines, day = [], landing.detection.touchdown_at.date()
    weeks = {each: weeks_of_landing(landing.detection, each) for each in week_zones}
    for revision in sorted(revisions, key=lambda each: each.at, reverse=True):
        rules = f" [rules {revision.rules_version}]" if revision.rules_version else ""
        moved = ""
        for counted_in, after in weeks.items():
            clause = weeks_changed(revision, after, counted_in)
            moved += f"{clause} ({counted_in})" if clause and len(weeks) > 1 else clause
        weeks = {each: weeks_before(revision, each) or after for each, after in weeks.items()}
        when = formatting.moment(revision.at, zone)
        lines.append(f"{when}: {change_words(revision, airfields, day)}{moved}.{rules}")
    return lines[::-1]


def _fields(detection: Detection) -> list[str]:
    named = detection.airfield
    return [named] if named is not None else [each.airfield for each in detection.candidates]
