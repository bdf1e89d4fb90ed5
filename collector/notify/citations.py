"""Who learns that a number that was cited is not what it was? The recipients of its watch.

A regular job compares every citation with what is known now. What differs since the last mail is
stored, and the mail about it queued, in one transaction, under a key of its own: so each change is
mailed at least once, whatever caused it: a poll, a backfill, new rules or a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from collector.disclosure.origins import origins_of
from collector.model import Airfield, Watch
from collector.model.citation import Citation, CitedCount
from collector.model.notice import Owed
from collector.model.terms import Terms
from collector.queries.citing import KnownCitations, configured
from collector.reports.mails import citation as citation_mail
from collector.reports.mails.citation import ChangedCitation
from collector.reports.titles import whose_and_where
from collector.store import Store, citations, landings, outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """Compares the stored citations with the stored landings."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    terms: Mapping[str, Terms]
    """The terms of each feed, by its configured name."""
    known: KnownCitations = field(default_factory=KnownCitations)

    def owe_changes(self, now: datetime) -> int:
        """Queue a mail about the citations that changed; return how many did.

        All that changed since the last look are in one mail to each recipient: a backfill of years
        changes many at once. A citation whose watch or place is not configured any more is left as
        it is. Raises StoreError.
        """
        found = self._changed(citations.citations(self.store))
        if not found:
            return 0  # found without keeping other writers waiting
        with self.store.transaction():
            changed = self._changed([each.citation for _, each in found])
            numbers = [
                citations.store_change(self.store, each.citation, now, each.now)
                for _, each in changed
            ]
            people = dict.fromkeys(one for watch, _ in changed for one in watch.recipients)
            for recipient in people:
                mine = [
                    (number, each)
                    for number, (watch, each) in zip(numbers, changed, strict=True)
                    if recipient in watch.recipients
                ]
                number, first = mine[0]
                owed = Owed(
                    key=f"cited:{first.citation.id}:{number}:{recipient.name}",
                    recipient=recipient,
                    message=citation_mail.render([each for _, each in mine], now),
                    created_at=now,
                )
                outbox.owe(self.store, owed)
        for _, each in changed:
            known = each.now
            log.info(
                "cited number changed",
                citation=each.citation.id,
                least=known.least,
                most=known.most,
            )
        return len(changed)

    def _changed(self, among: Iterable[Citation]) -> list[tuple[Watch, ChangedCitation]]:
        """Return each of these citations that is another one than at its last mail, with its
        watch."""
        changed = []
        for citation in among:
            found = configured(citation, self.watches)
            known = self.known.now(
                *(self.store, citation, self.watches, self.airfields, self.terms)
            )
            _, before = citations.last_known(self.store, citation)
            if found is not None and known is not None and known.differs_from(before):
                watch, place = found
                part = ChangedCitation(
                    citation=citation,
                    before=before,
                    now=known,
                    headline=whose_and_where(watch, place, self.airfields, citation.last),
                    zone=watch.zone,
                    terms=self._terms(before, known),
                )
                changed.append((watch, part))
        return changed

    def _terms(self, *counts: CitedCount) -> tuple[Terms, ...]:
        """Return the terms of the feeds on which the landings of these counts rest."""
        ids = {each.id for count in counts for each in count.landings}
        found = (landings.get(self.store, each) for each in sorted(ids))
        feeds = {feed for each in found if each is not None for feed in each.detection.feeds}
        return origins_of(feeds, self.terms)
