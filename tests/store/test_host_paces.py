"""Are learned paces kept, and never longer than the code allows?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from collector.model.host_pace import LONGEST_PAUSE, HostPace
from collector.store import Store
from collector.store.host_paces import host_paces, store_host_paces
from tests.store.samples import NOON

SECOND = timedelta(seconds=1)


def test_paces_are_kept_by_host(path: Path) -> None:
    first = {"a:443": HostPace(7 * SECOND, 3.5 * SECOND), "b": HostPace(limited=True)}
    with Store.open(path) as store:
        assert host_paces(store) == {}
        store_host_paces(store, first, NOON)
        store_host_paces(store, {"b": HostPace(SECOND)}, NOON)
    with Store.open(path) as store:
        assert host_paces(store) == first | {"b": HostPace(SECOND)}


def test_a_damaged_pace_is_bounded(path: Path) -> None:
    with Store.open(path) as store:
        store.execute("INSERT INTO host_paces VALUES ('a', -5.0, 1e6, 0, '')")
        assert host_paces(store) == {"a": HostPace(timedelta(), LONGEST_PAUSE)}
