"""How do exports of other services get in? Each file is read, sifted, stored and derived like a
reply, and noted with its SHA-256, so that it is not read twice.

They prove no coverage: a file holds what somebody chose to export, and nobody knows what else there
was to receive.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.backfill.scope import request_scope
from collector.errors import DecodeError
from collector.model.reply import LATEST_AHEAD, Reply
from collector.pipeline.sift import sift
from collector.services import Services
from collector.store import archive_requests, followed
from collector.store.archive_requests import ArchiveRequest
from collector.watches.matcher import Matcher

READ, NOTHING = "read", "nothing wanted"


@dataclass(slots=True)
class ExportsRead:
    """What a run read and changed."""

    files: int = 0
    read_before: int = 0
    reports: int = 0
    changes: int = 0


def read_exports(
    services: Services,
    paths: Sequence[Path],
    replies_of: Callable[[Path], Sequence[Reply]],
    *,
    source: str,
    now: datetime,
    report: Callable[[str], None],
    again: bool = False,
) -> ExportsRead:
    """Store the reports of these files, and the landings and notices that follow from them.

    `replies_of` reads one file and raises DecodeError if it is of another kind. `source` names the
    files' kind, with the aircraft if they name none. Raises StoreError.
    """
    done = ExportsRead()
    scope = request_scope(services.settings)
    before = archive_requests.requests_of(services.store, source)
    for path in paths:
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            known = before.get(digest)
            if known is not None and known.scope == scope and not again:
                done.read_before += 1
                continue
            reports = _store_file(services, replies_of(path), done, now)
        except (OSError, EOFError, zlib.error) as error:
            why = getattr(error, "strerror", None) or error
            report(f"{path}: cannot be read: {why}")
            continue
        except DecodeError as error:
            report(f"{path}: {error}")
            continue
        done.files += 1
        outcome = READ if reports else NOTHING
        detail = {"file": path.name, "reports": reports}
        request = ArchiveRequest(
            source=source, subject=digest, scope=scope, outcome=outcome, at=now, detail=detail
        )
        archive_requests.store_request(services.store, request)
    services.alert_evaluator.evaluate(now)
    return done


def _store_file(
    services: Services, replies: Sequence[Reply], done: ExportsRead, now: datetime
) -> int:
    """Store the wanted reports of one file; return their number. Raises DecodeError."""
    match = Matcher(services.settings.watches)
    reports = 0
    for reply in replies:
        sifted = sift(
            reply,
            match,
            services.pipeline.region,
            followed=followed.all_followed(services.store),
        )
        if sifted.now_at > now + LATEST_AHEAD:
            raise DecodeError(f"it has positions of {sifted.now_at:%Y-%m-%d %H:%M} UTC, the future")
        changes = services.pipeline.store_reports(sifted.observations, (), now)
        done.changes += len(changes)
        reports += len(sifted.observations)
    done.reports += reports
    return reports
