"""How does the simulated season become landings, mails and pages? By the way of every recording.

The replies are recorded, then read back and replayed under the season's clock, a week at a time.
On each Monday the digest is queued as the daemon does, and the mails that wait go into a folder. A
person's verdict comes in between, so that a finished week is corrected.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from pathlib import Path

from collector import __version__, private, recording
from collector.backfill import recordings
from collector.demo import places
from collector.demo.drawing import DrawerHere
from collector.demo.season import DIGESTS_AFTER, SEASON, URL, Cited, Reviewed, Season, polls
from collector.drawing import Drawer
from collector.errors import CollectorError, os_words
from collector.model.reply import Reply
from collector.model.review import Review
from collector.notify.delivery import sender_of
from collector.pipeline import reviews
from collector.queries.chance import quarter_begin
from collector.queries.citing import new_citation
from collector.recording import Recorded, Recorder
from collector.reports.seen import landings_words
from collector.services import Services, build_services
from collector.settings import Settings, load
from collector.store import Store, citations, landings
from collector.weeks import week_of

CONFIG = "collector.toml"
LABEL = "SIMULATED by `collector demo`: nothing that these pages show happened"
"""What the page warns of, instead of what the demo's configuration lacks."""
_OURS = (
    *("collector.sqlite", "collector.sqlite-shm", "collector.sqlite-wal"),
    *(f"fleets/{places.FLEET}.toml", "mail", "recordings"),
)
"""What the demo writes into its folder, beside the configuration, and removes before another."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the season gave."""

    settings: Settings
    replies: int
    weeks: Sequence[tuple[str, str, str]]
    """Each week's key, what the script says of it, and what was counted at the two airfields."""
    mails: Path
    """The folder of the season's mails."""


class SeasonClock:
    """A clock that stands at a moment of the season until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = self._began = at

    def now(self) -> datetime:
        """Return the moment."""
        return self.at

    def monotonic(self) -> timedelta:
        """Return the time since the clock was made."""
        return self.at - self._began

    def wait(self, span: timedelta) -> bool:
        """Move on at once."""
        self.at += span
        return False


def begin_folder(folder: Path, port: int = places.PORT) -> Path:
    """Make the demo's folder with its configuration, and return the configuration's path.

    The mails link to the page on that port.

    What an earlier demo left there is removed. Raises CollectorError if the folder holds anything
    else, or cannot be written.
    """
    config = folder / CONFIG
    try:
        if folder.is_dir() and any(folder.iterdir()) and not _is_of_a_demo(config):
            raise CollectorError(
                f"{folder} holds something that is not a demo's, and was not changed; name another "
                "folder, which may be new"
            )
        for name in _OURS:
            _remove(folder / name)
        config.unlink(missing_ok=True)
        private.make_folder(folder)
        private.make_folder(folder / "fleets")
        for path, text in (
            (folder / "fleets" / f"{places.FLEET}.toml", places.fleet()),
            (config, places.configuration(folder.resolve(), port)),
        ):
            with os.fdopen(private.open_new(path), "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise CollectorError(
            f"{folder} cannot be used: {os_words(error)}; name another folder"
        ) from error
    return config


def simulate(
    config: Path,
    season: Season = SEASON,
    progress: Callable[[str], None] = lambda _: None,
    first_week_over: Callable[[Settings, SeasonClock], None] = lambda _, __: None,
) -> DemoResult:
    """Record and replay a season.

    `progress` is called `steps_of(season)` times, with what is done next. `first_week_over` is
    called once, with what a page needs to show the season from then on: the settings, and a clock
    that goes on with the season. Raises CollectorError.
    """
    settings = load(config, environ={})
    labelled = replace(settings, warnings=(LABEL,))
    _record(settings, season, progress)
    replies, drawer = 0, DrawerHere()
    with Store.open(settings.database) as store:
        services = build_services(settings, store)
        services.digests.owe_next(season.begins_at)  # the first start: nothing is due yet
        progress("calculating chance rates")
        services.alert_evaluator.calculate_chances(season.begins_at)
        records = recording.read(
            [settings.data / "recordings"],
            recognise=partial(recording.recognise, hosts=settings.hosts),
        )
        days, shown = _Days(season, progress), SeasonClock(season.begins_at)
        for at, act, stretch in _stretches(records, season):
            with store.transaction():  # one for thousands of replies: nothing is to survive a kill
                replies += recordings.replay(services, stretch, progress=days.pass_record).replies
            # At once: a page that is loaded meanwhile would tell of landings in its future.
            begins, shown.at = shown.at == season.begins_at, at
            progress(f"writing mails, {at:%d %b %Y}")
            act(services, at)
            _send(services, at, drawer)
            if begins:
                first_week_over(labelled, shown)
        weeks = _counted(services, season)
    return DemoResult(labelled, replies, weeks, settings.data / "mail")


def steps_of(season: Season) -> int:
    """Return how many steps `simulate` takes."""
    weeks = len(season.told)
    chance, days, acts = 1, 7 * weeks + 1, weeks + 2  # the last digest is of a day after the season
    return weeks + chance + days + acts


class _Days:
    """Tells of each day of the season as its first record is replayed."""

    def __init__(self, season: Season, progress: Callable[[str], None]) -> None:
        self._next, self._progress = season.begins_at, progress

    def pass_record(self, record: Recorded) -> None:
        """Tell of the days that begin with this record."""
        while record.at >= self._next:
            self._progress(f"replaying {self._next + timedelta(hours=12):%d %b %Y}")
            self._next += timedelta(days=1)


def _counted(services: Services, season: Season) -> list[tuple[str, str, str]]:
    """Return the weeks of the season with what was counted at both airfields together."""
    (watch,) = services.settings.watches
    counted = []
    for week, told in enumerate(season.told):
        key = week_of(season.monday(week), watch.zone)
        found = services.weeks.place_week(watch, watch.places[-1], key, season.shown_at)
        counted.append((key, told, landings_words(found.seen)))
    return counted


def _record(settings: Settings, season: Season, progress: Callable[[str], None]) -> None:
    """Record what the feed replies in the season. Raises RecordingError."""
    week = -1
    recorder = Recorder(
        settings.data / "recordings",
        started_at=season.begins_at,
        software=f"collector {__version__}, `collector demo`: SIMULATED",
        contact=settings.contact,
    )
    try:
        for poll in polls(season):
            at = poll.received_at if isinstance(poll, Reply) else poll.at
            if week + 1 < len(season.told) and at >= season.monday(week + 1):
                week += 1
                progress(f"recording week {week + 1} of {len(season.told)}")
            if isinstance(poll, Reply):
                recorder.keep(poll)
            else:
                recorder.heartbeat(poll, URL)
    finally:
        recorder.close()


Act = Callable[[Services, datetime], None]


def _stretches(
    records: Iterable[Recorded], season: Season
) -> Iterator[tuple[datetime, Act, Iterator[Recorded]]]:
    """Yield the records up to each time at which somebody acts, with what is done then."""
    acts: list[tuple[datetime, Act]] = [
        (
            season.monday(week) + DIGESTS_AFTER,
            partial(_owe_digests, is_last=week == len(season.told)),
        )
        for week in range(1, len(season.told) + 1)
    ]
    acts.append((season.cited.at, partial(_cite, season.cited)))
    acts.append((season.reviewed.at, partial(_review, season.reviewed)))
    left = iter(records)
    following = next(left, None)

    def until(at: datetime) -> Iterator[Recorded]:
        nonlocal following
        while following is not None and following.at <= at:
            yield following
            following = next(left, None)

    for at, act in sorted(acts, key=itemgetter(0)):
        yield at, act, until(at)


def _owe_digests(services: Services, at: datetime, *, is_last: bool) -> None:
    services.week_comparison.compare(at - timedelta(minutes=1))  # as the daemon does all the time
    # The daemon does this each day while the past is too short for rates, which took a fifth of the
    # demo's time. A threshold is for a quarter, and the page shows what is stated at the end.
    (watch,) = services.settings.watches
    if is_last or quarter_begin(at, watch.zone) > at - timedelta(weeks=1):
        services.alert_evaluator.calculate_chances(at)
        services.alert_evaluator.evaluate(at)  # a surge is compared from then on
    while services.digests.owe_next(at):
        pass


def _cite(asked: Cited, services: Services, at: datetime) -> None:
    """Keep a sentence that can be printed, as `collector cite` does."""
    (watch,) = services.settings.watches
    known = services.store, watch, watch.places[0], services.settings.airfields
    made = new_citation(*known, services.digests.terms, first=asked.first, last=asked.last, at=at)
    citations.store_citation(services.store, made)


def _review(asked: Reviewed, services: Services, at: datetime) -> None:
    """Store the person's verdict. Raises CollectorError if the season gave no such landing."""
    near = timedelta(hours=1)
    (landing,) = landings.find(
        services.store, begin=asked.touchdown_at - near, end=asked.touchdown_at + near
    )
    verdict = Review(at=at, by=asked.by, verdict="rejected", note=asked.note)
    reviews.apply_review(services.store, services.alert_evaluator, landing.id, verdict)
    services.citations.owe_changes(at)  # as the daemon does every minute


def _send(services: Services, at: datetime, drawer: Drawer) -> None:
    sender = sender_of(services.settings, services.store, services.health, SeasonClock(at))
    sender.at_once, sender.drawer = True, drawer
    sender.send_all()


def _is_of_a_demo(config: Path) -> bool:
    """Return whether the configuration was written by a demo."""
    try:
        with config.open(encoding="utf-8", errors="replace") as file:
            return file.readline().rstrip() == places.MARK
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
