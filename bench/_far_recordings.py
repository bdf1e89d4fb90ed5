"""Is an aircraft found at the airfields at which labelled real recordings show it landing? Any
airfield of the world may be the answer, and the type is not given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from recordings.datasets import absent, datasets, loaded
from recordings.labels import Label, read_labels
from recordings.tracks import Track

from collector.landings.rules import LandingRules
from collector.landings.stop_events import seen_track
from collector.model import Detection, Observation, Source
from collector.settings.world_airfields import WorldAirfields

EVERY_S = 60.0
NEAR_S = 600.0
"""A detection so near the labelled time is that landing's."""
SILENT = timedelta(hours=6)
"""The aircraft is judged so long after its last report."""


def far_ends_of_recordings() -> Counter[str]:
    """Return how many labelled landings were `named` at their airfield, were undetermined `among`
    candidates that hold it, were named `wrong`, or `missed`; print those that were not named.

    Snapshots are left out: they hold no track.
    """
    counts: Counter[str] = Counter()
    labels = [label for label in read_labels() if label.kind == "landing"]
    for dataset in datasets():
        if dataset.snapshots:
            continue
        for track in loaded(dataset):
            mine = [
                each
                for each in labels
                if (each.dataset, each.icao24) == (dataset.name, track.icao24)
            ]
            found = _seen(track) if mine else ()
            for label in mine:
                verdict = _verdict(label, found)
                counts[verdict] += 1
                if verdict != "named":
                    print(f"{dataset.name}, {track.icao24} at {label.airfield}: {verdict}")
    for reason in absent():
        print(reason)
    return counts


def _seen(track: Track) -> Sequence[Detection]:
    reports = list(_reports(track))
    if not reports:
        return ()
    now = reports[-1].heard_at + SILENT
    found = seen_track(reports, WorldAirfields(()).near, None, LandingRules(), now)
    return () if found is None else found.seen


def _reports(track: Track) -> Iterator[Observation]:
    """Yield what polls a minute apart report."""
    due_s = 0.0
    for row in track.rows:
        if row.at_s < due_s:
            continue
        due_s = row.at_s + EVERY_S
        at = datetime.fromtimestamp(row.at_s, UTC)
        yield Observation(
            icao24=track.icao24,
            feed="recorded",
            heard_at=at,
            position_at=at,
            lat_deg=row.lat_deg,
            lon_deg=row.lon_deg,
            baro_altitude_ft=None if row.on_ground else row.altitude_ft,
            on_ground=bool(row.on_ground),
            ground_speed_kt=row.speed_kt,
            track_deg=None if row.track_deg is None else row.track_deg % 360.0,
            vertical_rate_fpm=row.rate_fpm,
            source=Source.ADSB,
        )


def _verdict(label: Label, found: Sequence[Detection]) -> str:
    there = [
        each
        for each in found
        if each.visit_from.timestamp() - NEAR_S <= label.until_s
        and label.from_s <= each.visit_until.timestamp() + NEAR_S
    ]
    if any(each.airfield == label.airfield for each in there):
        return "named"
    if any(
        each.airfield is None and label.airfield in [one.airfield for one in each.candidates]
        for each in there
    ):
        return "among"
    return "wrong" if any(each.airfield for each in there) else "missed"
