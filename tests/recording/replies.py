"""Replies to be recorded and read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from collector.coverage.region import Region
from collector.model import WatchMatch
from collector.model.reply import Area, Ask, Format, Reply
from collector.recording import read, recognise

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
OVDA = Region(((29.94, 34.93, 100.0),))
MATCH = (WatchMatch("silkway", "fleet silkway", True),)
by_public_host = partial(recognise, hosts={})


def reply(seconds: float = 0, ask: Ask | None = None, **changed: object) -> Reply:
    at = AT + timedelta(seconds=seconds)
    body = {"ac": [{"hex": "600865", "seen": 0}], "now": round(at.timestamp() * 1000)}
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=ask or Area(29.94, 34.93, 100.0),
        url="https://api.adsb.lol/v2/point/29.94/34.93/100",
        received_at=at,
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(body | changed).encode(),
    )


def replies_of(paths: list[Path], **reading: object) -> list[Reply]:
    found = read(paths, recognise=by_public_host, **reading)  # type: ignore[arg-type]
    return [each.reply for each in found if each.reply is not None]
