"""What is true in the scenario that every surface shows? Eight weeks and ten landings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from collector.model import Evidence, Grade, Landing, Revision, WatchMatch
from collector.model.landing import APPROACH
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.model.stop import Side, Stop, StopCandidate
from collector.pipeline.changes import LandingChange
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings, reviews, stops
from collector.weeks import week_bounds
from tests.support.sight_station import ZONE, Week, week_slots
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.support.unheard import unheard

HOUR = timedelta(hours=1)
TITLE = "Silk Way Il-76s"
WATCHED = {
    "watch": f'name = "w"\ntitle = "{TITLE}"\n',
    "lines": 'callsigns = ["AZQ*"]\n',
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many landings there were, and how much could be seen."""

    least: int
    most: int
    sight: str
    """`seen`, `in part` or `not seen`."""

    @property
    def words(self) -> str:
        """The truth of a week, as the heading of its column."""
        found = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return f"{found}, {self.sight}"


@dataclass(frozen=True, slots=True)
class TrueWeek:
    """One week: what took place, how much could be seen, and the state of a rule."""

    key: str
    share: float
    """The part of each day in which a feed answered with aircraft near Ovda."""
    count: Count
    alert: str = "ok"
    low: bool = True
    """Whether any of these aircraft flew below 18,000 ft."""


WEEKS = (
    TrueWeek("2026-W38", 0.03, Count(1, 1, "not seen"), "not-seen"),
    TrueWeek("2026-W39", 0.1, Count(0, 0, "not seen"), "not-seen"),
    TrueWeek("2026-W40", 0.45, Count(0, 0, "in part")),
    TrueWeek("2026-W41", 0.9, Count(0, 0, "seen")),
    TrueWeek("2026-W42", 0.95, Count(0, 0, "not seen"), "not-seen", low=False),
    TrueWeek("2026-W43", 0.9, Count(3, 5, "seen"), "firing"),
    TrueWeek("2026-W44", 0.9, Count(0, 1, "seen")),
    TrueWeek("2026-W45", 0.9, Count(0, 1, "seen")),
)
BUSY = WEEKS[5]
TOTAL = Count(5, 7, "in part")
"""Of all weeks: that of 38, the three of 43, the one of 44 or 45; with two more at most."""
BEGIN, END = week_bounds(WEEKS[0].key, ZONE)[0], week_bounds(WEEKS[-1].key, ZONE)[1]


@dataclass(frozen=True, slots=True)
class TrueLanding:
    """One landing, and what is true of it for the watch."""

    landing: Landing
    name: str
    verdict: str
    """`counted`, `undetermined`, `possible`, `withdrawn`, `rejected` or `not counted`."""
    grade: Grade
    where: tuple[str, ...]
    """The airfields at which it may have been."""
    review: Review | None = None
    stops: tuple[Stop, Stop] = (
        Stop(side=Side.PREVIOUS, reason="It was not heard in the 5 days before."),
        Stop(side=Side.NEXT, reason="It was not heard since."),
    )

    @property
    def id(self) -> str:
        """The landing's id."""
        return self.landing.id


def _at(week: str, hours: float, name: str, **facts: object) -> Landing:
    begin = week_bounds(week, ZONE)[0]
    at = begin + timedelta(hours=hours)
    landing = touchdown(at, watch="w", icao24=name, **facts)  # type: ignore[arg-type]
    flown = replace(landing.detection, callsign="AZQ4801", feeds=("adsblol",))
    called = f"{name}-{at:%Y-%m-%d}-1"
    return replace(landing, id=called, registration=f"4K-{name.upper()}", detection=flown)


def _silent(landing: Landing) -> Landing:
    """Return the landing as one that was last heard on its way in."""
    at = landing.detection.touchdown_at - timedelta(minutes=12)
    text = "Last heard descending, 40.0 NM from LLOV and about 13,500 ft above it."
    heard = Evidence(at, APPROACH, text, "for", "LLOV", ("adsblol",))
    return replace(landing, detection=replace(landing.detection, evidence=(heard,)))


def _review(landing: Landing, verdict: str) -> Review:
    at = landing.first_known_at + HOUR
    note = "seen from the fence"
    return Review(at=at, by="An Editor", verdict=verdict, note=note, airfield="LLOV")


BAKU = ("UBBB", "Baku Heydar Aliyev")
NASOSNAYA = ("UB12", "Nasosnaya")
FRANKFURT = ("EDDF", "Frankfurt am Main")
STOPS_BEFORE = {"Nasosnaya or Baku Heydar Aliyev": 1, "Baku Heydar Aliyev": 1}
"""How many landings had which stop before. It is not known of three others that count at Ovda, one
of them in week 43, and of one that counts at Ovda or Ramon."""


def _stop(side: Side, *fields: tuple[str, str]) -> Stop:
    """Return a stop at an airfield, after a flight without another one; or at one of several."""
    alone = len(fields) == 1
    share = 0.96 / len(fields)
    return Stop(
        side=side,
        airfield=fields[0][0] if alone else None,
        candidates=tuple(StopCandidate(code, name, share) for code, name in fields),
        grade=Grade.PROBABLE,
        probability=0.96,
        at=BEGIN,
        uncertainty_s=120.0,
        open_because="" if alone else "The flight may have taken 6 h 40 min.",
        feeds=("adsblol",),
    )


def _doubtful_week() -> Landing:
    monday = week_bounds(WEEKS[7].key, ZONE)[0]
    at = _at(WEEKS[7].key, 0, "600869")
    left = replace(at, detection=replace(at.detection, departed_at=monday + 32 * HOUR))
    return unheard(left, monday - 20 * HOUR, monday + 30 * HOUR)


def _true_landings() -> tuple[TrueLanding, ...]:
    either = (("LLOV", 0.55), ("LLER", 0.42))
    ovda, sure, likely = ("LLOV",), Grade.CONFIRMED, Grade.PROBABLE
    alone = _at(WEEKS[0].key, 60, "600861")
    proven = _at(BUSY.key, 20, "600862", grade=sure, probability=0.99)
    found = _at(BUSY.key, 40, "600863")
    undetermined = _silent(_at(BUSY.key, 60, "600864", airfield=None, candidates=either))
    unsure = _at(BUSY.key, 80, "600865", grade=Grade.POSSIBLE, probability=0.4)
    reviewed = _at(BUSY.key, 100, "600866", grade=Grade.POSSIBLE, probability=0.45)
    rejected = _at(BUSY.key, 120, "600867")
    withdrawn = _at(BUSY.key, 130, "600868", retracted=True)
    other = _at(BUSY.key, 140, "60086a", counted=False)
    return (
        TrueLanding(alone, "the only one", "counted", likely, ovda),
        TrueLanding(
            *(proven, "confirmed", "counted", sure, ovda),
            stops=(_stop(Side.PREVIOUS, BAKU), _stop(Side.NEXT, FRANKFURT)),
        ),
        TrueLanding(
            *(found, "probable", "counted", likely, ovda),
            stops=(_stop(Side.PREVIOUS, BAKU, NASOSNAYA), _stop(Side.NEXT, BAKU)),
        ),
        TrueLanding(undetermined, "undetermined", "undetermined", likely, ("LLOV", "LLER")),
        TrueLanding(unsure, "possible", "possible", Grade.POSSIBLE, ovda),
        TrueLanding(
            *(reviewed, "confirmed by a person", "counted", Grade.POSSIBLE, ovda),
            review=_review(reviewed, CONFIRMED),
        ),
        TrueLanding(
            *(rejected, "rejected by a person", "rejected", likely, ovda),
            review=_review(rejected, REJECTED),
        ),
        TrueLanding(withdrawn, "withdrawn", "withdrawn", likely, ovda),
        TrueLanding(other, "of an aircraft that is not counted", "not counted", likely, ovda),
        TrueLanding(_doubtful_week(), "in one of two weeks", "counted", likely, ovda),
    )


LANDINGS = _true_landings()
DOUBTFUL_WEEKS = (WEEKS[6].key, WEEKS[7].key)
"""Between these two weeks the last of the landings lies."""


def true_station(folder: Path) -> Station:
    """Return a station in `folder` whose database holds the scenario, its alert included."""
    station = Station(folder)
    text = station.config.read_text().replace("\ncount = 1\n", "\ncount = 2\n")
    text = text.replace('name = "w"\n', WATCHED["watch"])
    text = text.replace('icao24 = ["600865"]\n', WATCHED["lines"])
    text = text.replace('places = ["LLOV"]', 'places = ["LLOV", "LLOV or LLER"]')
    station.config.write_text(text)
    with Store.open(station.database) as store, store.transaction():
        services = build_services(load(station.config, environ={}), store)
        for week in WEEKS:
            known = Week(week.key, week.share, False, week.low, (0, 0, 0, ""), "", "", "")
            coverage_slots.merge_slots(store, week_slots(known, week_bounds(week.key, ZONE)[0]))
        for each in LANDINGS:
            _store(store, each)
        services.alert_evaluator.landings_changed(
            [LandingChange(each.landing, None, None) for each in LANDINGS], _alerted_at()
        )
        # What could be seen of a week is computed once where the database can be written.
        keys = [week.key for week in WEEKS]
        services.weeks.rows(services.settings.watches[0], keys, END + timedelta(days=1))
    return station


def _alerted_at() -> datetime:
    return week_bounds(BUSY.key, ZONE)[1] - HOUR


def _store(store: Store, each: TrueLanding) -> None:
    landing = each.landing
    match = landing.watches[0]
    landing = replace(landing, watches=(WatchMatch("w", "callsign AZQ*", match.counted),))
    found = Revision(landing.id, landing.first_known_at, "found", landing.grade.value, "1")
    landings.save(store, landing, found)
    if landing.retracted:
        why = "what was heard since leaves no landing there"
        at = landing.first_known_at + HOUR
        landings.save(store, landing, Revision(landing.id, at, "retracted", why, "1"))
    for stop in each.stops:
        stops.save(store, landing.id, stop, None, at=landing.first_known_at, rules_version="1")
    if each.review is not None:
        reviews.store_review(store, landing.id, each.review)
