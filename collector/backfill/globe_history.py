"""How are days of the past fetched from adsb.lol's archive, or from a tar1090 map? In two ways:

whole days     release lists ─► parts of a day, checked ─► `read_traces` ─► outcome, deleted
per aircraft   one file an aircraft and day, kept ───────► `read_traces` ─► outcome
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
from collector.backfill.disk_budget import DiskBudget
from collector.backfill.sample import Sample
from collector.backfill.scope import request_scope
from collector.backfill.session import Session, requests_before
from collector.errors import ArchiveError, FeedError, Interrupted, RateLimited, Refused
from collector.http import Downloaded, discard, download
from collector.http.etiquette import shown_url
from collector.settings import Settings
from collector.store.archive_requests import ArchiveRequest
from collector.watches.matcher import Matcher

log = structlog.get_logger(__name__)

SOURCE = "globe-history"
PER_AIRCRAFT = "tar1090-history"
"""The names of the two sources in the database."""
FILES_AT = "github.com"
"""The host of the files in a list; a mirror has them on its own host, beside the list."""
REDIRECTED_TO = ("githubusercontent.com",)
"""GitHub redirects a release's files to hosts below this one."""

READ = "read"
PARTIAL = "read in part"
BAD = "bad"
NO_TRACE = "nobody heard"
MLAT = "mlat-only"
ABSENT = "absent"
DAMAGED = "damaged"
EARLY = "not yet"
FAILED = "failed"
DONE = (READ, PARTIAL, NO_TRACE)

MAX_FAILED_DAYS = 3
"""After this many days that cannot be fetched, the run ends: the cause is not the day."""


class ReleaseLists:
    """The release of each day, by the lists of the years; each is fetched once, when needed."""

    def __init__(self, session: Session, url: str) -> None:
        self._session = session
        self._url = url
        self._lists: dict[int, list[Release]] = {}

    def release_of(self, day: date) -> Release | None:
        """Return the best release of that day; None if no list names one. Raises FeedError."""
        found = (
            release for year in years_of(day) for release in self._list(year) if release.day == day
        )
        return preferred(found).get(day)

    def _list(self, year: int) -> list[Release]:
        if year not in self._lists:
            url = self._url.replace("{year}", str(year))
            ask = self._session.http.get
            answer = self._session.with_patience(lambda: ask(url, tolerate=(404,)))
            text = "" if answer.status == 404 else answer.body.decode("utf-8", "replace")
            where = shown_url(url)
            hosts = {urlsplit(url).hostname or "", FILES_AT}
            self._lists[year] = list(parse(text, where, hosts, self._session.report.problem))
        return self._lists[year]


def read_whole_days(session: Session, settings: ArchiveSettings, days: Sequence[date]) -> None:
    """Fetch and read the archive of each day, one after the other.

    Raises FeedError if the archive refuses us or cannot be reached, ArchiveError if the disk or the
    budget is full, StoreError.
    """
    archive = _Archive(session, settings)
    before = requests_before(session.services.store, SOURCE, archive.scope)
    for day in days:
        last = before.get(day.isoformat())
        if last is not None and _done(session, last):
            session.ended[f"{last.outcome} before"] += 1
            if not last.detail.get("kept"):
                _remove(archive.folder(day))
        else:
            archive.fetch_day(day)
        session.report.step(day.isoformat())


def _done(session: Session, last: ArchiveRequest) -> bool:
    """Return whether the earlier outcome stands: 3 GB that are damaged are not fetched twice."""
    if session.again:
        return False
    if last.outcome == DAMAGED and not session.partial:
        why = last.detail["why"]
        session.report.problem(f"{last.subject}: damaged when it was fetched: {why}")
        return True
    return last.outcome in DONE


def feed_of(url: str) -> str:
    """Return the feed name, and so the terms, under which the traces of this map are stored.

    >>> feed_of("https://adsb.lol/"), feed_of("http://192.168.1.20/tar1090/")
    ('globe-history', 'tar1090-history')
    """
    host = urlsplit(url).hostname or ""
    return SOURCE if f".{host}".endswith(".adsb.lol") else PER_AIRCRAFT


def addresses(settings: Settings, day: date, also: Sequence[str]) -> list[str]:
    """Return the addresses whose traces of a day are fetched one by one, in order."""
    return sorted({*Matcher(settings.watches).fleet_addresses(day), *also})


class _Archive:
    """adsb.lol's archive, as one run fetches it day by day."""

    def __init__(self, session: Session, settings: ArchiveSettings) -> None:
        self.scope = request_scope(session.services.settings, *session.search_used.more)
        self._session = session
        self._folder = settings.folder / SOURCE
        self._releases = ReleaseLists(session, settings.releases_url)
        self._budget = DiskBudget(settings.folder, settings.disk_budget_gb)
        self._bad = bad_days()

    def folder(self, day: date) -> Path:
        """Return the folder of a day's parts."""
        return self._folder / day.isoformat()

    def fetch_day(self, day: date) -> None:
        """Fetch and read one day, or report why not. Raises as `read_whole_days` does."""
        session, bad, release = self._session, self._bad.get(day), None
        if bad is not None and not session.partial:
            outcome, why = (
                BAD,
                f"the archive of this day is known to be bad: {bad.what} ({bad.source})",
            )
        elif not final(day, session.clock.now()):
            outcome, why = (
                EARLY,
                "the day ended less than two hours ago: run the command again later",
            )
        elif (release := self._releases.release_of(day)) is None:
            outcome, why = ABSENT, "no list of the archive names this day"
        elif not release.whole and not session.partial:
            outcome, why = (
                MLAT,
                "only MLAT positions were archived, which do not show the whole day",
            )
        else:
            self._read(release)
            return
        session.report.day(f"{day}: {why}")
        self._record(day, outcome, why=why)

    def _read(self, release: Release) -> None:
        """Fetch, check and read one day; if it is damaged, report that and do not read it."""
        session, day = self._session, release.day
        begun = session.clock.now()
        try:
            parts = self._parts(release)
        except (Interrupted, RateLimited, Refused):
            raise
        except FeedError as error:
            session.report.problem(f"{day}: {error}")
            self._record(day, FAILED, why=str(error))
            if session.ended[FAILED] >= MAX_FAILED_DAYS:
                raise
            return
        received = [
            {"url": part.url, "bytes": part.size_bytes, "sha256": part.sha256} for part in parts
        ]
        paths = [part.path for part in parts]
        found = _surveyed(paths)
        if found.problem is not None and not session.partial:
            session.report.problem(f"{day}: {found.problem}")
            self._record(day, DAMAGED, why=found.problem, received=received)
        else:
            if found.problem is not None:
                session.report.day(f"{day}: read although it is incomplete: {found.problem}")
            session.read_traces(paths, SOURCE, session.search_used)
            whole = release.whole and found.problem is None and day not in self._bad
            counts = {"traces": found.traces, "folders": found.folders, "kept": session.keep}
            seconds = round((session.clock.now() - begun).total_seconds(), 1)
            outcome = READ if whole else PARTIAL
            self._record(day, outcome, received=received, seconds=seconds, **counts)
        if not session.keep:
            _remove(self.folder(day))

    def _parts(self, release: Release) -> list[Downloaded]:
        folder = self.folder(release.day)
        return [
            _part(self._session, url, folder / name, self._budget)
            for url, name in zip(release.urls, release.names, strict=True)
        ]

    def _record(self, day: date, outcome: str, **detail: Any) -> None:
        self._session.record_outcome(SOURCE, day.isoformat(), self.scope, outcome, **detail)


def _part(session: Session, url: str, to: Path, budget: DiskBudget) -> Downloaded:
    got = session.with_patience(
        lambda: download(session.http, url, to, room=budget.require, follow=REDIRECTED_TO)
    )
    log.info("fetched", file=to.name, megabytes=got.size_bytes // 1_000_000, sha256=got.sha256)
    return got


def _surveyed(paths: Sequence[Path]) -> Survey:
    try:
        return survey(paths)
    except OSError as error:
        where = error.filename or paths[0]
        raise ArchiveError(
            f"{where} cannot be read: {error.strerror or error}; run the command again, which "
            "fetches the file if it is missing"
        ) from error


def _remove(folder: Path) -> None:
    """Delete a day's parts and what belongs to them."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            discard(path)
        folder.rmdir()


def read_per_aircraft(
    session: Session,
    settings: ArchiveSettings,
    url: str,
    days: Sequence[date],
    also: Sequence[str] = (),
) -> None:
    """Fetch and read one trace for each watched aircraft and day, a month at a time.

    `also` are further addresses, which serve as the sample. Raises as `read_whole_days` does.
    """
    history = History(session.http, url, settings.folder / PER_AIRCRAFT)
    budget = DiskBudget(settings.folder, settings.disk_budget_gb)
    scope = request_scope(session.services.settings, url, tuple(sorted(also)))
    sample = Sample(1.0, tuple((icao24, icao24) for icao24 in sorted(also)))
    search = replace(session.search_used, sample=sample)
    before = {} if session.again else requests_before(session.services.store, PER_AIRCRAFT, scope)
    for _, month in groupby(days, lambda day: (day.year, day.month)):
        got: dict[date, list[Path]] = {}
        for day in month:
            last = before.get(day.isoformat())
            if last is not None and last.outcome in DONE:
                session.ended[f"{last.outcome} before"] += 1
            elif not final(day, session.clock.now()):
                session.report.day(
                    f"{day}: the day ended less than two hours ago: run this again later"
                )
                session.ended[EARLY] += 1
            else:
                got[day] = list(_traces(session, history, day, also, budget))
            session.report.step(day.isoformat())
        session.read_traces(
            [path for paths in got.values() for path in paths], feed_of(url), search
        )
        for day, paths in got.items():
            outcome = READ if paths else NO_TRACE
            session.record_outcome(PER_AIRCRAFT, day.isoformat(), scope, outcome, heard=len(paths))


def _traces(
    session: Session, history: History, day: date, also: Sequence[str], budget: DiskBudget
) -> Iterator[Path]:
    for icao24 in addresses(session.services.settings, day, also):
        ask = partial(history.trace, icao24, day, room=budget.require_small)
        path = session.with_patience(ask)
        if path is not None:
            yield path
