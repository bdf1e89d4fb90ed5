"""Which files hold a day of adsb.lol's archive, and which days are known to be bad?

Each year has a repository with a list, `PREFERRED_RELEASES.txt`: a line a day, newest first, the
day's part files separated by commas. The last days of a year may stand in the next year's list,
and a day in both, so both are looked at (FEEDS.md §4.1). Pure, but for the shipped list of bad
days.
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
"""A release with nothing but MLAT positions: no picture of a day."""
MOST_PARTS = 26
"""`.tar.aa` … `.tar.az`; genuine days have two of 2 GB at most."""

_TAG = re.compile(
    r"v(?P<year>\d{4})\.(?P<month>\d{2})\.(?P<day>\d{2})-planes-readsb-(?P<pod>[a-z]+)-\d+"
)
_NAME = re.compile(rf"(?P<tag>{_TAG.pattern})\.tar(?:\.(?P<part>a[a-z]))?")


@dataclass(frozen=True, slots=True)
class Release:
    """One day's archive: where its parts are, in order."""

    day: date
    pod: str
    """Which of their machines: `prod`, `staging` or `mlatonly`."""
    urls: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether it is meant to hold all that was heard."""
        return self.pod != MLAT_ONLY

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' file names, checked to be nothing but that."""
        return tuple(url.rpartition("/")[2] for url in self.urls)


@dataclass(frozen=True, slots=True)
class BadDay:
    """A day whose archive is known to be wrong, and who says so."""

    day: date
    what: str
    source: str


def bad_days() -> Mapping[date, BadDay]:
    """The shipped list, by day."""
    with shipped_file("archives", "bad-days.toml").open("rb") as file:
        rows = tomllib.load(file)["day"]
    return {row["day"]: BadDay(row["day"], row["what"], row["source"]) for row in rows}


def years_of(day: date) -> tuple[int, int]:
    """The years whose lists may name that day."""
    return day.year, day.year + 1


def parse(
    text: str, where: str, hosts: Collection[str], report: Callable[[str], None] = lambda _: None
) -> Iterator[Release]:
    """The releases of a list, whose files lie at one of `hosts`.

    A line that is none is told with its number, and passed over.
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
    """One release a day: a whole one before one of MLAT alone, else the first named."""
    chosen: dict[date, Release] = {}
    for each in releases:
        known = chosen.get(each.day)
        if known is None or (each.whole and not known.whole):
            chosen[each.day] = each
    return chosen


def _release(urls: list[str], hosts: Collection[str]) -> tuple[Release | None, str]:
    """The release of one line, or what is wrong with it."""
    found = [_NAME.fullmatch(url.rpartition("/")[2]) for url in urls]
    if len(urls) > MOST_PARTS or not all(_fetchable(url, hosts) for url in urls):
        return None, "not the addresses of a day's files, or of another host"
    names = [each for each in found if each is not None]
    if len(names) < len(urls) or len({each["tag"] for each in names}) != 1:
        return None, "not the files of one day"
    parts = [each["part"] for each in names]
    expected = [f"a{chr(ord('a') + number)}" for number in range(len(parts))]
    if parts not in ([None], expected):
        return None, "a part is missing, or not in its place"
    tag = names[0]
    try:
        day = date(int(tag["year"]), int(tag["month"]), int(tag["day"]))
    except ValueError:
        return None, "there is no such day"
    return Release(day, tag["pod"], tuple(urls)), ""


def _fetchable(url: str, hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and not parts.query
    return parts.scheme in ("http", "https") and parts.hostname in hosts and plain
