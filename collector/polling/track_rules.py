"""Which full tracks are worth a request, and what follows from a try? Pure (step 1).

Polls hear an aircraft every few minutes; a feed that keeps traces has every few seconds. So where a
landing may hide, the trace is asked for: when an aircraft falls silent inbound, and when it is
heard again on the ground or outbound; also when a touchdown fell between two polls. Once for each
silence and reason.
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
"""Longer than three polls of the slowest usual rhythm (5 minutes), and shorter than the 20 minutes
after which the rules judge a silence: the trace then comes before the verdict."""
COARSE_GAP = timedelta(seconds=75)
"""A touchdown between polls of a minute is known to half a minute (docs/accuracy.md); from coarser
ones it is not."""
TRACK_WRITTEN_AFTER = timedelta(minutes=10)
"""After what is to be seen: `trace_recent` is written every 30 s; adsb.lol's traces were about five
minutes behind (FEEDS.md §2.2, §3.3)."""
RETRY_AFTER = timedelta(hours=3)
"""`trace_full` is rewritten about hourly, history files every four hours (FEEDS.md §3.3, §3.4)."""
MAX_TRIES = 2
TRACKS_KEPT_FOR = timedelta(hours=24)
"""Live traces hold about 25 hours (FEEDS.md §2.2); an older silence is no longer in them."""
RATE_LIMIT_PAUSE = timedelta(minutes=15)
"""Pause after a 429 that names no time; as polls at their longest."""
END_TOLERANCE = timedelta(seconds=60)
"""A trace keeps a point every 30 s or so where little changes, not each position that is polled."""
CLEAR_CLIMB_FPM = 300.0
"""Steeper than this it clearly climbs or descends; encoders step by 64 ft/min."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAttempt:
    """What one try gave, all its parts together."""

    times: frozenset[datetime] = frozenset()
    """Of its points: the parts overlap."""
    whole: bool = False
    """Whether every part of the trace was there: together they have no hole."""
    url: str | None = None
    problem: str = ""
    """Why a part is missing, in words."""


def silences_worth_a_track(
    observations: Sequence[Observation], fields: Sequence[Airfield], now: datetime, *, goes_on: bool
) -> list[Silence]:
    """The silences of one aircraft that a full track may fill, oldest first.

    Args:
        observations: of one aircraft, by time; those without a usable position are passed over.
        fields: the watched airfields.
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
    """What makes the time between two reports worth a track."""
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
    """When an aircraft that comes in will have been silent for long enough, if nothing more is
    heard; None if it does not come in, or has been already. Arguments as in `silences`."""
    placed = _placed(observations)
    if not placed or goes_on or not may_be_landing(placed[-1], fields):
        return None
    at = placed[-1].at + SILENT_AFTER
    return at if now < at else None


def may_be_landing(seen: Observation, fields: Sequence[Airfield]) -> bool:
    """Whether it may be about to land at the nearest of the fields: near, and low or flying toward
    it, not climbing; or on the ground and rolling."""
    if seen.on_ground:
        rolls = seen.ground_speed_kt is not None and seen.ground_speed_kt > PARKED_BELOW_KT
        return rolls and _bearing_to_nearest(seen, fields) is not None
    return _may_be_flying(seen, fields, sign=1.0)


def may_have_departed(seen: Observation, fields: Sequence[Airfield]) -> bool:
    """Whether it may have come from the nearest of the fields: near, and on the ground, or low or
    flying away from it and not descending."""
    if seen.on_ground:
        return _bearing_to_nearest(seen, fields) is not None
    return _may_be_flying(seen, fields, sign=-1.0)


def _may_be_flying(seen: Observation, fields: Sequence[Airfield], sign: float) -> bool:
    way_deg = _bearing_to_nearest(seen, fields)
    rate_fpm = seen.vertical_rate_fpm
    if way_deg is None or (rate_fpm is not None and sign * rate_fpm > CLEAR_CLIMB_FPM):
        return False
    heights = (seen.geom_altitude_ft, seen.baro_altitude_ft)
    altitude_ft = next((height for height in heights if height is not None), None)
    if altitude_ft is not None and altitude_ft < INBOUND_BELOW_FT:
        return True
    if seen.track_deg is None:
        return True
    wanted_deg = way_deg if sign > 0 else (way_deg + 180.0) % 360.0
    return angle_between_deg(seen.track_deg, wanted_deg) <= INBOUND_ANGLE_DEG


def _bearing_to_nearest(seen: Observation, fields: Sequence[Airfield]) -> float | None:
    """Bearing of the nearest field; None if none is near."""
    lat, lon = seen.lat_deg, seen.lon_deg
    if lat is None or lon is None or not fields:
        return None
    away = {field.icao: distance_nm(lat, lon, field.lat_deg, field.lon_deg) for field in fields}
    field = min(fields, key=lambda one: away[one.icao])
    if away[field.icao] > INBOUND_WITHIN_NM:
        return None
    return bearing_deg(lat, lon, field.lat_deg, field.lon_deg)


def _placed(observations: Sequence[Observation]) -> list[Observation]:
    return [one for one in observations if one.fresh and one.lat_deg is not None]


def new_requests(
    icao24: str,
    found: Iterable[Silence],
    feeds: Sequence[str],
    before: Iterable[TrackRequest],
    now: datetime,
) -> list[TrackRequest]:
    """What is newly owed for the silences `found` in an aircraft's track, by each of the feeds.

    `before` is everything that was ever owed for it and may overlap. A silence that overlaps one
    that was owed for, for the same reason, is the same: what a trace tells moves its ends. One that
    a trace of that feed spans is a hole in the trace itself.
    """
    known = list(before)
    new = []
    for silence in found:
        for feed in feeds:
            of_feed = [one for one in known if one.feed == feed]
            if any(
                _is_same_silence(silence, one, now) or _is_within_track(silence, one)
                for one in of_feed
            ):
                continue
            fetch = TrackRequest(
                icao24=icao24,
                feed=feed,
                reason=silence.reason,
                begins_at=silence.begins_at,
                ends_at=silence.ends_at,
                owed_at=now,
                due_at=_due_at(silence, now),
            )
            new.append(fetch)
            known.append(fetch)
    return new


def _is_same_silence(silence: Silence, one: TrackRequest, now: datetime) -> bool:
    if silence.reason is not one.reason:
        return False
    ends_at, known_until = silence.ends_at or now, one.ends_at or one.owed_at
    return silence.begins_at <= known_until and one.begins_at <= ends_at


def _is_within_track(silence: Silence, one: TrackRequest) -> bool:
    if one.first_at is None or one.last_at is None or silence.ends_at is None:
        return False
    return one.first_at <= silence.begins_at and silence.ends_at <= one.last_at


def _due_at(silence: Silence, now: datetime) -> datetime:
    if silence.reason is not RequestReason.INBOUND and silence.ends_at is not None:
        return max(now, silence.ends_at + TRACK_WRITTEN_AFTER)
    return now


def with_attempt(fetch: TrackRequest, now: datetime) -> TrackRequest:
    """As it is noted before it is asked for: a kill in between must not ask twice at once."""
    return replace(fetch, tries=fetch.tries + 1, due_at=now + RETRY_AFTER)


def with_result(fetch: TrackRequest, got: TrackAttempt, now: datetime) -> TrackRequest:
    """What becomes of a fetch that was `with_attempt`, given what came of it."""
    last = fetch.tries >= MAX_TRIES or is_expired(fetch, now + RETRY_AFTER)
    last_at = max(got.times, default=None)
    reached = last_at is not None and last_at >= _must_reach(fetch) - END_TOLERANCE
    known = replace(
        fetch,
        points=len(got.times),
        first_at=min(got.times, default=None),
        last_at=last_at,
        url=got.url or fetch.url,
        detail=got.problem,
        ended_at=now,
    )
    if reached and (got.whole or last):
        return replace(known, state=TrackRequestState.DONE)
    if last_at is not None and not reached:
        known = replace(known, detail=f"it ends at {last_at:%F %H:%M:%S} UTC, too early")
    if not last:
        return replace(known, ended_at=None, due_at=now + RETRY_AFTER)
    if last_at is None:
        return replace(known, state=TrackRequestState.FAILED)
    return replace(known, state=TrackRequestState.ABANDONED)


def with_rate_limit(
    fetch: TrackRequest, wish: timedelta | None, why: str, now: datetime
) -> TrackRequest:
    """A 429 is no try: it is asked for later, as late as the feed wishes."""
    due_at = now + max(RATE_LIMIT_PAUSE, wish or RATE_LIMIT_PAUSE)
    return replace(fetch, tries=max(0, fetch.tries - 1), due_at=due_at, detail=why)


def with_refusal(fetch: TrackRequest, why: str, now: datetime) -> TrackRequest:
    """401, 402 and 403 don't pass by being asked again."""
    failed = replace(fetch, state=TrackRequestState.FAILED, ended_at=now, detail=why)
    return replace(failed, refused_at=now)


def is_expired(fetch: TrackRequest, now: datetime) -> bool:
    """Whether no live trace holds that silence any more."""
    return now - _must_reach(fetch) > TRACKS_KEPT_FOR


def abandoned(fetch: TrackRequest, now: datetime) -> TrackRequest:
    """One that could not be asked for in time."""
    why = fetch.detail or "the feed was not asked in time: no budget left, or no longer configured"
    return replace(fetch, state=TrackRequestState.FAILED, ended_at=now, detail=why)


def _must_reach(fetch: TrackRequest) -> datetime:
    """The moment that the trace must reach to show anything new."""
    return fetch.begins_at if fetch.ends_at is None else fetch.ends_at
