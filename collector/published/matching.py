"""Which tracked landing is the one that was reported? Reported and tracked landings are paired one
to one; the result does not depend on their order.

A reported landing fits a tracked landing if the airfield is the same (or a candidate of an
undetermined landing), if the touchdown may lie in the reported time, and if the report names no
other airframe. The pairing with the most pairs is taken, and among several of that size the
nearest in time. Matching never changes a tracked landing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from collector.alerts.counts import CANDIDATE_FROM
from collector.model import Aircraft, Grade, Landing, Watch
from collector.model.sighting import Sighting, plain_registration
from collector.published.grouping import ReportedLanding, same_operator
from collector.published.pairing import best_pairs
from collector.watches.criteria import glob_pattern

OTHER_NAME_PENALTY = timedelta(hours=6)
"""Added to the distance in time if a given callsign or operator differs. Both are sometimes
misprinted, so a difference makes a pair less likely but not impossible. A quarter of a day
outweighs the difference between clock times."""
LOWER_GRADE_PENALTY = timedelta(minutes=1)
"""Added for each grade below confirmed and for an undetermined airfield; it only decides ties."""


@dataclass(frozen=True)
class Airframes:
    """The addresses, registrations and operators that the fleets of the watches state."""

    fleet: Sequence[Aircraft] = ()
    _addresses: dict[str, set[str]] = field(default_factory=dict, init=False)
    _operators: dict[str, set[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for aircraft in self.fleet:
            for name in (aircraft.registration, *aircraft.old_registrations):
                if (plain := plain_registration(name)) is not None:
                    self._addresses.setdefault(plain, set()).add(aircraft.icao24)
            if aircraft.operator:
                self._operators.setdefault(aircraft.icao24, set()).add(aircraft.operator)

    @classmethod
    def of_watches(cls, watches: Iterable[Watch]) -> Airframes:
        """Return the airframes of all fleets of these watches."""
        return cls(tuple(aircraft for watch in watches for aircraft in watch.fleet))

    def addresses(self, sighting: Sighting) -> frozenset[str]:
        """Return the addresses of the named airframe; empty if none is named or it is unknown."""
        if sighting.icao24:
            return frozenset({sighting.icao24})
        plain = plain_registration(sighting.registration)
        return frozenset(self._addresses.get(plain or "", ()))

    def may_be_operated_by(self, icao24: str, operator: str | None) -> bool:
        """Return False only if the fleets name operators of the aircraft, and none is this."""
        operators = self._operators.get(icao24, set())
        return not operators or any(same_operator(name, operator) for name in operators)

    def may_concern(self, sighting: Sighting, watch: Watch) -> bool:
        """Return whether a sighting may be of an aircraft of the watch, by anything it names.

        A row that names no aircraft may concern every watch.
        """
        addresses = self.addresses(sighting)
        plain = plain_registration(sighting.registration)
        if any(_names(watch, address) for address in addresses) or (
            plain and plain in {plain_registration(name) for name in watch.registrations}
        ):
            return True
        if sighting.callsign and glob_pattern(watch.callsigns).match(sighting.callsign.upper()):
            return True
        if sighting.operator:
            return self.may_fly_for(sighting.operator, watch)
        return not addresses and plain is None

    def may_fly_for(self, operator: str | None, watch: Watch) -> bool:
        """Return False only if the watch names operators, and none of them is this."""
        fleet = {aircraft.operator for aircraft in watch.fleet if aircraft.operator}
        operators = fleet | set(watch.operators)
        return not operators or any(same_operator(operator, n.rstrip("*")) for n in operators)


def matches_by_report(
    reports: Sequence[ReportedLanding], landings: Iterable[Landing], airframes: Airframes
) -> dict[int, Landing]:
    """Return the tracked landing of each reported landing that has one, by the report's index.

    `reports` come from `reported_landings`, the landings in any order. Withdrawn and rejected
    landings match nothing.
    """
    standing = sorted(
        {one.id: one for one in landings if one.stands and one.review != "rejected"}.values(),
        key=lambda one: (one.detection.touchdown_at, one.id),
    )
    order = sorted(range(len(reports)), key=lambda number: reports[number].order())
    costs: dict[int, Mapping[int, float]] = {}
    for left, number in enumerate(order):
        fits = (
            (right, _cost_s(reports[number], one, airframes)) for right, one in enumerate(standing)
        )
        costs[left] = {right: cost for right, cost in fits if cost is not None}
    return {order[left]: standing[right] for left, right in best_pairs(costs).items()}


def _cost_s(report: ReportedLanding, landing: Landing, airframes: Airframes) -> float | None:
    """How badly a report and a landing fit, in seconds; None if they cannot be the same."""
    spread = timedelta(seconds=landing.detection.uncertainty_s)
    begin, end = (landing.detection.touchdown_at + side * spread for side in (-1, 1))
    if (
        end < report.allowed[0]
        or report.allowed[1] < begin
        or not _may_be_at(report.airfield, landing)
    ):
        return None
    if any(_other_airframe(row, landing, airframes) for row in report.sightings):
        return None
    cost = max(report.likely[0] - end, begin - report.likely[1], timedelta())
    cost += OTHER_NAME_PENALTY * _differs(report, _callsign(landing))
    icao24 = landing.detection.icao24
    agree = all(airframes.may_be_operated_by(icao24, row.operator) for row in report.sightings)
    cost += timedelta() if agree else OTHER_NAME_PENALTY
    cost += LOWER_GRADE_PENALTY * (Grade.CONFIRMED.rank - landing.grade.rank)
    cost += timedelta() if landing.airfield else LOWER_GRADE_PENALTY
    return cost.total_seconds()


def _names(watch: Watch, address: str) -> bool:
    """Whether the watch names the address: in a fleet, by itself, or within a range."""
    if any(one.icao24 == address for one in watch.fleet):
        return True
    ranges = (each.partition("-") for each in watch.icao24)
    return any(first <= address <= (last or first) for first, _, last in ranges)


def _may_be_at(field_code: str, landing: Landing) -> bool:
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
    named, tracked = plain_registration(row.registration), plain_registration(landing.registration)
    return named is not None and tracked is not None and named != tracked


def _callsign(landing: Landing) -> str | None:
    return (landing.detection.callsign or "").strip().upper() or None


def _differs(report: ReportedLanding, callsign: str | None) -> bool:
    """Whether callsigns are given and none of them is the landing's."""
    given = {row.callsign.strip().upper() for row in report.sightings if row.callsign}
    return bool(given) and callsign is not None and callsign not in given
