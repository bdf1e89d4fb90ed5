"""Where was each watched airframe in a week, and how often could it have landed unnoticed? The
fleet ledger gives an upper bound for "none seen".

An airframe's time is cut at its proofs (`landings.fleet_proofs`).
Between two proofs it could have landed at the field if it had the time to fly there from the first,
stand, and fly on to the second; and once more for each whole rotation home – field – home that fits
in. Every constant errs upwards. A hop from one watched field to another within a rotation is not
counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.geo import distance_nm
from collector.landings.fleet_proofs import AT_FIELD_NM, Proof, place_of, proofs_of, proves
from collector.model import Airfield, Landing, Observation, Watch
from collector.model.dating import KNOWN_FROM, POSSIBLE_FROM

SPEED_KT = {"IL76": 430.0}
"""Ground speed over a whole flight by ICAO type, kt: an Il-76 usually cruises at 405 to 430 kt."""

SPEED_OTHER_KT = 490.0
"""The cruise of a 747 or 777 in still air, used for every type that is not listed."""

TURNAROUND = timedelta(minutes=20)
"""The shortest stay at either end of a leg; published stays last two to three hours."""

HOP = timedelta(minutes=20)
"""The flight time of a rotation whose home is not known: to a neighbouring field and back."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One airframe's week."""

    icao24: str
    registration: str | None
    type_code: str | None
    last_proven_at: datetime | None
    """None if the given observations prove nothing."""
    last_proven_where: str | None
    """`at Baku (UBBB)`, `near Baku (UBBB)`, or `in flight near 38.1 N 40.2 E`."""
    longest_unaccounted_from: datetime
    longest_unaccounted_until: datetime
    longest_unaccounted: timedelta
    landings: int
    """Known landings that lie, or may lie, in the time, of any grade, at the watch's airfields or
    with one of them as a candidate."""
    could_have_landed: int
    """Upper bound of landings at the watch's airfields beyond the stored ones; 0 for aircraft that
    are only shown."""
    counted: bool = True
    """Whether landings of this type are counted; else they are only shown."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A time between two proofs; `before` or `after` is None at the edge of the observations."""

    before: Proof | None
    after: Proof | None
    begin: datetime
    end: datetime
    """`begin` and `end` limit the part that lies within the time judged."""


def ledger(
    watch: Watch,
    observations: Mapping[str, Sequence[Observation]],
    landings: Iterable[Landing],
    airfields: Sequence[Airfield],
    *,
    begin: datetime,
    end: datetime,
    now: datetime,
) -> list[LedgerRow]:
    """Return a row for every airframe of the watch's fleet and of `observations`, by address.

    `observations` are those of the watch's aircraft by address, in any order; some from before
    `begin` and after `end` sharpen the bound. `landings` are the watch's. `airfields` are all that
    may be named, with their validity, those of `watch.places` and `watch.home` among them. The time
    judged ends at `now` if that is earlier than `end`. Raises ValueError if the time is empty.
    """
    end = min(end, now)
    if begin >= end:
        raise ValueError(f"no time between {begin} and {end}: give an earlier beginning")
    fields = [field for field in airfields if field.exists_on(begin.date())]
    stays: dict[str, list[Landing]] = {}
    for landing in landings:
        if landing.review != "rejected" and (landing.review or not landing.retracted):
            stays.setdefault(landing.detection.icao24, []).append(landing)
    rows = []
    for icao24, names in sorted(_identities(watch, observations, begin, end).items()):
        mine = stays.get(icao24, [])
        proofs = proofs_of(observations.get(icao24, ()), mine, fields)
        windows = _windows(proofs, begin, end)
        counted = not watch.count_types or names[1] in {None, *watch.count_types}
        most = _could_have_landed(watch, windows, mine, fields, names[1]) if counted else 0
        here = sum(_touches(each, watch, begin, end, POSSIBLE_FROM) for each in mine)
        row = _row(icao24, names, proofs, windows, end=end, fields=fields)
        rows.append(replace(row, landings=here, could_have_landed=most, counted=counted))
    return rows


def _identities(
    watch: Watch, observations: Mapping[str, Sequence[Observation]], begin: datetime, end: datetime
) -> dict[str, tuple[str | None, str | None]]:
    """Return the registration and type of every airframe: as received, else as the fleet file
    says."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for each in watch.fleet:
        starts = each.valid_from is None or each.valid_from <= end.date()
        if starts and (each.valid_to is None or begin.date() < each.valid_to):
            found[each.icao24] = (each.registration, each.type_code)
    for icao24, reports in observations.items():
        registration, type_code = found.get(icao24, (None, None))
        for report in sorted(reports, key=lambda o: (o.at, o.feed)):
            registration = report.registration or registration
            type_code = report.type_code or type_code
        found[icao24] = (registration, type_code)
    return found


def _touches(landing: Landing, watch: Watch, begin: datetime, end: datetime, least: float) -> bool:
    """Return whether a landing lies in the time with at least that chance, and perhaps at one of
    the watch's fields."""
    detection = landing.detection
    named = {detection.airfield}
    if detection.airfield is None:
        named = {candidate.airfield for candidate in detection.candidates}
    chance = detection.chance_between(begin, end)
    return chance >= least and not named.isdisjoint(watch.airfields)


def _row(
    icao24: str,
    names: tuple[str | None, str | None],
    proofs: Sequence[Proof],
    windows: Sequence[_Window],
    *,
    end: datetime,
    fields: Sequence[Airfield],
) -> LedgerRow:
    """Return the airframe's row without the counts."""
    before_end = [proof for proof in proofs if proof.since_at < end]
    last = max(before_end, key=lambda proof: proof.until_at, default=None)
    nothing = _Window(None, None, end, end)
    longest = max(windows, key=lambda each: (each.end - each.begin, each.begin), default=nothing)
    return LedgerRow(
        icao24=icao24,
        registration=names[0],
        type_code=names[1],
        last_proven_at=min(last.until_at, end) if last else None,
        last_proven_where=place_of(last, fields) if last else None,
        longest_unaccounted_from=longest.begin,
        longest_unaccounted_until=longest.end,
        longest_unaccounted=longest.end - longest.begin,
        landings=0,
        could_have_landed=0,
    )


def _windows(proofs: Sequence[Proof], begin: datetime, end: datetime) -> list[_Window]:
    """Return the times between proofs that reach into [begin, end), in order."""
    found = []
    before: Proof | None = None
    for after in (*proofs, None):
        since = before.until_at if before else begin
        until = after.since_at if after else end
        if since < end and until > begin:
            found.append(_Window(before, after, max(begin, since), max(since, min(end, until))))
        if after is not None and (before is None or after.until_at >= before.until_at):
            before = after
    return found


def _could_have_landed(
    watch: Watch,
    windows: Sequence[_Window],
    landings: Sequence[Landing],
    fields: Sequence[Airfield],
    type_code: str | None,
) -> int:
    """Return how many landings beyond the known ones fit into the windows."""
    speed_kt = SPEED_KT.get(type_code or "", SPEED_OTHER_KT)
    targets = [field for field in fields if field.icao in watch.airfields]
    homes = [field for field in fields if field.icao in watch.home]
    # An arrival that nobody heard lies in a window, which ends with the proof that it was there.
    open_ones = [each for each in landings if not proves(each) or each.detection.unheard]
    total = 0
    for window in windows:
        most = max((_visits(window, field, homes, speed_kt) for field in targets), default=0)
        span = window.begin, window.end
        stood_for = sum(_touches(each, watch, *span, KNOWN_FROM) for each in open_ones)
        total += max(0, most - stood_for)
    return total


def _visits(window: _Window, field: Airfield, homes: Sequence[Airfield], speed_kt: float) -> int:
    """Return how often at most the airframe can have touched down at `field` in the window."""
    others = (home for home in homes if home.icao != field.icao)
    legs = (timedelta(hours=_distance_nm(home, field) / speed_kt) for home in others)
    rotation = 2 * (min(legs, default=HOP) + TURNAROUND)
    earliest, latest = window.begin, window.end
    if (before := window.before) is not None:
        away = _distance_nm(before, field)
        leg = timedelta(hours=away / speed_kt)
        if before.on_ground and away <= AT_FIELD_NM:
            leg = rotation - TURNAROUND  # it must leave before it can land there again
        earliest = max(earliest, before.until_at + leg)
    if (after := window.after) is not None:
        away = _distance_nm(after, field)
        leg = timedelta(hours=away / speed_kt) + TURNAROUND
        if after.on_ground and away <= AT_FIELD_NM:
            # Standing, it may just have landed; before a known landing it must leave first.
            leg = rotation if after.touchdown else timedelta()
        latest = min(latest, after.since_at - leg)
    return 0 if latest < earliest else 1 + (latest - earliest) // rotation


def _distance_nm(a: Airfield | Proof, b: Airfield) -> float:
    return distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
