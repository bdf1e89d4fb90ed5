"""A station whose landings may be published, or may not, each for another reason."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from collector.model import Landing, Revision, WatchMatch
from collector.model.landing import Grade
from collector.store import Store, landings
from collector.watches.visitors import VISITORS
from tests.cli.runner import call
from tests.support.evidence import AT, station_with_evidence
from tests.support.station import Station
from tests.web.fleet_week import landing

DAY = timedelta(days=1)
NOW = AT + 21 * DAY
"""Two weeks have left by then, that of `AT` among them."""
SECRET_NOTE = "so said the driver of the fuel truck"


@dataclass(frozen=True)
class Published:
    """What was published of a station."""

    station: Station
    folder: Path
    said: str

    def again(self, *words: str, code: int = 0) -> str:
        """Publish once more; return what the command said."""
        return call(self.station, "publish", str(self.folder), *words, code=code).stderr

    def copied(self, folder: Path) -> Published:
        """Return the same with a copy of the folder, in which a test may change what it likes."""
        return replace(self, folder=Path(shutil.copytree(self.folder, folder)))

    @property
    def files(self) -> dict[str, bytes]:
        """Every file but the manifest."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(found)
            if not path.name.startswith(".")
        }


def stored(
    number: int,
    days: float,
    feeds: tuple[str, ...] = ("adsblol",),
    *,
    icao24: str = "600865",
    registration: str = "4K-AZ101",
    callsign: str = "AZQ4721",
) -> Landing:
    """A landing so many days after `AT` that no stored report shows."""
    made = landing(
        *(AT + days * DAY, "LLOV", Grade.CONFIRMED),
        icao24=icao24,
        registration=registration,
        callsign=callsign,
        ordinal=number,
    )
    evidence = tuple(replace(one, feeds=feeds) for one in made.detection.evidence)
    detection = replace(made.detection, feeds=feeds, evidence=evidence)
    return replace(made, detection=detection, watches=(WatchMatch("w", "callsign AZQ*", True),))


OPEN = stored(2, -1)
ONLY_COUNTED = stored(4, 0.5, ("opensky",))
NOTHING_LEAVES = stored(5, 1, ("airplaneslive",))
RECENT = stored(6, 20.5, callsign="AZQ9999")
PRIVATE = stored(7, -2, icao24="a00001", registration="N1PRIV", callsign="N1PRIV")
VISITOR = replace(
    stored(8, -3, icao24="3c4444", registration="D-VISI"),
    watches=(WatchMatch(VISITORS, "near", False),),
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The site of a station; the pictures of the first run are really drawn."""
    folder = tmp_path_factory.mktemp("published")
    station = station_with_evidence(folder)
    with Store.open(station.database) as store, store.transaction():
        for each in (OPEN, ONLY_COUNTED, NOTHING_LEAVES, RECENT, PRIVATE, VISITOR):
            landings.save(store, each, Revision(each.id, each.first_known_at, "found", "", "7"))
        late = Revision(OPEN.id, AT + 10 * DAY, "retimed", SECRET_NOTE, "")
        landings.save(store, OPEN, late)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("publish", "methodology"):
            patch.setattr(importlib.import_module(f"collector.cli.{name}"), "now", lambda: NOW)
        made = Published(station, folder / "site", "")
        yield replace(made, said=made.again("--yes"))
