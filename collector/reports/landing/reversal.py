"""What could still change or undo a landing? A reader who knows it expects the correction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from collector.model import Airfield, Grade, Landing
from collector.reports.titles import with_names
from collector.weeks import week_of

SETTLED = (
    "Only a person's rejection, or proof that the reports from the ground were false (spoofed, or "
    "sent by another aircraft), would undo the landing."
)
"""Of a landing that no later report is expected to change."""


def reversals(landing: Landing, zone: str, airfields: Sequence[Airfield]) -> list[str]:
    """Return what would change the verdict on `landing`, one sentence for each possibility.

    `zone` is the watch's: a touchdown near the end of a week may belong to the next one.
    """
    sentences = []
    if landing.review is not None:
        sentences = ["A person's verdict stands until a person changes it."]
    if landing.retracted:
        return [
            *sentences,
            "A late report that shows the aircraft there would restore the landing.",
        ]
    day = landing.detection.touchdown_at.date()
    sentences.append(with_names(_by_later_reports(landing), airfields, day))
    other = _other_week(landing, zone)
    if other is not None:
        sentences.append(
            f"The touchdown may also lie in week {other}; then both weeks would be corrected."
        )
    doubted = " and ".join(match.watch for match in landing.watches if match.doubt)
    if doubted:
        sentences.append(
            "More reports of the approach, such as the flight's full track, would show more of the "
            f"names that the aircraft had, and may settle whether it counts for {doubted}."
        )
    return sentences


def _by_later_reports(landing: Landing) -> str:
    detection = landing.detection
    if detection.airfield is None:
        fields = " or ".join(each.airfield for each in detection.candidates) or "a known airfield"
        return (
            f"A report of the aircraft low at, or climbing away from, {fields} would place the "
            "landing there; one of it in cruise meanwhile would withdraw the landing."
        )
    if detection.grade is Grade.CONFIRMED:
        return SETTLED
    if detection.departed_at is None:
        return (
            "If the aircraft is next heard in cruise, or elsewhere sooner than it could have flown "
            "there, the landing is moved or withdrawn; if climbing away from "
            f"{detection.airfield}, it becomes more certain."
        )
    return (
        "A late report that shows the aircraft in cruise or elsewhere between its arrival and its "
        "departure would move or withdraw the landing."
    )


def _other_week(landing: Landing, zone: str) -> str | None:
    at = landing.detection.touchdown_at
    spread = timedelta(seconds=landing.detection.uncertainty_s)
    here = week_of(at, zone)
    return next(
        (w for w in (week_of(at - spread, zone), week_of(at + spread, zone)) if w != here), None
    )
