"""How was a stored landing known at an earlier time? Its later changes are undone, newest first.

The history keeps of each change what is needed for a count: the touchdown before it, whether the
landing was withdrawn, its grade, its airfields with their probabilities, and its matches. It does
not keep evidence, runway and departure; those stay as they are now. Versions before 0.3 kept the
reason alone: of their changes grades and airfields are read out of its words, and where a change
replaced an airfield, or restored the landing, the grade before it is not known, and `exact` is
False.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from collector.model import Candidate, Detection, Grade, Landing, Revision
from collector.model.review import Review, standing_review
from collector.model.stop import Side, Stop, StopCandidate, StopRevision

_GRADES = re.compile(rf"from ({'|'.join(Grade)}) to (?:{'|'.join(Grade)})")
_FIELDS = re.compile(r"from (\w{4}(?: or \w{4})*) to \w{4}(?: or \w{4})*")
_MATCH = re.compile(r"the match of watch (.+) is no longer in doubt")
DOUBTED = "The match was in doubt then."


@dataclass(frozen=True, slots=True)
class KnownLanding:
    """A landing as it was known."""

    landing: Landing
    exact: bool
    """False: a change since then does not tell all of what was before it."""


def known_at(
    landing: Landing, later: Sequence[Revision], reviews: Sequence[Review], at: datetime
) -> KnownLanding | None:
    """Return the landing as it was known at `at`; None if it was not known yet.

    `later` are its changes after `at` and `reviews` all its reviews, both oldest first.
    """
    if any(revision.change == "found" for revision in later):
        return None
    if not later and landing.first_known_at > at:
        return None
    known = KnownLanding(landing, exact=True)
    for revision in reversed(later):
        known = _before(known, revision)
    standing, reviewers = standing_review([each for each in reviews if each.at <= at])
    detection = known.landing.detection
    if detection.departed_at is not None and detection.departed_at > at:
        detection = replace(detection, departed_at=None, departed_uncertainty_s=None)
    return replace(
        known,
        landing=replace(
            known.landing,
            detection=detection,
            review=standing.verdict if standing else None,
            reviewed=standing,
            reviewers=reviewers,
        ),
    )


def stops_before(stops: Sequence[Stop], changes: Mapping[Side, StopRevision]) -> tuple[Stop, ...]:
    """Return stops as they were before each side's first change since that time.

    Their history keeps the airfields alone: grade and probabilities are left out.
    """
    return tuple(_stop_before(stop, changes.get(stop.side)) for stop in stops)


def _stop_before(stop: Stop, change: StopRevision | None) -> Stop:
    if change is None or set(change.before) == set(stop.codes):
        return stop
    if not change.before:
        return Stop(side=stop.side, reason="It was not known then.")
    share = 1.0 / len(change.before)
    return Stop(
        side=stop.side,
        airfield=change.before[0] if len(change.before) == 1 else None,
        candidates=tuple(StopCandidate(code, stop.name_of(code), share) for code in change.before),
        probability=1.0,
        open_because="What was known then of the flight between was not written down.",
    )


def _before(known: KnownLanding, revision: Revision) -> KnownLanding:
    """Return the landing before one change."""
    landing, exact = known.landing, known.exact
    detection = landing.detection
    if revision.touchdown_before is not None:
        detection = replace(
            detection,
            touchdown_at=revision.touchdown_before,
            unheard=revision.unheard_before,
        )
    if (before := revision.before) is not None:
        detection = replace(
            detection,
            grade=before.grade,
            airfield=before.airfield,
            candidates=before.candidates,
            probability=before.probability,
        )
        landing = replace(landing, retracted=before.retracted, watches=before.watches)
        return KnownLanding(replace(landing, detection=detection), exact)
    match revision.change:
        case "retracted":
            landing = replace(landing, retracted=False)
        case "restored":
            landing, exact = replace(landing, retracted=True), False
        case "moved":
            detection, exact = _moved_back(detection, revision), False
        case "upgraded" | "downgraded":
            grades = _GRADES.search(revision.reason)
            if grades is None:
                landing = _matched_before(landing, revision)
            else:
                detection = replace(detection, grade=Grade(grades[1]))
    return KnownLanding(replace(landing, detection=detection), exact)


def _moved_back(detection: Detection, revision: Revision) -> Detection:
    """Return the detection at the airfields that the reason names as those before."""
    found = _FIELDS.search(revision.reason)
    if found is None:
        return detection
    codes = found[1].split(" or ")
    share = detection.probability / len(codes)
    return replace(
        detection,
        airfield=codes[0] if len(codes) == 1 else None,
        candidates=tuple(Candidate(code, share) for code in codes),
    )


def _matched_before(landing: Landing, revision: Revision) -> Landing:
    """Return the landing with the match of a watch as it held before the change."""
    cleared = _MATCH.search(revision.reason)
    matches = []
    for match in landing.watches:
        doubt = match.doubt[:1].lower() + match.doubt[1:].removesuffix(".")
        if cleared is not None and match.watch == cleared[1]:
            matches.append(replace(match, doubt=DOUBTED))
        elif (
            cleared is None
            and doubt
            and (match.doubt == DOUBTED or revision.reason.endswith(doubt))
        ):
            matches.append(replace(match, doubt="", counted=True))
        else:
            matches.append(match)
    return replace(landing, watches=tuple(matches))
