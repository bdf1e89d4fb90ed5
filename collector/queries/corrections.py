"""Which changes of landings correct what a digest told? Digests and pages list the same ones."""

from __future__ import annotations

from collector.model import Landing, Revision, Watch
from collector.model.dating import weeks_before, weeks_of_landing
from collector.weeks import digest_at


def concerns(watch: Watch, revision: Revision, landing: Landing) -> bool:
    """Return whether a change of a landing is to be reported to the watch's recipients.

    Landings found at airfields that are not on the watch are left out.
    """
    on_watch = any(match.watch == watch.name for match in landing.watches)
    return on_watch and (revision.change != "found" or may_be_at(landing, watch))


def first_week_changed(watch: Watch, revision: Revision, landing: Landing) -> str:
    """Return the key of the first week that a change of a landing touches: the landing lies in it
    now, or did so before."""
    weeks = weeks_before(revision, watch.zone)
    return min((*weeks, *weeks_of_landing(landing.detection, watch.zone)))


def corrects(watch: Watch, revision: Revision, landing: Landing) -> bool:
    """Return whether a change corrects a week that a digest of the watch had reported by then."""
    return concerns(watch, revision, landing) and (
        digest_at(first_week_changed(watch, revision, landing), watch.zone) <= revision.at
    )


def may_be_at(landing: Landing, watch: Watch) -> bool:
    """Return whether the landing is, or may be, at one of the watch's airfields."""
    if landing.airfield is not None:
        return landing.airfield in watch.airfields
    return any(candidate.airfield in watch.airfields for candidate in landing.detection.candidates)
