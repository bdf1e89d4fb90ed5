"""Where did watched aircraft land before an airfield was added to the configuration? Their stored
reports are derived again, and then the stops around all landings.

A step derives one stretch of one aircraft in one transaction, with where the next one begins, so
that polls go on in between and a run that is killed leaves only the rest to the next one. What was
over before is not mailed one by one: it is in the digest's corrections.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from collector.errors import StoreError
from collector.model import Airfield
from collector.notify.alerts import AlertEvaluator
from collector.pipeline.derivation import Derivation
from collector.store import (
    Store,
    aircraft,
    closed_time,
    meta,
    observations,
    rederivation_queue,
    stops,
)

log = structlog.get_logger(__name__)

DERIVED = "airfields-derived"
"""Key of the airfields at which everything that is stored was looked for, by blanks."""
NEXT = "airfields-next"
"""Key of the stretch to be derived next: for which airfields, of which aircraft, after when."""
REPORTS_AT_ONCE = 5_000
"""As in a backfill: a transaction lasts about a second."""
_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass
class NewAirfields:
    """Derives stored reports again at airfields that were added, for one store."""

    store: Store
    derivation: Derivation
    alert_evaluator: AlertEvaluator
    airfields: Sequence[Airfield]

    def derive_next(self, now: datetime) -> bool:
        """Derive the next stretch, if an airfield was added or moved; return whether more is left.

        At the first start nothing is known of an earlier configuration, and nothing is derived. An
        airfield that was taken out changes nothing: its landings stay. Raises StoreError.
        """
        present = {_mark(each) for each in self.airfields}
        known = meta.get_value(self.store, DERIVED)
        if known is None or present <= set(known.split()):
            if known != (text := " ".join(sorted(present))):
                meta.set_value(self.store, DERIVED, text)
            return False
        goal = hashlib.sha256(" ".join(sorted(present)).encode()).hexdigest()[:12]
        with self.store.transaction():
            icao24, after = self._begin(goal)
            first = observations.first_after(self.store, icao24, after) if icao24 else None
            if first is not None:
                self._derive(icao24, first, goal, now)
                return True
            following = aircraft.next_matched(self.store, icao24)
            if following is not None:
                meta.set_value(self.store, NEXT, f"{goal} {following} {_LONG_AGO.isoformat()}")
                return True
        self._finish(present, now)
        return False

    def _begin(self, goal: str) -> tuple[str, datetime]:
        """Return of which aircraft, and after when, the next stretch begins."""
        words = (meta.get_value(self.store, NEXT) or "").split()
        icao24, after = "", _LONG_AGO
        if len(words) == 3 and words[0] == goal:  # else the airfields changed again meanwhile
            icao24, after = words[1], datetime.fromisoformat(words[2])
        return icao24, max(after, closed_time.closed_until(self.store) or after)

    def _derive(self, icao24: str, first: datetime, goal: str, now: datetime) -> None:
        reach = observations.nth_after(self.store, icao24, first, REPORTS_AT_ONCE)
        last = reach or observations.last_before(self.store, icao24, now + timedelta(days=1))
        last = max(first, last or first)
        after = last
        try:
            with self.store.transaction():
                changes, window = self.derivation.derive_one(icao24, first, last, now)
                touchdowns = self.alert_evaluator.touchdowns_by_watch(changes)
                rederivation_queue.store_touchdowns(self.store, touchdowns)
                after = max(last, window.end)
        except StoreError:
            raise
        except Exception:  # a defect must not keep the other aircraft waiting
            log.exception("stored reports not derived at new airfields", icao24=icao24)
        meta.set_value(self.store, NEXT, f"{goal} {icao24} {after.isoformat()}")

    def _finish(self, present: set[str], now: datetime) -> None:
        """Evaluate the rules for what changed, and have the stops of all landings derived anew."""
        evaluator = replace(self.alert_evaluator, over_before=now)
        evaluator.prepare_coverage(rederivation_queue.touchdowns(self.store), now)
        with self.store.transaction():
            touchdowns = rederivation_queue.touchdowns(self.store)
            evaluator.evaluate_touchdowns(touchdowns, now)
            rederivation_queue.clear_touchdowns(self.store)
            stops.mark_all_outdated(self.store)
            meta.set_value(self.store, DERIVED, " ".join(sorted(present)))
            meta.set_value(self.store, NEXT, None)
        changed = len({at for moments in touchdowns.values() for at in moments})
        log.info("stored reports derived again for new airfields", touchdowns=changed)


def _mark(airfield: Airfield) -> str:
    """Return a word that changes if an airfield's place or the days of its validity do."""
    place = f"{airfield.icao}:{airfield.lat_deg:.3f}:{airfield.lon_deg:.3f}"
    return f"{place}:{airfield.valid_from or ''}:{airfield.valid_to or ''}"
