"""When were the aircraft of a watch followed? What nobody looked for then was not seen, whoever
else was received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime | None, datetime | None]
"""From and until when; None: ever since, or still."""
Spans = tuple[Span, ...]
"""In order, without overlap."""


def joined(spans: Iterable[Span]) -> Spans:
    """Return the same time in spans that neither overlap nor touch.

    >>> day = [datetime(2026, 12, number) for number in range(1, 5)]
    >>> joined([(day[2], None), (day[0], day[1]), (day[1], day[2])]) == ((day[0], None),)
    True
    """
    found: list[Span] = []
    for begin, end in sorted(spans, key=lambda each: (each[0] is not None, each[0] or 0)):
        if found and (found[-1][1] is None or begin is None or begin <= found[-1][1]):
            last = found[-1]
            longer = None if end is None or last[1] is None else max(end, last[1])
            found[-1] = (last[0], longer)
        else:
            found.append((begin, end))
    return tuple(found)


def holds(spans: Spans, begin: datetime, end: datetime) -> bool:
    """Return whether all of [begin, end) lies in one of the spans."""
    return any(
        (first is None or first <= begin) and (last is None or end <= last) for first, last in spans
    )


def touches(spans: Spans, begin: datetime, end: datetime) -> bool:
    """Return whether any of [begin, end) lies in one of the spans."""
    return any(
        (first is None or first < end) and (last is None or begin < last) for first, last in spans
    )
