"""With which sound inputs does the search begin? They are made here; none is a recording.

An input for a door with several file names begins with the byte that chooses one (`doors.Kind`).
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from collector.model.reply import Area, Format, Reply
from collector.recording.writing import reply_member
from collector.resources import shipped_file

from . import promises

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW_S = int(AT.timestamp())


def seeds() -> Mapping[str, Sequence[bytes]]:
    """Return the first inputs of each door that `doors.DOORS` names."""
    replies = _replies()
    recording = reply_member(_reply(replies[Format.READSB][0]), {})
    trace = replies[Format.TRACE][0]
    table = b"date,place,operator,registration,icao24,source\n2026-11-22,LLOV,Silk Way,,600865,x\n"
    return {
        **{f"reply {each.value}": bodies for each, bodies in replies.items()},
        "gzip": [gzip.compress(trace), gzip.compress(trace)[:-5]],
        "body": [bytes([1]) + gzip.compress(trace), bytes([0]) + trace],
        "headers": [b"120", b"Sun, 22 Nov 2026 12:00:00 GMT", b"https://a:b@c.example/?key=x"],
        "recording": [bytes([1]) + recording, bytes([0]) + gzip.decompress(recording)],
        "recorded polls": [b'{"record":"hearing","feed":"a","at":"2026-11-22T12:00:00Z"}', b"area"],
        "archive": [
            bytes([0]) + _tar(trace),
            bytes([1]) + trace,
            bytes([2]) + gzip.compress(trace),
            bytes([3]) + gzip.compress(_tar(trace)),
        ],
        "flight list": [
            (
                b"\0icao24,firstseen,estdepartureairport,lastseen,estarrivalairport,callsign,day\n"
                b"600865,1795340000,UBBB,1795345200,LLOV,AZQ4801,1795305600\n"
            ),
            (
                b"\0callsign,number,icao24,registration,typecode,origin,destination,firstseen,lastseen,"
                b"day\nAZQ4801,,600865,4K-AZ,IL76,UBBB,LLOV,2026-11-22 09:00:00+00:00,"
                b"2026-11-22 12:00:00+00:00,2026-11-22 00:00:00+00:00\n"
            ),
        ],
        "Flightradar24": [
            (
                b"Timestamp,UTC,Callsign,Position,Altitude,Speed,Direction\n"
                b'1795348800,2026-11-22T12:00:00Z,AZQ4801,"29.9,34.9",1500,0,20\n'
            )
        ],
        "state vectors": [
            (
                b"time,icao24,lat,lon,velocity,heading,vertrate,callsign,onground,lastposupdate,"
                b"lastcontact,baroaltitude\n"
                b"1795348800,600865,29.9,34.9,130,20,-5,AZQ4801,false,1795348799,1795348800,900\n"
            )
        ],
        "sightings": [table, table.replace(b",", b";"), table.decode().encode("utf-16")],
        "configuration": [shipped_file("collector.example.toml").read_bytes()[:2000], CONFIGURED],
        "broken configuration": [CONFIGURED, CONFIGURED.replace(b"]]", b"]", 1)],
        "variables": [
            b"COLLECTOR_CONTACT=a@example.org\nCOLLECTOR_FEEDS__ADSBLOL__EVERY_S=300\n",
            b'COLLECTOR_WATCH=[{name="w", places=["LLOV"], types=["IL76"]}]\nCOLLECTOR_X=1\n',
        ],
        "fleet": [shipped_file("fleets/silkway.toml").read_bytes()[:1500], FLEET],
        "list of aircraft": [
            b"ICAO;Registration\n600865;4K-AZ101\n# others\n4K-78030\n",
            b"0x600865, 4k-az101, il76, Silk Way Airlines, a00001-a00fff",
        ],
        "one row spoilt": [
            bytes([number, number % 3, 30]) + odd
            for number in range(len(promises.SHAPES))
            for odd in (b'"', b"NaN", b"\\", b"\xff", b"1e999")
        ],
        "live and replayed": [
            bytes([number]) + body
            for number, each in enumerate(Format)
            for plain in replies[each]
            for body in (_packed(plain, layers) for layers in (0, 1, 2, 5))
        ],
        "leaving": [
            bytes([0]) + replies[Format.READSB][0].replace(b'"nic"', b'"r_dst": 3, "nic"'),
            bytes([1]) + trace.replace(b'"nic"', b'"rssi": -3, "nic"'),
        ],
        "evidence pack": [_zip({"SHA256SUMS": b"", "summary.json": b"{}", "inputs.json": b"{}"})],
    }


CONFIGURED = b"""contact = "desk@example.org"
[[recipient]]
name = "desk"
address = "desk@example.org"
[[watch]]
name = "w"
places = ["LLOV"]
types = ["IL76"]
recipients = ["desk"]
[[watch.rule]]
kind = "threshold"
count = 2
[feeds.adsblol]
every_s = 300
"""

FLEET = b"""[[aircraft]]
icao24 = "600865"
registration = "4K-AZ101"
type = "IL76"
operator = "Silk Way Airlines"
valid_from = 2020-01-01
source = "https://example.org"
[[aircraft]]
icao24 = "600866"
registration = "4K-78030"
"""


def _replies() -> dict[Format, list[bytes]]:
    row: dict[str, Any] = {"hex": "600865", "flight": "AZQ4801 ", "alt_baro": 9000, "gs": 260.5}
    row |= {"lat": 29.9, "lon": 34.9, "seen": 0.5, "seen_pos": 1.5, "mlat": [], "tisb": []}
    row |= {"r": "4K-AZ", "t": "IL76", "nic": 8, "baro_rate": -64, "track": 200.0, "category": "A5"}
    state = ["600865", "AZQ4801 ", "Azerbaijan", NOW_S - 2, NOW_S - 1, 34.9, 29.9, 9000.5, False]
    state += [130.5, 200.0, -5.0, None, 9100.0, "1234", False, 0]
    details = {"flight": "AZQ4801 ", "alt_geom": 9100, "nic": 8}
    point = [5.5, 29.9, 34.9, 9000, 260.5, 200.0, 0, -64, details, "adsb_icao", 9100, None, 250, 0]
    ground = [65.5, 29.94, 34.93, "ground", 10.0, 200.0, 0, None, None, "adsb_icao"]
    made: dict[Format, list[dict[str, Any]]] = {
        Format.READSB: [
            {"now": NOW_S * 1000, "ac": [row, row | {"alt_baro": "ground"}], "msg": "No error"},
            {"now": NOW_S, "aircraft": [row]},
        ],
        Format.OPENSKY_STATES: [{"time": NOW_S, "states": [state]}],
        Format.TRACE: [
            {"icao": "600865", "r": "4K-AZ", "t": "IL76", "timestamp": NOW_S}
            | {"trace": [point, ground]}
        ],
        Format.OPENSKY_TRACK: [
            {"icao24": "600865", "callsign": "AZQ4801"}
            | {"path": [[NOW_S, 29.9, 34.9, 9000.5, 200.0, False]]}
        ],
    }
    return {each: [json.dumps(body).encode() for body in bodies] for each, bodies in made.items()}


def _reply(body: bytes) -> Reply:
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=Area(29.94, 34.93, 100.0),
        url="https://api.adsb.lol/v2/point/29.94/34.93/100",
        received_at=AT,
        headers=(("Content-Type", "application/json"),),
        body=body,
    )


def _packed(body: bytes, layers: int) -> bytes:
    for _ in range(layers):
        body = gzip.compress(body, mtime=0)
    return body


def _tar(trace: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        entry = tarfile.TarInfo("./traces/65/trace_full_600865.json")
        body = gzip.compress(trace)
        entry.size = len(body)
        tar.addfile(entry, io.BytesIO(body))
    return made.getvalue()[:2048]  # without the padding of its end


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, body in files.items():
            packed.writestr(f"pack/{name}", body)
    return made.getvalue()
