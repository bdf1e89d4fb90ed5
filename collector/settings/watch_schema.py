"""Which keys do watches, visitors, fleets and airfields have?

Each key stands with its meaning, its type and its default. `schema` holds all other tables.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from collector.landings.heavy_types import HEAVY_TYPES
from collector.settings.rule_schema import RulePart
from collector.settings.types import (
    AddressOrRange,
    AddressText,
    Category,
    Code,
    Exclusion,
    Glob,
    GradeText,
    Line,
    Name,
    OperatorGlob,
    Part,
    PlaceText,
    TypeCode,
    Zone,
)


class WatchPart(Part):
    """A watch: which aircraft are counted at which places, and who gets the mails."""

    name: Name = Field(description="name of the watch in commands and in JSON; unique")
    title: Line | None = Field(
        default=None,
        max_length=60,
        description='what mails, pages and reports call these aircraft, like "Silk Way Il-76s"; '
        "unique; if left out, the name with the types that are counted",
    )
    places: list[PlaceText] = Field(
        min_length=1,
        description="airfields to count at, by ICAO code; several airfields are counted together "
        'if written like "LLOV or LLER"',
    )
    fleets: list[Name] = Field(
        default=[],
        description="fleet files by name: `fleets/NAME.toml` beside this file, or else a shipped "
        "one",
    )
    icao24: list[AddressOrRange] = Field(
        default=[], description="aircraft by ICAO 24-bit address or range of addresses"
    )
    registrations: list[Glob] = Field(
        default=[], description="aircraft by registration, as the feed states it"
    )
    callsigns: list[Glob] = Field(
        default=[],
        description="aircraft by callsign; a word without wildcards (* and ?) is the beginning of "
        "one",
    )
    operators: list[OperatorGlob] = Field(
        default=[],
        description="aircraft by operator, where a feed states it; written like callsigns, in any "
        "case",
    )
    types: list[TypeCode] = Field(
        default=[], description="aircraft by ICAO type designator, of any operator"
    )
    exclude: list[Exclusion] = Field(
        default=[],
        description="addresses, ranges, registrations or callsigns that never match, whatever the "
        "keys above name",
    )
    count_types: list[TypeCode] = Field(
        default=[],
        description="types that are counted; other aircraft are followed and shown, but not "
        "counted",
    )
    count_from: GradeText = Field(
        default="probable",
        description='lowest grade that counts: "confirmed", "probable" or "possible"',
    )
    zone: Zone = Field(
        default="Asia/Jerusalem",
        description="time zone in which weeks begin and times are shown",
    )
    recipients: list[Name] | None = Field(
        default=None, description="names of the recipients; if left out, every recipient"
    )
    home: list[Code] = Field(
        default=[],
        description="home airfields of the fleet, from which the ledger measures round trips",
    )
    rule: list[RulePart] | None = Field(
        default=None,
        description="when the count is unusual; if left out, the three usual rules for the first "
        "place",
    )


class VisitorsPart(Part):
    """Unlisted aircraft that land at a watched airfield. They are listed, but never counted."""

    enabled: bool = Field(default=True, description="whether unlisted aircraft are followed")
    types: list[TypeCode] = Field(
        default=sorted(HEAVY_TYPES),
        description="aircraft by ICAO type designator; the default are types that need a long "
        "runway",
    )
    categories: list[Category] = Field(
        default=["A5"],
        description="aircraft by ADS-B emitter category, where a feed states it; A5 is above 136 "
        "t (300,000 lb)",
    )
    icao24: list[AddressOrRange] = Field(
        default=[], description="aircraft by ICAO 24-bit address or range of addresses"
    )
    registrations: list[Glob] = Field(
        default=[], description="aircraft by registration, as the feed states it"
    )
    callsigns: list[Glob] = Field(default=[], description="aircraft by callsign, as in a watch")
    operators: list[OperatorGlob] = Field(
        default=[], description="aircraft by operator, where a feed states it"
    )
    exclude: list[Exclusion] = Field(
        default=[],
        description="addresses, ranges, registrations or callsigns that are never followed",
    )
    within_nm: float = Field(
        default=100,
        ge=40,
        le=250,
        description="largest distance from a watched airfield; never more than "
        "`polling.area_radius_nm`",
    )
    below_ft: float = Field(
        default=29000,
        ge=10000,
        le=60000,
        description="largest altitude; aircraft above it only fly across",
    )


class AircraftPart(Part):
    """An aircraft of a fleet file."""

    icao24: AddressText = Field(description="ICAO 24-bit address")
    registration: Line | None = Field(default=None, description="registration, as painted")
    type: TypeCode | None = Field(default=None, description="ICAO type designator")
    operator: Line | None = Field(default=None, description="operator")
    valid_from: date | None = Field(default=None, description="first day in the fleet")
    valid_to: date | None = Field(default=None, description="first day no longer in the fleet")
    old_registrations: list[Line] = Field(default=[], description="earlier registrations")
    source: Line = Field(description="source of this row")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_backwards(self.valid_from, self.valid_to)
        return self


class FleetFile(Part):
    """A file `fleets/NAME.toml`."""

    aircraft: list[AircraftPart] = Field(min_length=1, description="a table for each airframe")


class RunwayPart(Part):
    """An end of a runway; each runway has two."""

    name: Line = Field(description='name as painted, like "02L"')
    lat_deg: float = Field(ge=-90, le=90, description="latitude of the threshold, in degrees north")
    lon_deg: float = Field(
        ge=-180, le=180, description="longitude of the threshold, in degrees east"
    )
    bearing_deg: float = Field(
        ge=0, le=360, description="true bearing flown when landing on this end"
    )
    length_m: float = Field(ge=100, le=8000, description="length of the runway")
    elevation_ft: float | None = Field(
        default=None,
        ge=-1500,
        le=16000,
        description="elevation of the threshold; if left out, the airfield's",
    )


class AirfieldPart(Part):
    """An airfield that is in no list, or that a list describes wrongly."""

    icao: Code = Field(description="ICAO code; a shipped airfield with this code is replaced")
    name: Line | None = Field(default=None, description="name in mails")
    lat_deg: float = Field(
        ge=-90, le=90, description="latitude of the reference point, in degrees north"
    )
    lon_deg: float = Field(
        ge=-180, le=180, description="longitude of the reference point, in degrees east"
    )
    elevation_ft: float = Field(ge=-1500, le=16000, description="elevation above mean sea level")
    zone: Zone = Field(default="UTC", description="time zone")
    valid_from: date | None = Field(default=None, description="first day open")
    valid_to: date | None = Field(default=None, description="first day closed")
    rival_of: list[Code] = Field(
        default=[],
        description="watched airfields with which this one may be confused, at any distance",
    )
    prior_weight: float = Field(
        default=1.0,
        ge=0.001,
        le=1000,
        description="how often watched aircraft land here, compared with an airfield of which "
        "nothing is known (1); `rivals.priors` switches all of these weights off",
    )
    source: Line | None = Field(default=None, description="source of these data")
    runways: list[RunwayPart] = Field(
        default=[],
        description="two ends for each runway; if left out, those of the shipped table, if it has "
        "this code at this place",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_backwards(self.valid_from, self.valid_to)
        return self


def _refuse_backwards(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from and valid_to and valid_from >= valid_to:
        raise ValueError("`valid_to` must be later than `valid_from`")


class RivalsPart(Part):
    """Airfields with which a watched one may be confused. Their landings are not counted."""

    within_nm: float = Field(
        default=60,
        ge=0,
        le=250,
        description="shipped airfields and your own count as rivals within this distance of a "
        "watched one",
    )
    add: list[Code] = Field(default=[], description="further rivals, by ICAO code")
    exclude: list[Code] = Field(
        default=[], description="airfields that are never rivals, by ICAO code"
    )
    priors: bool = Field(
        default=True,
        description="whether the `prior_weight` of airfields decides where the track does not; if "
        "false, all airfields weigh the same",
    )
