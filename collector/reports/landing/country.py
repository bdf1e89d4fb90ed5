"""Where did an aircraft land if no airfield can be named? The country is named instead.

Two likely airfields are named as two airfields. If the odds are spread over more of them, and
these lie far apart in one country, only the country is known: "in Israel, field unknown".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from collector.geo import distance_nm
from collector.model import Airfield, Candidate
from collector.reports import formatting

TWO_FIELDS_SHARE = 0.8
"""If two candidates have this share of the probability, these two are named."""

COUNTRY_SHARE = 0.9
"""Share of the probability that one country needs to be named."""

FAR_APART_NM = 30.0
"""Airfields nearer to each other than this are neighbours (Ovda, Ramon and Yotvata lie within 14):
the country would say less than their names."""

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
"""Countries by the first two letters of an airfield's code (ICAO Doc 7910), as far as these letters
belong to one country alone."""


def country_of(icao: str) -> str | None:
    """Return the country of an airfield by its code; None if the code does not tell.

    >>> country_of("LLOV"), country_of("EGLL"), country_of("LL1")
    ('Israel', None, None)
    """
    return COUNTRIES.get(icao[:2]) if len(icao) == 4 and icao.isalpha() else None


def country(candidates: Sequence[Candidate], airfields: Sequence[Airfield]) -> str | None:
    """Return the country if nothing more precise is known.

    None if one or two airfields say more, or if the candidates are neighbours or lie in several
    countries.
    """
    total = sum(each.probability for each in candidates)
    ranked = sorted((each.probability for each in candidates), reverse=True)
    if total <= 0 or sum(ranked[:2]) >= TWO_FIELDS_SHARE * total:
        return None
    shares: dict[str | None, float] = {}
    for candidate in candidates:
        name = country_of(candidate.airfield)
        shares[name] = shares.get(name, 0.0) + candidate.probability / total
    best = max(shares, key=lambda name: (shares[name], name or ""))
    if best is None or shares[best] < COUNTRY_SHARE:
        return None
    inside = [each.airfield for each in candidates if country_of(each.airfield) == best]
    return best if _far_apart(inside, airfields) else None


def somewhere(candidates: Sequence[Candidate], airfields: Sequence[Airfield]) -> str | None:
    """Return `in Israel, field unknown: LLOV (30%) or …`; None if `country` gives none."""
    name = country(candidates, airfields)
    if name is None:
        return None
    return f"in {name}, field unknown: {formatting.either(tuple(candidates))}"


def _far_apart(codes: Sequence[str], airfields: Sequence[Airfield]) -> bool:
    found = [field for field in airfields if field.icao in codes]
    return any(
        distance_nm(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg) >= FAR_APART_NM
        for a, b in combinations(found, 2)
    )
