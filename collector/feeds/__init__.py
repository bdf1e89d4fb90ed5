"""Which networks can be asked for positions, and on whose terms? One small adapter for each kind.

`catalogue` lists the kinds, `build` makes a feed from its settings, and every kind passes the same
conformance suite. Terms, prices and limits are explained to operators in docs/feeds.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from collector.clock import Clock
from collector.errors import ConfigError
from collector.feeds.backoff import Backoff, back_off, outcome_of
from collector.feeds.base import Feed
from collector.feeds.catalogue import KINDS, FeedKind, mistakes
from collector.feeds.config import FeedSettings
from collector.feeds.local import LocalFeed
from collector.feeds.opensky import OpenSkyFeed
from collector.feeds.v2 import VARIANTS, V2Feed

if TYPE_CHECKING:
    from collector.http import Http

__all__ = [
    "KINDS",
    "Backoff",
    "Feed",
    "FeedKind",
    "FeedSettings",
    "back_off",
    "build",
    "mistakes",
    "outcome_of",
]

_ADAPTERS: Mapping[str, Callable[[FeedSettings, Http, Clock], Feed]]
_ADAPTERS = MappingProxyType(
    dict.fromkeys(VARIANTS, V2Feed) | {"opensky": OpenSkyFeed, "readsb": LocalFeed}
)


def build(settings: FeedSettings, http: Http, clock: Clock) -> Feed:
    """Return the feed that these settings describe.

    Raises ConfigError with everything that is wrong with them (`mistakes`), including a missing
    permission that the network's terms ask for.
    """
    found = mistakes(settings)
    if found:
        raise ConfigError(found)
    return _ADAPTERS[settings.kind](settings, http, clock)
