"""When is each silent aircraft judged again? A stored table of wake-up times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from collector.pipeline.track_windows import Window
from collector.store import Store, meta, observations

WAKEUPS = "wakes"
"""Key of the stored table of wake-up times: address → time at which to judge its silence."""


def load_wakeups(store: Store) -> dict[str, datetime]:
    """Return when to judge the silence of each address. Raises StoreError."""
    text = meta.get_value(store, WAKEUPS)
    return msgspec.json.decode(text, type=dict[str, datetime]) if text else {}


def store_wakeups(store: Store, wakeups: Mapping[str, datetime]) -> None:
    """Store the wake-up times, all of them, if they changed. Raises StoreError."""
    text = msgspec.json.encode(dict(sorted(wakeups.items()))).decode() if wakeups else None
    if text != meta.get_value(store, WAKEUPS):
        meta.set_value(store, WAKEUPS, text)


def due_spans(store: Store, now: datetime) -> tuple[set[str], dict[str, tuple[datetime, datetime]]]:
    """Return which aircraft are to be judged, and the last report of each, twice as a span.

    Raises StoreError.
    """
    due = {icao24 for icao24, at in load_wakeups(store).items() if at <= now}
    last = ((icao24, observations.last_before(store, icao24, now)) for icao24 in due)
    return due, {icao24: (at, at) for icao24, at in last if at is not None}


def with_wakeup(
    wakeups: dict[str, datetime], icao24: str, reports: Window, wakeup_at: datetime | None
) -> dict[str, datetime]:
    """Return the wake-up times after a window of one aircraft was derived.

    If the window ends before the aircraft's last report, its stored time stays. A `wakeup_at` of
    None removes the aircraft.
    """
    if reports.goes_on:
        return wakeups
    others = {address: at for address, at in wakeups.items() if address != icao24}
    return others if wakeup_at is None else others | {icao24: wakeup_at}
