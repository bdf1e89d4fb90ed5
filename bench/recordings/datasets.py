"""Which recordings are there, and which airfields are watched in each?

Those of `../shared/data` are read where they lie, those of the package `traffic` from the package.
What is absent is skipped, with its reason.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from .tracks import Row, Track, from_lines, from_snapshots, from_table, from_trace

SHARED = Path(
    os.environ.get("COLLECTOR_SHARED") or Path(__file__).resolve().parents[3] / "shared"
).resolve()
"""The folder of recordings: `$COLLECTOR_SHARED`, or `../shared` beside the checkout."""
DATA = SHARED / "data"
INSTALL = 'the package traffic is not installed: pip install "traffic>=2.13" "pandas<3"'
_ADDRESS = re.compile("[0-9a-f]{6}")


@dataclass(frozen=True)
class DataSet:
    """One recording, or several of one time and region."""

    name: str
    watched: tuple[str, ...]
    load: Callable[[], list[Track]]
    group: str = ""
    """The line of the table that it is counted in; its name if empty."""
    snapshots: bool = False
    """Whether it is a handful of replies of its own rhythm and cannot be polled otherwise."""
    together: bool = True
    """Whether one receiver network heard all aircraft at once, so that polls listed them all. If
    not, each reply is to a poll for the one address, and proves nothing about others."""
    labels: tuple[str, str] = ("", "")
    """Data set and beginning of the file name in `LABELS.csv` beside the recordings."""
    large: bool = False
    """Whether the short form leaves it out."""

    @property
    def line(self) -> str:
        """The line of the table that it is counted in."""
        return self.group or self.name


def datasets() -> Iterator[DataSet]:
    """Yield the data sets that are present."""
    if DATA.is_dir():
        yield from _shared()
    if importlib.util.find_spec("traffic") is not None:
        yield DataSet(
            "quickstart",
            ("LFPG", "LFPO", "LFPB"),
            lambda: carried("quickstart"),
            large=True,
        )
        yield DataSet(
            "switzerland",
            ("LSZH", "LSGG", "LSZB", "LSZA", "LFSB"),
            lambda: carried("switzerland"),
            large=True,
        )


def absent() -> Iterator[str]:
    """Yield why each group of data sets that is absent is."""
    if not DATA.is_dir():
        yield f"no recordings at {DATA}: set COLLECTOR_SHARED to the folder that holds data/"
    if importlib.util.find_spec("traffic") is None:
        yield f"quickstart and switzerland skipped: {INSTALL}"


def _shared() -> Iterator[DataSet]:
    eastham = DATA / "eastham-adsb_actions" / "tests"
    xoolive = DATA / "xoolive-traffic" / "samples"
    yield DataSet(
        "West Asia, snapshots",
        ("LLBG", "LLOV", "LLER", "OTHH", "UGTB", "OMSJ"),
        lambda: from_snapshots((DATA / "sitpulse-westasia").glob("*.json")),
        snapshots=True,
        labels=("sitpulse-westasia", ""),
    )
    yield DataSet(
        "88NV, one hour",
        ("88NV",),
        lambda: from_lines(eastham / "1hr.json"),
        labels=("eastham-adsb_actions", "tests/1hr.json"),
    )
    yield DataSet(
        "88NV, traces",
        ("88NV",),
        lambda: [from_trace(p) for p in sorted((eastham / "sample_readsb_data").rglob("*.json"))],
        labels=("eastham-adsb_actions", "tests/sample_readsb_data"),
    )
    yield DataSet(
        "a day of ac671b",
        ("KMSP", "KDEN", "KGEG"),
        lambda: [from_trace(xoolive / "readsb" / "trace_full_ac671b.json")],
        group="single flights",
        together=False,
        labels=("xoolive-traffic", "samples/readsb/"),
    )
    for file, icao24, watched in (
        ("elal747", "738043", ("LLBG",)),
        ("belevingsvlucht", "484506", ("EHLE", "EHAM")),
    ):
        yield DataSet(
            file,
            watched,
            lambda file=file, icao24=icao24: [  # type: ignore[misc]
                from_table(xoolive / "featured" / f"{file}.json.gz", icao24)
            ],
            group="single flights",
            together=False,
            labels=("xoolive-traffic", f"samples/featured/{file}"),
            large=file == "belevingsvlucht",
        )
    for folder, field in (
        ("parked-with-garbled-height", "LFPO"),
        ("ground-bit-falls-back", "LFPO"),
        ("taxi-from-beyond-the-circle", "EDDF"),
        ("stay-without-a-ground-bit", "LFKJ"),
        ("slow-in-the-air-is-not-the-ground", "KWVI"),
    ):
        yield DataSet(
            folder,
            (field,),
            lambda folder=folder: [  # type: ignore[misc]
                from_trace(p) for p in sorted((DATA / "field-cases" / folder).rglob("*.json"))
            ],
            group="field cases",
            together=False,
            labels=("field-cases", folder),
        )


@cache
def loaded(dataset: DataSet) -> Sequence[Track]:
    """Return the tracks of a data set, decoded once a run."""
    return [track for track in dataset.load() if track.rows]


def carried(name: str) -> list[Track]:
    """Return the tracks of a sample of `traffic`: all flights of one address are one track."""
    sample = getattr(importlib.import_module("traffic.data.samples"), name)
    found: dict[str, dict[float, Row]] = defaultdict(dict)
    for flight in sample:
        if not _ADDRESS.fullmatch(str(flight.icao24)):
            continue
        for row in _rows(flight.data):
            found[str(flight.icao24)][row.at_s] = row
    return [
        Track(icao24, [rows[at_s] for at_s in sorted(rows)])
        for icao24, rows in sorted(found.items())
    ]


def _rows(frame: Any) -> Iterator[Row]:
    missing = importlib.import_module("pandas").isna

    def column(name: str, kind: Callable[[Any], Any] = float) -> list[Any]:
        if name not in frame.columns:
            return [None] * len(frame)
        return [None if missing(value) else kind(value) for value in frame[name].tolist()]

    times = [at.to_pydatetime().astimezone(UTC).timestamp() for at in frame["timestamp"]]
    values = (
        column("latitude"),
        column("longitude"),
        column("altitude"),
        column("onground", bool),
        column("groundspeed"),
        column("track"),
        column("vertical_rate"),
        column("callsign", str),
    )
    for at_s, lat, lon, height, grounded, *others in zip(times, *values, strict=True):
        if lat is not None and lon is not None and math.isfinite(lat):
            yield Row(at_s, lat, lon, height, grounded, *others)
