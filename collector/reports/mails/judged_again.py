"""What changed when new rules judged the stored landings again? One mail lists all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.alerts.lifecycle import Reason
from collector.model import Airfield, Landing, Revision
from collector.model.notice import Message
from collector.reports import formatting, rendering
from collector.reports.mails.alert import AlertReport, subject
from collector.reports.mails.corrections import change_counts, correction


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChanges:
    """What changed for one watch."""

    title: str
    """Whose landings these are."""
    zone: str
    airfields: Sequence[Airfield]
    changes: Sequence[tuple[Revision, Landing]]
    """Each change, by touchdown."""
    alerts: Sequence[str] = ()
    """What became of each alert that changed, as `alert_line` says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAgainReport:
    """Everything that the rules changed for one recipient, in at least one watch."""

    rules: str
    judged: int
    """The number of landings of earlier rules that these rules judged, of all watches."""
    reports_gone: int
    """The number of landings that stay as they were, since their reports are no longer stored."""
    watches: Sequence[WatchChanges]


_ALERT_NEWS = {
    Reason.CROSSED: "its threshold is now reached",
    Reason.ROSE: "more landings than reported before",
    Reason.CORRECTED_BELOW: "its threshold is no longer reached",
}
"""That a window is over is no change, and has a mail of its own."""


def alert_line(report: AlertReport) -> str:
    """Return what became of an alert: what the count is now, and what that means for the rule."""
    return f"{subject(report)}. Rule {report.verdict.rule.name}: {_ALERT_NEWS[report.reason]}."


def render(report: JudgedAgainReport) -> Message:
    """Return `report` as a mail."""
    changed = len({landing.id for each in report.watches for _, landing in each.changes})
    judged = formatting.landings(report.judged, report.judged)
    data = {
        "title": (
            f"{formatting.landings(changed, changed) if changed else 'Alerts'} corrected: judged "
            f"again by rules {report.rules}"
        ),
        "lead": (
            "The rules by which the collector tells a landing were improved. Rules "
            f"{report.rules} have judged {judged} again, by the stored reports. This mail lists "
            "every change. The corrections of the next digest have them too, and so has a mail "
            "about each cited number that they change."
        ),
        "gone": _gone(report.reports_gone),
        "watches": [
            {
                "title": each.title,
                "counts": change_counts(each.changes),
                "lines": [
                    f"{correction(revision, landing, each.zone, each.airfields)} "
                    f"Its id is {landing.id}."
                    for revision, landing in each.changes
                ],
                "alerts": list(each.alerts),
            }
            for each in report.watches
        ],
    }
    return Message(
        subject=str(data["title"]),
        text=rendering.text("judged_again", **data),
        html=rendering.html("judged_again", **data),
    )


def _gone(number: int) -> str:
    if not number:
        return ""
    stay = "stays as it was" if number == 1 else "stay as they were"
    return f"{formatting.landings(number, number)} {stay}: the reports are no longer stored."
