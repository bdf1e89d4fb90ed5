"""Which positions contradict the rest of the track? Positions are sorted into tracks that one
aircraft can have flown, and those of no track are dropped.

Each position joins a track that can have reached it: one that comes there at the speed that it
reports before one that does not, one that was heard to fly there before one that stood there, an
established one before a short one, then the nearest. Else it begins a new one. From flight to a
stand, or from there into flight, it joins as usual only: so a place that a feed gives again while
the aircraft flies makes a track of its own, and takes nothing from the flight.

A track that another one follows without overlap is the same aircraft: a few positions are dropped
where they meet, or, if none link them, both stay with a break between. So a wrong position costs
the positions near it and never another flight. A steady track beside another is a second aircraft,
or a spoofed one, under the same address, unless it stands where the aircraft stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from collector.model import Observation
from collector.tracking.fix import Doubt, Fix
from collector.tracking.fixes import Fixes
from collector.tracking.hops import hopped_at
from collector.tracking.links import MAX_TRACKS, SAME_STAND_NM, Links, Track, stays_together
from collector.tracking.motion import HIGHEST_FIELD_FT

SURELY_REACHED_DEG = 0.03
"""Degrees of latitude and longitude, as the sides of a square: at most 1.8 NM, which the slacks of
place and time allow by themselves (1 NM, and 0.97 NM for 5 s)."""

ONE_FLIGHT_WITHIN = timedelta(minutes=30)
"""Positions farther apart in time than this belong to two parts of a track, of which each is
believed or not by itself."""

MOST_TRIMMED = 40
"""Positions that are dropped where two tracks meet. More of them are a flight of their own, and so
are those of a steady stretch."""
TRIMMED_WITHIN = timedelta(minutes=15)
"""They lie this near to the place where the tracks meet."""

ESTABLISHED = 3
"""A track of fewer positions may be a wrong one: it is joined only by positions to which no
established track comes as usually."""


def consistent(
    fixes: Fixes, reports: Sequence[Observation], jumps: Sequence[int], hops: Sequence[int]
) -> tuple[Fixes, list[Fixes]]:
    """Return the fixes of the aircraft, and each steady track beside them.

    `reports` are the observations from which the fixes were first made. `jumps` are the fixes, as
    indexes in order, that cannot be reached from the fix with a position before, and `hops` those
    to which no usual flight leads from there. Positions of no track are dropped; their altitudes
    stay with the aircraft, unless they are of another.
    """
    if not jumps:
        fixes.hopped = hopped_at(fixes, hops)
        return fixes, []
    special = fixes.special
    placed = [index for index in range(len(fixes)) if index not in special or special[index].placed]
    heights = (fixes.altitude_ft(index) for index in placed)
    lowest_ft = min((each for each in heights if each is not None), default=0.0)
    links = Links(fixes, reports, min(lowest_ft, HIGHEST_FIELD_FT))
    tracks = _tracks(placed, set(jumps), links)
    pieces = [piece for track in tracks for piece in _flights(track, links)]
    chain, beside = _sorted_out(list(_without_repeats(pieces, links)), links)
    believed = {index for track in chain for index in track.indexes}
    again = [track for track in beside if links.repeats(track, chain)]
    steady = [track for track in beside if track not in again and links.steady(track)]
    others = {index for track in (*steady, *again) for index in track.indexes}
    dropped = set(placed) - believed
    repeated = {each for each in dropped if _given_again(each, chain, links)}
    fixes.hopped = hopped_at(fixes, hops, repeated)
    kept = [
        each
        for each in range(len(fixes))
        if each not in dropped or (each not in others and fixes[each].altitude_ft is not None)
    ]
    breaks = {
        later.first
        for earlier, later in pairwise(chain)
        if not links.reachable(earlier.last, later.first)
    }
    return (
        fixes.only(kept, {index: _unplaced(fixes[index]) for index in dropped}, breaks),
        [fixes.only(track.indexes, {}) for track in steady],
    )


def _given_again(index: int, chain: Sequence[Track], links: Links) -> bool:
    """Return whether a position is only a stand of the aircraft at another time: it does not follow
    from where the aircraft stood, nor lead there."""
    if not links.repeats(Track([index]), chain):
        return False
    before = next((part.last_before(index) for part in reversed(chain) if part.first < index), None)
    after = next((part.first_after(index) for part in chain if part.last > index), None)
    return not any(
        each is not None and links.slow(each) and links.away_nm(each, index) <= SAME_STAND_NM
        for each in (before, after)
    )


def _tracks(placed: Sequence[int], jumps: set[int], links: Links) -> list[Track]:
    """Return the tracks, in the order in which they begin."""
    tracks: list[Track] = []
    current: Track | None = None
    rivals = False  # whether any other track may be nearer than the current one
    for index in placed:
        if current is not None and not rivals and index not in jumps:
            links.join(current, index)
            continue
        options = [
            (
                not links.usual(track.last, index),
                links.comes(track, index),
                len(track.indexes) < ESTABLISHED,
                links.away_nm(track.last, index),
                track.first,
            )
            for track in _joinable(tracks)
            if links.follows(track.last, index)
        ]
        if options:
            first = min(options)[-1]
            current = next(track for track in tracks if track.first == first)
        else:
            current = Track()
            tracks.append(current)
        links.join(current, index)
        rivals = _has_rivals(tracks, current, links)
    return tracks


def _flights(track: Track, links: Links) -> Iterator[Track]:
    """Yield the parts of a track between its silences: what contradicts one of them leaves the
    others alone."""
    ats, begin = links.fixes.ats, 0
    for place in range(1, len(track.indexes)):
        if ats[track.indexes[place]] - ats[track.indexes[place - 1]] > ONE_FLIGHT_WITHIN:
            yield Track(track.indexes[begin:place], track.first)
            begin = place
    yield Track(track.indexes[begin:], track.first)


def _without_repeats(parts: Sequence[Track], links: Links) -> Iterator[Track]:
    """Yield the parts; without the begin or the end in which one only stands while another one, to
    which or from which the rest leads, flies in more positions: a feed gave its stand again. That
    becomes a part of its own."""
    flights = [part for part in parts if links.steady(part) and links.flown(part)]
    for part in parts:
        rest = part
        for flight in flights:
            stands = rest.within(flight)
            fewer = 0 < len(stands) < min(len(rest.indexes), len(flight.indexes))
            if not fewer or not all(map(links.slow, stands)):
                continue
            left = set(rest.indexes).difference(stands)
            less = Track(sorted(left), part.whole)
            if (less.last < stands[0] and links.left_for(less, flight.first, 1)) or (
                less.first > stands[-1] and links.left_for(less, flight.last, -1)
            ):
                rest = less
                yield Track(stands, stands[0])
        yield rest


def _joinable(tracks: Sequence[Track]) -> list[Track]:
    if len(tracks) <= MAX_TRACKS:
        return list(tracks)
    latest = sorted(tracks, key=lambda track: -track.last)[: MAX_TRACKS // 2]
    heaviest = sorted(tracks, key=lambda track: -len(track.indexes))[: MAX_TRACKS // 2]
    return [track for track in tracks if track in latest or track in heaviest]


def _has_rivals(tracks: Sequence[Track], current: Track, links: Links) -> bool:
    """Return whether another track was continued in the last `TRIMMED_WITHIN`."""
    ats = links.fixes.ats
    since = ats[current.last] - TRIMMED_WITHIN
    return any(track is not current and ats[track.last] >= since for track in tracks)


def _sorted_out(tracks: Sequence[Track], links: Links) -> tuple[list[Track], list[Track]]:
    """Return the tracks that make up the aircraft's own, in order, and those beside them.

    The heaviest tracks that do not overlap are the aircraft's own, but for those that lie out of
    reach in a silence of a heavier one. Where two of them meet, the fewest positions are dropped
    that link them.
    """
    chain: list[Track] = []
    beside: list[Track] = []
    for group in stays_together(tracks, links):
        lost = [part for part in group if any(part.overlaps(other) for other in chain)]
        beside += lost
        chain += [part for part in group if part not in lost]
    chain.sort(key=lambda each: each.first)
    beside += (astray := [part for part in chain if _astray(part, chain, links)])
    chain = [part for part in chain if part not in astray]
    linked: list[Track] = []
    for track in chain:
        if linked:
            _link(linked, track, links)
        else:
            linked.append(track)
    return linked, beside


def _astray(part: Track, chain: Sequence[Track], links: Links) -> bool:
    """Return whether a part lies in a silence of another track with more positions around it, and
    cannot be reached from there nor lead back: the aircraft flew unheard, or spoofed.

    Where the other aircraft stands after the silence as it stood before, one of the two is enough:
    it did not fly at all.
    """
    before = next((each for each in reversed(chain) if each.last < part.first), None)
    after = next((each for each in chain if each.first > part.last), None)
    if before is None or after is None:
        return False
    if (
        links.stayed(before, after)
        and links.steady(part)
        and not (links.stayed(before, part) or links.stayed(part, after))
    ):
        return not (
            links.left_for(before, links.settled(part, 1), 1)
            and links.left_for(after, links.settled(part, -1), -1)
        )
    return (
        before.whole == after.whole != part.whole
        and len(before.indexes) + len(after.indexes) > len(part.indexes)
        and not links.reachable(before.last, part.first)
        and not links.reachable(part.last, after.first)
    )


def _link(chain: list[Track], track: Track, links: Links) -> None:
    """Append a track to the chain, with the fewest positions dropped on either side that link
    them."""
    before = chain[-1]
    for trimmed in range(MOST_TRIMMED + 1):
        for cut_before, cut_after in _cuts(trimmed, len(before.indexes), len(track.indexes)):
            tail, head = before.indexes[-1 - cut_before], track.indexes[cut_after]
            if _near(links, before, cut_before, track, cut_after) and links.reachable(tail, head):
                if _drops_a_flight(links, before, cut_before, track, cut_after):
                    chain.append(track)  # with a break between them
                    return
                del before.indexes[len(before.indexes) - cut_before :]
                del track.indexes[:cut_after]
                chain.append(track)
                return
        if trimmed >= len(track.indexes) and not links.steady(track):
            return  # a few wrong positions between two flights
        if trimmed >= len(before.indexes) and not links.steady(before):
            chain.pop()
            if chain:
                _link(chain, track, links)
            else:
                chain.append(track)
            return
    chain.append(track)


def _drops_a_flight(
    links: Links, before: Track, cut_before: int, track: Track, cut_after: int
) -> bool:
    """Return whether the positions to be dropped on either side are a flight of their own: no
    aircraft flew it and was then where the other side is."""
    dropped = before.indexes[len(before.indexes) - cut_before :], track.indexes[:cut_after]
    return any(part and links.steady(Track(part)) for part in dropped)


def _cuts(trimmed: int, before: int, after: int) -> Iterator[tuple[int, int]]:
    """Yield how many positions to drop at the end of the one and at the begin of the other."""
    for cut_before in range(trimmed, -1, -1):
        cut_after = trimmed - cut_before
        if cut_before < before and cut_after < after:
            yield cut_before, cut_after


def _near(links: Links, before: Track, cut_before: int, track: Track, cut_after: int) -> bool:
    """Return whether all positions to be dropped lie near the place where the tracks meet."""
    ats = links.fixes.ats
    first = before.indexes[len(before.indexes) - max(cut_before, 1)]
    last = track.indexes[max(cut_after, 1) - 1]
    return (
        ats[before.last] - ats[first] <= TRIMMED_WITHIN
        and ats[last] - ats[track.first] <= TRIMMED_WITHIN
    )


def _unplaced(fix: Fix) -> Fix:
    return Fix(
        at=fix.at,
        altitude_ft=fix.altitude_ft,
        altitude_error_ft=fix.altitude_error_ft,
        callsign=fix.callsign,
        feeds=fix.feeds,
        doubt=Doubt.UNREACHABLE,
    )
