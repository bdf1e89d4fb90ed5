"""Which full tracks are worth a request, and what follows from an attempt?

Polls give a position every few minutes, a feed that keeps full tracks has one every few seconds. A
full track is therefore requested where it may show a landing: when an aircraft falls silent
inbound, when it is received again on the ground or outbound, and when a touchdown fell between two
polls. Each silence is requested once for each reason and feed. Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from collector.geo import angle_between_deg, bearing_deg, distance_nm
from collector.model import Airfield, Observation
from collector.model.track_request import RequestReason, Silence, TrackRequest, TrackRequestState
from collector.polling.rhythm import (
    INBOUND_ANGLE_DEG,
    INBOUND_BELOW_FT,
    INBOUND_WITHIN_NM,
    PARKED_BELOW_KT,
)

SILENT_AFTER = timedelta(minutes=18)
"""Longer than three polls of the longest usual interval (5 minutes), and shorter than the 20
minutes after which the rules judge a silence: the track then arrives before the judgement."""
COARSE_GAP = timedelta(seconds=75)
"""Polls a minute apart give a touchdown to half a minute (`docs/accuracy.md`), rarer ones less
exactly."""
TRACK_WRITTEN_AFTER = timedelta(minutes=10)
"""How long after a silence its track is written: `trace_recent` is rewritten every 30 s, and
adsb.lol's tracks are about five minutes behind (`docs/feeds.md`)."""
RETRY_AFTER = timedelta(hours=3)
"""`trace_full` is rewritten about hourly, history files every four hours (`docs/feeds.md`)."""
MAX_TRIES = 2
TRACKS_KEPT_FOR = timedelta(hours=24)
"""Feeds keep tracks for about 25 hours (`docs/feeds.md`); an older silence is not in them."""
RATE_LIMIT_PAUSE = timedelta(minutes=15)
"""Pause after a 429 that names no time; the longest pause of polls."""
END_TOLERANCE = timedelta(seconds=60)
"""A track has a point about every 30 s where little changes, so that it may end so much early."""
CLEAR_CLIMB_FPM = 300.0
"""A steeper climb or descent is no level flight; encoders step by 64 ft/min."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAttempt:
    """The result of one attempt, all parts of the track together."""

    times: frozenset[datetime] = frozenset()
    """Times of its points; the parts overlap."""
    whole: bool = False
    """Whether the feed had every part of the track, so that there is no hole between them."""
    url: str | None = None
    problem: str = ""
    """Why a part is missing, in a sentence."""


def silences_worth_a_track(
    observations: Sequence[Observation], fields: Sequence[Airfield], now: datetime, *, goes_on: bool
) -> list[Silence]:
    """Return the silences of one aircraft that a full track may fill, oldest first.

    Args:
        observations: reports of one aircraft, by time; those without a usable position are ignored.
        fields: the watched airfields.
        now: the present.
        goes_on: whether there are later reports than these.
    """
    placed = _placed(observations)
    found = []
    for before, after in pairwise(placed):
        if after.at - before.at >= COARSE_GAP and now - after.at <= TRACKS_KEPT_FOR:
            found += [
                Silence(reason=why, begins_at=before.at, ends_at=after.at)
                for why in _reasons(before, after, fields)
            ]
    if goes_on or not placed or not SILENT_AFTER <= now - placed[-1].at <= TRACKS_KEPT_FOR:
        return found
    if may_be_landing(placed[-1], fields):
        found.append(Silence(reason=RequestReason.INBOUND, begins_at=placed[-1].at, ends_at=None))
    return found


def _reasons(
    before: Observation, after: Observation, fields: Sequence[Airfield]
) -> list[RequestReason]:
    """Return the reasons for which the time between two reports is worth a track."""
    silent = after.at - before.at >= SILENT_AFTER
    if not silent:
        landed = (
            after.on_ground
            and not before.on_ground
            and _bearing_to_nearest(after, fields) is not None
        )
        return [RequestReason.LANDED] if landed and may_be_landing(before, fields) else []
    reasons = {
        RequestReason.INBOUND: may_be_landing(before, fields),
        RequestReason.OUTBOUND: may_have_departed(after, fields),
    }
    return [why for why, holds in reasons.items() if holds]


def next_look_at(
    observations: Sequence[Observation], fields: Sequence[Airfield], now: datetime, *, goes_on: bool
) -> datetime | None:
    """Return when the silence of an inbound aircraft becomes worth a track if no report follows.

    None if the aircraft is not inbound, or if that time is over. Arguments as in
    `silences_worth_a_track`.
    """
    placed = _placed(observations)
    if not placed or goes_on or not may_be_landing(placed[-1], fields):
        return None
    at = placed[-1].at + SILENT_AFTER
    return at if now < at else None


def may_be_landing(report: Observation, fields: Sequence[Airfield]) -> bool:
    """Return whether an aircraft may be landing at the nearest airfield, or have landed just now.

    It is near and rolls on the ground, or it is near, does not climb, and is low or flies towards
    the airfield.
    """
    if report.on_ground:
        rolls = report.ground_speed_kt is not None and report.ground_speed_kt > PARKED_BELOW_KT
        return rolls and _bearing_to_nearest(report, fields) is not None
    return _flies_to_or_from(report, fields, sign=1.0)


def may_have_departed(report: Observation, fields: Sequence[Airfield]) -> bool:
    """Return whether an aircraft may have departed from the nearest airfield, or be about to.

    It is near and on the ground, or it is near, does not descend, and is low or flies away from the
    airfield.
    """
    if report.on_ground:
        return _bearing_to_nearest(report, fields) is not None
    return _flies_to_or_from(report, fields, sign=-1.0)


def _flies_to_or_from(report: Observation, fields: Sequence[Airfield], sign: float) -> bool:
    way_deg = _bearing_to_nearest(report, fields)
    rate_fpm = report.vertical_rate_fpm
    if way_deg is None or (rate_fpm is not None and sign * rate_fpm > CLEAR_CLIMB_FPM):
        return False
    heights = (report.geom_altitude_ft, report.baro_altitude_ft)
    altitude_ft = next((height for height in heights if height is not None), None)
    if altitude_ft is not None and altitude_ft < INBOUND_BELOW_FT:
        return True
    if report.track_deg is None:
        return True
    wanted_deg = way_deg if sign > 0 else (way_deg + 180.0) % 360.0
    return angle_between_deg(report.track_deg, wanted_deg) <= INBOUND_ANGLE_DEG


def _bearing_to_nearest(report: Observation, fields: Sequence[Airfield]) -> float | None:
    """Return the bearing of the nearest airfield in degrees; None if no airfield is near."""
    lat, lon = report.lat_deg, report.lon_deg
    if lat is None or lon is None or not fields:
        return None
    away = {field.icao: distance_nm(lat, lon, field.lat_deg, field.lon_deg) for field in fields}
    field = min(fields, key=lambda each: away[each.icao])
    if away[field.icao] > INBOUND_WITHIN_NM:
        return None
    return bearing_deg(lat, lon, field.lat_deg, field.lon_deg)


def _placed(observations: Sequence[Observation]) -> list[Observation]:
    return [report for report in observations if report.fresh and report.lat_deg is not None]


def new_requests(
    icao24: str,
    silences: Iterable[Silence],
    feeds: Sequence[str],
    before: Iterable[TrackRequest],
    now: datetime,
) -> list[TrackRequest]:
    """Return the new requests for these silences of an aircraft, one for each silence and feed.

    `before` holds the earlier requests for the aircraft that may overlap. Two silences that overlap
    and have the same reason are the same one: a track moves its ends. A silence within a track that
    the feed gave already is a hole in that track, and is not requested again.
    """
    requests = list(before)
    new = []
    for silence in silences:
        for feed in feeds:
            of_feed = [request for request in requests if request.feed == feed]
            if any(
                _is_same_silence(silence, request, now) or _is_within_track(silence, request)
                for request in of_feed
            ):
                continue
            request = TrackRequest(
                icao24=icao24,
                feed=feed,
                reason=silence.reason,
                begins_at=silence.begins_at,
                ends_at=silence.ends_at,
                owed_at=now,
                due_at=_due_at(silence, now),
            )
            new.append(request)
            requests.append(request)
    return new


def _is_same_silence(silence: Silence, request: TrackRequest, now: datetime) -> bool:
    if silence.reason is not request.reason:
        return False
    ends_at, requested_until = silence.ends_at or now, request.ends_at or request.owed_at
    return silence.begins_at <= requested_until and request.begins_at <= ends_at


def _is_within_track(silence: Silence, request: TrackRequest) -> bool:
    if request.first_at is None or request.last_at is None or silence.ends_at is None:
        return False
    return request.first_at <= silence.begins_at and silence.ends_at <= request.last_at


def _due_at(silence: Silence, now: datetime) -> datetime:
    if silence.reason is not RequestReason.INBOUND and silence.ends_at is not None:
        return max(now, silence.ends_at + TRACK_WRITTEN_AFTER)
    return now


def with_attempt(request: TrackRequest, now: datetime) -> TrackRequest:
    """Return the request with one more attempt, as it is stored before the attempt is made.

    After a kill in between, the feed is therefore not asked again at once.
    """
    return replace(request, tries=request.tries + 1, due_at=now + RETRY_AFTER)


def with_result(request: TrackRequest, attempt: TrackAttempt, now: datetime) -> TrackRequest:
    """Return the request after an attempt: done, failed, abandoned, or due again later."""
    last = request.tries >= MAX_TRIES or is_expired(request, now + RETRY_AFTER)
    last_at = max(attempt.times, default=None)
    reached = last_at is not None and last_at >= _needed_until(request) - END_TOLERANCE
    result = replace(
        request,
        points=len(attempt.times),
        first_at=min(attempt.times, default=None),
        last_at=last_at,
        url=attempt.url or request.url,
        detail=attempt.problem,
        ended_at=now,
    )
    if reached and (attempt.whole or last):
        return replace(result, state=TrackRequestState.DONE)
    if last_at is not None and not reached:
        result = replace(result, detail=f"it ends at {last_at:%F %H:%M:%S} UTC, too early")
    if not last:
        return replace(result, ended_at=None, due_at=now + RETRY_AFTER)
    if last_at is None:
        return replace(result, state=TrackRequestState.FAILED)
    return replace(result, state=TrackRequestState.ABANDONED)


def with_rate_limit(
    request: TrackRequest, wish: timedelta | None, why: str, now: datetime
) -> TrackRequest:
    """Return the request after a 429, which is no attempt: due again when the feed allows it.

    `wish` is the pause that the feed named, None if it named none.
    """
    due_at = now + max(RATE_LIMIT_PAUSE, wish or RATE_LIMIT_PAUSE)
    return replace(request, tries=max(0, request.tries - 1), due_at=due_at, detail=why)


def with_refusal(request: TrackRequest, why: str, now: datetime) -> TrackRequest:
    """Return the request after a 401, 402 or 403: failed, since another attempt would not help."""
    failed = replace(request, state=TrackRequestState.FAILED, ended_at=now, detail=why)
    return replace(failed, refused_at=now)


def is_expired(request: TrackRequest, now: datetime) -> bool:
    """Return whether the feeds no longer keep a track of that silence."""
    return now - _needed_until(request) > TRACKS_KEPT_FOR


def abandoned(request: TrackRequest, now: datetime) -> TrackRequest:
    """Return a request that could not be made in time: failed, with the reason."""
    why = (
        request.detail or "the feed was not asked in time: no budget left, or no longer configured"
    )
    return replace(request, state=TrackRequestState.FAILED, ended_at=now, detail=why)


def _needed_until(request: TrackRequest) -> datetime:
    """Return the time that the track must reach to show anything new."""
    return request.begins_at if request.ends_at is None else request.ends_at
