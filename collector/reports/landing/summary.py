"""How is one landing told to a person? Which aircraft, where, when ±, how sure, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.model import Airfield, Detection, Evidence, Landing
from collector.model.review import CONFIRMED, REJECTED, Review
from collector.model.watch import airfield_on
from collector.reports import formatting
from collector.reports.landing.country import somewhere
from collector.reports.landing.links import Link, airfield_links, landing_links
from collector.watches.visitors import unlisted

_SUMMARIES = frozenset({"neighbours", "rival", "weights"})
"""Kinds of evidence that sum up others; they explain little by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSummary:
    """One landing in words; every field is one line, and may quote text from the air."""

    id: str
    aircraft: str
    place: str
    when: str
    certainty: str
    why: str
    stay: str
    remarks: tuple[str, ...]
    """What a reader must not overlook: undetermined, a person's verdict, not counted."""
    links: tuple[Link, ...]


def summarise(landing: Landing, airfields: Sequence[Airfield], zone: str) -> LandingSummary:
    """`landing` in words, its times local to the field (or to `zone` where it is unknown)."""
    detection = landing.detection
    local = local_zone(detection, airfields, zone)
    return LandingSummary(
        id=landing.id,
        aircraft=aircraft(landing),
        place=_where(landing, airfields),
        when=formatting.moment(detection.touchdown_at, local, detection.uncertainty_s),
        certainty=certainty(landing),
        why=why(detection),
        stay=stay(detection, local),
        remarks=tuple(_remarks(landing, local)),
        links=tuple(landing_links(landing)),
    )


def local_zone(detection: Detection, airfields: Sequence[Airfield], zone: str) -> str:
    """The zone of the field, of the likeliest candidate, or else `zone`."""
    codes = [detection.airfield] if detection.airfield else _likeliest_first(detection)
    for code in codes:
        found = airfield_on(airfields, code, detection.touchdown_at.date())
        if found is not None:
            return found.zone
    return zone


def aircraft(landing: Landing) -> str:
    """`4K-AZ101 (IL76, 600865), callsign AZQ4521`; what is unknown is left out."""
    detection = landing.detection
    known = [one for one in (landing.type_code, detection.icao24) if one]
    name = landing.registration or "unknown registration"
    flight = f", callsign {detection.callsign}" if detection.callsign else ""
    return f"{name} ({', '.join(known)}){flight}"


def place(detection: Detection, airfields: Sequence[Airfield]) -> str:
    """`LLOV Ovda, runway 20L`, or the candidates with their probabilities (and their country)."""
    if detection.airfield is None:
        known = somewhere(detection.candidates, airfields)
        return known or f"undetermined: {formatting.either(detection.candidates)}"
    found = airfield_on(airfields, detection.airfield, detection.touchdown_at.date())
    name = f"{detection.airfield} {found.name}" if found else detection.airfield
    return f"{name}, runway {detection.runway}" if detection.runway else name


def _where(landing: Landing, airfields: Sequence[Airfield]) -> str:
    """As derived; and where a person says otherwise, that first."""
    derived = place(landing.detection, airfields)
    if landing.airfield is None or landing.airfield == landing.detection.airfield:
        return derived
    found = airfield_on(airfields, landing.airfield, landing.detection.touchdown_at.date())
    name = f"{landing.airfield} {found.name}" if found else landing.airfield
    return f"{name}, as a person says (derived: {derived})"


def certainty(landing: Landing) -> str:
    """The grade and its probability, and a person's verdict before both."""
    machine = formatting.certainty(landing.detection.grade, landing.detection.probability)
    if landing.detection.airfield is None:
        machine += " that it landed at one of them"
    return f"{landing.review} by a person; {machine}" if landing.review else machine


def why(detection: Detection) -> str:
    """The one sentence that carries the verdict: how it came, and how it left if that was heard.

    Evidence about the named airfield goes before evidence about landing at all; among equals the
    one nearest to the touchdown speaks.
    """
    speaking = [one for one in detection.evidence if one.speaks == "for"]
    speaking = [one for one in speaking if one.kind not in _SUMMARIES] or speaking
    if not speaking:
        return "No single observation shows it; see the evidence."
    best = min(speaking, key=lambda one: _distance(one, detection))
    after = [one for one in speaking if one.at > max(best.at, detection.touchdown_at)]
    if not after:
        return best.text
    return _joined(best.text, min(after, key=lambda one: _distance(one, detection)).text)


def _distance(one: Evidence, detection: Detection) -> tuple[bool, float]:
    elsewhere = one.airfield is None or one.airfield != detection.airfield
    return elsewhere, abs((one.at - detection.touchdown_at).total_seconds())


def _joined(first: str, then: str) -> str:
    """Two sentences as one.

    >>> _joined("Lost low near LLOV.", "Heard again climbing.")
    'Lost low near LLOV; heard again climbing.'
    """
    begins_a_name = then[1:2].isupper()
    return f"{first.rstrip('.')}; {then if begins_a_name else then[:1].lower() + then[1:]}"


def stay(detection: Detection, zone: str) -> str:
    """Until when it stayed, as far as is known."""
    if detection.departed_at is None:
        return "Departure not heard so far."
    length = formatting.duration(detection.departed_at - detection.touchdown_at)
    return f"Left {formatting.moment(detection.departed_at, zone)}, after {length}."


def verdict(said: Review, zone: str) -> str:
    """What a person said, in one sentence, with who, when and why."""
    does = {CONFIRMED: "confirmed it", REJECTED: "rejected it"}
    done = does.get(said.verdict or "", "took the verdict back")
    where = f" at {said.airfield}" if said.airfield and said.verdict == CONFIRMED else ""
    why_so = f": {said.note}" if said.note else "."
    return f"{said.by} {done}{where}, {formatting.moment(said.at, zone)}{why_so}"


def _remarks(landing: Landing, zone: str) -> Iterable[str]:
    if landing.retracted and landing.stands:
        yield "What was heard since speaks against it, but a person confirmed it: it counts."
    elif landing.retracted:
        yield "Taken back: it no longer counts."
    if landing.review == REJECTED:
        yield "A person rejected it: it does not count."
    if landing.reviewed is not None:
        yield verdict(landing.reviewed, zone)
    if landing.airfield is None:
        fields = landing.detection.candidates
        where = f"whether at {formatting.between(fields)}" if fields else "where it landed"
        yield f"Undetermined {where}: it is never counted for one field alone."
    if unlisted(landing.watches):
        yield "An unlisted visitor: no watch names it, so it is never counted."
    elif not any(match.counted for match in landing.watches):
        yield "Followed and shown, but not counted."


def places_to_look(
    landings: Sequence[Landing], airfields: Sequence[Airfield], codes: Sequence[str], at: datetime
) -> list[Link]:
    """The tracks of all `landings`, then the maps of the fields `codes` as they were at `at`."""
    links = [link for landing in landings for link in landing_links(landing)]
    for code in codes:
        found = airfield_on(airfields, code, at.date())
        links += airfield_links(found) if found else []
    return list(dict.fromkeys(links))


def _likeliest_first(detection: Detection) -> list[str]:
    ordered = sorted(detection.candidates, key=lambda one: (-one.probability, one.airfield))
    return [one.airfield for one in ordered]
