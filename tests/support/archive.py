"""What do archives look like? Traces as readsb writes them, and tars of them."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

BEGIN_S = 1_795_305_600.0
"""2026-11-22, 00:00 UTC."""


def trace(icao24: str = "600865", pad: int = 0, **top: Any) -> bytes:
    """A trace as somebody's own program would write it: on one line."""
    points = [[second, 30.0, 35.0, 5000, 180, 202, 0, 0, None] for second in range(3)]
    body = {"icao": icao24, "timestamp": BEGIN_S, "pad": "x" * pad, "trace": points}
    return json.dumps(body | top).encode()


def readsb_trace(icao24: str, rows: Sequence[tuple[float, float, object]]) -> bytes:
    """A trace in readsb's own writing; rows of latitude, longitude and altitude."""
    lines = [
        f"\n[{number * 10:.2f},{lat:.6f},{lon:.6f},{json.dumps(altitude)},180.0,29.9,0,0,"
        + ('{"type":"adsb_icao","nav_modes":["autopilot","vnav"]}' if number % 4 == 0 else "null")
        + ',"adsb_icao",null,null,null,null]'
        for number, (lat, lon, altitude) in enumerate(rows)
    ]
    head = f'{{"icao":"{icao24}",\n"r":"4K-AZ101",\n"timestamp": {BEGIN_S:.3f},\n"trace":[ '
    return f"{head}{','.join(lines)}\n  ]\n}}\n".encode()


def put(folder: Path, name: str, body: bytes) -> Path:
    """A file, with the folders it lies in."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def day_tar(
    members: Mapping[str, bytes], mode: Literal["w", "w:gz"] = "w", form: int = tarfile.GNU_FORMAT
) -> bytes:
    """A tar of files in one of the forms that tarfile knows."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, format=form) as tar:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return packed.getvalue()
