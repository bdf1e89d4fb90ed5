"""Which airfields does a configuration need? The watched ones, their rivals and fleets' homes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from collector.errors import Mistake
from collector.model import Airfield
from collector.settings.airfield_catalogue import (
    DATABASE_RIVAL_WITHIN_NM,
    LookUp,
    airfield_from,
    is_near,
    look_up,
    shipped_as,
    shipped_rivals,
)
from collector.settings.runway_table import listed_runways, with_runways
from collector.settings.schema import Document
from collector.settings.sources import Gathered
from collector.settings.watch_schema import AirfieldPart, WatchPart


@dataclass(frozen=True, slots=True)
class ResolvedAirfields:
    """All airfields of a configuration, and the mistakes in its airfield codes."""

    airfields: tuple[Airfield, ...]
    mistakes: tuple[Mistake, ...]


def resolve(
    document: Document, watches: Sequence[WatchPart], gathered: Gathered
) -> ResolvedAirfields:
    """Return every airfield that the configuration needs, and a mistake for each unknown code."""
    own = _own_airfields(document.airfield)
    keys_by_code = _keys_by_code(document, watches)
    unlisted = [code for code in keys_by_code if code not in own and not shipped_as(code)]
    database = look_up(unlisted)
    icaos = (table.get("icao") for table in gathered.tables("airfield"))
    described = {icao for icao in icaos if isinstance(icao, str)}
    mistakes = [
        Mistake(gathered.prefix(key.partition("[")[0]) + key, _unknown(code, database))
        for code, keys in keys_by_code.items()
        if code in unlisted and code not in database.found and code not in described
        for key in keys
    ]

    def periods(code: str) -> tuple[Airfield, ...]:
        if code in own:
            return own[code]
        return shipped_as(code) or tuple(
            airfield for icao, airfield in database.found.items() if icao == code
        )

    watched_codes = dict.fromkeys(
        code for watch in watches for place in watch.places for code in place.split(" or ")
    )
    watched = [airfield for code in watched_codes for airfield in periods(code)]
    rivals = _rivals(document, watched, own, database)
    named = [airfield for code in keys_by_code for airfield in periods(code)]
    every = dict.fromkeys((*watched, *rivals, *named))
    if not document.rivals.priors:
        every = dict.fromkeys(replace(airfield, prior_weight=1.0) for airfield in every)
    return ResolvedAirfields(tuple(every), tuple(mistakes))


def _own_airfields(parts: Sequence[AirfieldPart]) -> dict[str, tuple[Airfield, ...]]:
    own: dict[str, tuple[Airfield, ...]] = {}
    runways = listed_runways([part.icao for part in parts if not part.runways])
    for part in parts:
        airfield = with_runways(airfield_from(part.model_dump()), runways)
        own[part.icao] = (*own.get(part.icao, ()), airfield)
    return own


def _keys_by_code(document: Document, watches: Sequence[WatchPart]) -> dict[str, list[str]]:
    """Return every airfield code that must exist, with the keys that name it."""
    keys: dict[str, list[str]] = {}
    for watch in watches:
        for key, codes in (
            ("places", [code for place in watch.places for code in place.split(" or ")]),
            ("home", watch.home),
        ):
            for code in dict.fromkeys(codes):
                keys.setdefault(code, []).append(f"watch[{watch.name}].{key}")
    for code in dict.fromkeys(document.rivals.add):
        keys.setdefault(code, []).append("rivals.add")
    return keys


def _unknown(code: str, database: LookUp) -> str:
    guess = database.guesses.get(code)
    hint = f"did you mean {guess}? If not," if guess else "if the code is right,"
    return (
        f"{code} is no airfield that the collector knows; {hint} describe it as an [[airfield]] "
        "with its coordinates"
    )


def _rivals(
    document: Document,
    watched: Sequence[Airfield],
    own: Mapping[str, tuple[Airfield, ...]],
    database: LookUp,
) -> list[Airfield]:
    """Return the airfields with which a watched one may be confused, as configured."""
    codes = {airfield.icao for airfield in watched}
    within_nm = document.rivals.within_nm
    unshipped = [airfield for airfield in watched if airfield.icao in database.found]
    candidates = [
        *(rival for rival in shipped_rivals(watched, within_nm) if rival.icao not in own),
        *(
            airfield
            for part in document.airfield
            for airfield in own[part.icao]
            if codes & set(part.rival_of) or is_near(airfield, watched, within_nm)
        ),
        # Only watched airfields have rivals, so neighbours of homes are left out.
        *(
            airfield
            for airfield in database.nearby
            if airfield.icao not in own
            and not shipped_as(airfield.icao)
            and is_near(airfield, unshipped, min(within_nm, DATABASE_RIVAL_WITHIN_NM))
        ),
    ]
    return [
        airfield
        for airfield in candidates
        if airfield.icao not in codes and airfield.icao not in document.rivals.exclude
    ]
