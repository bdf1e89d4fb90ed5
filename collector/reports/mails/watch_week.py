"""What does a digest tell of one week of one watch? Counts and landings at each place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.alerts.counts import Count
from collector.alerts.lifecycle import Mute
from collector.alerts.usual import Usual
from collector.coverage.share import Coverage
from collector.coverage.sight import Level, SeenCount, sight_of
from collector.landings.fleet_ledger import LedgerRow
from collector.model import Landing, Place, Revision, Watch
from collector.model.citation import CitationChange
from collector.model.stop import StopRevision
from collector.model.week_statement import WeekChange
from collector.reports import formatting

if TYPE_CHECKING:
    from collector.reports.picture import TracksMap, WeeksChart


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWeek:
    """One place's week."""

    place: Place
    count: Count
    coverage: Coverage
    usual: Usual
    alert: str = "ok"
    """The state of the rules: `ok`, `firing` or `resolved`."""

    @property
    def seen(self) -> SeenCount:
        """The count with what may be said of it."""
        return SeenCount(self.count.count, self.count.at_most, sight_of(self.coverage))


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWeek:
    """One watch's week; the digest leads with the first place."""

    watch: Watch
    places: Sequence[PlaceWeek]
    corrections: Sequence[tuple[Revision, Landing]] = ()
    """Changes since the last digest, in weeks that a digest has reported before."""
    stop_corrections: Sequence[tuple[StopRevision, Landing]] = ()
    """Stops around landings of such weeks that are others now, each with its first change since."""
    cited: Sequence[CitationChange] = ()
    """Cited numbers that changed since the last digest."""
    changed_weeks: Sequence[WeekChange] = ()
    """Earlier weeks whose numbers are others than at the last digest, by place and week."""
    followed: Sequence[Landing] = ()
    """Landings of aircraft that are shown but not counted."""
    ledger: Sequence[LedgerRow] = ()
    mutes: Sequence[Mute] = ()
    chart: WeeksChart | None = None
    """The last weeks at the first place."""
    tracks: TracksMap | None = None
    """The tracks of this week there."""


def named_and_undetermined(
    places: Sequence[PlaceWeek],
) -> tuple[list[Landing], list[Landing]]:
    """Return the landings counted at a named airfield, and the undetermined or ungraded others."""
    counted = _once(each for week in places for each in week.count.counted)
    undetermined = _once(each for week in places for each in week.count.undetermined)
    named = [each for each in counted if each.airfield is not None]
    named_ids = {each.id for each in named}
    others = _once([*counted, *undetermined])
    return named, [each for each in others if each.id not in named_ids]


def marked_landings(places: Sequence[PlaceWeek]) -> list[tuple[str, Landing]]:
    """Return the landings with the marks that they have in the digest: a number, or ?."""
    named, undetermined = named_and_undetermined(places)
    return [
        *((str(number), each) for number, each in enumerate(named, 1)),
        *(("?", each) for each in undetermined),
    ]


def _once(landings: Iterable[Landing]) -> list[Landing]:
    by_id = {each.id: each for each in landings}
    return sorted(by_id.values(), key=lambda each: (each.detection.touchdown_at, each.id))


def all_landings(watches: Iterable[WatchWeek]) -> list[Landing]:
    """Return every landing of these weeks once, by touchdown."""
    landings: list[Landing] = []
    for week in watches:
        for part in named_and_undetermined(week.places):
            landings += part
    return _once(landings)


def none_words(places: Sequence[PlaceWeek]) -> str:
    """Return what stands in place of a list of landings at these places.

    The place that was seen best gives the first sentence; those that were seen less are named.
    """
    best = max((week.seen.sight for week in places), key=lambda each: each.seen)
    if best.level is Level.NOT_SEEN:
        return "None known: we could not see in this week."
    sentences = ["None seen."]
    if best.level is Level.IN_PART:
        part = formatting.percent(best.seen)
        sentences = [f"None seen in the {part} of the time that we could see."]
    for week in places:
        sight = week.seen.sight
        if sight.level is Level.NOT_SEEN:
            sentences.append(f"We could not see {week.place.name}.")
        elif sight.level is not best.level:
            part = formatting.percent(sight.seen)
            sentences.append(f"We could see {week.place.name} in {part} of the time only.")
    return " ".join(dict.fromkeys(sentences))
