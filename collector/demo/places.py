"""Where and with whom is the demo's season set? At two invented airfields, by invented aircraft.

Nothing of it can be taken for something real. The airfields lie in the open sea where the equator
meets the prime meridian. ICAO allots no codes that begin with X, and no State has the addresses
from d00000 to dfffff (ICAO Annex 10, Volume III, chapter 9, table 9-1, reserves them). The hosts
end in `.invalid` (RFC 2606). Each name of an aircraft says
DEMO, each name of an airfield says simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from collector.feeds.terms import SIMULATED_FEED

ZONE = "Africa/Lagos"
"""One hour ahead of UTC all year, so that local time and UTC differ on every page."""
WATCH = "demo"
TITLE = "DEMO Il-76s"
FLEET = "demo"
OPERATOR = "DEMO Air (simulated)"
"""Only landings of aircraft whose operator is named ever leave, by Atom or in an export."""
RECIPIENT = "demo-desk"
PORT = 8043
"""Of the demo's page: beside that of a daemon, which may be running."""
MARK = "# SIMULATED by `collector demo`: nothing of this happened."
"""The first line of the demo's configuration, by which a folder of the demo is recognised."""


@dataclass(frozen=True, slots=True)
class Field:
    """An airfield with one runway, which is flown in one direction."""

    icao: str
    name: str
    lat_deg: float
    lon_deg: float
    elevation_ft: float
    bearing_deg: float
    """True bearing flown when landing."""
    length_m: float


NORTH = Field("XDMA", "Demo North (simulated)", 0.0, 0.0, 1480.0, 200.0, 3000.0)
"""The watched airfield."""
SOUTH = Field("XDMB", "Demo South (simulated)", -0.21, -0.075, 280.0, 195.0, 3600.0)
"""Its neighbour, 13 NM away on almost the same axis, as Ramon lies beside Ovda."""
EAST = Field("XDMC", "Demo East (simulated)", 0.75, 1.0, 900.0, 210.0, 2800.0)
"""The home of the watched aircraft, 75 NM away: one is seen there before it comes."""
BETWEEN = Field("", "between the two", -0.105, -0.0375, 880.0, 290.0, 3000.0)
"""Where an aircraft seems to descend to, if nobody can tell at which of the two it landed."""


@dataclass(frozen=True, slots=True)
class Aircraft:
    """An invented aircraft, as a feed describes it."""

    icao24: str
    registration: str
    callsign: str
    type_code: str
    category: str


WATCHED = tuple(
    Aircraft(f"d0de{number:02x}", f"DEMO-{number}", f"DEMO10{number}", "IL76", "A5")
    for number in range(1, 5)
)
UNLISTED = Aircraft("d0de51", "DEMO-51", "DEMO151", "IL76", "A5")
"""In no fleet file: the watch matches it by its callsign, and it is followed from then on."""
VISITOR = Aircraft("d0de77", "DEMO-V", "DEMO777", "A124", "A5")
LOW, *CROSSING = (
    Aircraft(f"d0de{number:x}", f"DEMO-T{number - 0xA0}", f"DEMO9{number - 0xA0:02d}", kind, "A2")
    for number, kind in ((0xA1, "BE20"), (0xA2, "A320"), (0xA3, "A320"))
)
"""Others: one that flies about low, and two that cross the region high. Their being received
shows that the feed was receiving."""


def configuration(folder: Path, port: int) -> str:
    """Return the demo's configuration, with everything that it writes in `folder`.

    Its mails link to the page that this machine serves on `port`.
    """
    airfields = "".join(_airfield(field) for field in (NORTH, SOUTH, EAST))
    return f"""{MARK}
# Its airfields, aircraft and addresses are invented. Commands work on it if they name
# the season's weeks; this needs none:
#     collector --config {folder}/collector.toml landings --all
contact = "nobody@demo.invalid"
data = {_quoted(str(folder))}

[[recipient]]
name = "{RECIPIENT}"
address = "{RECIPIENT}@demo.invalid"

[mail]
sender = "collector@demo.invalid"

# The demo's own page, to which its mails link.
[web]
port = {port}
public_url = "http://127.0.0.1:{port}"

[feeds.adsblol]
enabled = false

[feeds.{SIMULATED_FEED}]
kind = "readsb"
url = "https://feed.demo.invalid/aircraft.json"
{airfields}
[[watch]]
name = "{WATCH}"
title = "{TITLE}"
places = ["{NORTH.icao}", "{SOUTH.icao}", "{NORTH.icao} or {SOUTH.icao}"]
fleets = ["{FLEET}"]
callsigns = ["{UNLISTED.callsign[:-1]}"]
home = ["{EAST.icao}"]
zone = "{ZONE}"

[[watch.rule]]
name = "weekly"
at = "{NORTH.icao}"
count = 2
undetermined = true

[[watch.rule]]
name = "fortnight"
at = "{NORTH.icao}"
count = 3
days = 14
undetermined = true

# Nine weeks are too few to tell what is usual, so that it is stated, with its source.
[[watch.rule]]
name = "surge"
kind = "surge"
at = "{NORTH.icao}"
usual_landings = 24
usual_from = "2024-07"
usual_to = "2025-08"
usual_source = "a simulated newspaper, invented for `collector demo`"
"""


def fleet() -> str:
    """Return the demo's fleet file: the watched aircraft with their operator."""
    rows = "".join(
        f"""
[[aircraft]]
icao24 = "{each.icao24}"
registration = "{each.registration}"
type = "{each.type_code}"
operator = "{OPERATOR}"
source = "`collector demo`, which invented it"
"""
        for each in WATCHED
    )
    return f"{MARK}\n{rows}"


def _airfield(field: Field) -> str:
    from collector.geo import destination

    half_nm = field.length_m / 1852.0 / 2.0
    ends = []
    for bearing in (field.bearing_deg, field.bearing_deg - 180.0):
        lat, lon = destination(field.lat_deg, field.lon_deg, bearing + 180.0, half_nm)
        ends.append(
            f'    {{ name = "{round(bearing / 10):02d}", lat_deg = {lat:.6f}, lon_deg = {lon:.6f}, '
            f"bearing_deg = {bearing}, length_m = {field.length_m} }},\n"
        )
    return f"""
[[airfield]]
icao = "{field.icao}"
name = "{field.name}"
lat_deg = {field.lat_deg}
lon_deg = {field.lon_deg}
elevation_ft = {field.elevation_ft}
zone = "{ZONE}"
source = "invented for `collector demo`"
runways = [
{"".join(ends)}]
"""


def _quoted(text: str) -> str:
    """Return text as a string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
