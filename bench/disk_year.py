"""How much disk does a year take? Days of synthetic replies are recorded, stored and pruned.

Three sizes of region are polled every five minutes, by fleet and by place, through the daemon's own
recorder and pipeline. The bytes of a day are multiplied by the days of a year. What is kept of a
landing is counted from the recorded bytes: 11 hours of replies, four of them at a minute's rhythm.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from _claims import Claim, report, short
from _sky import _row

from collector import services, settings
from collector.geo import destination
from collector.model.reply import Area, Ask, Fleet, Format, Reply
from collector.pipeline.pruning import PrunedRows, Pruning
from collector.recording import Recorder
from collector.settings import derived
from collector.store import Store

BEGIN = datetime(2026, 3, 4, tzinfo=UTC)
EVERY = timedelta(minutes=5)
OVDA = (29.9403, 34.9358)
AREA = Area(*OVDA, 100.0)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
KEPT_POLLS = 7 * 12 + 4 * 60
"""Polls kept with a landing: seven hours of one every five minutes, four of one a minute."""
LANDINGS = 150
"""Landings a year: about three a week."""
SIZES = (15, 46, 150)
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Year:
    """Bytes of a year at one size of region."""

    recordings: float
    """Of 90 days."""
    database: float
    pruned: float
    kept: float
    """With `LANDINGS` landings."""


def replies(in_view: int, fleet: Fleet, count: int) -> list[Reply]:
    """Return the replies of so many rounds of polls: none of the fleet, and all in view."""
    rng = random.Random(in_view)
    found = []
    for number in range(count):
        at = BEGIN + number * EVERY
        rows = [
            _row(
                rng,
                f"{0x738000 + index:06x}",
                *destination(*OVDA, rng.uniform(0, 360), rng.uniform(0, 100)),
            )
            | {"t": "A320", "category": "A3"}
            for index in range(in_view)
        ]
        found += [_reply(at, fleet, []), _reply(at, AREA, rows)]
    return found


def _reply(at: datetime, ask: Ask, rows: list[dict[str, object]]) -> Reply:
    now_ms = round(at.timestamp() * 1000)
    body = {"ac": rows, "msg": "No error", "now": now_ms, "total": len(rows), "ptime": 12}
    return Reply(
        feed="adsblol",
        format=Format.READSB,
        ask=ask,
        url="https://api.adsb.lol/v2/point/29.9403/34.9358/100",
        received_at=at + timedelta(seconds=1),
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(body, separators=(",", ":")).encode(),
    )


def year_of(in_view: int, rounds: int, folder: Path) -> Year:
    """Return the bytes of a year, measured on so many rounds of polls."""
    configured = settings.load(None, environ={"COLLECTOR_DATA": str(folder)})
    fleet = Fleet(tuple(derived.fleet(configured).fleet_addresses(BEGIN.date())))
    recorder = Recorder(folder / "recordings", started_at=BEGIN, software="b", contact=None)
    share = YEAR / (rounds * EVERY)
    with Store.open(folder / "collector.sqlite") as store:
        built = services.build_services(configured, store)
        empty = _size(store, folder / "empty")
        for reply in replies(in_view, fleet, rounds):
            recorder.keep(reply)
            built.pipeline.ingest(reply)
        recorder.close()
        store.execute("DELETE FROM strangers")  # of the last two hours, whatever the year
        full = _size(store, folder / "full") - empty
        pruning, done = Pruning(store, configured.airfields), PrunedRows()
        pruning.close(90 * DAY, BEGIN + 200 * DAY)
        while pruning.prune_day(done):
            pass
        pruned = _size(store, folder / "pruned") - empty
    recorded = sum(path.stat().st_size for path in (folder / "recordings").iterdir())
    return Year(
        recordings=recorded * share * (90 / 365),
        database=full * share,
        pruned=pruned * share,
        kept=recorded / rounds * KEPT_POLLS * LANDINGS,
    )


def _size(store: Store, copy: Path) -> int:
    store.backup(copy)
    return copy.stat().st_size


def main() -> int:
    """Measure the sizes, print them, and return the exit code."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    sizes, rounds = (SIZES[1:2], 48) if short() else (SIZES, 288)
    claims = []
    for in_view in sizes:
        with tempfile.TemporaryDirectory() as folder:
            year = year_of(in_view, rounds, Path(folder))
        for what, measured, limit in (
            ("recordings of 90 days", year.recordings, 45 + 1.7 * in_view),
            (f"replies kept of {LANDINGS} landings a year", year.kept, 90 + 3.2 * in_view),
            ("database, coverage of a year", year.database, 20 + 0.7 * in_view),
            ("database, the same pruned", year.pruned, 25.0),
        ):
            claims.append(Claim(f"{in_view} in view: {what}", measured / MIB, limit, "MB"))
    return report("disk of a year", claims)


if __name__ == "__main__":
    sys.exit(main())
