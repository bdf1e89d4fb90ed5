"""How are stored landings judged again by new rules, and who must be notified of what changed?

A step judges one landing, with all others of its window, in one transaction, so that polls go on in
between and a run that is killed leaves only the rest to the next one. Once all are judged, each
recipient of a watch gets one mail with every change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from collector.errors import StoreError
from collector.landings.rules import RULES_VERSION
from collector.model import Airfield, Landing, Revision, Watch
from collector.model.notice import Owed
from collector.notify.alerts import AlertEvaluator
from collector.notify.digests import Digests
from collector.notify.new_airfields import NewAirfields
from collector.pipeline.derivation import Derivation
from collector.queries.corrections import concerns
from collector.reports.mails import judged_again
from collector.reports.titles import whose
from collector.store import Store, judged, meta, outbox

log = structlog.get_logger(__name__)

MAILED = "judged-again-mailed"
"""Key of the versions of the rules whose changes are mailed, or that changed nothing; by commas."""


@dataclass
class JudgingAgain:
    """Judges the stored landings again, for one configuration and one store."""

    store: Store
    derivation: Derivation
    alert_evaluator: AlertEvaluator
    digests: Digests
    new_airfields: NewAirfields | None = None
    """Derives stored reports at added airfields, once everything is judged; None: nothing is."""
    finished: bool = False
    """Whether all are judged since the start, and their mails queued, and nothing is to be derived
    at an airfield that was added."""
    _defective: set[str] = field(default_factory=set)
    """The ids of landings that a defect keeps from being judged; the next start tries again."""

    def judge_next(self, now: datetime) -> bool:
        """Judge the newest landing that waits for it; return whether anything is left to do.

        After the last one the mails about all changes are queued, and stored reports are derived at
        airfields that were added to the configuration, a stretch in each call. A landing that
        cannot be judged for a defect is logged and passed over, so that it does not keep the others
        waiting. Raises StoreError.
        """
        if self.finished:
            return False
        landing = judged.next_unjudged(self.store, RULES_VERSION, without=self._defective)
        if landing is None:
            self._owe_mails(now)
            if self.new_airfields is not None and self.new_airfields.derive_next(now):
                return True
            self.finished = True
            return False
        moments = {
            watch.name: [landing.detection.touchdown_at] for watch in self.digests.weeks.watches
        }
        self.alert_evaluator.prepare_coverage(moments, now)
        try:
            with self.store.transaction():
                # Another process may have judged it meanwhile; that changes nothing more.
                self.derivation.judge_again(landing, now)
        except StoreError:
            raise
        except Exception:
            log.exception("stored landing not judged again", id=landing.id)
            self._defective.add(landing.id)
        return True

    def _owe_mails(self, now: datetime) -> None:
        with self.store.transaction():
            mailed = (meta.get_value(self.store, MAILED) or "").split(",")
            if RULES_VERSION in mailed:
                return
            changes = judged.changes_except(self.store, mailed)
            alerts = judged.changed_alerts(self.store)
            counts = judged.judged_counts(self.store, RULES_VERSION)
            again = judged.judged_again_count(self.store, RULES_VERSION)
            for recipient, watches in self.digests.watches_by_recipient():
                parts = [
                    _of_watch(watch, changes, alerts, self.digests.weeks.airfields)
                    for watch in watches
                ]
                parts = [part for part in parts if part.changes or part.alerts]
                if not parts:
                    continue
                report = judged_again.JudgedAgainReport(
                    rules=RULES_VERSION,
                    judged=again,
                    reports_gone=counts.reports_gone,
                    watches=parts,
                )
                outbox.owe(
                    self.store,
                    Owed(
                        key=f"judged-again:{RULES_VERSION}:{recipient.name}",
                        recipient=recipient,
                        message=judged_again.render(report),
                        created_at=now,
                    ),
                )
            judged.clear_changed_alerts(self.store)
            meta.set_value(self.store, MAILED, ",".join(filter(None, [*mailed, RULES_VERSION])))
        if again or counts.reports_gone:
            log.info(
                "stored landings judged again",
                rules=RULES_VERSION,
                judged=again,
                reports_gone=counts.reports_gone,
                changes=len(changes),
            )
        if changes or alerts:
            # What follows for other windows, such as a surge of the present week, is news.
            self.alert_evaluator.evaluate(now)


def _of_watch(
    watch: Watch,
    changes: Sequence[tuple[Revision, Landing]],
    alerts: Sequence[tuple[str, str]],
    airfields: Sequence[Airfield],
) -> judged_again.WatchChanges:
    return judged_again.WatchChanges(
        title=whose(watch),
        zone=watch.zone,
        airfields=airfields,
        changes=[change for change in changes if concerns(watch, *change)],
        alerts=[text for name, text in alerts if name == watch.name],
    )
