"""What is stored when a watch matches an aircraft by anything but its address? Its other reports
too.

From then on each reply keeps all rows of the address (`sift`). Here its reports of the last two
hours, which nobody had asked for, join the stored ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from collector.model import Observation, WatchMatch
from collector.store import Store, followed, observations

MatchedReports = Sequence[tuple[Observation, Sequence[WatchMatch]]]


def store_followed(store: Store, reports: MatchedReports) -> tuple[MatchedReports, set[str]]:
    """Store reports, and the earlier ones of aircraft that are followed from now on.

    Call it in the transaction that stores what follows. Returns all that was stored, and the
    addresses of which anything changed. Raises StoreError.
    """
    fresh = followed.store_hours(store, reports)
    earlier = followed.strangers_of(store, fresh)
    if earlier:
        following = followed.followed_between(store, earlier[0].at, earlier[-1].at, only=fresh)
        reports = [
            *reports,
            *((each, ()) for each in earlier if following.holds(each.icao24, each.at)),
        ]
    return reports, observations.store_reports(store, reports)
