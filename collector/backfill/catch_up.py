"""Which units of an archive must be read once more, for which followed aircraft?

A watch by callsign, registration, operator or type knows an aircraft only by a trace that matches.
The trace of the day before or after may have none of these names, and may have been read already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from collector.archives.units import Kind, Unit, trace_address
from collector.backfill.reader import MatchedReport
from collector.store import Store, archive_units, followed
from collector.watches.following import Followed, begins_following
from collector.weeks import local_midnight


def followed_by(matched: Sequence[MatchedReport]) -> frozenset[str]:
    """Return the addresses that these reports make followed: their own trace was kept whole."""
    return frozenset(
        observation.icao24 for observation, matches in matched if begins_following(matches)
    )


def units_to_read_again(
    store: Store, units: Sequence[Unit], own: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Unit, frozenset[str]]]:
    """Yield each unit that lacks followed aircraft, with their addresses.

    `own` are the addresses that this run found in each unit, by its key. Raises StoreError.
    """
    late: dict[int, Followed] = {}
    stored = archive_units.stored_units(store, (unit.key for unit in units))
    for unit in units:
        before = stored.get(unit.key)
        if before is None:
            continue
        if before.followed not in late:
            late[before.followed] = followed.all_followed(store, above=before.followed)
        days = archive_units.days_of(store, unit.key) if late[before.followed].spans else []
        if not days:
            continue
        only = late[before.followed].between(
            local_midnight(days[0], "UTC"), local_midnight(days[-1], "UTC") + timedelta(days=1)
        )
        only -= own.get(unit.key, frozenset())
        icao24 = trace_address(unit.name) if unit.kind is Kind.FILE else None
        if icao24 is not None:
            only &= {icao24}
        if only:
            yield unit, only
