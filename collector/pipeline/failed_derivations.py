"""What becomes of an aircraft whose derivation fails by a defect of ours? It is kept for later.

The other aircraft of the same reply or batch go on. What failed is stored with the span of its
reports, derived again after a while, and told to the operators as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec
import structlog

from collector.errors import StoreError, raised_at
from collector.store import Store, meta

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(minutes=15)
"""How soon a derivation that failed is tried again: a later report may end the defect, and each
attempt reads hours of reports."""
_KEY = "failed_derivations"
"""Key of the stored table: address → what failed."""


class FailedDerivation(msgspec.Struct, frozen=True):
    """The reports of one aircraft that could not be derived, and why."""

    first: datetime
    last: datetime
    why: str
    """What kind of defect, and where: stored, mailed and shown, so it quotes nothing."""


def failed_derivations(store: Store) -> dict[str, FailedDerivation]:
    """Return what failed and was not derived since, by address. Raises StoreError."""
    text = meta.get_value(store, _KEY)
    return msgspec.json.decode(text, type=dict[str, FailedDerivation]) if text else {}


@contextmanager
def kept_if_failed(store: Store, icao24: str, span: tuple[datetime, datetime]) -> Iterator[None]:
    """Derive an aircraft in the block; if it fails by a defect, undo the block and keep the span.

    What was kept of the aircraft is done with if the block succeeds. Raises StoreError.
    """
    try:
        with store.transaction():
            yield
    except StoreError:
        raise
    except Exception as error:  # a defect must cost no other aircraft anything
        _keep(store, icao24, span, error)
    else:
        _forget(store, icao24)


def with_failed(
    store: Store, spans: Mapping[str, tuple[datetime, datetime]]
) -> dict[str, tuple[datetime, datetime]]:
    """Return the spans, those of aircraft that failed widened by what failed. Raises StoreError."""
    failed = failed_derivations(store)
    return {
        icao24: (min(span[0], failed[icao24].first), max(span[1], failed[icao24].last))
        if icao24 in failed
        else span
        for icao24, span in spans.items()
    }


def _keep(store: Store, icao24: str, span: tuple[datetime, datetime], error: Exception) -> None:
    failed, why = failed_derivations(store), raised_at(error)
    before = failed.get(icao24)
    news = before is None or before.why != why
    log.error(
        "derivation failed",
        icao24=icao24,
        error=str(error),
        why=why,
        exc_info=error if news else None,
    )
    if before is not None:
        span = (min(span[0], before.first), max(span[1], before.last))
    _store(store, failed | {icao24: FailedDerivation(*span, why)})


def _forget(store: Store, icao24: str) -> None:
    failed = failed_derivations(store)
    if failed.pop(icao24, None) is not None:
        log.info("derivation works again", icao24=icao24)
        _store(store, failed)


def _store(store: Store, failed: Mapping[str, FailedDerivation]) -> None:
    text = msgspec.json.encode(dict(sorted(failed.items()))).decode() if failed else None
    meta.set_value(store, _KEY, text)
