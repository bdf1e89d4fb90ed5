"""What could still change or undo a landing? Said before, so that no correction surprises."""

from __future__ import annotations

from datetime import timedelta

from collector.model import Grade, Landing
from collector.weeks import week_of


def reversals(landing: Landing, zone: str) -> list[str]:
    """What would change the verdict on `landing`, one plain sentence each.

    `zone` is the watch's: a touchdown near the end of its week may belong to the other one.
    """
    said = []
    if landing.review is not None:
        said = [f"A person's verdict ({landing.review}) stands until a person changes it."]
    if landing.retracted:
        return [*said, "Evidence delivered late that shows it there again would restore it."]
    said.append(_by_hearing(landing))
    other = _other_week(landing, zone)
    if other is not None:
        said.append(f"Its touchdown may also lie in week {other}: both weeks would be corrected.")
    return said


def _by_hearing(landing: Landing) -> str:
    detection = landing.detection
    if detection.airfield is None:
        fields = " or ".join(one.airfield for one in detection.candidates) or "a known airfield"
        return (
            f"Heard low at, or climbing away from, one of {fields}, it is settled there; "
            "heard in cruise meanwhile, it is taken back."
        )
    if detection.grade is Grade.CONFIRMED:
        return (
            "Only proof that its reports from the ground were false (spoofed positions, another "
            "aircraft using its address) or a person's rejection undoes it."
        )
    if detection.departed_at is None:
        return (
            f"Heard next in cruise, or elsewhere sooner than it could have flown there from "
            f"{detection.airfield}, it is moved or taken back; heard climbing away from "
            f"{detection.airfield}, it becomes surer."
        )
    return (
        "A report delivered late that shows it in cruise or elsewhere between its arrival and its "
        "departure moves it or takes it back."
    )


def _other_week(landing: Landing, zone: str) -> str | None:
    at = landing.detection.touchdown_at
    spread = timedelta(seconds=landing.detection.uncertainty_s)
    here = week_of(at, zone)
    return next(
        (w for w in (week_of(at - spread, zone), week_of(at + spread, zone)) if w != here), None
    )
