"""How was a place heard in one week? What a comparison of weeks needs to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeardWeek:
    """One week at a place. Where live feeds heard it, archives do not count."""

    seen: float = 0.0
    """The share in which a landing would have been noticed by these feeds, 0 … 1."""
    feeds: frozenset[str] = frozenset()
    height_ft: int | None = None
    """The usual height of hearing: the lower edge of the altitude band down to which aircraft near
    the place were received in the middle of all five minutes. None: none was received near."""
    older_rules: bool = False
    """Whether its landings may rest on older rules of the detection, since the reports are gone or
    were not judged again yet."""
