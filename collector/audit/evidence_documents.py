"""What do the files of an evidence pack say? Each is made of what was derived, or is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from collector.audit import evidence_asked
from collector.audit.evidence_due import operator_if_named
from collector.audit.evidence_inputs import Inputs
from collector.audit.evidence_order import Order
from collector.disclosure.origins import origins_of
from collector.disclosure.persons import landing_without_person, revision_without_person
from collector.drawing import Drawer
from collector.model import Landing, Revision
from collector.model.review import REJECTED
from collector.model.terms import Terms
from collector.queries.landing import explanation_of, reports_around
from collector.reports.evidence import documents
from collector.reports.evidence.rules_document import rules_json
from collector.reports.evidence.summary import Edition, Summary
from collector.reports.exports import columns, rows
from collector.reports.exports.documents import geojson_text
from collector.reports.exports.spreadsheet import csv_text
from collector.reports.exports.table import Export
from collector.reports.formatting import iso_z
from collector.reports.landing.counted import counted_for, counts_sentence
from collector.reports.landing.explanation import Explanation, explain_text, history_lines
from collector.reports.landing.gaps import fixes_of
from collector.reports.landing.persons import review_words
from collector.reports.landing.summary import local_zone
from collector.reports.picture import Look, picture_of
from collector.reports.picture import order as picture_order
from collector.store import Store, coverage_slots, landings
from collector.store.encoding import to_json

IN_THE_PACK = "replies.warc.gz beside this page holds them (WARC 1.1)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Whence what a pack says is read: the database, or one that was made of its replies alone."""

    store: Store
    landing: Landing | None
    """As it stands there; None if no landing follows."""
    terms: Mapping[str, Terms]
    feeds: frozenset[str]


def members(
    order: Order,
    summary: Summary,
    inputs: Inputs,
    sources: Sources,
    sealed: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Return every file of a pack but the replies and the sums, by name. Raises StoreError.

    `sealed` are those that say when the replies were sealed and stamped.
    """
    origins = origins_of(sources.feeds, sources.terms)
    corrections = _corrections(order, sources)
    found: dict[str, bytes] = {
        "inputs.json": _json_text(to_json(inputs)),
        "landing.json": _json(_landing(order, summary, sources, corrections)),
        "licences.txt": documents.licences(origins).encode(),
        "pack.json": _json_text(to_json(summary)),
        "rules.json": rules_json(),
        "settings.txt": evidence_asked.settings_text(order.settings, order.edition).encode(),
        "coverage.csv": _coverage(inputs, sources).encode(),
        **sealed,
    }
    if order.asked_for:
        found["asked-for.json"] = _json(evidence_asked.asked_for(order))
    verdict = f"The landing is stored as {summary.landing}, and does not follow from this pack."
    if order.landing.review == REJECTED:
        verdict = f"{review_words(order.landing).capitalize()}, and not counted. {verdict}"
    if sources.landing is not None:
        told, files = _explained(order, summary, sources, corrections, origins)
        verdict, found = told.verdict, found | files
    names = [*found, *(["replies.warc.gz"] if summary.replies else [])]
    review = _review_words(order.landing)
    readme = documents.readme(summary, names, origins, verdict, review)
    return found | {"README.txt": readme.encode()}


def _explained(
    order: Order,
    summary: Summary,
    sources: Sources,
    corrections: Sequence[Revision],
    origins: Sequence[Terms],
) -> tuple[Explanation, dict[str, bytes]]:
    """Return why the landing is believed, and the files that say so."""
    landing = sources.landing
    if landing is None:
        raise ValueError("no landing follows, so that nothing can be explained")
    settings, now = order.settings, order.now
    airfields = settings.airfields
    zone = next((w.zone for w in settings.watches if w.name in _watches(order)), "UTC")
    told = explanation_of(
        sources.store,
        _as_rejected(replace(landing, watches=order.landing.watches), order.landing),
        airfields,
        zone,
        now,
        raw_replies=[IN_THE_PACK] if summary.replies else [],
        persons=False,
        whole_stops=False,
    )
    detection = landing.detection
    local = local_zone(detection, airfields, zone)
    zones = list(dict.fromkeys(w.zone for w in settings.watches if w.name in _watches(order))) or [
        zone
    ]
    history = history_lines(corrections, landing, local, zones, airfields)
    told = replace(told, id=order.landing.id, history=tuple(history))
    counts = counts_sentence(counted_for(order.landing, settings.watches, airfields))
    reports = [
        report
        for report in reports_around(sources.store, landing, now)
        if report.feed in sources.terms or order.edition is Edition.INTERNAL
    ]
    named = replace(landing, id=order.landing.id, watches=order.landing.watches)
    named = landing_without_person(_as_rejected(named, order.landing))
    fixes = Export(
        columns.FIXES,
        [
            rows.fix_row(named, fix, sources.terms)
            for fix in fixes_of(reports, airfields)
            if fix.placed
        ],
        origins_of({report.feed for report in reports}, sources.terms),
    )
    files = {
        "explanation.txt": explain_text(told, counts).encode(),
        "fixes.csv": csv_text(fixes).encode(),
        "fixes.geojson": geojson_text(fixes).encode(),
    }
    if reports:
        picture = picture_of(named, reports, airfields, zone=zone, terms=sources.terms, now=now)
        (drawn,) = Drawer().drawn([picture_order(picture, Look(suffix="png"))])
        if drawn is not None:
            files["picture.png"] = drawn
    page = documents.explanation_page(
        summary, told, counts, origins, picture="picture.png" in files
    )
    return told, files | {"explanation.html": page.encode()}


def _landing(
    order: Order,
    summary: Summary,
    sources: Sources,
    corrections: Sequence[Revision],
) -> dict[str, Any]:
    """Return the landing for programs."""
    landing, shown, settings = order.landing, sources.landing, order.settings
    operator = operator_if_named(landing, settings.watches)
    detection = None if shown is None else shown.detection
    return {
        "id": landing.id,
        "icao24": landing.detection.icao24,
        "registration": landing.registration,
        "type": landing.type_code,
        "operator": None if operator is None else operator.name,
        "operator_source": None if operator is None else operator.source,
        "withdrawn": landing.retracted,
        "review": landing.review,
        "stored": _finding(summary.stored),
        "derived": _finding(summary.derived),
        "candidates": []
        if detection is None
        else [
            {"airfield": each.airfield, "probability": each.probability}
            for each in detection.ranked
        ],
        "uncertainty_s": None if detection is None else detection.uncertainty_s,
        "departed_at": None
        if detection is None or detection.departed_at is None
        else iso_z(detection.departed_at),
        "runway": None if detection is None else detection.runway,
        "evidence": []
        if detection is None
        else [
            {
                "at": iso_z(each.at),
                "kind": each.kind,
                "speaks": each.speaks,
                "airfield": each.airfield,
                "text": each.text,
                "feeds": sorted(each.feeds),
            }
            for each in sorted(detection.evidence, key=lambda one: one.at)
        ],
        "corrections": [
            {
                "at": iso_z(each.at),
                "change": each.change,
                "reason": each.reason,
                "rules_version": each.rules_version,
            }
            for each in corrections
        ],
        "watches": [
            {
                "watch": watch.name,
                "title": watch.title,
                "places": [place.name for place in watch.places],
                "count_from": watch.count_from.value,
                "zone": watch.zone,
                "matched_by": match.matched_by,
                "counted": match.counted,
                "doubt": match.doubt,
            }
            for match in landing.watches
            for watch in settings.watches
            if watch.name == match.watch
        ],
    }


def _corrections(order: Order, sources: Sources) -> list[Revision]:
    """Return every change of the landing as stored, without persons.

    In the edition to pass on, a reason that names a feed by the operator's own name is left out.
    """
    found = [
        revision_without_person(each) for each in landings.history(order.store, order.landing.id)
    ]
    if order.edition is Edition.INTERNAL:
        return found
    own = {feed for feed in order.landing.detection.feeds if feed not in sources.terms}
    return [
        replace(each, reason="") if any(name in each.reason for name in own) else each
        for each in found
    ]


def _coverage(inputs: Inputs, sources: Sources) -> str:
    slots = coverage_slots.slots_between(sources.store, inputs.begins_at, inputs.ends_at)
    return csv_text(documents.coverage_table(slots))


def _as_rejected(landing: Landing, stored: Landing) -> Landing:
    """Return a landing as rejected, if persons rejected the stored one: the verdict begins so."""
    if stored.review != REJECTED:
        return landing
    return replace(landing, review=REJECTED, reviewers=stored.reviewers)


def _review_words(landing: Landing) -> str:
    """Return what a person decided, where the verdict does not begin with it."""
    return "" if landing.review in (None, REJECTED) else f"A person {landing.review} it."


def _finding(finding: Any) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {
        "airfield": finding.airfield,
        "grade": finding.grade.value,
        "touchdown_at": iso_z(finding.touchdown_at),
    }


def _watches(order: Order) -> set[str]:
    return {match.watch for match in order.landing.watches}


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_text(text: str) -> bytes:
    """Return compact JSON as lines that people can read."""
    return _json(json.loads(text))
