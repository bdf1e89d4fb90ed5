"""How is a picture ordered from another process? As JSON: what to draw, and how it is to look."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from collector.reports.picture.track_picture import TrackPicture

Picture = TrackPicture
_KINDS: dict[str, type[Picture]] = {"track": TrackPicture}

SHEET_PX = 691
"""The width of the sheet for print, in CSS pixels at 72 to the inch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a picture is to look."""

    suffix: str = "png"
    """`png` or `svg`."""
    width_px: int = SHEET_PX
    """The width in CSS pixels at which it is shown; below 500 it has the layout for phones."""
    dark: bool = False
    """Whether it stands on a dark page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    kind: str
    look: Look
    picture: msgspec.Raw


def order(picture: Picture, look: Look) -> str:
    """Return the order of a picture as JSON; the same picture and look give the same text."""
    kind = next(name for name, each in _KINDS.items() if isinstance(picture, each))
    values = msgspec.Raw(msgspec.json.encode(picture))
    return msgspec.json.encode(_Order(kind=kind, look=look, picture=values)).decode()


def ordered(text: str) -> tuple[Picture, Look]:
    """Return the picture and the look of an order. Raises ValueError if it is none."""
    found = msgspec.json.decode(text, type=_Order)
    if found.kind not in _KINDS:
        raise ValueError(f"{found.kind}: no kind of picture")
    return msgspec.json.decode(found.picture, type=_KINDS[found.kind]), found.look
