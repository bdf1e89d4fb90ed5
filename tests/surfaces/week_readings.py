"""What does each surface say of a week at Ovda: how many landings, how much was seen, which state?

A reading is the surface's own words. `meanings` says what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from collector.cli.status import status_text
from collector.weeks import week_bounds
from tests.support.sight_station import ZONE
from tests.surfaces import page_readings as pages
from tests.surfaces.doors import SPAN, Doors, one_line, only
from tests.surfaces.truth import BUSY, END, WEEKS, TrueWeek

ROWS_OF_OVDA = "LLOV"
SOON = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one surface about one week; empty where it says nothing of it."""

    count: str = ""
    share: str = ""
    alert: str = ""


@dataclass
class WeekReadings:
    """The readings of every surface, by its name and by the week."""

    doors: Doors
    _tables: dict[str, Any] = field(default_factory=dict)

    def of(self, week: TrueWeek) -> dict[str, Reading]:
        """Return what every surface says of a week."""
        return {name: read(self, week) for name, read in _SURFACES.items()}

    def listed(self, name: str, ask: Callable[[], Any]) -> Any:
        """Return what a surface says of all weeks, asked once."""
        if name not in self._tables:
            self._tables[name] = ask()
        return self._tables[name]


def _weeks(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = readings.listed("weeks", lambda: readings.doors.command("weeks", *SPAN))
    return _cells(only(re.findall(rf"^w +LLOV +{week.key} +(.*)$", text, re.MULTILINE)))


def _status(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = status_text(_document(readings, week), 250)
    return _cells(only(re.findall(rf"^w +LLOV +{week.key} +(.*)$", text, re.MULTILINE)))


def _cells(line: str) -> Reading:
    count, share, alert = re.split(r" {2,}", line)
    return Reading(count, share, alert)


def _weeks_json(readings: WeekReadings, week: TrueWeek) -> Reading:
    rows = readings.listed("weeks --json", lambda: readings.doors.rows("weeks", *SPAN))
    return _row(rows, week)


def _status_json(readings: WeekReadings, week: TrueWeek) -> Reading:
    return _row(_document(readings, week)["weeks"], week)


def _document(readings: WeekReadings, week: TrueWeek) -> Any:
    at = week_bounds(week.key, ZONE)[1] - timedelta(seconds=1)
    return readings.listed(f"status {week.key}", lambda: readings.doors.status(at))


def _row(rows: list[dict[str, Any]], week: TrueWeek) -> Reading:
    (row,) = [row for row in rows if row["week"] == week.key and row["airfield"] == ROWS_OF_OVDA]
    return Reading(_null(row), str(row["seen"]), row["alert"])


def _null(row: Mapping[str, Any], prefix: str = "") -> str:
    """Return the three numbers of a row as they stand in JSON."""
    names = ("count", "at_least", "at_most") if not prefix else _BACKTEST
    values = ("null" if row[name] in (None, "") else str(row[name]) for name in names)
    return " / ".join(values)


_BACKTEST = ("landings", "landings_at_least", "landings_at_most")


def _page_of_weeks(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = readings.listed("/weeks", lambda: readings.doors.page("/weeks", END + SOON))
    return Reading(*pages.row_of_weeks(text, week))


def _first_page(readings: WeekReadings, week: TrueWeek) -> Reading:
    return Reading(*pages.card_of_place(_text_of_first_page(readings, week)))


def _first_sentence(readings: WeekReadings, week: TrueWeek) -> Reading:
    return Reading(*pages.sentence_of(_text_of_first_page(readings, week), week))


def _text_of_first_page(readings: WeekReadings, week: TrueWeek) -> str:
    at = week_bounds(week.key, ZONE)[1] - timedelta(seconds=1)
    text: str = readings.listed(f"/ {week.key}", lambda: readings.doors.page("/", at))
    return text


def _page_json(readings: WeekReadings, week: TrueWeek) -> Reading:
    readings.doors.site.clock.move_to(END + SOON)
    ask = readings.doors.site.get
    return _row(readings.listed("/weeks.json", lambda: ask("/weeks.json?year=2026").json()), week)


def _digest(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = _digest_of(readings, week).text
    line = re.findall(r"^Ovda \(LLOV\)\n +(.*)$", text, re.MULTILINE)[0]
    found = re.search(r" (\d+%) +([a-z ]+)$", line)
    assert found, line
    return Reading(line[:18].strip(), found[1], found[2])


def _digest_page(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = _outline(_digest_of(readings, week).html)
    states = f"{pages.ALERTS}|below the threshold"
    found = re.search(
        rf"UTC\)\. ((?:(?!UTC).)*?) Ovda LLOV (?:usual: [\d–]+; )?could see: (\d+%); "
        rf"alert: ({states})",
        text,
    )
    assert found, text
    return Reading(*found.groups())


def _digest_subject(readings: WeekReadings, week: TrueWeek) -> Reading:
    subject = _digest_of(readings, week).subject
    found = re.search(r"Ovda: (.*), week \d+ of 2026(?:.*saw (\d+%))?", subject)
    assert found, subject
    return Reading(found[1], found[2] or "")


def _digest_sentence(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = one_line(_digest_of(readings, week).text)
    number = int(week.key[-2:])
    found = re.search(
        rf"Ovda: (we could not see|.*?) in week {number} of 2026(, in the \d+% of the time)?", text
    )
    assert found, text
    return Reading(found[1] + (found[2] or ""))


def _digest_of(readings: WeekReadings, week: TrueWeek) -> Any:
    return readings.listed(f"digest {week.key}", lambda: readings.doors.digest(week))


def _outline(html: str) -> str:
    from tests.web.browser import Outline

    return Outline(html).text


def _alert_subject(readings: WeekReadings, week: TrueWeek) -> Reading:
    if week is not BUSY:
        return Reading()
    found = re.search(r"Ovda: (.*), week 43 of 2026", readings.doors.alert().subject)
    assert found
    return Reading(found[1], alert="firing")


def _alert_mail(readings: WeekReadings, week: TrueWeek) -> Reading:
    if week is not BUSY:
        return Reading()
    found = re.search(r"Ovda: (.*?) so far in week 43", one_line(readings.doors.alert().text))
    assert found
    return Reading(found[1], alert="firing")


def _alerts(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = readings.listed("alerts", lambda: readings.doors.command("alerts"))
    lines = re.findall(rf"^w +one +{week.key} +{week.key} +(.*?) {{2,}}(\S+) ", text, re.MULTILINE)
    return Reading(lines[0][1], alert=lines[0][0]) if lines else Reading()


def _report(readings: WeekReadings, week: TrueWeek) -> Reading:
    return Reading(pages.tracked(one_line(_report_of(readings, week)[0])))


def _report_page(readings: WeekReadings, week: TrueWeek) -> Reading:
    return Reading(pages.tracked(_report_of(readings, week)[1]))


def _report_json(readings: WeekReadings, week: TrueWeek) -> Reading:
    row = _report_of(readings, week)[2]
    return Reading(_null(row), str(row["seen"]))


def _report_of(readings: WeekReadings, week: TrueWeek) -> Any:
    return readings.listed(f"report {week.key}", lambda: readings.doors.report_of(week))


def _symbols(readings: WeekReadings, week: TrueWeek) -> Reading:
    """Read the bars of letters beside the table of weeks."""
    text = readings.doors.whole_report[0].partition("YEARS")[0]
    found = re.search(rf"^{week.key} .*?(█*)(░*)$", text, re.MULTILINE)
    return Reading(_drawn(len(found[1]), len(found[2]))) if found else Reading()


def _chart(readings: WeekReadings, week: TrueWeek) -> Reading:
    """Read the bars of the chart: those of landings that count, and those above them."""
    bars = readings.listed("chart", readings.doors.chart_bars)
    return Reading(_drawn(*bars[week.key])) if week.key in bars else Reading()


def _drawn(full: int, hollow: int) -> str:
    return f"bar of {full}" + (f" and {hollow} hollow" if hollow else "")


def _report_table(readings: WeekReadings, week: TrueWeek) -> Reading:
    text = readings.doors.whole_report[0].partition("YEARS")[0]
    lines = re.findall(rf"^{week.key} .{{17}} (.{{12}}) (\S+)", text, re.MULTILINE)
    return Reading(lines[0][0].strip(), lines[0][1]) if lines else Reading()


def _export(readings: WeekReadings, week: TrueWeek) -> Reading:
    row = _exported(readings, week, "csv")
    return Reading(row["statement"], row["seen"], row["alert"])


def _export_numbers(readings: WeekReadings, week: TrueWeek) -> Reading:
    row = _exported(readings, week, "json")
    return Reading(_null(row), str(row["seen"]), row["alert"])


def _exported(readings: WeekReadings, week: TrueWeek, form: str) -> dict[str, Any]:
    rows = readings.listed(f"export {form}", lambda: readings.doors.exported("weeks", form))
    (row,) = [row for row in rows if row["week"] == week.key and row["airfield"] == ROWS_OF_OVDA]
    return dict(row)


TRIED = (WEEKS[2], WEEKS[4], BUSY)
"""The weeks on which rules are tried: each takes half a second."""


def _backtest(readings: WeekReadings, week: TrueWeek) -> Reading:
    if week not in TRIED:
        return Reading()
    text = one_line(readings.doors.command("rules", "backtest", *_span(week)))
    found = re.search(r"coverage \d+% (.*?); it would have fired", text)
    assert found, text
    return Reading(found[1])


def _backtest_json(readings: WeekReadings, week: TrueWeek) -> Reading:
    if week not in TRIED:
        return Reading()
    row = readings.doors.rows("rules", "backtest", *_span(week))[0]
    return Reading(_null(row, "landings"))


def _span(week: TrueWeek) -> tuple[str, ...]:
    begin, end = week_bounds(week.key, ZONE)
    return ("--from", f"{begin:%Y-%m-%dT%H:%MZ}", "--to", f"{end:%Y-%m-%dT%H:%MZ}")


_SURFACES: dict[str, Callable[[WeekReadings, TrueWeek], Reading]] = {
    "`weeks`": _weeks,
    "`weeks --json`": _weeks_json,
    "`status`": _status,
    "`/status.json`": _status_json,
    "page `/weeks`": _page_of_weeks,
    "`/weeks.json`": _page_json,
    "page `/`": _first_page,
    "page `/`, first sentence": _first_sentence,
    "digest, subject": _digest_subject,
    "digest, first sentence": _digest_sentence,
    "digest, table": _digest,
    "digest, HTML": _digest_page,
    "alert mail, subject": _alert_subject,
    "alert mail": _alert_mail,
    "`alerts`": _alerts,
    "report, first sentence": _report,
    "report, HTML": _report_page,
    "report, table of weeks": _report_table,
    "report, bars of letters": _symbols,
    "report, chart": _chart,
    "`report --json`": _report_json,
    "`export weeks`, statement": _export,
    "`export weeks`, numbers": _export_numbers,
    "`rules backtest`": _backtest,
    "`rules backtest --json`": _backtest_json,
}

SURFACES = tuple(_SURFACES)
