"""Which stored landings do new rules judge again, and which stay since their reports are gone?

When the version of the rules rises, every stored landing is judged once more by its stored reports:
in the background, and earlier if new reports of its aircraft arrive. A landing whose reports are no
longer stored stays as it is: what is gone proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.landings.reconcile import SAME_VISIT
from collector.landings.rules import RULES_VERSION
from collector.model import Detection, Landing, Revision
from collector.model.imported import rests_on_imports
from collector.pipeline.track_windows import Window
from collector.store import Store, judged

Change = tuple[Landing, Revision | None]


def span_of(landing: Landing) -> tuple[datetime, datetime]:
    """Return the time of a landing and its visit."""
    visit = landing.detection
    return min(visit.visit_from, visit.touchdown_at), max(visit.visit_until, visit.touchdown_at)


def keep_and_mark(
    store: Store,
    stored: Sequence[Landing],
    changes: Sequence[Change],
    reports: Window,
    closed_until: datetime | None,
) -> list[Change]:
    """Return the changes without those of landings whose reports are gone.

    Mark every stored landing of the window as judged by the present rules, or as one that they
    cannot judge: those of closed time (`closed_until` None: no time is closed), and those whose
    reports are gone. Raises StoreError.
    """
    within = [landing for landing in stored if _lies_in(landing.detection, reports)]
    gone = {
        landing.id
        for landing in stored
        if not _has_reports(landing.detection, reports)
        or (closed_until is not None and landing.detection.touchdown_at < closed_until)
    }
    judged.mark_judged(
        store, [landing.id for landing in within if landing.id not in gone], RULES_VERSION
    )
    judged.mark_reports_gone(
        store, [landing.id for landing in within if landing.id in gone], RULES_VERSION
    )
    return [change for change in changes if change[0].id not in gone]


def _lies_in(visit: Detection, reports: Window) -> bool:
    return reports.begin <= visit.visit_from and visit.visit_until <= reports.end


def _has_reports(visit: Detection, reports: Window) -> bool:
    """Return whether the window has reports at both ends of a visit, which are times of reports:
    of imported ones if the landing rests on such alone, else of received ones."""
    alone = rests_on_imports(visit.feeds)
    times = [report.at for report in (reports.imported if alone else reports.observations)]
    return all(
        any(abs(at - end) <= SAME_VISIT for at in times)
        for end in (visit.visit_from, visit.visit_until)
    )
