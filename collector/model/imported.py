"""Which reports come from another tracker's export? Those of `IMPORTED_FEEDS`.

Exports of trackers contain positions that nobody received, without a mark: where coverage ended,
the tracker drew the flight on, up to its destination. An imported track therefore never confirms a
landing alone, and its gaps are no silences. The names end in `-import`, which no configured feed
can have.
"""

from __future__ import annotations

from collections.abc import Collection

FLIGHTRADAR24 = "flightradar24-import"
"""The feed under which Flightradar24's exports are stored."""
IMPORTED_FEEDS = (FLIGHTRADAR24,)
OPENSKY_TRINO = "opensky-trino"
"""The feed of state vectors from OpenSky's historical database. They are positions as received, so
it is no import in this sense."""


def is_imported(feed: str) -> bool:
    """Return whether reports under this feed's name come from another tracker's export.

    >>> is_imported(FLIGHTRADAR24), is_imported("adsblol")
    (True, False)
    """
    return feed in IMPORTED_FEEDS


def rests_on_imports(feeds: Collection[str]) -> bool:
    """Return whether a landing with these feeds follows from other trackers' exports alone.

    >>> rests_on_imports((FLIGHTRADAR24,)), rests_on_imports(("adsblol",)), rests_on_imports(())
    (True, False, False)
    """
    return bool(feeds) and all(map(is_imported, feeds))
