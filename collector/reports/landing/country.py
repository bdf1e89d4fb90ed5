"""Where did it land, if no field can be named? "In Israel, field unknown" where even pairs fail.

Two likely fields are named as two fields. Where the odds are spread over more of them, and these
lie far apart in one country, the country is what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from collector.geo import distance_nm
from collector.model import Airfield, Candidate
from collector.reports import formatting

TWO_HOLD = 0.8
"""Where two candidates share this much of the probability, it is these two."""

ONE_COUNTRY = 0.9
"""Of the probability, for the country to be said."""

FAR_APART_NM = 30.0
"""Fields nearer than this are neighbours (Ovda, Ramon and Yotvata lie within 14): naming the
country would tell less than naming them."""

COUNTRIES = {
    "HE": "Egypt",
    "HK": "Kenya",
    "HS": "Sudan",
    "LC": "Cyprus",
    "LG": "Greece",
    "LL": "Israel",
    "LT": "Turkey",
    "OB": "Bahrain",
    "OE": "Saudi Arabia",
    "OI": "Iran",
    "OJ": "Jordan",
    "OK": "Kuwait",
    "OL": "Lebanon",
    "OM": "the United Arab Emirates",
    "OO": "Oman",
    "OR": "Iraq",
    "OS": "Syria",
    "OT": "Qatar",
    "OY": "Yemen",
    "UB": "Azerbaijan",
    "UD": "Armenia",
    "UG": "Georgia",
}
"""By the first two letters of an airfield's code (ICAO Doc 7910); only where these are one
country's. Elsewhere no country is said."""


def country_of(icao: str) -> str | None:
    """The country of an airfield by its code; None where the code does not tell.

    >>> country_of("LLOV"), country_of("EGLL"), country_of("LL1")
    ('Israel', None, None)
    """
    return COUNTRIES.get(icao[:2]) if len(icao) == 4 and icao.isalpha() else None


def country(candidates: Sequence[Candidate], airfields: Sequence[Airfield]) -> str | None:
    """The country that is all that is known; None where one or two fields say more, or where the
    candidates are neighbours or lie in several countries."""
    total = sum(one.probability for one in candidates)
    ranked = sorted((one.probability for one in candidates), reverse=True)
    if total <= 0 or sum(ranked[:2]) >= TWO_HOLD * total:
        return None
    shares: dict[str | None, float] = {}
    for one in candidates:
        named = country_of(one.airfield)
        shares[named] = shares.get(named, 0.0) + one.probability / total
    best = max(shares, key=lambda name: (shares[name], name or ""))
    if best is None or shares[best] < ONE_COUNTRY:
        return None
    inside = [one.airfield for one in candidates if country_of(one.airfield) == best]
    return best if _far_apart(inside, airfields) else None


def somewhere(candidates: Sequence[Candidate], airfields: Sequence[Airfield]) -> str | None:
    """`in Israel, field unknown: LLOV (30%) or …`; None where the fields say more by themselves."""
    known = country(candidates, airfields)
    if known is None:
        return None
    return f"in {known}, field unknown: {formatting.either(tuple(candidates))}"


def _far_apart(codes: Sequence[str], airfields: Sequence[Airfield]) -> bool:
    found = [one for one in airfields if one.icao in codes]
    return any(
        distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) >= FAR_APART_NM
        for a, b in combinations(found, 2)
    )
