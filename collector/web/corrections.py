"""What was corrected, and what became of the numbers that were cited? Rows for the templates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from collector.disclosure.persons import revision_without_person
from collector.model import Landing, Revision, Watch
from collector.queries.citing import configured
from collector.queries.corrections import corrects
from collector.queries.snapshot import Snapshot
from collector.queries.week_changes import newest
from collector.reports.citation import cited_and_now, difference_lines, of_what
from collector.reports.formatting import moment
from collector.reports.mails.corrections import correction
from collector.reports.titles import whose, whose_and_where
from collector.reports.week_statements import change_lines
from collector.settings.derived import terms_of_feeds
from collector.store import citations
from collector.store.late_changes import late_changes

LOOKED_AT = 100
"""Changes on a page, before those are left out that correct nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """One change of a week that a digest had reported."""

    revision: Revision
    landing: Landing
    text: str
    """In the words of the digest, without those of persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedRow:
    """One number that was cited."""

    id: str
    sentence: str
    """As it was cited."""
    of_what: str
    cited: str
    """When."""
    now: str
    """What it is now; empty if nothing in it changed, or if that is not known."""
    differences: tuple[str, ...]
    sha256: str
    compared: bool
    """Whether it could be compared: its watch and place are configured."""


def correction_rows(snapshot: Snapshot, page: int = 1) -> tuple[list[CorrectionRow], bool]:
    """Return a page of corrections, newest first, and whether there is a further page.

    Raises StoreError.
    """
    found = late_changes(snapshot.store, limit=LOOKED_AT + 1, offset=(page - 1) * LOOKED_AT)
    rows = []
    for revision, landing in found[:LOOKED_AT]:
        watch = _watch_corrected(snapshot, revision, landing)
        if watch is not None:
            told = revision_without_person(revision)
            text = correction(told, landing, watch.zone, snapshot.settings.airfields)
            rows.append(CorrectionRow(revision=revision, landing=landing, text=text))
    return rows, len(found) > LOOKED_AT


def changed_weeks(
    snapshot: Snapshot, until: str | None = None, told: Collection[str] | None = None
) -> list[str]:
    """Return the changes of weeks that a digest had reported, newest first; with `until`, of weeks
    up to that one. With `told`, lines name the landings besides these (`change_lines`).

    Raises StoreError.
    """
    lines: list[tuple[datetime, str]] = []
    for watch in snapshot.settings.watches:
        changes = [
            each for each in newest(snapshot.store, watch) if until is None or each.week <= until
        ]
        for at, together in groupby(changes, key=lambda each: each.at):
            in_order = sorted(together, key=lambda each: (each.place, each.week))
            said = change_lines(in_order, watch, snapshot.settings.airfields, told=told)
            lines += [(at, f"{moment(at, watch.zone)}, {whose(watch)}. {line}") for line in said]
    return [line for _, line in sorted(lines, key=lambda each: each[0], reverse=True)]


def _watch_corrected(snapshot: Snapshot, revision: Revision, landing: Landing) -> Watch | None:
    """Return the first watch one of whose reported weeks the change corrects."""
    watches = snapshot.settings.watches
    return next((each for each in watches if corrects(each, revision, landing)), None)


def cited_rows(snapshot: Snapshot) -> list[CitedRow]:
    """Return every citation, the newest first. Raises StoreError."""
    settings = snapshot.settings
    watches, terms = settings.watches, terms_of_feeds(settings)
    rows = []
    for citation in reversed(citations.citations(snapshot.store)):
        found = configured(citation, watches)
        zone = next((each.zone for each in watches if each.name == citation.watch), snapshot.zone)
        headline = (
            f"{citation.watch} at {citation.place}"
            if found is None
            else whose_and_where(*found, settings.airfields, citation.last)
        )
        known = snapshot.cited.now(snapshot.store, citation, watches, settings.airfields, terms)
        compared = known is not None
        if known is None:
            _, known = citations.last_known(snapshot.store, citation)
        changed = compared and known.differs_from(citation.known)
        rows.append(
            CitedRow(
                id=citation.id,
                sentence=citation.text.partition("\n")[0],
                of_what=of_what(citation, headline),
                cited=moment(citation.cited_at, zone),
                now=cited_and_now(citation, citation.known, known, zone) if changed else "",
                differences=tuple(difference_lines(citation.known, known, zone)),
                sha256=citation.sha256,
                compared=compared,
            )
        )
    return rows
