"""What does the note on the method say of this installation? Its numbers, feeds and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from collector import __version__
from collector.coverage.sight import Level
from collector.landings.rules import RULES_VERSION
from collector.model import Landing, Watch
from collector.model.review import CONFIRMED, REJECTED
from collector.model.terms import Terms
from collector.publishing.edition import Edition
from collector.queries.snapshot import Snapshot
from collector.reports.exports.table import NOTICE, odbl_notice, with_address
from collector.reports.glossary import glossary
from collector.reports.methodology import Note, Part, Section
from collector.reports.titles import place_with_codes, week_title, whose
from collector.store.landing_list import standing_of
from collector.untrusted import visible
from collector.web.corrections import correction_rows
from collector.web.weeks import week_keys

_LEAVES = {
    "raw": "its positions, and what follows from them",
    "derived": "counts that rest on it, and no positions",
    "nothing": "nothing: it has no part in these pages",
}
_LIMITS = (
    "An aircraft that sends nothing, or that nobody receives, is not counted.",
    "Where receivers are few, a landing is inferred from silence, and graded by how sure that is.",
    "Positions can be jammed or forged. Those that cannot be true are left out, and prove nothing.",
    "An address can be changed or copied. If two used one at a time, the landing's page says so.",
)
_HOUR = timedelta(hours=1)
_STANDING = {"reviewed": "confirmed or rejected by a person"}
_WORDS = ("Confirmed", "Probable", "Possible", "Undetermined", "Withdrawn", "Coverage")
"""Of the glossary."""


def note_of(edition: Edition, counts: Snapshot, listed: Snapshot) -> Note:
    """Return the note of an edition. Raises StoreError."""
    return Note(
        "How these landings are counted",
        (
            Section("What is counted", tuple(_counted(edition))),
            Section("The numbers so far", tuple(_numbers(edition, counts, listed))),
            Section("What could be seen", tuple(_seen(counts))),
            Section("How a landing is found, and how sure it is", tuple(_rules())),
            Section("What is published, and when", tuple(_published(edition))),
            Section("Data and licences", tuple(_data(edition))),
            Section("Limits", tuple(_limits())),
        ),
    )


def _counted(edition: Edition) -> Iterator[Part]:
    settings, today = edition.public, edition.now.date()
    lines = [
        f"{whose(watch)}, at "
        + ", ".join(place_with_codes(place, settings.airfields, today) for place in watch.places)
        + f"; counted from the grade {watch.count_from.value}; weeks in {watch.zone}."
        for watch in settings.watches
    ]
    yield Part(lines=tuple(lines))
    yield Part(NOTICE)
    yield Part(
        "It counts afterwards and does not target: no flight is shown while it lasts, and no "
        "position before the aircraft has left."
    )


def _numbers(edition: Edition, counts: Snapshot, listed: Snapshot) -> Iterator[Part]:
    first = counts.coverage.first_week(counts.zone, counts.now)
    last = edition.last_week
    if first > last:
        yield Part("No week has been published so far.")
        return
    due = edition.query.leaving
    yield Part(
        f"Weeks: from {week_title(first)} to {week_title(last)}. Landings that may be published: "
        f"{len(due):,}. Landings with a page of their own: {len(edition.listed):,}. They are:"
    )
    found = [each.landing for each in edition.listed]
    by_standing = Counter(standing_of(landing).value for landing in found)
    lines = [
        f"{_STANDING.get(standing, standing)}: {number:,}"
        for standing, number in sorted(by_standing.items())
    ]
    yield Part(lines=tuple(lines) or ("None has a page of its own.",))
    again = sum(not each.as_stored for each in edition.listed)
    missing = len(due) - len(edition.open)
    if again or missing:
        yield Part(
            f"Data that may not be passed on had a part in {again + missing:,} of them. Derived "
            f"again from open data alone, {again:,} followed and {missing:,} did not. Those that "
            "do not follow are counted, and have no page."
        )
    yield Part(_reviewed(found))
    corrections, more = correction_rows(listed)
    least = "at least " if more else ""
    number = f"{len(corrections):,} change{'' if len(corrections) == 1 else 's'}"
    yield Part(f"Corrected after the week had been reported: {least}{number}.")


def _reviewed(found: Sequence[Landing]) -> str:
    checked = Counter(landing.review for landing in found)
    confirmed, rejected = checked[CONFIRMED], checked[REJECTED]
    if not confirmed + rejected:
        return "No person has checked any of these landings."
    return (
        f"Checked by persons: {confirmed + rejected:,} of {len(found):,}, of which {confirmed:,} "
        f"were confirmed and {rejected:,} rejected. They are no sample, so this is no error rate."
    )


def _seen(counts: Snapshot) -> Iterator[Part]:
    yield Part(
        "A week without a landing says something only if a landing would have been noticed. A zero "
        "counts as seen from 80% of the time on; below 20% it is no zero, and a dash stands there."
    )
    settings = counts.settings
    lines = []
    for watch in settings.watches:
        for place in watch.places:
            keys = _all_weeks(counts, watch)
            levels = Counter(counts.sight(watch, place, key).level for key in keys)
            name = place_with_codes(place, settings.airfields, counts.now.date())
            lines.append(
                f"{whose(watch)} at {name}: of {len(keys):,} weeks, {levels[Level.SEEN]:,} could "
                f"be seen, {levels[Level.IN_PART]:,} in part, {levels[Level.NOT_SEEN]:,} not."
            )
    yield Part(lines=tuple(lines))


def _all_weeks(counts: Snapshot, watch: Watch) -> list[str]:
    return week_keys(counts, watch, 10**6, None)


def _rules() -> Iterator[Part]:
    yield Part(
        f"By rules, version {RULES_VERSION}, from positions that aircraft broadcast: contact with "
        "the ground, the way in and out, and silences while others were heard. The same data and "
        "rules give the same landings. The words mean:"
    )
    meanings = {entry.word: entry.meaning for part in glossary() for entry in part.entries}
    words = [f"{word}: {meanings[word]}" for word in _WORDS if word in meanings]
    yield Part(lines=tuple(text.replace("`", "") for text in words))
    yield Part(
        "How often each grade is right was measured on recorded flights with known landings and on "
        "simulated days; the figures are in the collector's documentation, docs/recordings.md and "
        "docs/accuracy.md, with the version of the rules for which they hold."
    )


def _published(edition: Edition) -> Iterator[Part]:
    delay = edition.settings.disclosure
    yield Part(
        f"A landing is published {_hours(delay.after_departure)} after the aircraft departed, or "
        f"{_hours(delay.after_touchdown)} after its touchdown if no departure was heard by then; a "
        "week, when each of its landings may be. Only aircraft whose operator is named are listed, "
        "by the name of that day and with its source. The owner is not looked up. Visitors, and "
        "aircraft that may belong to private persons, are not listed."
    )
    yield Part(
        "Nothing here says who helped: no reviewer, no person who reported a sighting, and no "
        "receiver. A landing that turns out to be none stays, as withdrawn, with the day and the "
        "reason."
    )
    if edition.checked_only:
        yield Part("Only landings that a person checked have a page; the counts hold all.")


def _hours(delay: timedelta) -> str:
    return f"{delay / _HOUR:g} hours"


def _data(edition: Edition) -> Iterator[Part]:
    terms: dict[Terms, None] = {
        edition.terms[feed.name]: None for feed in edition.settings.feeds if feed.enabled
    }
    used = list(edition.origins(edition.derived))
    lines = []
    for each in terms | dict.fromkeys(used):
        published = f"Published: {_LEAVES[each.leaves]}."
        lines.append(visible(f"{with_address(each)}; {each.licence}. {published}"))
        lines += odbl_notice(each) if each in used else []
    yield Part(lines=tuple(lines) or ("None.",))


def _limits() -> Iterator[Part]:
    yield Part(lines=(*_LIMITS, NOTICE))
    yield Part(f"Made by the landing collector {__version__}.")
