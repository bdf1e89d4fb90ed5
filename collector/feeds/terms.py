"""Under which terms does each network give its data? Each entry states them.

The terms were collected on 2026-11-22. docs/feeds.md states the same for operators.
"""

from __future__ import annotations

from collections.abc import Mapping

from collector.model import imported
from collector.model.terms import Terms

ADSBLOL = Terms(
    attribution="adsb.lol contributors",
    licence="ODbL 1.0",
    redistributable=True,
    needs_consent=False,
    url="https://www.adsb.lol/",
)
ADSBFI = Terms(
    attribution="adsb.fi, https://adsb.fi/",
    licence="adsb.fi open data: personal, non-commercial",
    redistributable=False,
    needs_consent=True,
    url="https://github.com/adsbfi/opendata",
)
AIRPLANESLIVE = Terms(
    attribution="airplanes.live, https://airplanes.live/",
    licence="airplanes.live: by permission, ask contact@airplanes.live",
    redistributable=False,
    needs_consent=True,
    url="https://airplanes.live/",
)
ADSBEXCHANGE = Terms(
    attribution="ADS-B Exchange, https://www.adsbexchange.com/",
    licence="ADS-B Exchange: by contract",
    redistributable=False,
    needs_consent=True,
    url="https://www.adsbexchange.com/",
)
OPENSKY = Terms(
    attribution=(
        "The OpenSky Network, https://opensky-network.org (Schäfer et al., Bringing Up OpenSky: "
        "A Large-scale ADS-B Sensor Network for Research, IPSN 2014)"
    ),
    licence="OpenSky: research and non-profit, a live system only by written agreement",
    redistributable=False,
    needs_consent=True,
    url="https://opensky-network.org/about/terms-of-use",
    findings=True,
)
LOCAL = Terms(
    attribution="own receiver",
    licence="own data",
    redistributable=True,
    needs_consent=False,
    url="",
)

FLIGHTRADAR24 = Terms(
    attribution="Flightradar24, https://www.flightradar24.com/",
    licence="Flightradar24: personal use, publication by permission",
    redistributable=False,
    needs_consent=True,
    url="https://www.flightradar24.com/terms-and-conditions",
)

SIMULATED_FEED = "simulated"
"""The name of the feed whose replies `collector demo` invents."""
SIMULATED = Terms(
    attribution="SIMULATED by the command “collector demo”: nothing of this happened",
    licence="invented data",
    redistributable=True,
    needs_consent=False,
    url="",
)

ARCHIVES: Mapping[str, Terms] = {
    SIMULATED_FEED: SIMULATED,
    "globe-history": ADSBLOL,
    "tar1090-history": LOCAL,
    imported.FLIGHTRADAR24: FLIGHTRADAR24,
    imported.OPENSKY_TRINO: OPENSKY,
}
"""The terms of what no configured feed replied, by the feed name under which it is stored."""
