"""Where was an aircraft seen before a landing, and where after it?

    its reports of some days ─► where it was seen (`stop_events`) ─► the last stop before, the next
                                                                  └► direct, or not (`direct_legs`)

A stop is "seen" at an airfield: nothing says where the flight began, or what it carried. Only the
track decides. No callsign is looked up, and all airfields fit for the type are equally likely, so
that neighbours stay undetermined where the track does not tell them apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from collector.landings.direct_legs import Moment, room_for_a_stop
from collector.landings.rules import LandingRules
from collector.landings.stop_events import FieldsNear, SeenTrack, heard_low, seen_track
from collector.model import Airfield, Detection, Landing, Observation, likeliest_first
from collector.model.review import CONFIRMED, REJECTED
from collector.model.stop import Side, Stop, StopCandidate
from collector.model.unheard import LONGEST_SILENCE

STOPS_VERSION = "1"
"""Raised with every change that can change a stop, beside `RULES_VERSION`."""

LOOK_AROUND = LONGEST_SILENCE + timedelta(days=1)
"""Reports so long before a landing and after it are read: the longest stay that the rules
recognise, and a flight."""

STOP_FROM = 0.5
"""The least probability of a stop. What is less probable only leaves open whether there was one."""

SHOWN_EVIDENCE = frozenset(
    {"before", "ground-contact", "departure", "approach", "return", "neighbours", "excluded"}
)
"""The kinds of evidence that are kept of a stop: what was heard, and which airfields it leaves."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A stay of the aircraft somewhere, as derived here or as stored."""

    detection: Detection
    airfield: str | None


def stops_around(
    landing: Landing,
    observations: Sequence[Observation],
    stored: Sequence[Landing],
    *,
    fields_near: FieldsNear,
    settled: Mapping[str, Airfield],
    rules: LandingRules,
    now: datetime,
) -> tuple[Stop, Stop]:
    """Return the stops seen before a landing and after it.

    `observations` are those of its aircraft within `LOOK_AROUND` of its visit, in any order, none
    newer than `now`. `stored` are its other landings of that time: at an airfield in `settled`
    (watched, or a neighbour of a watched one) they say where it was, since they rest on coverage
    and on reviews that are not looked at here.
    """
    track = seen_track(observations, fields_near, landing.type_code, rules, now)
    if track is None:
        return both_not_known("No report of that time is kept.")
    own = landing.detection
    fields = {**track.fields, **settled}
    seen = list(_seen(track.seen, stored, settled, own))
    before = [each for each in seen if each.detection.visit_until <= own.visit_from]
    after = [each for each in seen if each.detection.visit_from >= own.visit_until]
    here = _Seen(own, landing.airfield)
    previous = next(iter(sorted(before, key=lambda each: each.detection.visit_until)[-1:]), None)
    following = min(after, key=lambda each: each.detection.visit_from, default=None)
    return (
        _unknown_before(track, own, rules)
        if previous is None
        else _stop(Side.PREVIOUS, previous, (previous, here), track, fields, rules=rules),
        _unknown_after(track, own, rules)
        if following is None
        else _stop(Side.NEXT, following, (here, following), track, fields, rules=rules),
    )


def both_not_known(reason: str) -> tuple[Stop, Stop]:
    """Return both stops as not known, with the reason in a sentence."""
    return Stop(side=Side.PREVIOUS, reason=reason), Stop(side=Side.NEXT, reason=reason)


def _seen(
    derived: Sequence[Detection],
    stored: Sequence[Landing],
    settled: Collection[str],
    own: Detection,
) -> Iterator[_Seen]:
    """Yield where the aircraft was, besides the landing itself: stored landings at settled
    airfields, and what was derived for others."""
    known = [
        each
        for each in stored
        if any(candidate.airfield in settled for candidate in each.detection.candidates)
    ]
    for each in known:
        sure = each.review == CONFIRMED or each.detection.probability >= STOP_FROM
        if each.stands and each.review != REJECTED and sure:
            yield _Seen(each.detection, each.airfield)
    others = (own, *(landing.detection for landing in known))
    for detection in derived:
        if (
            detection.probability >= STOP_FROM
            and detection.ranked[0].airfield not in settled
            and not any(_overlap(detection, other) for other in others)
        ):
            yield _Seen(detection, detection.airfield)


def _overlap(one: Detection, other: Detection) -> bool:
    return one.visit_from < other.visit_until and other.visit_from < one.visit_until


def _stop(
    side: Side,
    seen: _Seen,
    leg: tuple[_Seen, _Seen],
    track: SeenTrack,
    fields: Mapping[str, Airfield],
    *,
    rules: LandingRules,
) -> Stop:
    """Return a stop, with the leg between it and the landing."""
    detection = seen.detection
    if side is Side.PREVIOUS:
        at, uncertainty_s = detection.departed_at, detection.departed_uncertainty_s
    else:
        at, uncertainty_s = detection.touchdown_at, detection.uncertainty_s
    left, arrived = (_moment_left(leg[0], fields), _moment_arrived(leg[1], fields))
    names = {code: field.name for code, field in fields.items()}
    return Stop(
        side=side,
        airfield=seen.airfield,
        candidates=tuple(
            StopCandidate(each.airfield, names.get(each.airfield, each.airfield), each.probability)
            for each in likeliest_first(detection.candidates)
        )
        if seen.airfield in (detection.airfield, None)
        # a person named another airfield than the evidence does
        else (StopCandidate(seen.airfield, names.get(seen.airfield, seen.airfield), 1.0),),
        grade=detection.grade,
        probability=detection.probability,
        at=at,
        uncertainty_s=uncertainty_s,
        open_because=room_for_a_stop(left, arrived, track.fixes, rules)
        if _heard_there(seen, track, fields)
        else "It was not heard near enough to one of these airfields.",
        evidence=tuple(each for each in detection.evidence if each.kind in SHOWN_EVIDENCE),
        feeds=detection.feeds,
    )


def _heard_there(seen: _Seen, track: SeenTrack, fields: Mapping[str, Airfield]) -> bool:
    """Return whether the aircraft was heard near one of the airfields, so that no other is the true
    one."""
    likeliest = fields.get(seen.detection.ranked[0].airfield)
    if seen.airfield is not None or likeliest is None:
        return seen.airfield is not None
    return heard_low(seen.detection, track.fixes, likeliest)


def _moment_left(seen: _Seen, fields: Mapping[str, Airfield]) -> Moment:
    """Return the first moment at which the aircraft may have left."""
    detection = seen.detection
    if detection.departed_at is None:
        return Moment(detection.touchdown_at, _fields(seen, fields))
    slack = timedelta(seconds=detection.departed_uncertainty_s or 0.0)
    return Moment(detection.departed_at - slack, _fields(seen, fields))


def _moment_arrived(seen: _Seen, fields: Mapping[str, Airfield]) -> Moment:
    """Return the last moment at which the aircraft may have arrived."""
    detection = seen.detection
    latest = detection.touchdown_at + timedelta(seconds=detection.uncertainty_s)
    return Moment(max(latest, detection.touchdown_span[1]), _fields(seen, fields))


def _fields(seen: _Seen, fields: Mapping[str, Airfield]) -> list[Airfield]:
    codes = [seen.airfield] if seen.airfield else [c.airfield for c in seen.detection.candidates]
    return [fields[code] for code in codes if code in fields]


def _unknown_before(track: SeenTrack, own: Detection, rules: LandingRules) -> Stop:
    ats, days = track.fixes.ats, LOOK_AROUND.days
    earlier = [index for index, at in enumerate(ats) if at < own.touchdown_at]
    reason = f"It was heard in the {days} days before, but not at an airfield."
    if not any(ats[index] <= own.visit_from for index in earlier):
        reason = f"It was not heard in the {days} days before."
    elif _one_flight(
        [*(ats[index] for index in earlier), own.touchdown_span[1]], rules
    ) and not any(
        track.fixes.has_ground_bit(index) for index in earlier if ats[index] <= own.visit_from
    ):
        reason = f"It was not heard in the {days} days before, except on its way here."
    return Stop(side=Side.PREVIOUS, reason=reason)


def _unknown_after(track: SeenTrack, own: Detection, rules: LandingRules) -> Stop:
    ats, days, off_at = track.fixes.ats, LOOK_AROUND.days, own.departed_at
    later = [index for index, at in enumerate(ats) if at > (off_at or own.visit_until)]
    slack = timedelta(seconds=own.departed_uncertainty_s or 0.0)
    reason = f"It was heard in the {days} days after, but not at an airfield."
    if not later:
        reason = "It was not heard since."
    elif (
        off_at is not None
        and _one_flight([off_at - slack, *(ats[index] for index in later)], rules)
        and not any(
            track.fixes.has_ground_bit(index) for index in later if ats[index] >= own.visit_until
        )
    ):
        reason = f"It was not heard in the {days} days after, except on its way out."
    return Stop(side=Side.NEXT, reason=reason)


def _one_flight(ats: Sequence[datetime], rules: LandingRules) -> bool:
    """Return whether no silence between these moments is long enough to hide a stay."""
    return all(later - at < rules.shortest_silence for at, later in pairwise(ats))
