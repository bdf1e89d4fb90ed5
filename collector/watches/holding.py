"""Does a watch's match hold for one landing? By the day of the touchdown, and by the names that the
aircraft's reports had on the approach: it holds, it is in doubt, or it does not hold.

An aircraft that is watched by its address is the watched one in each report, as long as the watch
lists the address: an aircraft that was sold, or an address that was taken out of the watch, still
has its stored matches. Such a match holds if the watch wants the address on the day of the
touchdown (`watches/listed_days.py`), and else by a name that the watch wants, or not at all. Any
other match rests on a name, and a name can be wrong for a
while: a receiver mixes up two aircraft whose addresses differ in a bit
(https://github.com/wiedehopf/readsb/issues/124), a crew enters the callsign late, a feed's database
is wrong. So the names of the last flight are compared with each other:

* the match holds if the aircraft had a watched name throughout the approach, or steadily at the
  landing and for a good part of the approach;
* it does not hold if the aircraft had another name steadily at the landing, and a watched one for a
  few minutes or not at all;
* otherwise it is in doubt: the landing is at most possible for this watch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from collector.model import Detection, WatchMatch
from collector.watches.criteria import CompiledWatch, value_of
from collector.watches.listed_days import days_of, matches_on, not_listed
from collector.watches.reasons import strongest_matches

FLIGHT = timedelta(minutes=90)
"""Names so long before the touchdown are compared: a descent from cruise takes 25 minutes, with
holding an hour."""
APPROACH = timedelta(minutes=30)
"""The part of it that counts as the approach."""
ROLL_OUT = timedelta(minutes=5)
"""Names so long after the touchdown are those of the same flight; later ones may be the next's."""
DEPARTURE = timedelta(minutes=30)
"""If nothing was heard before the landing, the names of the departure are compared."""
STEADY_FOR = timedelta(minutes=3)
STEADY_REPORTS = 3
"""A name is steady at the landing if the last reports have no other for so long, and are so many: a
mixed-up row or two are not."""
RENAMED_FOR = timedelta(minutes=10)
"""A name worn steadily to the landing for so long is the aircraft's own, whatever it had before."""
FEW_MINUTES = 15
"""A watched name in no more minutes than this, and in less than half of the approach, is worn for a
while only."""

_OF_THE_AIRFRAME = ("registration", "operator", "type")
"""Names that a feed's database gives for the address; where they are missing, another feed
reported."""
_KINDS = ("callsign", *_OF_THE_AIRFRAME)


@dataclass(frozen=True, slots=True)
class ReportedNames:
    """The names in one report of an aircraft; None where it has none."""

    icao24: str | None
    at: datetime
    callsign: str | None = None
    registration: str | None = None
    type_code: str | None = None
    operator: str | None = None
    on_ground: bool = False


class Holding(Enum):
    """Whether a match holds for a landing."""

    HOLDS = "holds"
    IN_DOUBT = "in doubt"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class _Name:
    """One report's name of one kind, and whether the watch wants it."""

    at: datetime
    value: str
    wanted: bool


def matches_of_landing(
    matches: Iterable[WatchMatch],
    watch_named: Callable[[str], CompiledWatch | None],
    detection: Detection,
    *,
    arrival: Sequence[ReportedNames],
    departure: Sequence[ReportedNames],
    before: Sequence[WatchMatch] = (),
) -> tuple[WatchMatch, ...]:
    """Return the strongest match of each watch, as it holds for a landing.

    A match in doubt says why. One that does not hold is not counted, and says why. One by an
    address that the watch does not want on the day of the touchdown is left out, unless no other
    remains or the landing was stored for that watch: then it stays for all to see.

    Args:
        matches: all matches of the aircraft, at any time.
        watch_named: gives a watch by its name; matches of other watches stay as they are.
        detection: the landing.
        arrival: the names from FLIGHT before the touchdown to ROLL_OUT after it, by time.
        departure: the names around the end of the visit, by time.
        before: the matches that the landing is stored with.
    """
    flown = _of_this_flight(arrival, detection)
    icao24, days = detection.icao24, days_of(detection)
    listed, delisted = matches_on(matches, watch_named, icao24, days)
    judged = []
    for match in (*listed, *_by_name(delisted, watch_named, (*flown, *departure))):
        kind = match.matched_by.partition(" ")[0]
        watch = watch_named(match.watch)
        if watch is None or kind not in _KINDS:
            judged.append(match)
            continue
        holding, doubt = _holding(
            match.watch,
            kind,
            _names(kind, watch, flown),
            _names(kind, watch, departure),
            detection.touchdown_at,
        )
        counted = match.counted and holding is not Holding.FAILS
        if counted or match in listed:
            judged.append(replace(match, counted=counted, doubt=doubt))
    stored = {match.watch for match in before}
    shown = [match for match in delisted if match.watch in stored or not judged]
    return strongest_matches([*judged, *(not_listed(match, icao24, days) for match in shown)])


def _by_name(
    delisted: Iterable[WatchMatch],
    watch_named: Callable[[str], CompiledWatch | None],
    reports: Sequence[ReportedNames],
) -> list[WatchMatch]:
    """Return the matches by a name of the watches that list the address no more.

    As long as a watch lists the address, that is the reason stored for each report, whatever name
    the watch wants, too: before midnight by the address, after it by the callsign.
    """
    found: dict[WatchMatch, None] = {}
    for match in delisted:
        watch = watch_named(match.watch)
        if watch is not None:
            found.update((named, None) for named in map(watch.match_by_name, reports) if named)
    return list(found)


def match_change(
    before: Sequence[WatchMatch], after: Sequence[WatchMatch]
) -> tuple[str, str] | None:
    """Return kind and reason of a change in whether a landing's matches hold; None if there is
    none."""
    old = {match.watch: match for match in before}
    for match in after:
        was = old.get(match.watch)
        if was is None or _rank(was) == _rank(match):
            continue
        if _rank(was) < _rank(match):
            return "upgraded", f"the match of watch {match.watch} is no longer in doubt"
        return "downgraded", match.doubt[:1].lower() + match.doubt[1:].removesuffix(".")
    return None


def _rank(match: WatchMatch) -> int:
    """Return 2 if the match holds, 1 if it is in doubt, 0 if it does not hold."""
    if not match.doubt:
        return 2
    return 1 if match.counted else 0


def _of_this_flight(
    arrival: Sequence[ReportedNames], detection: Detection
) -> Sequence[ReportedNames]:
    """Return the names since the aircraft last left the ground."""
    stays = [each.at for each in arrival if each.on_ground and each.at < detection.visit_from]
    return [each for each in arrival if not stays or each.at > stays[-1]]


def _names(kind: str, watch: CompiledWatch, reports: Iterable[ReportedNames]) -> list[_Name]:
    found = []
    for report in reports:
        wanted = watch.bears(kind, report)
        if wanted is not None:
            found.append(_Name(report.at, value_of(kind, report) or "", wanted))
    return found


def _holding(
    watch: str,
    kind: str,
    flight: Sequence[_Name],
    departure: Sequence[_Name],
    landed_at: datetime,
) -> tuple[Holding, str]:
    """Return whether a match by one kind of name holds, and in a sentence why not."""
    if not flight:
        return _without_arrival(watch, kind, departure)
    approach = [name for name in flight if name.at >= landed_at - APPROACH] or flight
    last = _last_run(flight)
    share = _share_wanted(approach)
    if share == 1.0 or (last[-1].wanted and (share >= 0.5 or _lasts(last, RENAMED_FOR))):
        return Holding.HOLDS, ""
    if not last[-1].wanted and share >= 0.5 and not _lasts(last, STEADY_FOR):
        return Holding.HOLDS, ""
    few = _minutes_wanted(flight) <= FEW_MINUTES and share < 0.5
    steadily_other = not last[-1].wanted and _lasts(last, STEADY_FOR)
    if few and (steadily_other or not any(name.wanted for name in flight)):
        return Holding.FAILS, f"{_story(kind, flight)}, so it does not count for watch {watch}."
    return Holding.IN_DOUBT, f"{_story(kind, flight)}, so it may be none that watch {watch} wants."


def _without_arrival(watch: str, kind: str, departure: Sequence[_Name]) -> tuple[Holding, str]:
    if kind in _OF_THE_AIRFRAME and not departure:
        return Holding.HOLDS, ""
    if departure and all(name.wanted for name in departure):
        return Holding.HOLDS, ""
    doubt = f"No report on the approach had any {kind}, so it may be none that watch {watch} wants."
    return Holding.IN_DOUBT, doubt


def _last_run(names: Sequence[_Name]) -> list[_Name]:
    """Return the last names that are all wanted, or all others, by time."""
    run: list[_Name] = []
    for name in reversed(names):
        if run and name.wanted is not run[-1].wanted:
            break
        run.append(name)
    return run[::-1]


def _lasts(run: Sequence[_Name], span: timedelta) -> bool:
    return len(run) >= STEADY_REPORTS and run[-1].at - run[0].at >= span


def _share_wanted(names: Iterable[_Name]) -> float:
    """Return the share of the time in which the name was wanted: the mean over the minutes with a
    report, so that a feed with many reports has no more say than one with few."""
    minutes: dict[int, list[bool]] = {}
    for name in names:
        minutes.setdefault(_minute(name.at), []).append(name.wanted)
    return sum(sum(minute) / len(minute) for minute in minutes.values()) / len(minutes)


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _minutes(names: Iterable[_Name]) -> int:
    return len({_minute(name.at) for name in names})


def _minutes_wanted(names: Iterable[_Name]) -> int:
    return _minutes(name for name in names if name.wanted)


def _story(kind: str, flight: Sequence[_Name]) -> str:
    """Return which names the aircraft had before the landing: the beginning of a sentence."""
    other = next((name.value for name in reversed(flight) if not name.wanted), "")
    wanted = [name for name in flight if name.wanted]
    if not wanted:
        return f"On the approach the aircraft had the {kind} {other}, never a watched one"
    first, last = wanted[0].at, wanted[-1].at
    return (
        f"The aircraft had the {kind} {wanted[-1].value} in {_minutes(wanted)} of the "
        f"{_minutes(flight)} minutes that were heard before the landing "
        f"({first:%H:%M} to {last:%H:%M} UTC), and otherwise {other}"
    )
