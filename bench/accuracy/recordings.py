"""How does the detector do on real recordings? The labelled ones are decoded and judged as the
daemon would do it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from collector.coverage.region import Region
from collector.landings.detect import detect
from collector.landings.rules import LandingRules
from collector.model import Airfield, Observation, WatchMatch
from collector.model.coverage import PollCoverage, slots_of
from collector.model.reply import Reply
from collector.pipeline.sift import sift
from collector.settings.airfield_catalogue import look_up, shipped_as

EVERYBODY = (WatchMatch("everyone", "icao24", counted=True),)
BLACK_ROCK_CITY = Airfield(
    icao="88NV",
    name="Black Rock City",
    lat_deg=40.7625,
    lon_deg=-119.2097,
    elevation_ft=3910.0,
    zone="America/Los_Angeles",
)
SETTLED = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Recording:
    """One labelled recording: its replies, its fields, and the number of landings of each
    aircraft."""

    name: str
    replies: Iterable[Reply]
    airfields: Sequence[Airfield]
    landings: Counter[tuple[str, str]]
    elsewhere: frozenset[str]
    """Aircraft that did not land, by the labels."""


def recorded() -> Iterator[str]:
    """Yield a line for each recording, or a line that explains why they are missing."""
    from tests.support.shared import SHARED

    yield "recordings                 landings  found  other  of those labelled `no landing`"
    if not (SHARED / "data").is_dir():
        yield "  no recordings: set COLLECTOR_SHARED to the folder that holds data/"
        return
    for recording in _recordings():
        found = Counter(_counted(recording))
        right = found & recording.landings
        other = found - recording.landings
        wrong = sum(count for (icao24, _), count in other.items() if icao24 in recording.elsewhere)
        yield (
            f"{recording.name:<26} {recording.landings.total():8d} {right.total():6d}"
            f" {other.total():6d} {wrong:6d}"
        )


def _counted(recording: Recording) -> Iterator[tuple[str, str]]:
    rules = LandingRules()
    region = Region(tuple((f.lat_deg, f.lon_deg, 100.0) for f in recording.airfields))
    polls: list[PollCoverage] = []
    observed: dict[str, list[Observation]] = defaultdict(list)
    for reply in recording.replies:
        sifted = sift(reply, lambda _row, _day: EVERYBODY, region)
        polls.append(sifted.coverage)
        for observation, _ in sifted.observations:
            observed[observation.icao24].append(observation)
    slots = slots_of(polls) if any(poll.area for poll in polls) else []
    for icao24, observations in observed.items():
        now = max(observation.heard_at for observation in observations) + SETTLED
        for each in detect(observations, slots, recording.airfields, rules, now).detections:
            if each.airfield is not None and each.grade.rank >= 2:
                yield icao24, each.airfield


def _recordings() -> Iterator[Recording]:
    from tests.support.reshape import opensky_replies, trace_reply, v2_replies

    yield Recording(
        "West Asia, OpenSky",
        opensky_replies(),
        _fields("LLBG", "LLOV", "LLER", "OTHH", "UGTB", "OMSJ"),
        _labelled("sitpulse-westasia", ""),
        _unlanded("sitpulse-westasia", ""),
    )
    yield Recording(
        "88NV, an hour of readsb",
        v2_replies(),
        [BLACK_ROCK_CITY],
        _labelled("eastham-adsb_actions", "tests/1hr.json"),
        frozenset(),
    )
    yield Recording(
        "a day's trace",
        [trace_reply()],
        _fields("KMSP", "KDEN", "KGEG", "KSKA"),
        _labelled("xoolive-traffic", "samples/readsb"),
        frozenset(),
    )


def _fields(*codes: str) -> list[Airfield]:
    shipped = [airfield for code in codes for airfield in shipped_as(code)]
    known = {airfield.icao for airfield in shipped}
    return [*shipped, *look_up([code for code in codes if code not in known]).found.values()]


def _rows(dataset: str, file: str) -> Iterator[dict[str, str]]:
    from tests.support.shared import SHARED

    with (SHARED / "data" / "LABELS.csv").open(newline="") as labels:
        for row in csv.DictReader(labels):
            if row["dataset"] == dataset and row["file"].startswith(file):
                yield row


def _labelled(dataset: str, file: str) -> Counter[tuple[str, str]]:
    return Counter(
        (row["hex"], row["airport"])
        for row in _rows(dataset, file)
        if row["expect"].startswith("landing")
    )


def _unlanded(dataset: str, file: str) -> frozenset[str]:
    rows = list(_rows(dataset, file))
    landed = {row["hex"] for row in rows if row["expect"].startswith("landing")}
    return frozenset(row["hex"] for row in rows) - landed
