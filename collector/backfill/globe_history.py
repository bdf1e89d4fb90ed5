"""How does one day after the other come from adsb.lol's archives, or from a tar1090 instance?

lists of releases ─► parts of a day, checked ─► `backfill traces` ─► noted, deleted
one file an aircraft and day, kept ───────────► `backfill traces` ─► noted
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from collector.archives.config import ArchiveSettings
from collector.archives.releases import (
    Release,
    bad_days,
    parse,
    preferred,
    years_of,
)
from collector.archives.tar1090 import History, final
from collector.archives.tar_survey import Survey, survey
from collector.backfill.disk_budget import Budget
from collector.backfill.sample import Sample
from collector.backfill.scope import request_scope
from collector.backfill.session import Session, known
from collector.errors import ArchiveError, FeedError, Interrupted, RateLimited, Refused
from collector.http import Downloaded, discard, download
from collector.http.etiquette import without_credentials
from collector.settings import Settings
from collector.store.archive_requests import Asked
from collector.watches.matcher import Matcher

log = structlog.get_logger(__name__)

SOURCE = "globe-history"
PER_AIRCRAFT = "tar1090-history"
"""What the two ways are called in the database."""
FILES_AT = "github.com"
"""Where the lists' files lie, unless they lie beside the list: a mirror's."""
REDIRECTED_TO = ("githubusercontent.com",)
"""GitHub gives a release's files from hosts below this one."""

READ = "read"
PARTIAL = "read in part"
BAD = "bad"
NOBODY = "nobody heard"
MLAT = "mlat-only"
ABSENT = "absent"
DAMAGED = "damaged"
EARLY = "not yet"
FAILED = "failed"
DONE = (READ, PARTIAL, NOBODY)

FAILURES = 3
"""Days that could not be fetched before a run gives up: then it is not about the day."""


class Releases:
    """Which release holds a day? Each year's list is fetched once, when it is needed."""

    def __init__(self, run: Session, url: str) -> None:
        self._run = run
        self._url = url
        self._lists: dict[int, list[Release]] = {}

    def of(self, day: date) -> Release | None:
        """The best release of that day; None if no list names it. Raises FeedError."""
        named = (each for year in years_of(day) for each in self._list(year) if each.day == day)
        return preferred(named).get(day)

    def _list(self, year: int) -> list[Release]:
        if year not in self._lists:
            url = self._url.replace("{year}", str(year))
            ask = self._run.http.get
            answer = self._run.with_patience(lambda: ask(url, tolerate=(404,)))
            text = "" if answer.status == 404 else answer.body.decode("utf-8", "replace")
            where = without_credentials(url)
            hosts = {urlsplit(url).hostname or "", FILES_AT}
            self._lists[year] = list(parse(text, where, hosts, self._run.report.problem))
        return self._lists[year]


def whole_days(run: Session, settings: ArchiveSettings, days: Sequence[date]) -> None:
    """Every day's archive, one after the other.

    Raises FeedError where the archive refuses us or cannot be reached, ArchiveError where the
    disk or the budget is full, StoreError.
    """
    archive = _Archive(run, settings)
    before = known(run.services.store, SOURCE, archive.scope)
    for day in days:
        last = before.get(day.isoformat())
        if last is not None and _done(run, last):
            run.ended[f"{last.outcome} before"] += 1
            if not last.detail.get("kept"):
                _remove(archive.folder(day))
        else:
            archive.take(day)
        run.report.step(day.isoformat())


def _done(run: Session, last: Asked) -> bool:
    """Whether an earlier run is to be believed: three damaged gigabytes are not fetched twice."""
    if run.again:
        return False
    if last.outcome == DAMAGED and not run.partial:
        why = last.detail["why"]
        run.report.problem(f"{last.subject}: damaged when it was fetched, {why}")
        return True
    return last.outcome in DONE


def feed_of(url: str) -> str:
    """The feed's name, and so the terms, that a tar1090's traces are stored under.

    >>> feed_of("https://adsb.lol/"), feed_of("http://192.168.1.20/tar1090/")
    ('globe-history', 'tar1090-history')
    """
    host = urlsplit(url).hostname or ""
    return SOURCE if f".{host}".endswith(".adsb.lol") else PER_AIRCRAFT


def addresses(settings: Settings, day: date, also: Sequence[str]) -> list[str]:
    """Whose traces of a day are asked for one by one."""
    return sorted({*Matcher(settings.watches).fleet_addresses(day), *also})


class _Archive:
    """adsb.lol's archive, asked day by day in one run."""

    def __init__(self, run: Session, settings: ArchiveSettings) -> None:
        self.scope = request_scope(run.services.settings, *run.sought.more)
        self._run = run
        self._folder = settings.folder / SOURCE
        self._releases = Releases(run, settings.releases_url)
        self._budget = Budget(settings.folder, settings.disk_budget_gb)
        self._bad = bad_days()

    def folder(self, day: date) -> Path:
        """Where a day's parts lie."""
        return self._folder / day.isoformat()

    def take(self, day: date) -> None:
        """One day: read, or told why not. Raises as `whole_days` does."""
        run, bad, release = self._run, self._bad.get(day), None
        if bad is not None and not run.partial:
            outcome, why = BAD, f"known to be bad: {bad.what} ({bad.source})"
        elif not final(day, run.clock.now()):
            outcome, why = EARLY, "not over for two hours yet; fetched another time"
        elif (release := self._releases.of(day)) is None:
            outcome, why = ABSENT, "no list of the archive names it"
        elif not release.whole and not run.partial:
            outcome, why = MLAT, "only MLAT positions were archived: no picture of the day"
        else:
            self._read(release)
            return
        run.report.day(f"{day}: {why}")
        self._note(day, outcome, why=why)

    def _read(self, release: Release) -> None:
        """Fetch, check and read one day; damaged ones are told and not read."""
        run, day = self._run, release.day
        begun = run.clock.now()
        try:
            parts = self._parts(release)
        except (Interrupted, RateLimited, Refused):
            raise
        except FeedError as error:
            run.report.problem(f"{day}: {error}")
            self._note(day, FAILED, why=str(error))
            if run.ended[FAILED] >= FAILURES:
                raise
            return
        received = [
            {"url": each.url, "bytes": each.size_bytes, "sha256": each.sha256} for each in parts
        ]
        paths = [each.path for each in parts]
        found = _surveyed(paths)
        if found.problem is not None and not run.partial:
            run.report.problem(f"{day}: {found.problem}")
            self._note(day, DAMAGED, why=found.problem, received=received)
        else:
            if found.problem is not None:
                run.report.day(f"{day}: read as far as it goes: {found.problem}")
            run.read_traces(paths, SOURCE, run.sought)
            whole = release.whole and found.problem is None and day not in self._bad
            counts = {"traces": found.traces, "folders": found.folders, "kept": run.keep}
            seconds = round((run.clock.now() - begun).total_seconds(), 1)
            outcome = READ if whole else PARTIAL
            self._note(day, outcome, received=received, seconds=seconds, **counts)
        if not run.keep:
            _remove(self.folder(day))

    def _parts(self, release: Release) -> list[Downloaded]:
        folder = self.folder(release.day)
        return [
            _part(self._run, url, folder / name, self._budget)
            for url, name in zip(release.urls, release.names, strict=True)
        ]

    def _note(self, day: date, outcome: str, **detail: Any) -> None:
        self._run.record_outcome(SOURCE, day.isoformat(), self.scope, outcome, **detail)


def _part(run: Session, url: str, to: Path, budget: Budget) -> Downloaded:
    got = run.with_patience(
        lambda: download(run.http, url, to, room=budget.room, follow=REDIRECTED_TO)
    )
    log.info("fetched", file=to.name, megabytes=got.size_bytes // 1_000_000, sha256=got.sha256)
    return got


def _surveyed(paths: Sequence[Path]) -> Survey:
    try:
        return survey(paths)
    except OSError as error:
        where = error.filename or paths[0]
        raise ArchiveError(
            f"{where} cannot be read: {error.strerror or error}; start again, it is fetched anew "
            "if it is gone"
        ) from error


def _remove(folder: Path) -> None:
    """A day's parts and what lies beside them."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            discard(path)
        folder.rmdir()


def per_aircraft(
    run: Session,
    settings: ArchiveSettings,
    url: str,
    days: Sequence[date],
    also: Sequence[str] = (),
) -> None:
    """One trace for each watched aircraft and day, a month at a time; the sample is who `also` is.

    Raises as `whole_days` does.
    """
    history = History(run.http, url, settings.folder / PER_AIRCRAFT)
    budget = Budget(settings.folder, settings.disk_budget_gb)
    scope = request_scope(run.services.settings, url, tuple(sorted(also)))
    sample = Sample(1.0, tuple((icao24, icao24) for icao24 in sorted(also)))
    search = replace(run.sought, sample=sample)
    before = {} if run.again else known(run.services.store, PER_AIRCRAFT, scope)
    for _, month in groupby(days, lambda day: (day.year, day.month)):
        got: dict[date, list[Path]] = {}
        for day in month:
            last = before.get(day.isoformat())
            if last is not None and last.outcome in DONE:
                run.ended[f"{last.outcome} before"] += 1
            elif not final(day, run.clock.now()):
                run.report.day(f"{day}: not over for two hours yet; fetched another time")
                run.ended[EARLY] += 1
            else:
                got[day] = list(_traces(run, history, day, also, budget))
            run.report.step(day.isoformat())
        run.read_traces([path for paths in got.values() for path in paths], feed_of(url), search)
        for day, paths in got.items():
            outcome = READ if paths else NOBODY
            run.record_outcome(PER_AIRCRAFT, day.isoformat(), scope, outcome, heard=len(paths))


def _traces(
    run: Session, history: History, day: date, also: Sequence[str], budget: Budget
) -> Iterator[Path]:
    for icao24 in addresses(run.services.settings, day, also):
        ask = partial(history.trace, icao24, day, room=budget.small)
        path = run.with_patience(ask)
        if path is not None:
            yield path
