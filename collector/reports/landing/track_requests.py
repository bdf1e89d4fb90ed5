"""Which full tracks were requested, and with what result? Each track request is one line."""

from __future__ import annotations

from collections.abc import Iterable

from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.reports import formatting
from collector.untrusted import visible


def request_lines(found: Iterable[TrackRequest], zone: str) -> list[str]:
    """Return each request in two sentences, with its times in `zone`, in the order given."""
    return [f"{_result(request, zone)} {_reason(request, zone)}" for request in found]


def _result(request: TrackRequest, zone: str) -> str:
    if request.state is TrackRequestState.OWED:
        due = formatting.moment(request.due_at, zone)
        attempt = f" (last attempt: {visible(request.detail, 200)})" if request.detail else ""
        return f"Waiting to be fetched from {request.feed} from {due} on{attempt}."
    when = formatting.moment(request.ended_at or request.due_at, zone)
    if request.state is TrackRequestState.DONE and request.first_at and request.last_at:
        first = formatting.moment(request.first_at, zone)
        last = formatting.moment(request.last_at, zone)
        source = f", {visible(request.url, 200)}" if request.url else ""
        points = f"{request.points:,} points, {first} to {last}"
        return f"Fetched from {request.feed} on {when}: {points}{source}."
    reason = visible(request.detail, 200) or "no reason is known"
    return (
        f"It could not be fetched from {request.feed}, last tried on {when}: {reason.rstrip('.')}."
    )


def _reason(request: TrackRequest, zone: str) -> str:
    since = formatting.moment(request.begins_at, zone)
    if request.reason is RequestReason.INBOUND:
        return f"Requested because the aircraft fell silent inbound, last heard on {since}."
    if request.reason is RequestReason.LANDED:
        return f"Requested because it landed between two reports, the first on {since}."
    again = formatting.moment(request.ends_at or request.owed_at, zone)
    return f"Requested because it was heard again after a silence, on {again}."
