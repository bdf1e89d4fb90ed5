"""What of the operator's own stands in an evidence pack? The settings that decide about landings,
and what was asked for by name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from collector.audit.evidence_order import Order
from collector.model import Landing
from collector.model.sighting import Sighting
from collector.reports.evidence.summary import Edition
from collector.reports.formatting import iso_z
from collector.settings import Settings
from collector.store import reviews, sightings

_LEAVES = ("polling.", "publishing.", "recording.", "retention.", "rivals.")
"""The keys that the edition to pass on states: they decide what is polled and kept."""
_STAYS = ("contact", "data", "database", "dead_man_url", "mail", "operators", "recipient", "hosts")
_STAYS_ENDS = (
    ".recipients", ".consent", ".url", ".header", ".token_url", ".api_key", ".client_id",
    ".client_secret", ".ca_file",
)  # fmt: skip
"""What no edition states: whom it mails, and by which permission and address feeds are asked."""
_NEAR = timedelta(days=1)


def settings_text(settings: Settings, edition: Edition) -> str:
    """Return the settings that decided about the landing, a line each, without secrets."""
    lines = [
        f"{one.key} = {one.value}"
        for one in settings.explained
        if (_leaves(one.key) if edition is Edition.TO_PASS_ON else _stays_inside(one.key))
    ]
    return "\n".join([*lines, ""])


def _leaves(key: str) -> bool:
    return key.startswith(_LEAVES) and not key.endswith("folder")


def _stays_inside(key: str) -> bool:
    head = key.partition(".")[0].partition("[")[0]
    return head not in _STAYS and not key.endswith(_STAYS_ENDS)


def asked_for(order: Order) -> dict[str, Any]:
    """Return what was asked for by name, and nothing else. Raises StoreError."""
    found: dict[str, Any] = {}
    wanted, landing, settings = order.asked_for, order.landing, order.settings
    if "contact" in wanted:
        found["contact"] = settings.contact
    if "recipients" in wanted:
        names = {match.watch for match in landing.watches}
        found["recipients"] = [
            {"watch": watch.name, "name": each.name, "address": each.address}
            for watch in settings.watches
            if watch.name in names
            for each in watch.recipients
        ]
    if "reviewers" in wanted:
        found["reviewers"] = [
            {"at": iso_z(each.at), "by": each.by, "verdict": each.verdict, "note": each.note}
            for each in reviews.history(order.store, landing.id)
        ]
    if "sightings" in wanted:
        found["sightings"] = [
            {
                "period": each.period.written,
                "airfield": each.airfield,
                "source": each.source,
                "note": each.note,
            }
            for each in sightings.load(order.store).values()
            if _concerns(each, landing)
        ]
    return found


def _concerns(sighting: Sighting, landing: Landing) -> bool:
    """Return whether a sighting is of that airfield or aircraft, within a day of the touchdown."""
    detection = landing.detection
    first, last = sighting.period.first, sighting.period.last
    day = detection.touchdown_at.date()
    if first is None or last is None or not first - _NEAR <= day <= last + _NEAR:
        return False
    if sighting.icao24 is not None:
        return sighting.icao24 == detection.icao24
    return sighting.airfield in (detection.airfield, landing.airfield)
