"""The nouns: what was heard, what it means, and what is it counted for?

All values are frozen. Units stand in the names, times end in `_at` and are aware UTC, None means
"not reported", never zero. An `icao24` is six lower-case hexadecimal digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum

from collector.reviews import CONFIRMED, Review

STALE_AFTER = timedelta(seconds=60)
"""An older position is not used: readsb drops it then, and in the region's recordings a third of
all positions are older while their altitude goes on."""


class Source(StrEnum):
    """How a position was obtained; the names readsb and OpenSky share."""

    ADSB = "adsb"
    ADSR = "adsr"
    TISB = "tisb"
    ADSC = "adsc"
    MLAT = "mlat"
    MODE_S = "mode_s"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One report of one aircraft by one feed, as reported, in our units."""

    icao24: str
    feed: str
    heard_at: datetime
    """Last contact of any kind; `position_at` is when the position was valid, if there is one."""
    position_at: datetime | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    baro_altitude_ft: float | None = None
    """Pressure altitude, uncorrected; None where the feed says just "ground"."""
    geom_altitude_ft: float | None = None
    """Height above the WGS84 ellipsoid."""
    on_ground: bool | None = None
    ground_speed_kt: float | None = None
    track_deg: float | None = None
    vertical_rate_fpm: float | None = None
    callsign: str | None = None
    registration: str | None = None
    type_code: str | None = None
    squawk: str | None = None
    source: Source = Source.OTHER
    adsb_version: int | None = None
    nic: int | None = None
    nac_p: int | None = None
    sil: int | None = None
    nav_qnh_hpa: float | None = None
    gps_lost: bool = False
    """It has lost GPS, says the feed (readsb `gpsOkBefore`)."""
    crowded: bool = False
    """Others of the same reply flew within 200 m: a spoofed point."""

    @property
    def fresh(self) -> bool:
        """Whether the position may be used: there is one, and it was young at last contact."""
        return self.position_at is not None and self.heard_at - self.position_at <= STALE_AFTER

    @property
    def at(self) -> datetime:
        """When this observation lives: at its position if that is fresh, else at last contact."""
        return self.position_at if self.fresh and self.position_at else self.heard_at


class Grade(StrEnum):
    """How sure a landing is; the rule of each is in `landings.grading`."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """3 for confirmed, 1 for possible."""
        return 3 - list(Grade).index(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against a landing; `kind` is for machines (`ground-contact`)."""

    at: datetime
    kind: str
    text: str
    """One plain sentence for an editor; may quote text from the air, so escape it."""
    speaks: str = "for"
    """`for`, `against` or `neutral`."""
    airfield: str | None = None
    """The airfield it speaks about; None where it is about landing at all."""
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An airfield where the aircraft may have landed; probabilities sum to at most 1."""

    airfield: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """A landing as derived from a set of observations: no identity, no history, no opinion.

    `airfield` is None where it is undetermined between `candidates`. `probability` is that of the
    named airfield, or of any of the candidates where undetermined.
    """

    icao24: str
    airfield: str | None
    candidates: tuple[Candidate, ...]
    touchdown_at: datetime
    uncertainty_s: float
    """Touchdown lies within ± this many seconds of `touchdown_at`."""
    departed_at: datetime | None = None
    runway: str | None = None
    grade: Grade = Grade.POSSIBLE
    probability: float = 0.0
    callsign: str | None = None
    evidence: tuple[Evidence, ...] = ()
    feeds: tuple[str, ...] = ()
    visit_from: datetime
    """Last proof before the touchdown that it was not yet down (or the first proof of the stay)."""
    visit_until: datetime
    """First proof that it had left again, or last proof that it had not."""


@dataclass(frozen=True, slots=True)
class WatchMatch:
    """That a watch wanted this aircraft, and by which of its lines (`callsign AZQ*`)."""

    watch: str
    matched_by: str
    counted: bool
    """False for aircraft that are followed and shown, but not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A stored landing: the detection, its identity and its fate."""

    id: str
    """Aircraft, day of touchdown (UTC) and ordinal when first given: `600865-2026-11-22-1`."""
    detection: Detection
    registration: str | None
    type_code: str | None
    watches: tuple[WatchMatch, ...]
    first_known_at: datetime
    revised_at: datetime
    retracted: bool = False
    review: str | None = None
    """A person's verdict, `confirmed` or `rejected`, if any; it wins over the detection."""
    reviewed: Review | None = None
    """Who gave it, when, why and for which airfield."""

    @property
    def stands(self) -> bool:
        """Whether it was not taken back, or a person confirmed it all the same."""
        return not self.retracted or self.review == CONFIRMED

    @property
    def airfield(self) -> str | None:
        """Where a person confirmed it, else where it was derived to be; None: undetermined."""
        if self.review == CONFIRMED and self.reviewed and self.reviewed.airfield:
            return self.reviewed.airfield
        return self.detection.airfield


@dataclass(frozen=True, slots=True)
class Revision:
    """One change in a landing's life."""

    landing_id: str
    at: datetime
    change: str
    """`found`, `upgraded`, `downgraded`, `moved`, `retimed`, `retracted`, `restored`; or what a
    person did, then without `rules_version`."""
    reason: str
    rules_version: str
    week_before: str | None = None
    """Week key in UTC that the touchdown lay in before, where that changed."""


@dataclass(frozen=True, slots=True)
class RunwayEnd:
    """One end of a runway: its threshold, and the true bearing flown when landing on it."""

    name: str
    lat_deg: float
    lon_deg: float
    bearing_deg: float
    length_m: float
    elevation_ft: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Airfield:
    """A place to land. Valid from `valid_from` (inclusive) to `valid_to` (exclusive)."""

    icao: str
    name: str
    lat_deg: float
    lon_deg: float
    elevation_ft: float
    zone: str
    runways: tuple[RunwayEnd, ...] = ()
    prior_weight: float = 1.0
    """How often it is landed at, next to a neighbour of which no more is known."""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def exists_on(self, day: date) -> bool:
        """Whether it was open on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Aircraft:
    """One row of a fleet file: an airframe under one address, valid for a time."""

    icao24: str
    registration: str | None = None
    type_code: str | None = None
    operator: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    fleet: str = ""
    """The name of the fleet it stands in."""
    old_registrations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What a count is made for: one airfield, or several taken together ("LLOV or LLER")."""

    airfields: tuple[str, ...]

    @property
    def name(self) -> str:
        """`LLOV`, or `LLOV or LLER`."""
        return " or ".join(self.airfields)


class RuleKind(Enum):
    """What a rule looks at: a count that is reached, that is improbable against the trailing
    year, or that could have been reached if the undetermined landings are added."""

    THRESHOLD = "threshold"
    SURGE = "surge"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a watch's count is unusual. `days` None means the ISO week, else a rolling window."""

    name: str
    kind: RuleKind
    place: Place
    count: int = 2
    """Landings needed; for a surge the least that can be one."""
    days: int | None = None
    p_below: float = 0.01
    min_covered_weeks: int = 13


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told: `name` stands in notice keys, `address` in the mail."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Which aircraft, at which places, counted from which grade, told to whom."""

    name: str
    places: tuple[Place, ...]
    fleet: tuple[Aircraft, ...] = ()
    """Rows of all fleets named, in order."""
    fleet_names: tuple[str, ...] = ()
    icao24: tuple[str, ...] = ()
    """Single addresses, or ranges written `600800-600bff`."""
    registrations: tuple[str, ...] = ()
    callsigns: tuple[str, ...] = ()
    """Globs (`AZQ*`); a bare word is a prefix."""
    operators: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """What never matches, of the kinds above."""
    count_types: tuple[str, ...] = ()
    """Types that are counted, the others only shown; empty: all are counted."""
    count_from: Grade = Grade.PROBABLE
    zone: str = "Asia/Jerusalem"
    rules: tuple[Rule, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    home: tuple[str, ...] = ()
    """Where the fleet comes from; the ledger measures round trips from there."""

    @property
    def airfields(self) -> tuple[str, ...]:
        """Every airfield of every place, once, in order."""
        return tuple(dict.fromkeys(code for place in self.places for code in place.airfields))
