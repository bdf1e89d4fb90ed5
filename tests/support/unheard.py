"""Landings whose arrival nobody heard: every time of a silence is as likely as any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collector.model import Detection, Landing
from collector.model.unheard import UnheardArrival


def arrived_between(detection: Detection, earliest: datetime, latest: datetime) -> Detection:
    """The same landing, as if nobody had heard the aircraft between two times."""
    half = (latest - earliest) / 2
    return replace(
        detection,
        touchdown_at=earliest + half,
        uncertainty_s=half.total_seconds(),
        unheard=UnheardArrival(
            earliest=earliest,
            latest=latest,
            direct_until=None,
            there_until=latest,
            left_by=None,
            times=(earliest, latest),
        ),
    )


def unheard(landing: Landing, earliest: datetime, latest: datetime) -> Landing:
    """The same for a stored landing."""
    return replace(landing, detection=arrived_between(landing.detection, earliest, latest))
