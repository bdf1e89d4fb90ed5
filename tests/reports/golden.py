"""Mails and texts that are kept for reading. `python -m tests.reports.golden` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collector.alerts.lifecycle import Reason
from collector.coverage.sight import SeenCount, Sight
from collector.model import Revision, RuleKind
from collector.model.citation import Citation, CitedCount, CitedLanding
from collector.model.notice import Message
from collector.reports import formatting, json_rows, tables
from collector.reports.citation import sentence, text
from collector.reports.landing import explanation
from collector.reports.mails import (
    alert,
    alert_mail,
    citation,
    condition,
    digest,
    judged_again,
)
from collector.reports.mails.alert import AlertReport
from collector.reports.mails.alert_mail import AlertPart
from collector.reports.mails.condition import ConditionKind, ConditionReport
from collector.reports.mails.digest import DigestReport
from collector.reports.mails.judged_again import JudgedAgainReport, WatchChanges
from collector.reports.stops import previous_stops_sentence
from collector.reports.titles import names_by_code
from tests.support.landings import (
    AIRFIELDS,
    AT_EITHER,
    CONFIRMED,
    PROBABLE,
    TOUCHDOWN,
    UNDETERMINED,
    WATCH,
    WEEKLY,
)
from tests.support.stops import STOP_HISTORY, STOPPED
from tests.support.weeks_told import ADSBLOL, ALL, MONDAY, coverage, verdict, weeks_chart
from tests.support.weeks_told import digest as digest_report

FOLDER = Path(__file__).parent / "golden"

HISTORY = (
    Revision(PROBABLE.id, PROBABLE.first_known_at, "found", "possible at LLOV", "1"),
    Revision(PROBABLE.id, PROBABLE.revised_at, "upgraded", "from possible to probable", "1"),
)


def crossed() -> AlertReport:
    """Return an alert on Saturday about two counted landings and an undetermined one."""
    return AlertReport(
        watch=WATCH,
        verdict=verdict(),
        reason=Reason.CROSSED,
        airfields=AIRFIELDS,
        terms=[ADSBLOL],
        coverage=coverage(0.82),
    )


def compared() -> AlertPart:
    """Return what that alert says beside half a year of weeks."""
    return replace(alert.part(crossed()), chart=weeks_chart(SeenCount(2, 3, Sight(0.82, 0.82))))


def many() -> tuple[AlertPart, ...]:
    """Return what four rules say of the same days, in the order of the configuration."""
    rules = (
        WEEKLY,
        replace(WEEKLY, name="fortnight", days=14),
        replace(WEEKLY, name="surge", kind=RuleKind.SURGE),
        replace(WEEKLY, name="either", place=AT_EITHER),
    )
    watch = replace(WATCH, rules=rules)
    found = [verdict(rule=rule) for rule in rules]
    found[2] = replace(found[2], begin=found[2].end - timedelta(days=14))
    reports = [replace(crossed(), watch=watch, verdict=each) for each in found]
    return tuple(map(alert.part, reports))


def corrected() -> AlertReport:
    """Return the correction after one of the two was withdrawn on the next Monday."""
    withdrawn = replace(PROBABLE, retracted=True)
    revision = Revision(
        PROBABLE.id, MONDAY, "retracted", "what was heard since leaves no landing there", "1"
    )
    return AlertReport(
        watch=WATCH,
        verdict=verdict((CONFIRMED, withdrawn), MONDAY + timedelta(hours=1)),
        reason=Reason.CORRECTED_BELOW,
        airfields=AIRFIELDS,
        terms=[ADSBLOL],
        corrections=[(revision, withdrawn)],
        count_before=2,
    )


def rejudged() -> JudgedAgainReport:
    """Return what new rules changed: one landing withdrawn, one lowered."""
    withdrawn = replace(PROBABLE, retracted=True)
    changes = [
        ("retracted", "the stored reports show no landing there", withdrawn),
        ("downgraded", "from confirmed to probable", CONFIRMED),
    ]
    return JudgedAgainReport(
        rules="5",
        judged=310,
        reports_gone=1,
        watches=[
            WatchChanges(
                title=WATCH.title,
                zone=WATCH.zone,
                airfields=AIRFIELDS,
                changes=[
                    (Revision(each.id, MONDAY, kind, f"judged by rules 5: {why}", "5"), each)
                    for kind, why, each in changes
                ],
                alerts=[
                    "Silk Way Il-76s at Ovda: corrected to 1 landing, week 47 of 2026 (usual: 0–1)"
                ],
            )
        ],
    )


def blind(ended_at: datetime | None = None) -> ConditionReport:
    """Return the condition of six hours without an aircraft heard near Ovda."""
    return ConditionReport(
        kind=ConditionKind.BLIND,
        subject="LLOV",
        began_at=datetime(2026, 11, 18, 3, tzinfo=UTC),
        ended_at=ended_at,
        detail="adsblol: no connection since 05:00.",
        zone="Asia/Jerusalem",
    )


def not_running() -> DigestReport:
    """Return the digest of a week in which the collector ran on Monday and on Sunday alone."""
    base = digest_report((), share=0.11)
    feed = replace(base.feeds[0], polls=371, answered=371, hours_asked=19)
    pause = datetime(2026, 11, 16, 12, 5, tzinfo=UTC), datetime(2026, 11, 22, 11, 40, tzinfo=UTC)
    return replace(base, feeds=[feed], pauses=[pause])


def _cited() -> Message:
    """Return the mail about a number of which one landing was withdrawn and one graded up."""
    landing = CitedLanding(
        id=PROBABLE.id,
        aircraft="4K-AZ101",
        where="Ovda",
        touchdown_at=TOUCHDOWN,
        grade="probable",
        review=None,
        counted=True,
        open_data=True,
    )
    other = replace(landing, id="600866-2026-11-20-1", aircraft="4K-AZ102", grade="possible")
    before = CitedCount((landing, replace(other, where="Ovda or Ramon", counted=False)))
    day = TOUCHDOWN.date()
    words = sentence(
        *(before, Sight(0.9, 0.83)),
        headline="Silk Way Il-76s at Ovda",
        days=(day.replace(day=1), day),
        as_known=formatting.moment(TOUCHDOWN + timedelta(hours=5), WATCH.zone),
    )
    cited = Citation(
        id="cite-2026-11-18-1",
        watch=WATCH.name,
        place="LLOV",
        first=day.replace(day=1),
        last=day,
        cited_at=TOUCHDOWN + timedelta(hours=5),
        text=text(words, before),
        sha256="",
        known=before,
    )
    now = CitedCount((replace(other, grade="probable"),))
    changed = citation.ChangedCitation(
        citation=cited,
        before=before,
        now=now,
        headline="Silk Way Il-76s at Ovda",
        zone=WATCH.zone,
        terms=(ADSBLOL,),
    )
    return citation.render([changed], MONDAY)


def _mail(message: Message) -> str:
    return f"Subject: {message.subject}\n\n{message.text}"


def _landings() -> str:
    found = [STOPPED if each == PROBABLE else each for each in ALL]
    rows = [row for each in found for row in json_rows.landing_rows(each, [WATCH])]
    names = names_by_code(AIRFIELDS)
    return tables.landings_table(rows, note=previous_stops_sentence(found), names=names)


CASES: dict[str, Callable[[], str]] = {
    "alert-crossed": lambda: _mail(alert_mail.render([compared()])),
    "alert-many": lambda: _mail(alert_mail.render(many())),
    "alert-corrected": lambda: _mail(alert.render(corrected())),
    "judged-again": lambda: _mail(judged_again.render(rejudged())),
    "digest": lambda: _mail(digest.render(digest_report())),
    "digest-could-not-see": lambda: _mail(
        digest.render(digest_report((), share=0.0, lowest_band=None))
    ),
    "digest-not-running": lambda: _mail(digest.render(not_running())),
    "citation": lambda: _mail(_cited()),
    "condition-begins": lambda: _mail(condition.render(blind())),
    "condition-ends": lambda: _mail(condition.render(blind(TOUCHDOWN))),
    "explain-probable": lambda: explanation.explain_text(
        explanation.explain(STOPPED, HISTORY, AIRFIELDS, WATCH.zone, stop_history=STOP_HISTORY)
    ),
    "explain-undetermined": lambda: explanation.explain_text(
        explanation.explain(UNDETERMINED, (), AIRFIELDS, WATCH.zone)
    ),
    "landings": _landings,
}

if __name__ == "__main__":
    for name, case in CASES.items():
        (FOLDER / f"{name}.txt").write_text(case(), encoding="utf-8")
