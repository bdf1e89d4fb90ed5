"""Which tracked landing is the one that was reported? One to one, whatever the order they came in.

A report goes with a tracked landing of its field (or one undetermined between fields, its own
among them) whose touchdown can have been when the report says, and whose airframe is not another
one than the report names. Of all ways to pair them the one with most pairs is taken, and of these
the one nearest in time. A tracked landing is not changed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from collector.alerts.counts import CANDIDATE_FROM
from collector.model import Aircraft, Grade, Landing, Watch
from collector.model.sighting import Sighting, plain_registration
from collector.published.grouping import Reported, same_operator
from collector.published.pairing import pair
from collector.watches.matcher import glob_pattern

OTHER_NAME = timedelta(hours=6)
"""Added to the distance in time where callsign or operator are given and differ: both are printed
wrongly at times, so they prefer and don't exclude. A quarter of a day outweighs clock times."""
LESS_SURE = timedelta(minutes=1)
"""Added for each grade below confirmed and for an undetermined field: it only settles ties."""


@dataclass(frozen=True)
class Airframes:
    """What fleets tell of addresses and registrations."""

    fleet: Sequence[Aircraft] = ()
    _addresses: dict[str, set[str]] = field(default_factory=dict, init=False)
    _operators: dict[str, set[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for each in self.fleet:
            for name in (each.registration, *each.old_registrations):
                if (plain := plain_registration(name)) is not None:
                    self._addresses.setdefault(plain, set()).add(each.icao24)
            if each.operator:
                self._operators.setdefault(each.icao24, set()).add(each.operator)

    @classmethod
    def of(cls, watches: Iterable[Watch]) -> Airframes:
        """Those of all fleets of these watches."""
        return cls(tuple(each for watch in watches for each in watch.fleet))

    def addresses(self, sighting: Sighting) -> frozenset[str]:
        """The addresses of the airframe that is named; empty: none, or one that is not known."""
        if sighting.icao24:
            return frozenset({sighting.icao24})
        plain = plain_registration(sighting.registration)
        return frozenset(self._addresses.get(plain or "", ()))

    def operated(self, icao24: str, operator: str | None) -> bool:
        """Whether the operator may be that one: yes unless a fleet names only others."""
        known = self._operators.get(icao24, set())
        return not known or any(same_operator(one, operator) for one in known)

    def wanted(self, sighting: Sighting, watch: Watch) -> bool:
        """Whether it tells of an aircraft that the watch may mean: known by anything it names.

        A row that names nobody is taken for everybody's.
        """
        addresses = self.addresses(sighting)
        plain = plain_registration(sighting.registration)
        if any(_names(watch, each) for each in addresses) or (
            plain and plain in {plain_registration(one) for one in watch.registrations}
        ):
            return True
        if sighting.callsign and glob_pattern(watch.callsigns).match(sighting.callsign.upper()):
            return True
        if sighting.operator:
            return self.meant(sighting.operator, watch)
        return not addresses and plain is None

    def meant(self, operator: str | None, watch: Watch) -> bool:
        """Whether the watch has aircraft of that operator: yes unless it names only others."""
        known = {each.operator for each in watch.fleet if each.operator} | set(watch.operators)
        return not known or any(same_operator(operator, one.rstrip("*")) for one in known)


def matched(
    reports: Sequence[Reported], landings: Iterable[Landing], airframes: Airframes
) -> dict[int, Landing]:
    """For the number of each report that has one, the tracked landing that it is.

    `reports` as `reported` gives them; landings in any order. Retracted and rejected ones are
    nobody's.
    """
    known = sorted(
        {one.id: one for one in landings if one.stands and one.review != "rejected"}.values(),
        key=lambda one: (one.detection.touchdown_at, one.id),
    )
    order = sorted(range(len(reports)), key=lambda number: reports[number].order())
    costs: dict[int, Mapping[int, float]] = {}
    for left, number in enumerate(order):
        fits = (
            (right, _cost_s(reports[number], one, airframes)) for right, one in enumerate(known)
        )
        costs[left] = {right: cost for right, cost in fits if cost is not None}
    return {order[left]: known[right] for left, right in pair(costs).items()}


def _cost_s(report: Reported, landing: Landing, airframes: Airframes) -> float | None:
    """How badly they fit, in seconds; None: they don't."""
    spread = timedelta(seconds=landing.detection.uncertainty_s)
    begin, end = (landing.detection.touchdown_at + side * spread for side in (-1, 1))
    if end < report.allowed[0] or report.allowed[1] < begin or not _at(report.airfield, landing):
        return None
    if any(_other_airframe(row, landing, airframes) for row in report.sightings):
        return None
    cost = max(report.likely[0] - end, begin - report.likely[1], timedelta())
    cost += OTHER_NAME * _differs(report, _callsign(landing))
    icao24 = landing.detection.icao24
    agree = all(airframes.operated(icao24, row.operator) for row in report.sightings)
    cost += timedelta() if agree else OTHER_NAME
    cost += LESS_SURE * (Grade.CONFIRMED.rank - landing.detection.grade.rank)
    cost += timedelta() if landing.airfield else LESS_SURE
    return cost.total_seconds()


def _names(watch: Watch, address: str) -> bool:
    """Whether the watch names the address: in a fleet, for itself, or within a range."""
    if any(one.icao24 == address for one in watch.fleet):
        return True
    ranges = (each.partition("-") for each in watch.icao24)
    return any(first <= address <= (last or first) for first, _, last in ranges)


def _at(field_code: str, landing: Landing) -> bool:
    if landing.airfield is not None:
        return landing.airfield == field_code
    candidates = landing.detection.candidates
    return any(
        one.airfield == field_code and one.probability >= CANDIDATE_FROM for one in candidates
    )


def _other_airframe(row: Sighting, landing: Landing, airframes: Airframes) -> bool:
    addresses = airframes.addresses(row)
    if addresses:
        return landing.detection.icao24 not in addresses
    named, heard = plain_registration(row.registration), plain_registration(landing.registration)
    return named is not None and heard is not None and named != heard


def _callsign(landing: Landing) -> str | None:
    return (landing.detection.callsign or "").strip().upper() or None


def _differs(report: Reported, callsign: str | None) -> bool:
    """Whether callsigns are given and none is that of the landing."""
    given = {row.callsign.strip().upper() for row in report.sightings if row.callsign}
    return bool(given) and callsign is not None and callsign not in given
