"""How much longer than decoding JSON does the collector take? A reply of the whole world goes from
bytes to the database.

Decoding, matching, coverage and storing (without recording) are compared with decoding the same
JSON with the fastest library, both in this run, so that the ratio is comparable on any machine.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import _sky
import msgspec
from _claims import Claim, report, short

from collector import settings
from collector.coverage.region import Region
from collector.decode.readsb import Aircraft
from collector.model.reply import Everything, Format, Reply
from collector.pipeline.sift import sift
from collector.settings import derived
from collector.store import coverage_slots, observations
from collector.store.database import Store
from collector.watches.matcher import Matcher
from collector.watches.visitors import Visitors

BOUND = 3.0
POLL_MS = 60_000


class Envelope(msgspec.Struct):
    """The structure of a reply for a typed decoder; rows with the keys that the collector reads."""

    now: float
    ac: list[Aircraft]


def references() -> dict[str, Callable[[bytes], object]]:
    """Return the libraries that decode the same JSON, orjson only if it is installed."""
    known: dict[str, Callable[[bytes], object]] = {
        "msgspec, typed": msgspec.json.Decoder(Envelope).decode,
        "msgspec, generic": msgspec.json.Decoder().decode,
    }
    if importlib.util.find_spec("orjson") is not None:
        known["orjson"] = importlib.import_module("orjson").loads
    return known


@dataclass(slots=True)
class FirstSteps:
    """The collector's first steps on one reply, as the daemon makes them for each poll."""

    store: Store
    matcher: Matcher
    region: Region
    visitors: Visitors | None
    stored: int = field(default=0)

    def ingest(self, body: bytes, now_ms: int) -> None:
        """Store the rows of one reply, from bytes to committed rows."""
        reply = Reply(
            feed="local",
            format=Format.READSB,
            ask=Everything(),
            url="http://receiver/data/aircraft.json",
            received_at=datetime.fromtimestamp(now_ms / 1000, UTC),
            body=body,
        )
        sifted = sift(reply, self.matcher, self.region, self.visitors)
        with self.store.transaction():
            self.stored += len(observations.store_reports(self.store, sifted.observations))
            coverage_slots.merge_polls(self.store, [sifted.coverage])


def first_steps(folder: Path) -> FirstSteps:
    """Return these steps with the shipped configuration over a new database."""
    shipped = settings.load(None, environ={})
    store = Store.open(folder / "bench.sqlite")
    return FirstSteps(
        store, derived.fleet(shipped), derived.region(shipped), derived.visitors(shipped)
    )


def seconds(work: Callable[..., object], *arguments: object) -> float:
    """Return the processor time of one call, without the work of other processes and without the
    time in which the disk syncs the commit."""
    begin = time.process_time()
    work(*arguments)
    return time.process_time() - begin


def main() -> int:
    rounds = 18 if short() else 40
    best = dict.fromkeys([*references(), "collector"], float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        ours = first_steps(Path(folder))
        watched = ours.matcher.fleet_addresses()
        reply = _sky.reply(watched=watched)
        for number in range(rounds):
            now_ms = _sky.NOW_MS + number * POLL_MS
            body = reply.replace(str(_sky.NOW_MS).encode(), str(now_ms).encode())
            for name, decode in references().items():
                best[name] = min(best[name], seconds(decode, body))
            took = seconds(ours.ingest, body, now_ms)
            best["collector"] = min(best["collector"], took)
        ours.store.close()
    fastest = min(references(), key=lambda name: best[name])
    notes = [
        f"one reply: 12,000 aircraft, {len(body) / 1e6:.1f} MB, {len(watched)} of them watched",
        f"{ours.stored} rows stored in {rounds} polls; processor time of the best:",
        *(f"{name:<17}{took * 1000:7.1f} ms" for name, took in best.items()),
    ]
    ratio = best["collector"] / best[fastest]
    claim = Claim(f"decode, match, store ÷ {fastest} alone", ratio, BOUND, "×")
    return report("Throughput", [claim], notes)


if __name__ == "__main__":
    sys.exit(main())
