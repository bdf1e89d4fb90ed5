"""What is known of some days at a place, to be cited? The count, its landings, and how much could
be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from collector.alerts.counts import count_landings
from collector.coverage.sight import Sight
from collector.disclosure.delay import Delay
from collector.disclosure.origins import openness, origins_of
from collector.model import Airfield, Landing, Place, Watch
from collector.model.citation import Citation, CitedCount, CitedLanding
from collector.model.terms import Terms
from collector.published.summary import mean_sight
from collector.queries import coverage_days
from collector.reports import citation as words
from collector.reports.formatting import moment
from collector.reports.titles import airfield_title, whose_and_where
from collector.store import Store, landings, touched_days
from collector.weeks import local_midnight

DAY = timedelta(days=1)


def cited_count(
    store: Store,
    watch: Watch,
    place: Place,
    airfields: Sequence[Airfield],
    terms: Mapping[str, Terms],
    *,
    first: date,
    last: date,
) -> CitedCount:
    """Return the landings of the days from `first` to `last`, both included, as known now.

    The count is that of reports, digests and rules. Raises StoreError.
    """
    begin, end = local_midnight(first, watch.zone), local_midnight(last + DAY, watch.zone)
    found = landings.find(
        store, begin=begin, end=end, watch=watch.name, include_retracted=True, bare=True
    )
    count = count_landings(found, watch, place, begin, end)
    undated = {each.id for each in count.undated}
    cited = [_cited(each, watch, airfields, terms, counted=True) for each in count.counted]
    cited += [
        replace(
            _cited(each, watch, airfields, terms, counted=False), perhaps_outside=each.id in undated
        )
        for each in count.undetermined
    ]
    return CitedCount(tuple(sorted(cited, key=lambda each: (each.touchdown_at, each.id))))


def configured(citation: Citation, watches: Sequence[Watch]) -> tuple[Watch, Place] | None:
    """Return the watch and place of a citation; None if they are not configured any more."""
    return next(
        (
            (watch, place)
            for watch in watches
            for place in watch.places
            if (watch.name, place.name) == (citation.watch, citation.place)
        ),
        None,
    )


@dataclass(slots=True)
class KnownCitations:
    """How citations are known now. What was found is kept until something changes of their days.

    A citation of ten years is made of a thousand landings, and is compared once a minute.
    """

    _known: dict[str, tuple[int, CitedCount]] = field(default_factory=dict)
    """By the citation's id, with the number of the last change (`store/touched_days.py`) before its
    landings were read."""

    def now(
        self,
        store: Store,
        citation: Citation,
        watches: Sequence[Watch],
        airfields: Sequence[Airfield],
        terms: Mapping[str, Terms],
    ) -> CitedCount | None:
        """Return how a citation is known now; None if its watch or place is not configured any
        more.

        Watches, airfields and terms are the same in each call. Raises StoreError.
        """
        found = configured(citation, watches)
        if found is None:
            return None
        watch, place = found
        end = local_midnight(citation.last + DAY, watch.zone)
        kept = self._known.get(citation.id)
        touched = touched_days.last_number(store)
        if (
            kept is not None
            and kept[0] <= touched  # else this database is an older one, from a backup
            and not touched_days.touched_before(store, end, kept[0])
        ):
            return kept[1]
        known = cited_count(
            *(store, watch, place, airfields, terms), first=citation.first, last=citation.last
        )
        self._known[citation.id] = touched, known
        return known


def new_citation(
    store: Store,
    watch: Watch,
    place: Place,
    airfields: Sequence[Airfield],
    terms: Mapping[str, Terms],
    *,
    first: date,
    last: date,
    at: datetime,
) -> Citation:
    """Return what can be printed of the days from `first` to `last`, as known `at`, to be stored.

    Raises StoreError.
    """
    known = cited_count(store, watch, place, airfields, terms, first=first, last=last)
    sight = sight_of_days(store, watch, place, airfields, first=first, last=last, now=at)
    sentence = words.sentence(
        *(known, sight),
        headline=whose_and_where(watch, place, airfields, last),
        days=(first, last),
        as_known=moment(at, watch.zone),
    )
    text = words.text(sentence, known)
    return Citation(
        id="",
        watch=watch.name,
        place=place.name,
        first=first,
        last=last,
        cited_at=at,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        known=known,
    )


def leaves_at(store: Store, known: CitedCount, delay: Delay) -> datetime | None:
    """Return when the last of these landings may leave; None if there is none.

    Raises StoreError.
    """
    found = (landings.get(store, each.id) for each in known.landings)
    return max(
        (delay.landing_leaves_at(each.detection) for each in found if each is not None),
        default=None,
    )


def sight_of_days(
    store: Store,
    watch: Watch,
    place: Place,
    airfields: Sequence[Airfield],
    *,
    first: date,
    last: date,
    now: datetime,
) -> Sight:
    """Return how much of these days could be seen at the place, as a report says it.

    Raises StoreError.
    """
    days = coverage_days.sights_by_day(
        store, airfields, place.airfields, watch.zone, first=first, last=last, now=now
    )
    return mean_sight(coverage_days.sights_of_place(days, place), first, last)


def _cited(
    landing: Landing,
    watch: Watch,
    airfields: Sequence[Airfield],
    terms: Mapping[str, Terms],
    *,
    counted: bool,
) -> CitedLanding:
    detection = landing.detection
    codes = [landing.airfield] if landing.airfield else [each.airfield for each in detection.ranked]
    day = detection.touchdown_at.date()
    return CitedLanding(
        id=landing.id,
        aircraft=landing.registration or detection.icao24,
        where=" or ".join(airfield_title(code, airfields, day) for code in codes),
        touchdown_at=detection.touchdown_at,
        grade=landing.grade_for(watch.name).value,
        review=landing.review,
        counted=counted,
        open_data=openness(origins_of(detection.feeds, terms)) == "all",
        not_heard=None
        if detection.unheard is None
        else (detection.unheard.earliest, detection.unheard.latest),
    )
