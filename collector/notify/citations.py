"""Who learns that a number that was cited is not what it was? The recipients of its watch.

A regular job compares every citation with what is known now. What differs since the last mail is
stored, and the mail about it queued, in one transaction, under a key of its own: so each change is
mailed at least once, whatever caused it: a poll, a backfill, new rules or a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from collector.model import Airfield, Place, Watch
from collector.model.citation import Citation, CitedCount
from collector.model.notice import Owed
from collector.model.terms import Terms
from collector.queries.citing import cited_count, configured
from collector.reports.mails import citation as citation_mail
from collector.reports.titles import whose_and_where
from collector.store import Store, citations, outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """Compares the stored citations with the stored landings."""

    store: Store
    watches: Sequence[Watch]
    airfields: Sequence[Airfield]
    terms: Mapping[str, Terms]
    """The terms of each feed, by its configured name."""

    def owe_changes(self, now: datetime) -> int:
        """Queue a mail for each citation that changed; return how many did.

        A citation whose watch or place is not configured any more is left as it is. Raises
        StoreError.
        """
        changed = 0
        for citation in citations.citations(self.store):
            found = configured(citation, self.watches)
            if found is not None:
                changed += self._owe_change(citation, *found, now)
        return changed

    def _owe_change(self, citation: Citation, watch: Watch, place: Place, now: datetime) -> bool:
        if self._difference(citation, watch, place) is None:
            return False  # found without keeping other writers waiting
        with self.store.transaction():
            difference = self._difference(citation, watch, place)
            if difference is None:
                return False
            before, known = difference
            number = citations.store_change(self.store, citation, now, known)
            message = citation_mail.render(
                *(citation, before, known),
                headline=whose_and_where(watch, place, self.airfields, citation.last),
                zone=watch.zone,
                at=now,
            )
            for recipient in watch.recipients:
                key = f"cited:{citation.id}:{number}:{recipient.name}"
                owed = Owed(key=key, recipient=recipient, message=message, created_at=now)
                outbox.owe(self.store, owed)
        log.info("cited number changed", citation=citation.id, least=known.least, most=known.most)
        return True

    def _difference(
        self, citation: Citation, watch: Watch, place: Place
    ) -> tuple[CitedCount, CitedCount] | None:
        """Return how a citation was known at its last mail and is now; None if it is the same."""
        _, before = citations.last_known(self.store, citation)
        known = cited_count(
            *(self.store, watch, place, self.airfields, self.terms),
            first=citation.first,
            last=citation.last,
        )
        return (before, known) if known.differs_from(before) else None
