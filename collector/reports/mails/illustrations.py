"""Which pictures has a mail, and what do they say in words? Each is ordered when the mail is
stored, and drawn when it is sent.

A picture is as wide as a phone. A mail is complete without it: the words stand in its place, and
the text has them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.model.notice import Illustration
from collector.reports.picture import PHONE_PX, Look, TracksMap, WeeksChart, order

_LOOK = Look(suffix="png", width_px=PHONE_PX)
HOW_TO_READ = "– could not see, + at least, ? seen in part"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWeeks:
    """The chart of the last weeks, as a picture and in words."""

    picture: Illustration
    title: str
    series: str
    """Every count, the oldest first."""


def weeks_picture(chart: WeeksChart, number: int) -> ShownWeeks:
    """Return a chart of weeks; `number` tells it from others in the mail."""
    picture = Illustration(name=f"weeks-{number}", alt=chart.sentence, order=order(chart, _LOOK))
    title = f"The last {len(chart.bars)} weeks, oldest first"
    return ShownWeeks(picture=picture, title=title, series=f"{chart.series} ({HOW_TO_READ})")


def tracks_picture(tracks: TracksMap, number: int) -> Illustration:
    """Return a map of tracks; `number` tells it from others in the mail."""
    return Illustration(name=f"tracks-{number}", alt=tracks.sentence, order=order(tracks, _LOOK))


def pictures_of(watches: Iterable[Mapping[str, Any]]) -> tuple[Illustration, ...]:
    """Return the pictures of a digest: those of `chart` and `tracks` of each watch's data."""
    found = [(each["chart"] and each["chart"].picture, each["tracks"]) for each in watches]
    return tuple(picture for pair in found for picture in pair if picture is not None)
