"""What changed? Derived landings are compared with the stored ones: kept, upgraded, moved or
withdrawn.

A stored landing keeps its identity for ever. It is the same landing as a derived one if their
visits overlap or nearly do. Every difference that is shown becomes a revision with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from collector.landings.rules import RULES_VERSION
from collector.model import Detection, Landing, Revision, WatchMatch
from collector.model.dating import week_words, weeks_of_landing
from collector.model.landing import JUDGED_AGAIN, LandingBefore
from collector.watches.holding import match_change
from collector.weeks import local_date

NewId = Callable[[str, date], str]
"""Returns an unused landing id for an address and a day."""

SAME_TIME = timedelta(seconds=30)
"""A touchdown that moves by less is the same time, known better, unless it is then counted on
another day."""

SAME_VISIT = timedelta(minutes=30)
"""Visits this near to each other are one: late fixes move the end of a silence by minutes."""


@dataclass(frozen=True, slots=True)
class AircraftIdentity:
    """The aircraft's identity as known now, set on new landings and refreshed on old ones."""

    registration: str | None
    type_code: str | None
    watches: tuple[WatchMatch, ...]
    judged: Callable[[Detection, Sequence[WatchMatch]], tuple[WatchMatch, ...]] | None = None
    """Gives the matches as they hold for one landing, from the detection and the matches that the
    landing is stored with; None: all hold."""

    def watches_of(
        self, detection: Detection, before: Sequence[WatchMatch] = ()
    ) -> tuple[WatchMatch, ...]:
        """Return the matches as they hold for a landing, stored with the matches `before`."""
        return self.watches if self.judged is None else self.judged(detection, before)


def reconcile(
    stored: Sequence[Landing],
    derived: Sequence[Detection],
    *,
    identity: AircraftIdentity,
    span: tuple[datetime, datetime],
    now: datetime,
    new_id: NewId,
    zones: Collection[str] = (),
    judged_again: bool = False,
) -> list[tuple[Landing, Revision | None]]:
    """Return the landings that are new or changed, each with the revision that says why.

    `stored` are this aircraft's landings, withdrawn ones included. `span` is the time that was
    derived anew; stored visits outside it stay as they are. `zones` are those in which the watches
    count days and weeks. Unchanged landings are not returned, so
    that deriving again changes nothing. If only the known extent of a visit grew, the revision is
    None. `judged_again` says that nothing but the rules can be the cause, and each reason says so.

    1. Pair stored and derived landings.
    2. Update the paired ones.
    3. Create the new ones.
    4. Withdraw stored landings that are no longer derived.
    """
    pairs, new, gone = _paired(stored, derived, span)
    kept = (_kept(landing, detection, identity, zones, now) for landing, detection in pairs)
    changes = [change for change in kept if change is not None]
    for detection in new:
        landing = Landing(
            id=new_id(detection.icao24, detection.touchdown_at.date()),
            detection=detection,
            registration=identity.registration,
            type_code=identity.type_code,
            watches=identity.watches_of(detection),
            first_known_at=now,
            revised_at=now,
        )
        reason = f"{detection.grade.value} at {_where(detection)}"
        changes.append((landing, _revision(landing, landing, now, "found", reason)))
    for landing in gone:
        withdrawn = replace(landing, retracted=True, revised_at=now)
        reason = "reports received since then leave no landing there"
        if judged_again:
            reason = "the stored reports show no landing there"
        changes.append((withdrawn, _revision(withdrawn, landing, now, "retracted", reason)))
    return [(landing, _by_new_rules(why)) for landing, why in changes] if judged_again else changes


def dated_by(
    landing: Landing,
    detection: Detection,
    identity: AircraftIdentity,
    *,
    stays: str,
    now: datetime,
    zones: Collection[str] = (),
) -> tuple[Landing, Revision | None]:
    """Return a stored landing with a touchdown that follows from other lengths of stays, and the
    revision that says so, if the difference is shown. Its matches are those of the new touchdown.

    `stays` names those that were learned from; empty: none. `zones` are those in which the watches
    count weeks.
    """
    watches = identity.watches_of(detection, landing.watches) or landing.watches
    changed = replace(landing, detection=detection, watches=watches)
    change = _change(landing, detection, zones) or match_change(landing.watches, watches)
    if landing.retracted:
        change = None
    if change is None:
        return changed, None
    changed = replace(changed, revised_at=now)
    reason = f"{change[1]}, by how long aircraft stay ({stays or 'too few heard stays are left'})"
    return changed, _revision(changed, landing, now, change[0], reason)


def _by_new_rules(revision: Revision | None) -> Revision | None:
    """Return the revision with a reason that names the rules as its cause."""
    if revision is None:
        return None
    return replace(revision, reason=f"{JUDGED_AGAIN}{RULES_VERSION}: {revision.reason}")


def _kept(
    landing: Landing,
    detection: Detection,
    identity: AircraftIdentity,
    zones: Collection[str],
    now: datetime,
) -> tuple[Landing, Revision | None] | None:
    """Return a stored landing as it is derived now; None if nothing differs."""
    kept = replace(
        landing,
        detection=detection,
        registration=identity.registration or landing.registration,
        type_code=identity.type_code or landing.type_code,
        watches=identity.watches_of(detection, landing.watches) or landing.watches,
        retracted=False,
    )
    if kept == landing:
        return None
    change = _change(landing, detection, zones) or match_change(landing.watches, kept.watches)
    if change is None:
        return kept, None
    kept = replace(kept, revised_at=now)
    return kept, _revision(kept, landing, now, *change)


def _paired(
    stored: Sequence[Landing], derived: Sequence[Detection], span: tuple[datetime, datetime]
) -> tuple[list[tuple[Landing, Detection]], list[Detection], list[Landing]]:
    """Return stored and derived landings whose visits overlap, one to one, of equal overlaps those
    with the nearest touchdowns; then the new and the vanished ones."""
    possible = sorted(
        (
            (
                -_overlap_s(landing.detection, detection),
                abs(landing.detection.touchdown_at - detection.touchdown_at),
                landing.retracted,
                landing.id,
                index,
            )
            for landing in stored
            for index, detection in enumerate(derived)
            if _overlap_s(landing.detection, detection) >= -SAME_VISIT.total_seconds()
        ),
    )
    by_id = {landing.id: landing for landing in stored}
    paired_ids: set[str] = set()
    paired_indexes: set[int] = set()
    pairs = []
    for *_, landing_id, index in possible:
        if landing_id not in paired_ids and index not in paired_indexes:
            paired_ids.add(landing_id)
            paired_indexes.add(index)
            pairs.append((by_id[landing_id], derived[index]))
    new = [detection for index, detection in enumerate(derived) if index not in paired_indexes]
    gone = [
        landing
        for landing in stored
        if landing.id not in paired_ids
        and not landing.retracted
        and span[0] <= landing.detection.visit_from
        and landing.detection.visit_until <= span[1]
    ]
    return pairs, new, gone


def _overlap_s(a: Detection, b: Detection) -> float:
    """Return the seconds that both visits share; negative: how far they are apart."""
    begins = max(a.visit_from, b.visit_from)
    ends = min(a.visit_until, b.visit_until)
    return (ends - begins).total_seconds()


def _change(
    landing: Landing, detection: Detection, zones: Collection[str]
) -> tuple[str, str] | None:
    """Return kind and reason of the difference; None if nothing differs that is shown or
    counted."""
    old = landing.detection
    grades = f"from {old.grade.value} to {detection.grade.value}"
    change = None
    if landing.retracted:
        change = "restored", f"derived again as {detection.grade.value} at {_where(detection)}"
    elif _where(old) != _where(detection):
        change = "moved", f"from {_where(old)} to {_where(detection)}"
    elif old.grade.rank < detection.grade.rank:
        change = "upgraded", grades
    elif old.grade.rank > detection.grade.rank:
        change = "downgraded", grades
    elif abs(old.touchdown_at - detection.touchdown_at) > SAME_TIME or any(
        local_date(old.touchdown_at, zone) != local_date(detection.touchdown_at, zone)
        for zone in zones
    ):
        change = "retimed", f"touchdown moved from {old.touchdown_at:%Y-%m-%d %H:%M:%S} UTC"
    else:
        change = _other_weeks(old, detection, zones)
    return change


def _where(detection: Detection) -> str:
    if detection.airfield is not None:
        return detection.airfield
    return " or ".join(candidate.airfield for candidate in detection.candidates)


def _other_weeks(old: Detection, new: Detection, zones: Collection[str]) -> tuple[str, str] | None:
    """Return kind and reason of a change in the weeks that the touchdown may lie in, in UTC or in
    the zone of a watch; None if they are the same in all of them."""
    for zone in dict.fromkeys(("UTC", *sorted(zones))):
        before, after = list(weeks_of_landing(old, zone)), list(weeks_of_landing(new, zone))
        if before != after:
            return "retimed", f"week {week_words(after)} instead of {week_words(before)} ({zone})"
    return None


def _revision(
    landing: Landing, before: Landing, now: datetime, change: str, reason: str
) -> Revision:
    old, new = before.detection, landing.detection
    moved = (old.touchdown_at, old.unheard) != (new.touchdown_at, new.unheard)
    return Revision(
        landing_id=landing.id,
        at=now,
        change=change,
        reason=reason,
        rules_version=RULES_VERSION,
        touchdown_before=old.touchdown_at if moved else None,
        unheard_before=old.unheard if moved else None,
        before=None if change == "found" else _values(before),
    )


def _values(landing: Landing) -> LandingBefore:
    detection = landing.detection
    return LandingBefore(
        grade=detection.grade,
        airfield=detection.airfield,
        candidates=detection.candidates,
        probability=detection.probability,
        retracted=landing.retracted,
        watches=landing.watches,
    )
