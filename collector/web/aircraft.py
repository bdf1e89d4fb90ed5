"""How often did each airframe land, month by month? Tables of a year and of one airframe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from collector.alerts.counts import standing, standing_between
from collector.model import Landing, Watch
from collector.queries.snapshot import Snapshot
from collector.reports.formatting import interval
from collector.reports.titles import whose
from collector.store import landings
from collector.weeks import local_date, local_midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class AirframeYear:
    """One airframe's year for one watch; months and total are `2`, `1–3`, or empty for none."""

    icao24: str
    name: str
    """Its registration, or its address if that is not known."""
    kind: str
    """Its type and operator."""
    year: int
    months: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class WatchYear:
    """The airframes of a watch in one year."""

    title: str
    rows: tuple[AirframeYear, ...]
    silent: tuple[AirframeYear, ...]
    """Those of which no landing is known in that year."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A landing with its verdicts at the places of a watch, and its first and last touchdown."""

    landing: Landing
    verdicts: set[bool | None]
    first: datetime
    last: datetime

    def may_lie_in(self, begin: datetime, end: datetime) -> bool:
        """Return whether any possible touchdown lies in [begin, end)."""
        return self.first < end and self.last >= begin


def watch_years(snapshot: Snapshot, year: int) -> list[WatchYear]:
    """Return the airframes of every watch with their landings of a year, the busiest first.

    Raises StoreError.
    """
    return [_watch_year(snapshot, watch, year) for watch in snapshot.settings.watches]


def airframe_years(snapshot: Snapshot, icao24: str) -> list[tuple[Watch, list[AirframeYear]]]:
    """Return the years of one airframe for each watch that counts it, the newest year first.

    Raises StoreError.
    """
    found = landings.find(snapshot.store, icao24=icao24, include_retracted=True, bare=True)
    found.reverse()
    tables = []
    for watch in snapshot.settings.watches:
        mine = [each for each in found if any(m.watch == watch.name for m in each.watches)]
        years = {
            at.year
            for each in mine
            for at in (local_date(t, watch.zone) for t in each.detection.touchdown_span)
        }
        judged = _judged(mine, watch)
        rows = [_airframe(watch, icao24, judged, year) for year in sorted(years, reverse=True)]
        if rows:
            tables.append((watch, rows))
    return tables


def airframe_name(snapshot: Snapshot, icao24: str, found: Iterable[Landing]) -> str | None:
    """Return what an airframe is called: `4K-AZ101 (IL76, 600865)`; None if nobody knows it."""
    listed = [each for w in snapshot.settings.watches for each in w.fleet if each.icao24 == icao24]
    names = [
        *((each.registration, each.type_code) for each in listed),
        *((each.registration, each.type_code) for each in found),
    ]
    if not names:
        return None
    mark, kind = next(((m, t) for m, t in names if m), names[0])
    codes = ", ".join(filter(None, (kind, icao24)))
    return f"{mark or 'unknown registration'} ({codes})"


def _watch_year(snapshot: Snapshot, watch: Watch, year: int) -> WatchYear:
    begin, end = _year(watch, year)
    found = landings.find(
        snapshot.store, begin=begin, end=end, watch=watch.name, include_retracted=True, bare=True
    )
    of_airframe: dict[str, list[Landing]] = {
        each.icao24: []
        for each in watch.fleet
        if each.is_listed_on(date(year, 1, 1)) or each.is_listed_on(date(year, 12, 31))
    }
    for landing in found:
        of_airframe.setdefault(landing.detection.icao24, []).append(landing)
    rows = [
        _airframe(watch, icao24, _judged(mine, watch), year) for icao24, mine in of_airframe.items()
    ]
    heard = [row for row in rows if row.total]
    heard.sort(key=lambda row: (-int(row.total.rpartition("–")[2]), row.name))
    silent = sorted((row for row in rows if not row.total), key=lambda row: row.name)
    return WatchYear(whose(watch), tuple(heard), tuple(silent))


def _judged(found: Sequence[Landing], watch: Watch) -> list[_Judged]:
    """Return the landings that count, or may count, at any place of the watch."""
    judged = [(each, {standing(each, watch, place) for place in watch.places}) for each in found]
    return [
        _Judged(each, verdicts, *each.detection.touchdown_span)
        for each, verdicts in judged
        if verdicts - {None}
    ]


def _airframe(watch: Watch, icao24: str, found: Sequence[_Judged], year: int) -> AirframeYear:
    listed = [each for each in watch.fleet if each.icao24 == icao24]
    heard = [each.landing for each in found]
    marks = [*(each.registration for each in listed), *(each.registration for each in heard)]
    kinds = [*(each.type_code for each in listed), *(each.type_code for each in heard)]
    operator = next((each.operator for each in listed if each.operator), None)
    begins = [local_midnight(date(year, month, 1), watch.zone) for month in range(1, 13)]
    whole = _year(watch, year)
    mine = [each for each in found if each.may_lie_in(*whole)]
    spans = zip(begins, [*begins[1:], whole[1]], strict=True)
    return AirframeYear(
        icao24=icao24,
        name=next(filter(None, marks), icao24),
        kind=", ".join(filter(None, (next(filter(None, kinds), None), operator))),
        year=year,
        months=tuple(_number(mine, watch, *span) for span in spans),
        total=_number(mine, watch, *whole),
    )


def _number(found: Sequence[_Judged], watch: Watch, begin: datetime, end: datetime) -> str:
    """Return how many of an airframe's landings count, and how many there were at most; empty for
    none."""
    counted = most = 0
    for each in found:
        if each.may_lie_in(begin, end):
            verdicts = {
                standing_between(each.landing, verdict, begin, end, watch.zone)
                for verdict in each.verdicts
            }
            counted += True in verdicts
            most += bool(verdicts - {None})
    return interval(counted, most) if most else ""


def _year(watch: Watch, year: int) -> tuple[datetime, datetime]:
    return (
        local_midnight(date(year, 1, 1), watch.zone),
        local_midnight(date(year + 1, 1, 1), watch.zone),
    )
