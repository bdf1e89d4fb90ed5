"""Which aircraft on no watch landed at a watched airfield? Visitors are listed, never counted."""

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
    """Return visitors' landings with `begin <= touchdown_at < end` at these airfields, in order.

    By default those that are at least probable, and that can only have been at these airfields
    (ICAO codes). With `everything` also possible and withdrawn landings, and those that may have
    been elsewhere. Raises StoreError.
    """
    found = landings.find(store, begin=begin, end=end, watch=VISITORS, include_retracted=True)
    return [
        landing
        for landing in found
        if possible_airfields(landing) & set(airfields)
        and (everything or (_is_sure(landing) and possible_airfields(landing) <= set(airfields)))
    ]


def watched_codes(watches: Iterable[Watch]) -> list[str]:
    """Return the airfields (ICAO codes) of these watches, each once, in order."""
    return list(dict.fromkeys(code for watch in watches for code in watch.airfields))


def possible_airfields(landing: Landing) -> set[str]:
    """Return every airfield (ICAO code) at which the aircraft may have landed."""
    if landing.airfield is not None:
        return {landing.airfield}
    return {
        candidate.airfield
        for candidate in landing.detection.candidates
        if candidate.probability >= CANDIDATE_FROM
    }


def _is_sure(landing: Landing) -> bool:
    if landing.review is not None:
        return landing.review == "confirmed"
    return not landing.retracted and landing.detection.grade.rank >= Grade.PROBABLE.rank
