"""Which unlisted aircraft landed at a watched airfield? Found by the line, counted by nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from collector.alerts.counts import CANDIDATE_FROM
from collector.model import Grade, Landing, Watch
from collector.store import Store, landings
from collector.watches.visitors import VISITORS


def visitors(
    store: Store,
    airfields: Collection[str],
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    everything: bool = False,
) -> list[Landing]:
    """Visitors' landings with `begin <= touchdown_at < end` at these airfields (ICAO), in order.

    Those that are probable or surer and lie within the airfields; with `everything` also what is
    possible, may have been elsewhere, or was taken back. Raises StoreError.
    """
    found = landings.find(store, begin=begin, end=end, watch=VISITORS, include_retracted=True)
    return [
        landing
        for landing in found
        if fields(landing) & set(airfields)
        and (everything or (_sure(landing) and fields(landing) <= set(airfields)))
    ]


def watched_codes(watches: Iterable[Watch]) -> list[str]:
    """The airfields (ICAO) of these watches, once, in order."""
    return list(dict.fromkeys(code for watch in watches for code in watch.airfields))


def fields(landing: Landing) -> set[str]:
    """Every airfield at which it may have landed."""
    if landing.airfield is not None:
        return {landing.airfield}
    return {
        one.airfield for one in landing.detection.candidates if one.probability >= CANDIDATE_FROM
    }


def _sure(landing: Landing) -> bool:
    if landing.review is not None:
        return landing.review == "confirmed"
    return not landing.retracted and landing.detection.grade.rank >= Grade.PROBABLE.rank
