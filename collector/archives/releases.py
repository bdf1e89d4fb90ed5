"""Which files hold a day of adsb.lol's archive, and which days are known to be bad?

Each year's repository has a list, `PREFERRED_RELEASES.txt`, with a line a day, newest first: the
day's part files, separated by commas. The last days of a year may be in the next year's list, and
a day may be in both, so both are read (docs/feed-formats.md#day-archives). Pure, except for the
shipped list of bad days.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from collector.resources import shipped_file
from collector.untrusted import visible

MLAT_ONLY = "mlatonly"
"""The name of releases that hold only MLAT positions, which do not show the whole day."""
MAX_PARTS = 26
"""`.tar.aa` … `.tar.az`; genuine days have two of 2 GB at most."""

_TAG = re.compile(
    r"v(?P<year>\d{4})\.(?P<month>\d{2})\.(?P<day>\d{2})-planes-readsb-(?P<pod>[a-z]+)-\d+"
)
_NAME = re.compile(rf"(?P<tag>{_TAG.pattern})\.tar(?:\.(?P<part>a[a-z]))?")


@dataclass(frozen=True, slots=True)
class Release:
    """The archive of one day: the addresses of its parts, in order."""

    day: date
    pod: str
    """The machine that wrote it: `prod`, `staging` or `mlatonly`."""
    urls: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether it should hold all positions of the day."""
        return self.pod != MLAT_ONLY

    @property
    def names(self) -> tuple[str, ...]:
        """The file names of the parts, checked to be plain names."""
        return tuple(url.rpartition("/")[2] for url in self.urls)


@dataclass(frozen=True, slots=True)
class BadDay:
    """A day whose archive is known to be wrong, and the source of that knowledge."""

    day: date
    what: str
    source: str


def bad_days() -> Mapping[date, BadDay]:
    """Return the shipped list of bad days, by day."""
    with shipped_file("archives", "bad-days.toml").open("rb") as file:
        rows = tomllib.load(file)["day"]
    return {row["day"]: BadDay(row["day"], row["what"], row["source"]) for row in rows}


def years_of(day: date) -> tuple[int, int]:
    """Return the years whose lists may name that day."""
    return day.year, day.year + 1


def parse(
    text: str, where: str, hosts: Collection[str], report: Callable[[str], None] = lambda _: None
) -> Iterator[Release]:
    """Yield the releases of a list. Their files must be on one of `hosts`.

    Any other line is reported with its number and passed over. `where` names the list.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        release, wrong = _release([part.strip() for part in line.split(",")], hosts)
        if release is None:
            report(f"{where}, line {number}: {wrong}: {visible(line, 120)}")
        else:
            yield release


def preferred(releases: Iterator[Release]) -> dict[date, Release]:
    """Return one release a day: a whole one rather than MLAT alone, else the first in the list."""
    chosen: dict[date, Release] = {}
    for release in releases:
        before = chosen.get(release.day)
        if before is None or (release.whole and not before.whole):
            chosen[release.day] = release
    return chosen


def _release(urls: list[str], hosts: Collection[str]) -> tuple[Release | None, str]:
    """Return the release of one line; or None, and what is wrong with the line."""
    found = [_NAME.fullmatch(url.rpartition("/")[2]) for url in urls]
    if len(urls) > MAX_PARTS or not all(_fetchable(url, hosts) for url in urls):
        return None, "not addresses of a day's files on an accepted host"
    names = [name for name in found if name is not None]
    if len(names) < len(urls) or len({name["tag"] for name in names}) != 1:
        return None, "not the files of one day"
    parts = [name["part"] for name in names]
    expected = [f"a{chr(ord('a') + number)}" for number in range(len(parts))]
    if parts not in ([None], expected):
        return None, "a part is missing or in the wrong place"
    tag = names[0]
    try:
        day = date(int(tag["year"]), int(tag["month"]), int(tag["day"]))
    except ValueError:
        return None, "the calendar has no such day"
    return Release(day, tag["pod"], tuple(urls)), ""


def _fetchable(url: str, hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and not parts.query
    return parts.scheme in ("http", "https") and parts.hostname in hosts and plain
