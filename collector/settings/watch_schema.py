"""What may be said of watches, fleets and airfields? The keys, their meaning and their defaults."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from collector.landings.rules import HEAVY_TYPES
from collector.settings.types import (
    AddressOrRange,
    AddressText,
    Category,
    Certainty,
    Code,
    Exclusion,
    Glob,
    Line,
    Name,
    OperatorGlob,
    Part,
    PlaceText,
    TypeCode,
    Zone,
)


class RulePart(Part):
    """When a watch's count is unusual."""

    name: Name = Field(description="what the mail calls the rule; unique within its watch")
    kind: Literal["threshold", "surge", "undetermined"] = Field(
        default="threshold",
        description='"threshold": the count reaches `count`. "surge": the count is improbable '
        'against the trailing year. "undetermined": the count could have reached `count` if '
        "landings that lie between airfields are added",
    )
    at: PlaceText = Field(description="one of the watch's `places`")
    count: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="landings needed; for a surge, the least that can be one",
    )
    days: int | None = Field(
        default=None,
        ge=1,
        le=366,
        description="count over this many days up to now; left out: the ISO week, Monday to Sunday",
    )
    p_below: float = Field(
        default=0.01,
        gt=0,
        le=0.5,
        description="surge only: how improbable the count must be",
    )
    min_covered_weeks: int = Field(
        default=13,
        ge=4,
        le=52,
        description="surge only: silent until so many weeks of the trailing year were covered",
    )


class WatchPart(Part):
    """Which aircraft, at which places, counted from which certainty, told to whom."""

    name: Name = Field(description="what listings and mails call the watch; unique")
    places: list[PlaceText] = Field(
        min_length=1,
        description="what is counted: airfields by ICAO code, each for itself, or several taken "
        'together: "LLOV or LLER"',
    )
    fleets: list[Name] = Field(
        default=[],
        description="fleet files by name: `fleets/NAME.toml` beside this file, else a shipped one",
    )
    icao24: list[AddressOrRange] = Field(
        default=[], description="aircraft by ICAO 24-bit address, or ranges of addresses"
    )
    registrations: list[Glob] = Field(
        default=[], description="aircraft by registration, as the feed's database states it"
    )
    callsigns: list[Glob] = Field(
        default=[],
        description="aircraft by callsign: a bare word is a beginning, * and ? are wildcards",
    )
    operators: list[OperatorGlob] = Field(
        default=[],
        description="aircraft by operator, where a feed states it; as callsigns, any case",
    )
    types: list[TypeCode] = Field(
        default=[], description="aircraft by ICAO type designator, whoever flies them"
    )
    exclude: list[Exclusion] = Field(
        default=[],
        description="addresses, ranges, registrations or callsigns that never match, whatever the "
        "lines above say",
    )
    count_types: list[TypeCode] = Field(
        default=[],
        description="count only these types; the others are followed and shown, not counted",
    )
    count_from: Certainty = Field(
        default="probable", description="a landing counts from this certainty upwards"
    )
    zone: Zone = Field(
        default="Asia/Jerusalem",
        description="the time zone in which weeks begin and times are shown",
    )
    recipients: list[Name] | None = Field(
        default=None, description="who is told, by name; left out: every recipient"
    )
    home: list[Code] = Field(
        default=[],
        description="airfields the fleet comes from; the ledger measures round trips from them",
    )
    rule: list[RulePart] | None = Field(
        default=None,
        description="when the count is unusual; left out: the four usual rules for the first place",
    )


class VisitorsPart(Part):
    """Aircraft on no watch that land at a watched airfield: followed and listed, never counted."""

    enabled: bool = Field(default=True, description="whether they are followed")
    types: list[TypeCode] = Field(
        default=sorted(HEAVY_TYPES),
        description="by ICAO type designator; as shipped, those that need a long runway",
    )
    categories: list[Category] = Field(
        default=["A5"],
        description="by ADS-B emitter category, where a feed states it; A5 is above 136 t (300,000 "
        "lb)",
    )
    icao24: list[AddressOrRange] = Field(
        default=[], description="by ICAO 24-bit address, or ranges of addresses"
    )
    registrations: list[Glob] = Field(
        default=[], description="by registration, as the feed's database states it"
    )
    callsigns: list[Glob] = Field(default=[], description="by callsign, as a watch's")
    operators: list[OperatorGlob] = Field(
        default=[], description="by operator, where a feed states it"
    )
    exclude: list[Exclusion] = Field(
        default=[],
        description="addresses, ranges, registrations or callsigns that are never followed",
    )
    within_nm: float = Field(
        default=100,
        ge=40,
        le=250,
        description="only so near a watched airfield, and never beyond `polling.area_radius_nm`",
    )
    below_ft: float = Field(
        default=29000,
        ge=10000,
        le=60000,
        description="only lower than this: higher, others merely fly across",
    )


class AircraftPart(Part):
    """One row of a fleet file."""

    icao24: AddressText = Field(description="ICAO 24-bit address")
    registration: Line | None = Field(default=None, description="as painted")
    type: TypeCode | None = Field(default=None, description="ICAO type designator")
    operator: Line | None = Field(default=None, description="who flies it")
    valid_from: date | None = Field(default=None, description="first day it belongs to the fleet")
    valid_to: date | None = Field(default=None, description="first day it no longer does")
    old_registrations: list[Line] = Field(
        default=[], description="what it was registered as before"
    )
    source: Line = Field(description="where that is known from")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_backwards(self.valid_from, self.valid_to)
        return self


class FleetFile(Part):
    """A file `fleets/NAME.toml`."""

    aircraft: list[AircraftPart] = Field(min_length=1, description="one table an airframe")


class RunwayPart(Part):
    """One end of a runway."""

    name: Line = Field(description='as painted, like "02L"')
    lat_deg: float = Field(ge=-90, le=90, description="of the threshold, degrees north")
    lon_deg: float = Field(ge=-180, le=180, description="of the threshold, degrees east")
    bearing_deg: float = Field(
        ge=0, le=360, description="true direction flown when landing on this end"
    )
    length_m: float = Field(ge=100, le=8000, description="of the runway")
    elevation_ft: float | None = Field(
        default=None, ge=-1500, le=16000, description="of the threshold; left out: the airfield's"
    )


class AirfieldPart(Part):
    """An airfield that no list knows, or that one knows wrongly."""

    icao: Code = Field(description="its code; replaces a shipped airfield of that code")
    name: Line | None = Field(default=None, description="what mails call it")
    lat_deg: float = Field(ge=-90, le=90, description="of its reference point, degrees north")
    lon_deg: float = Field(ge=-180, le=180, description="of its reference point, degrees east")
    elevation_ft: float = Field(ge=-1500, le=16000, description="above mean sea level")
    zone: Zone = Field(default="UTC", description="its time zone")
    valid_from: date | None = Field(default=None, description="first day it was open")
    valid_to: date | None = Field(default=None, description="first day it no longer was")
    rival_of: list[Code] = Field(
        default=[], description="watched airfields it may be confused with, however far away"
    )
    prior_weight: float = Field(
        default=1.0,
        ge=0.001,
        le=1000,
        description="how often watched aircraft land there, next to a field of which no more is "
        "known; `rivals.priors` switches all of them off",
    )
    source: Line | None = Field(default=None, description="where that is known from")
    runways: list[RunwayPart] = Field(
        default=[], description="two lines a runway, one for each end"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_backwards(self.valid_from, self.valid_to)
        return self


def _refuse_backwards(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from and valid_to and valid_from >= valid_to:
        raise ValueError("`valid_to` must be later than `valid_from`")
