"""A backfill within this process: its parts put together as the command does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from collector.archives.traces import Skipped
from collector.backfill.batches import units_of
from collector.backfill.run import BackfillResult, derive_and_judge, read_all
from collector.backfill.sample import Sample
from collector.backfill.search import Search, search_for
from collector.backfill.workers import workers
from collector.services import Services, build_services
from collector.settings import load
from collector.store import Store
from tests.support.clock import ManualClock
from tests.support.station import Station

EVERYBODY = Sample(1.0)


@dataclass
class Silent:
    """Progress that nobody is shown; remembers it."""

    shown: list[str] = field(default_factory=list)
    count: int = 0

    def steps(self, count: int) -> None:
        self.count = count

    def __call__(self, shown: str) -> None:
        self.shown.append(shown)


@dataclass
class Rig:
    """One database, and backfills into it."""

    services: Services
    clock: ManualClock
    sample: Sample = EVERYBODY
    told: list[Skipped] = field(default_factory=list)

    @property
    def search(self) -> Search:
        return search_for(self.services.settings, self.sample)

    def fill(self, paths: Sequence[Path], *, again: bool = False, jobs: int = 1) -> BackfillResult:
        """Read and derive."""
        done = self.read(paths, again=again, jobs=jobs)
        derive_and_judge(self.services, done, self.clock, Silent())
        return done

    def read(self, paths: Sequence[Path], *, again: bool = False, jobs: int = 1) -> BackfillResult:
        """Read and store; nothing is derived."""
        search = self.search
        units = units_of(paths, lambda _: True, self.told.append)
        with workers(jobs, None) as found:
            return read_all(
                self.services,
                search,
                units,
                found,
                self.clock,
                again=again,
                report=self.told.append,
                progress=Silent(),
            )


@contextmanager
def rig(folder: Path, at: datetime, extra: str = "") -> Iterator[Rig]:
    """A station's database, opened at that time."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = load(Station(folder, extra=extra).config, environ={})
    with Store.open(settings.database) as store:
        yield Rig(build_services(settings, store), ManualClock(at))
