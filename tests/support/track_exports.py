"""The same visit as Flightradar24 and OpenSky's Trino would export it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.support.sky import IL76, Visit

FR24 = "Timestamp,UTC,Callsign,Position,Altitude,Speed,Direction"
STATES = (
    "time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,alert,spi,squawk,"
    "baroaltitude,geoaltitude,lastposupdate,lastcontact,serials,hour"
)


def _rows(visit: Visit, every_s: int) -> Iterator[tuple[datetime, dict[str, object]]]:
    begin = visit.lands_at - timedelta(seconds=visit.arrival.touchdown_s)
    for seconds in range(0, int(visit.arrival.duration_s), every_s):
        at = begin + timedelta(seconds=seconds)
        if (row := visit.row(at)) is not None:
            yield at, row


def flightradar24_csv(visit: Visit, *, utc: bool = True, every_s: int = 10) -> str:
    """The file of one flight, with 7 columns or, as older ones, with 6."""
    lines = [FR24 if utc else FR24.replace("UTC,", "")]
    for at, row in _rows(visit, every_s):
        altitude = 0 if row["alt_baro"] == "ground" else row["alt_baro"]
        when = [f"{at.timestamp():.0f}", *([f"{at:%Y-%m-%dT%H:%M:%SZ}"] if utc else [])]
        place = f'"{row["lat"]},{row["lon"]}"'
        cells = [visit.callsign, place, altitude, round(float(str(row["gs"]))), 202]
        lines.append(",".join([*when, *map(str, cells)]))
    return "\n".join([*lines, ""])


def state_vectors_csv(visit: Visit, *, every_s: int = 5) -> str:
    """Rows as Trino writes them with a header, each in quotes."""
    lines = [",".join(f'"{name}"' for name in STATES.split(","))]
    for at, row in _rows(visit, every_s):
        down = row["alt_baro"] == "ground"
        height_m = "" if down else f"{float(str(row['alt_baro'])) * 0.3048:.2f}"
        seconds = f"{at.timestamp():.0f}"
        cells = [seconds, visit.icao24, row["lat"], row["lon"]]
        cells += [float(str(row["gs"])) * 1852 / 3600, 202.0]
        cells += ["" if down else float(str(row["baro_rate"])) * 0.00508, f"{visit.callsign} "]
        cells += [str(down).lower(), "false", "false", "", height_m, height_m]
        cells += [f"{at.timestamp()}", f"{at.timestamp()}", "[1,2]", "0"]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join([*lines, ""])


def state_row(at: datetime, lat_deg: float, lon_deg: float, height_m: float) -> str:
    """One row in level flight, without quotes, as Trino's CLI writes it with `CSV_UNQUOTED`."""
    seconds = f"{at.timestamp():.0f}"
    where = [IL76, lat_deg, lon_deg, 230.0, 90.0, 0.0, "AZQ9"]
    rest = ["false", "false", "false", "", height_m, height_m, seconds, seconds, "", 0]
    return ",".join(map(str, [seconds, *where, *rest]))
