"""How is every surface asked? Each gives its text; nothing is read out of it here."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest
from click.testing import CliRunner

from collector.cli import export, main
from collector.model.notice import Message
from collector.queries.period_report import read_period_report
from collector.reports.period import chart, period_json, report
from collector.reports.period.report import PeriodReport
from collector.services import build_services
from collector.settings import Settings, load
from collector.store import Store, outbox
from collector.weeks import local_date, week_bounds, week_of
from tests.support.sight_station import ZONE
from tests.support.station import Station
from tests.surfaces.truth import BEGIN, END, WEEKS, TrueWeek
from tests.web.browser import Outline, Site

WIDE = {"COLUMNS": "250"}
"""A terminal on which no cell folds."""
LATER = END + timedelta(days=30)
"""When everything may leave."""
POINTS = 72
"""An inch has so many."""
SPAN = ("--from", WEEKS[0].key, "--to", WEEKS[-1].key)


@dataclass
class Doors:
    """Every way out of one database."""

    station: Station
    site: Site
    _asked: dict[tuple[str, str], Any] = field(default_factory=dict)

    def command(self, *words: str) -> str:
        """Return what a command prints on a wide terminal."""
        done = CliRunner(env=WIDE).invoke(
            main, ["--config", str(self.station.config), "--log", "error", *words]
        )
        assert done.exit_code == 0, done.output
        return done.stdout_bytes.decode("utf-8-sig")

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """Return the rows that a command prints as JSON."""
        rows: list[dict[str, Any]] = json.loads(self.command(*words, "--json"))
        return rows

    def exported(self, kind: str, form: str = "csv") -> list[dict[str, Any]]:
        """Return the rows of an export, written when everything may leave."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(export, "now", lambda: LATER)
            text = self.command("export", kind, "--format", form)
        if form == "csv":
            return list(csv.DictReader(io.StringIO(text, newline="")))
        rows: list[dict[str, Any]] = json.loads(text)["rows"]
        return rows

    def page(self, path: str, at: datetime = LATER) -> str:
        """Return the text of a page at a time."""
        self.site.clock.move_to(at)
        return Outline(self.site.get(path).text).text

    def status(self, at: datetime) -> dict[str, Any]:
        """Return `/status.json` at a time."""
        self.site.clock.move_to(at)
        document: dict[str, Any] = self.site.get("/status.json").json()
        return document

    def digest(self, week: TrueWeek) -> Message:
        """Return the digest of a week."""
        if ("digest", week.key) not in self._asked:
            self._asked["digest", week.key] = self._digest(week)
        mail: Message = self._asked["digest", week.key]
        return mail

    def _digest(self, week: TrueWeek) -> Message:
        at = week_bounds(week.key, ZONE)[1] + timedelta(hours=7)
        with Store.open(self.station.database, read_only=True) as store:
            services = build_services(self.settings, store)
            return services.digests.message(self.settings.watches, week.key, at)

    def alert(self) -> Message:
        """Return the only mail about a rule."""
        with Store.open(self.station.database, read_only=True) as store:
            (mail,) = [each for each in outbox.listing(store) if each.key.startswith("alert:")]
            return mail.owed.message

    def report(self, first: date, last: date, now: datetime) -> PeriodReport:
        """Return the report of some days."""
        settings = self.settings
        with Store.open(self.station.database, read_only=True) as store:
            return read_period_report(
                *(store, settings.watches, settings.airfields, {}),
                first=first,
                last=last,
                before_days=14,
                now=now,
            )

    def report_of(self, week: TrueWeek) -> tuple[str, str, dict[str, Any]]:
        """Return the report of a week as text, as a page, and its row as JSON."""
        if ("report", week.key) not in self._asked:
            self._asked["report", week.key] = self._rendered(*week_bounds(week.key, ZONE))
        rendered: tuple[str, str, dict[str, Any]] = self._asked["report", week.key]
        return rendered

    @cached_property
    def whole_report(self) -> tuple[str, str, dict[str, Any]]:
        """The report of all weeks as text, as a page, and its row as JSON."""
        return self._rendered(BEGIN, END)

    def _rendered(self, begin: datetime, end: datetime) -> tuple[str, str, dict[str, Any]]:
        last = local_date(end - timedelta(seconds=1), ZONE)
        read = self.report(local_date(begin, ZONE), last, end + timedelta(days=1))
        message, rows = report.render(read), period_json.report_json(read)
        return message.text, Outline(message.html).text, rows[0]

    def chart_bars(self) -> dict[str, tuple[int, int]]:
        """Return how many landings high the bars of the report's chart are, by week: the full part,
        and the hollow part above it."""
        last = local_date(END - timedelta(seconds=1), ZONE)
        read = self.report(local_date(BEGIN, ZONE), last, END + timedelta(days=1))
        place = read.watches[0].places[0]
        svg = chart.draw_years(place, (), 14, "svg", headline="the weeks").decode()
        strip = (chart.WIDTH_IN - chart.LEFT_IN - chart.RIGHT_IN) * POINTS
        most = max(each.at_most for each in place.weeks)
        unit = chart.STRIP_IN * POINTS / (most * (1 + chart.COVERAGE_BAND_HIGH))
        bars: dict[str, tuple[int, int]] = {}
        for left, top, high, colour in _bars(svg):
            day = int((left - chart.LEFT_IN * POINTS) / strip * 365)
            key = week_of(datetime(BEGIN.year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day), ZONE)
            full, hollow = bars.get(key, (0, 0))
            number = round((high - top) / unit)
            is_full = colour == chart.TRACKED
            bars[key] = (full + number * is_full, hollow + number * (not is_full))
        return bars

    @cached_property
    def settings(self) -> Settings:
        """The station's configuration."""
        return load(self.station.config, environ={})


def _bars(svg: str) -> list[tuple[float, float, float, str]]:
    """Return left, top and bottom of each bar of a chart, in points, and its colour."""
    path = r'<path d="M ([\d.]+) ([\d.]+) \nL [\d.]+ [\d.]+ \nL [\d.]+ ([\d.]+) [^"]*" '
    colours = rf'clip-path="[^"]*" style="fill: ({chart.TRACKED}|#ffffff; stroke: {chart.TRACKED})'
    return [
        (float(left), float(top), float(bottom), colour)
        for left, bottom, top, colour in re.findall(path + colours, svg)
    ]


def one_line(text: str) -> str:
    """Return a text without its line breaks and indents."""
    return " ".join(text.split())


def only(found: Sequence[str]) -> str:
    """Return the only one; fail if there are several."""
    assert len(found) == 1, found
    return found[0]
