"""Do private and unnamed owners stay behind, whatever line of a watch matched them?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from collector.disclosure.operators import names_operators, operator_of
from collector.disclosure.origins import UNSTATED, may_be_passed_on, openness, origins_of
from collector.feeds.terms import ADSBLOL, LOCAL, OPENSKY
from collector.model import Aircraft, Landing, Watch, WatchMatch
from tests.support.landings import PROBABLE

AIRFRAME = Aircraft(icao24="600865", operator="Silk Way Airlines", source="a register", fleet="f")
TERMS = {"adsblol": ADSBLOL, "roof of Jane": LOCAL, "opensky": OPENSKY}


def landing(matched_by: str, callsign: str | None = "AZQ4521") -> Landing:
    detection = replace(PROBABLE.detection, callsign=callsign)
    matches = (WatchMatch("w", matched_by, counted=True),)
    return replace(PROBABLE, detection=detection, watches=matches)


def watch(**lines: Any) -> Watch:
    return replace(Watch(name="w", places=()), **lines)


@pytest.mark.parametrize(
    ("lines", "matched_by", "callsign", "expected"),
    [
        ({"fleet": (AIRFRAME,)}, "fleet f", None, "Silk Way Airlines"),
        ({"operators": ("Silk Way*",)}, "operator Silk Way*", None, "Silk Way*"),
        ({"callsigns": ("AZQ*",)}, "callsign AZQ*", "AZQ4521", "callsign AZQ*"),
        ({"callsigns": ("AZQ*",), "icao24": ("600865",)}, "icao24 600865", "AZQ1", "callsign AZQ*"),
        ({"callsigns": ("AZQ*",), "icao24": ("600865",)}, "icao24 600865", None, None),
        ({"icao24": ("600865",)}, "icao24 600865", "AZQ4521", None),
        ({"types": ("IL76",)}, "type IL76", "AZQ4521", None),
        ({"callsigns": ("N123AB",)}, "callsign N123AB", "N123AB", None),
        ({"callsigns": ("N123AB*",)}, "callsign N123AB*", "N123AB", None),
        ({"operators": ("PRIVATE*",)}, "operator PRIVATE*", None, None),
        ({"fleet": (replace(AIRFRAME, operator=None),)}, "fleet f", "AZQ4521", None),
        (
            {"fleet": (replace(AIRFRAME, operator="Private owner"),), "callsigns": ("AZQ*",)},
            "fleet f",
            "AZQ4521",
            None,
        ),
        (
            {"fleet": (replace(AIRFRAME, valid_to=date(2026, 1, 1)),)},
            "icao24 600865",
            None,
            None,
        ),
    ],
)
def test_only_a_named_operator_leaves(
    lines: dict[str, object], matched_by: str, callsign: str | None, expected: str | None
) -> None:
    found = operator_of(landing(matched_by, callsign), [watch(**lines)])
    assert (found and found.name) == expected


def test_a_watch_of_addresses_and_types_names_nobody() -> None:
    assert not names_operators(watch(icao24=("600865",), types=("IL76",), registrations=("N1",)))
    assert not names_operators(watch(fleet=(replace(AIRFRAME, operator="PRIVATE"),)))
    assert names_operators(watch(fleet=(AIRFRAME,)))
    assert names_operators(watch(callsigns=("AZAF*",)))


def test_feeds_are_named_by_their_terms_and_never_by_their_names() -> None:
    origins = origins_of(["roof of Jane", "opensky", "adsblol", "disk of Joe"], TERMS)
    assert "Jane" not in str(origins)
    assert "Joe" not in str(origins)
    assert {origin.attribution for origin in origins} >= {"own receiver", UNSTATED.attribution}
    assert openness(origins_of(["adsblol", "roof of Jane"], TERMS)) == "all"
    assert openness(origins_of(["adsblol", "opensky"], TERMS)) == "part"
    assert openness(origins_of(["opensky", "disk of Joe"], TERMS)) == "none"
    assert may_be_passed_on("roof of Jane", TERMS)
    assert not may_be_passed_on("disk of Joe", TERMS)
