"""What would an aircraft's transponder send? A small ADS-B encoder (Mode S, DF17, version 0).

Written from the public specification (ICAO Doc 9871, RTCA DO-260B), so that a real decoder can be
put in front of the collector. Frames leave as AVR lines, `*8D…;`, which decoders take over TCP.
Angles in degrees, altitudes in feet of pressure altitude, speeds in knots, rates in ft/min.
"""

from __future__ import annotations

import math

CRC_GENERATOR = 0x1FFF409
"""The 25 bits of Mode S parity's generator polynomial (Doc 9871, DO-260B §2.2.3.2.1.3)."""

_CHARACTERS = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######"
"""The six-bit alphabet of callsigns; `#` is not allowed."""

_MOVEMENT = (
    (0.125, 1.0, 2, 0.125),
    (1.0, 2.0, 9, 0.25),
    (2.0, 15.0, 13, 0.5),
    (15.0, 70.0, 39, 1.0),
    (70.0, 100.0, 94, 2.0),
    (100.0, 175.0, 109, 5.0),
)
"""Surface speed: from (kt), below (kt), first code, kt per code (DO-260B table 2-11)."""


def parity(bits: int, length: int) -> int:
    """The 24-bit remainder of `length` bits; 0 for an undamaged frame with its parity."""
    for position in range(length - 1, 23, -1):
        if bits >> position & 1:
            bits ^= CRC_GENERATOR << (position - 24)
    return bits


def frame(icao24: str, message: int, *, on_ground: bool = False) -> str:
    """A DF17 frame (capability 5: airborne, 4: on the ground) as 28 hexadecimal digits."""
    head = (17 << 3 | (4 if on_ground else 5)) << 80 | int(icao24, 16) << 56 | message
    return f"{head << 24 | parity(head << 24, 112):028X}"


def avr(frame_hex: str) -> bytes:
    """A frame as the line a decoder reads on its raw port."""
    return f"*{frame_hex};\n".encode()


def identification(icao24: str, callsign: str, category: int = 5) -> str:
    """Callsign and emitter category A`category` (5: heavy). Raises ValueError on other letters."""
    text = callsign.upper().ljust(8)
    message = 4 << 3 | category
    for letter in text:
        code = _CHARACTERS.find(letter)
        if code < 0 or letter == "#" or len(text) > 8:
            raise ValueError(f"{callsign!r} cannot be sent as a callsign")
        message = message << 6 | code
    return frame(icao24, message)


def longitude_zones(lat_deg: float) -> int:
    """NL: how many longitude zones CPR has at a latitude (DO-260B §A.1.7.2)."""
    lat = abs(lat_deg)
    if lat >= 87.0:
        return 2 if lat == 87.0 else 1
    if lat == 0.0:
        return 59
    ratio = (1 - math.cos(math.pi / 30)) / math.cos(math.radians(lat)) ** 2
    return int(2 * math.pi / math.acos(1 - ratio))


def cpr(lat_deg: float, lon_deg: float, *, odd: bool, surface: bool = False) -> tuple[int, int]:
    """Compact position reporting: (latitude, longitude), 17 bits each (DO-260B §A.1.7.3)."""
    whole = 90.0 if surface else 360.0
    d_lat = whole / (60 - odd)
    yz = math.floor((lat_deg % d_lat) / d_lat * 2**17 + 0.5)
    sent_lat = d_lat * (yz / 2**17 + math.floor(lat_deg / d_lat))
    d_lon = whole / max(longitude_zones(sent_lat) - odd, 1)
    xz = math.floor((lon_deg % d_lon) / d_lon * 2**17 + 0.5)
    return yz & 0x1FFFF, xz & 0x1FFFF


def altitude_code(altitude_ft: float) -> int:
    """Barometric altitude in 25 ft steps, the Q bit set. Raises ValueError out of range."""
    steps = round((altitude_ft + 1000) / 25)
    if not 0 <= steps < 2**11:
        raise ValueError(f"{altitude_ft} ft cannot be sent in steps of 25 ft")
    return steps >> 4 << 5 | 1 << 4 | steps & 0xF


def airborne_position(
    icao24: str, lat_deg: float, lon_deg: float, altitude_ft: float, *, odd: bool
) -> str:
    """Position in the air with barometric altitude; type code 11 (within 186 m, NUCp 7)."""
    lat, lon = cpr(lat_deg, lon_deg, odd=odd)
    message = 11 << 51 | altitude_code(altitude_ft) << 36 | odd << 34 | lat << 17 | lon
    return frame(icao24, message)


def movement_code(speed_kt: float) -> int:
    """Ground speed of a surface position in its 7-bit scale."""
    if speed_kt < 0.125:
        return 1
    for begin, end, first, step in _MOVEMENT:
        if speed_kt < end:
            return first + int((speed_kt - begin) / step)
    return 124


def surface_position(
    icao24: str, lat_deg: float, lon_deg: float, speed_kt: float, track_deg: float, *, odd: bool
) -> str:
    """Position on the ground with speed and track; type code 7 (within 186 m)."""
    lat, lon = cpr(lat_deg, lon_deg, odd=odd, surface=True)
    track = round(track_deg % 360 * 128 / 360) % 128
    message = 7 << 51 | movement_code(speed_kt) << 44 | 1 << 43 | track << 36
    return frame(icao24, message | odd << 34 | lat << 17 | lon, on_ground=True)


def airborne_velocity(
    icao24: str,
    speed_kt: float,
    track_deg: float,
    vertical_rate_fpm: float,
    *,
    geometric_above_baro_ft: float | None = None,
) -> str:
    """Speed over ground, track and barometric vertical rate; type code 19, subtype 1."""
    east = round(speed_kt * math.sin(math.radians(track_deg)))
    north = round(speed_kt * math.cos(math.radians(track_deg)))
    rate = round(vertical_rate_fpm / 64)
    message = 19 << 51 | 1 << 48 | (east < 0) << 42 | (abs(east) + 1) << 32
    message |= (north < 0) << 31 | (abs(north) + 1) << 21
    message |= 1 << 20 | (rate < 0) << 19 | (abs(rate) + 1) << 10
    if geometric_above_baro_ft is not None:
        difference = round(geometric_above_baro_ft / 25)
        message |= (difference < 0) << 7 | (abs(difference) + 1)
    return frame(icao24, message)
