"""What does a reader need to know of one landing? A `LandingSummary` says it in a few lines.

The lines are: which aircraft, where, when (with its ±), the grade, the reason, and the departure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from collector.model import Airfield, Detection, Evidence, Grade, Landing, Revision, Watch
from collector.model.dating import week_words, weeks_before, weeks_of_landing
from collector.model.watch import airfield_on
from collector.reports import formatting
from collector.reports.final_leg import FINAL_LEG
from collector.reports.landing.country import somewhere
from collector.reports.landing.links import Link, landing_links
from collector.reports.landing.persons import review_words, verdict
from collector.reports.landing.times import departure, stay, touchdown_words
from collector.reports.stops import stops_sentence
from collector.reports.titles import airfield_title, airfield_with_code, with_names
from collector.reports.undated import other_week_sentences, weeks_with_chances
from collector.watches.visitors import unlisted

_SUMMARIES = frozenset({"neighbours", "rival", "weights"})
"""Kinds of evidence that sum up other evidence, and explain little by themselves."""


_CHANGES = {"retracted": "withdrawn"}
"""Stored kinds of a change that read otherwise in text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSummary:
    """One landing in words; every field is one line, and may quote text from the air."""

    id: str
    aircraft: str
    place: str
    when: str
    grade: str
    """The grade in words, after a reviewer's verdict if there is one."""
    reason: str
    """The evidence that carries the verdict."""
    departure: str
    stops: str
    """Where the aircraft was seen before and after; empty before that is derived."""
    remarks: tuple[str, ...]
    """What a reader must not overlook: undetermined, reviewed by a person, not counted."""
    links: tuple[Link, ...]
    stay: str = ""
    """How long it stayed, where little room is; empty in notices that an earlier version stored."""
    stops_in_short: str = ""
    """`stops` without what is not known, where little room is."""


def summarise(
    landing: Landing, airfields: Sequence[Airfield], zone: str, watch: Watch | None = None
) -> LandingSummary:
    """Return `landing` in words, with times local to the airfield (to `zone` if it is unknown).

    With `watch`, as it stands for that watch, whose match may be in doubt; else as it stands for
    the watch with the best match.
    """
    detection, day = landing.detection, landing.detection.touchdown_at.date()
    local = local_zone(detection, airfields, zone)
    return LandingSummary(
        id=landing.id,
        aircraft=aircraft(landing),
        place=_where(landing, airfields),
        when=touchdown_words(detection, local),
        grade=grade_words(landing, watch),
        reason=with_names(leading_evidence(detection), airfields, day),
        departure=departure(detection, local),
        stops=stops_sentence(landing),
        remarks=(
            *_remarks(landing, local, watch),
            *other_week_sentences(detection, zone if watch is None else watch.zone),
        ),
        links=tuple(landing_links(landing)),
        stay=stay(detection),
        stops_in_short=stops_sentence(landing, known_only=True),
    )


def all_at(place: str, landings: Iterable[LandingSummary]) -> bool:
    """Return whether each of these landings is at the place of this name, which a headline has."""
    return all(each.place.startswith(f"{place} (") for each in landings)


def briefly(landing: LandingSummary) -> LandingSummary:
    """Return it for a list above which it stands what it means that a final leg was not seen."""
    remarks = (f"{FINAL_LEG}." if each.startswith(FINAL_LEG) else each for each in landing.remarks)
    return replace(landing, remarks=tuple(remarks))


def local_zone(detection: Detection, airfields: Sequence[Airfield], zone: str) -> str:
    """Return the zone of the airfield, else that of the likeliest candidate, else `zone`."""
    codes = [each.airfield for each in detection.ranked]
    if detection.airfield:
        codes = [detection.airfield]
    for code in codes:
        found = airfield_on(airfields, code, detection.touchdown_at.date())
        if found is not None:
            return found.zone
    return zone


def aircraft(landing: Landing) -> str:
    """Return `4K-AZ101 (IL76, 600865), callsign AZQ4521`, without what is unknown."""
    detection = landing.detection
    codes = [code for code in (landing.type_code, detection.icao24) if code]
    name = landing.registration or "unknown registration"
    flight = f", callsign {detection.callsign}" if detection.callsign else ""
    return f"{name} ({', '.join(codes)}){flight}"


def place(detection: Detection, airfields: Sequence[Airfield]) -> str:
    """Return `Ovda (LLOV), runway 20L`, or the candidates with probabilities (and their
    country)."""
    if detection.airfield is None:
        in_country = somewhere(detection.candidates, airfields)
        fields = formatting.either(detection.candidates, names_of(detection, airfields))
        return in_country or f"undetermined: {fields}"
    name = airfield_with_code(detection.airfield, airfields, detection.touchdown_at.date())
    return f"{name}, runway {detection.runway}" if detection.runway else name


def names_of(detection: Detection, airfields: Sequence[Airfield]) -> Callable[[str], str]:
    """Return what gives an airfield's name, on the day of the touchdown, by its code."""
    day = detection.touchdown_at.date()
    return lambda code: airfield_title(code, airfields, day)


def _where(landing: Landing, airfields: Sequence[Airfield]) -> str:
    """Return the derived place; if a reviewer named another airfield, that airfield first."""
    derived = place(landing.detection, airfields)
    if landing.airfield is None or landing.airfield == landing.detection.airfield:
        return derived
    day = landing.detection.touchdown_at.date()
    name = airfield_with_code(landing.airfield, airfields, day)
    return f"{name}, according to a person (derived: {derived})"


def grade_words(landing: Landing, watch: Watch | None = None) -> str:
    """Return the grade and its probability, after a reviewer's verdict if there is one.

    With `watch`, the grade for that watch, and whether it is too low to count there.
    """
    grade = landing.grade if watch is None else landing.grade_for(watch.name)
    derived = _derived(landing, grade)
    if watch is not None and grade.rank < watch.count_from.rank and landing.review is None:
        derived += ", so it is not counted"
    persons = review_words(landing)
    return f"{persons}; {derived}" if persons else derived


def derived_grade(landing: Landing) -> str:
    """Return the grade and its probability as derived, whatever a person decided."""
    return _derived(landing, landing.grade)


def _derived(landing: Landing, grade: Grade) -> str:
    derived = formatting.grade_words(grade, landing.detection.probability)
    at_one = landing.detection.airfield is None
    return f"{derived} to have landed at one of them" if at_one else derived


def leading_evidence(detection: Detection) -> str:
    """Return the sentence that carries the verdict: the arrival, and the departure if heard.

    Evidence about the named airfield goes before evidence of a landing anywhere; among equals the
    one nearest to the touchdown is taken.
    """
    supporting = [each for each in detection.evidence if each.speaks == "for"]
    supporting = [each for each in supporting if each.kind not in _SUMMARIES] or supporting
    if not supporting:
        return "No single report shows this landing; see the evidence."
    best = min(supporting, key=lambda each: _distance(each, detection))
    after = [each for each in supporting if each.at > max(best.at, detection.touchdown_at)]
    if not after:
        return best.text
    return _joined(best.text, min(after, key=lambda each: _distance(each, detection)).text)


def _distance(evidence: Evidence, detection: Detection) -> tuple[bool, float]:
    elsewhere = evidence.airfield is None or evidence.airfield != detection.airfield
    return elsewhere, abs((evidence.at - detection.touchdown_at).total_seconds())


def _joined(first: str, then: str) -> str:
    """Join two sentences into one.

    >>> _joined("Lost low near LLOV.", "Heard again climbing.")
    'Lost low near LLOV; heard again climbing.'
    """
    begins_with_code = then[1:2].isupper()
    return f"{first.rstrip('.')}; {then if begins_with_code else then[:1].lower() + then[1:]}"


def _unheard_remarks(detection: Detection, zone: str) -> Iterable[str]:
    """Yield what follows from an arrival that nobody heard."""
    unheard = detection.unheard
    if unheard is None:
        return
    if not unheard.known:
        yield (
            "Nothing was heard of it for more than four days before, which may hide several "
            "visits. So this one is never counted; it widens the counts of the weeks that it may "
            "lie in."
        )
        return
    stays = unheard.stays or "nothing: too few stays of this fleet were heard"
    yield (
        "Nobody heard it arrive. Its time and ± follow from how long aircraft stay, learned from "
        f"{stays}."
    )
    weeks = weeks_of_landing(detection, zone)
    if len(weeks) > 1:
        yield (
            f"Its week is not known: {weeks_with_chances(weeks)}. It counts in none of them, but "
            "once in the total, and in the month and the year that it surely lies in."
        )


def change_words(revision: Revision, airfields: Sequence[Airfield], day: date) -> str:
    """Return a change with its reason: `upgraded (from possible to probable)`."""
    change, reason = kind_words(revision), revision.reason.removesuffix(".")
    if revision.rules_version:  # else it quotes a person
        reason = with_names(reason, airfields, day)
    return f"{change} ({reason})" if reason else change


def weeks_changed(revision: Revision, weeks: Collection[str], zone: str) -> str:
    """Return a clause that says from which week of `zone` to which a change moved the landing.

    `weeks` are those that the touchdown may lie in after the change. Empty if they are the same.
    """
    known = weeks_before(revision, zone)
    before, after = week_words(known), week_words(weeks)
    if not known or before == after:
        return ""
    if len(known) == len(weeks) == 1:
        return f", from week {before} to {after}"
    return f", in week {after} instead of {before}"


def kind_words(revision: Revision) -> str:
    """Return the kind of a change in a word or two: `withdrawn`."""
    if revision.change.startswith("a person's verdict "):  # was withdrawn, in several words
        return "left to the evidence again"
    return _CHANGES.get(revision.change, revision.change)


def _remarks(landing: Landing, zone: str, watch: Watch | None) -> Iterable[str]:
    if landing.retracted and landing.stands:
        yield "Later reports speak against this landing, but a person confirmed it, so it counts."
    elif landing.retracted:
        yield "Withdrawn: this landing no longer counts."
    if landing.reviewed is not None:
        yield verdict(landing.reviewed, zone)
    yield from _unheard_remarks(landing.detection, zone)
    if landing.airfield is None:
        why = "Where it landed is undetermined"
        if landing.final_leg_not_seen:
            why = f"{FINAL_LEG}: it fell silent on its way in"
        yield f"{why}, so it is never counted for one airfield alone."
    matches = [each for each in landing.watches if watch is None or each.watch == watch.name]
    if unlisted(landing.watches):
        yield "An unlisted visitor: no watch names this aircraft, so it is never counted."
    elif doubts := tuple(dict.fromkeys(match.doubt for match in matches if match.doubt)):
        yield from doubts
    elif not any(match.counted for match in matches):
        yield "Followed and shown, but not counted."
