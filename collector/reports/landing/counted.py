"""Where and for whom does a landing count? Its page, `explain` and its JSON say the same."""

from __future__ import annotations

from collections.abc import Sequence

from collector.alerts.counts import standing
from collector.model import Airfield, Landing, Watch
from collector.reports.titles import whose_and_where


def counted_for(
    landing: Landing, watches: Sequence[Watch], airfields: Sequence[Airfield]
) -> tuple[str, ...]:
    """Return where a landing counts and for whom: `Silk Way Il-76s at Ovda`, in the watches' order.

    A landing between two airfields counts at a place that holds both.
    """
    day = landing.detection.touchdown_at.date()
    return tuple(
        whose_and_where(watch, place, airfields, day)
        for watch in watches
        for place in watch.places
        if standing(landing, watch, place)
    )


def counts_sentence(places: Sequence[str]) -> str:
    """Return `counted_for` as a sentence.

    >>> counts_sentence(("Silk Way Il-76s at Ovda",)), counts_sentence(())
    ('Counts for Silk Way Il-76s at Ovda.', 'Counts for no place.')
    """
    return f"Counts for {'; '.join(places)}." if places else "Counts for no place."
