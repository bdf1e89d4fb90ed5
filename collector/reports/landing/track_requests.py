"""How is it told which full tracks were asked for, and what came of it? One line each."""

from __future__ import annotations

from collections.abc import Iterable

from collector.model.track_request import RequestReason, TrackRequest, TrackRequestState
from collector.reports import formatting
from collector.untrusted import visible


def request_lines(found: Iterable[TrackRequest], zone: str) -> list[str]:
    """Each in a sentence or two, with its times in `zone`, in the order given."""
    return [f"{_told(one, zone)} {_because(one, zone)}" for one in found]


def _told(one: TrackRequest, zone: str) -> str:
    if one.state is TrackRequestState.OWED:
        tried = f" (last: {visible(one.detail, 200)})" if one.detail else ""
        return f"To be asked of {one.feed} from {formatting.moment(one.due_at, zone)} on{tried}."
    when = formatting.moment(one.ended_at or one.due_at, zone)
    if one.state is TrackRequestState.DONE and one.first_at and one.last_at:
        span = f"{formatting.moment(one.first_at, zone)} to {formatting.moment(one.last_at, zone)}"
        source = f", {visible(one.url, 200)}" if one.url else ""
        return f"Fetched from {one.feed} on {when}: {one.points:,} points, {span}{source}."
    why = visible(one.detail, 200) or "no reason is known"
    return f"It could not be had from {one.feed}, last tried on {when}: {why.rstrip('.')}."


def _because(one: TrackRequest, zone: str) -> str:
    since = formatting.moment(one.begins_at, zone)
    if one.reason is RequestReason.INBOUND:
        return f"Wanted because it fell silent inbound, last heard {since}."
    if one.reason is RequestReason.LANDED:
        return f"Wanted because it landed between two reports, the first {since}."
    again = formatting.moment(one.ends_at or one.owed_at, zone)
    return f"Wanted because it was heard again after a silence, on {again}."
