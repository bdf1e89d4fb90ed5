"""Which aircraft are watched, at which airfields, and when is a count unusual? A `Watch`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from collector.model.followed import Spans
from collector.model.landing import Grade


@dataclass(frozen=True, slots=True)
class RunwayEnd:
    """One end of a runway: its threshold, and the true bearing flown when landing on it."""

    name: str
    lat_deg: float
    lon_deg: float
    bearing_deg: float
    length_m: float
    elevation_ft: float | None = None


class ListedRunways(tuple[RunwayEnd, ...]):
    """The ends of runways that were looked up, because the configuration names none.

    A type of their own, so that what depends on the configuration alone can leave them out
    (`backfill/search.py`).
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Airfield:
    """An airfield, valid from `valid_from` (inclusive) to `valid_to` (exclusive)."""

    icao: str
    name: str
    lat_deg: float
    lon_deg: float
    elevation_ft: float
    zone: str
    runways: tuple[RunwayEnd, ...] = ()
    listed_longest_m: float | None = None
    """m. Length of its longest runway, where a list states that but not for certain where the ends
    of its runways are; None if nothing is known of it."""
    prior_weight: float = 1.0
    """How often aircraft land here, relative to a neighbour of which no more is known."""
    prior_guessed: bool = False
    """Whether that was concluded only from what a list lacks: an IATA code."""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    @property
    def longest_runway_m(self) -> float | None:
        """The length of its longest runway in m; None if it is not known."""
        return max((end.length_m for end in self.runways), default=self.listed_longest_m)

    def as_configured(self) -> Airfield:
        """Return the airfield without what was looked up of its runways."""
        looked_up = isinstance(self.runways, ListedRunways)
        if not looked_up and self.listed_longest_m is None:
            return self
        return replace(self, runways=() if looked_up else self.runways, listed_longest_m=None)

    def exists_on(self, day: date) -> bool:
        """Return whether it was open on that day."""
        return _is_valid_on(day, self.valid_from, self.valid_to)


def _is_valid_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Return whether a day lies in a validity: its first day included, `valid_to` excluded."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


def airfield_on(airfields: Iterable[Airfield], code: str, day: date) -> Airfield | None:
    """Return the airfield with the ICAO code `code` as it was on `day` (UTC).

    If it was not open on that day, return the first entry of that code, since a name and a zone are
    better than none. Return None if no entry has the code.

    >>> place = dict(icao="LLER", lat_deg=29.7, lon_deg=35.0, elevation_ft=288, zone="UTC")
    >>> old = Airfield(name="old field", valid_to=date(2019, 1, 21), **place)
    >>> new = Airfield(name="new field", valid_from=date(2019, 1, 21), **place)
    >>> airfield_on([old, new], "LLER", date(2026, 11, 22)).name
    'new field'
    >>> airfield_on([new], "LLER", date(2016, 1, 1)).name
    'new field'
    >>> airfield_on([old, new], "LLOV", date(2026, 11, 22)) is None
    True
    """
    with_code = [airfield for airfield in airfields if airfield.icao == code]
    for airfield in with_code:
        if airfield.exists_on(day):
            return airfield
    return with_code[0] if with_code else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aircraft:
    """One row of a fleet file: an airframe with one address, for the time of its validity."""

    icao24: str
    registration: str | None = None
    type_code: str | None = None
    operator: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    fleet: str = ""
    """The name of its fleet."""
    old_registrations: tuple[str, ...] = ()

    def is_listed_on(self, day: date) -> bool:
        """Return whether the fleet file lists this airframe for that day (UTC)."""
        return _is_valid_on(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Place:
    """One airfield, or several that are counted together ("LLOV or LLER")."""

    airfields: tuple[str, ...]
    followed: Spans | None = field(default=None, compare=False, repr=False)
    """When the aircraft of its watch were followed; None: always. The database knows it
    (`queries/followed.py`), and no place is another one for it."""

    @property
    def name(self) -> str:
        """`LLOV`, or `LLOV or LLER`."""
        return " or ".join(self.airfields)


class RuleKind(Enum):
    """What a rule compares: a count that reaches a threshold, counts of several windows that are
    improbable by what came before, or a count that could reach the threshold with the undetermined
    landings added."""

    THRESHOLD = "threshold"
    SURGE = "surge"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedUsual:
    """How often aircraft landed, as somebody published it."""

    landings: int
    weeks: float
    """The weeks in which they landed, above 0."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a watch's count is unusual. `days` None means the ISO week, else a rolling window; a
    surge has windows of its own (`alerts/surge.py`)."""

    name: str
    kind: RuleKind
    place: Place
    count: int = 2
    """Landings needed; for a surge, the smallest possible count."""
    days: int | None = None
    p_below: float = 0.01
    """Nothing reads it; it stays, since the stored keys of archive searches (`backfill/scope.py`)
    are made from it, as `base` and `min_covered_weeks` do."""
    min_covered_weeks: int = 13
    base: RuleKind = RuleKind.THRESHOLD
    added_by: str = ""
    """The name of the rule whose flag adds this one; empty: it stands in the configuration."""
    mail_end: bool = False
    """Whether a mail says that a window is over; the digest says it anyway."""
    false_alarms_per_year: float = 0.5
    """Surge only: so many episodes a year may come by themselves. No stored key is made from it or
    from `stated_usual`."""
    stated_usual: StatedUsual | None = None
    """Surge only: what is usual while too little of the past could be seen; None: nothing is."""

    @property
    def weekly(self) -> bool:
        """Whether the rule counts by ISO weeks."""
        return self.days is None and self.kind is not RuleKind.SURGE


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of notices: `name` is part of notice keys, `address` of the mail."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Aircraft to watch, at which places, counted from which grade, for which recipients."""

    name: str
    places: tuple[Place, ...]
    fleet: tuple[Aircraft, ...] = ()
    """Rows of all fleets named, in order."""
    fleet_names: tuple[str, ...] = ()
    """Names of these fleets."""
    icao24: tuple[str, ...] = ()
    """Single addresses, or ranges written `600800-600bff`."""
    registrations: tuple[str, ...] = ()
    callsigns: tuple[str, ...] = ()
    """Globs (`AZQ*`); a bare word is a prefix."""
    operators: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Lines of the kinds above that never match."""
    count_types: tuple[str, ...] = ()
    """Types that are counted, while others are only shown; empty if all are counted."""
    count_from: Grade = Grade.PROBABLE
    zone: str = "Asia/Jerusalem"
    rules: tuple[Rule, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    home: tuple[str, ...] = ()
    """Home airfields of the fleet, from which the ledger measures round trips."""
    title: str = field(default="", repr=False)
    """What mails and pages call these aircraft: "Silk Way Il-76s"; empty: they use the name. It
    decides nothing, so the stored keys of archive searches are made without it
    (`backfill/scope.py`), and for them it is left out of the `repr`."""

    @property
    def airfields(self) -> tuple[str, ...]:
        """Every airfield of every place, once, in order."""
        return tuple(dict.fromkeys(code for place in self.places for code in place.airfields))
