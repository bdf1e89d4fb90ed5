"""A station that saw six weeks to different degrees, and what every surface says of each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from collector.model import Revision
from collector.model.coverage import CoverageSlot
from collector.queries.period_report import read_period_report
from collector.reports.period import period_json, report
from collector.services import build_services
from collector.settings import load
from collector.store import Store, coverage_slots, landings
from collector.weeks import local_date, week_bounds
from tests.support.published_station import call
from tests.support.station import Station
from tests.support.touchdowns import touchdown
from tests.web.browser import Outline, Site

ZONE = "Asia/Jerusalem"
LOW, CRUISE = (119, 139, 2), (119, 139, 8)
SLOTS_A_DAY = 288


@dataclass(frozen=True, slots=True)
class Week:
    """The truth of one week, and what may be said of it."""

    key: str
    share: float
    """The part of each day in which a feed answered with aircraft near Ovda."""
    landed: bool
    low: bool
    """Whether any of these aircraft flew below 18,000 ft."""
    json: tuple[int | None, int, int | None, str]
    """`count`, `at_least`, `at_most` and `alert`."""
    cells: str
    """Count and alert in a table, as a pattern."""
    subject: str
    """What the digest's subject says."""
    report: str
    """What the first sentence of the report says."""


WEEKS = (
    Week("2026-W41", 0.03, True, True, (1, 1, None, "not-seen"), "at least 1 .*saw too little",
         "at least 1 landing", "w at Ovda: at least 1 landing was tracked"),
    Week("2026-W42", 0.1, False, True, (None, 0, None, "not-seen"), "– .*could not see",
         "could not see", "w at Ovda: could not see"),
    Week("2026-W43", 0.45, False, True, (0, 0, 0, "ok"), "0 in 45% .*below the threshold",
         "none seen in the 45% that we could see", "in the 45% of the period that we could see"),
    Week("2026-W44", 0.9, False, True, (0, 0, 0, "ok"), "0 .*below the threshold",
         "no landing", "w at Ovda: no landing was tracked; 90% of the period"),
    Week("2026-W45", 0.95, False, False, (None, 0, None, "not-seen"), "– .*could not see",
         "week 45 of 2026 (aircraft were heard mostly in cruise or far off)",
         "w at Ovda: could not see"),
    Week("2026-W46", 0.0, False, True, (None, 0, None, "not-seen"), "– .*could not see",
         "could not see", "could not have been noticed at any time"),
)  # fmt: skip


def sight_station(folder: Path) -> Station:
    """Return a station in `folder` whose database holds these weeks."""
    station = Station(folder)
    text = station.config.read_text().replace("\ncount = 1\n", "\ncount = 2\n")
    station.config.write_text(text)
    call(station.config, "db", "migrate")
    with Store.open(station.database) as store, store.transaction():
        for week in WEEKS:
            begin, _ = week_bounds(week.key, ZONE)
            coverage_slots.merge_slots(store, week_slots(week, begin))
            if week.landed:
                landing = touchdown(begin + timedelta(hours=60), watch="w")
                found = Revision(landing.id, landing.first_known_at, "found", "probable", "1")
                landings.save(store, landing, found)
    return station


def week_slots(week: Week, begin: datetime) -> list[CoverageSlot]:
    """Return the slots of a week in which feeds answered for its share of each day."""
    return [
        CoverageSlot(
            feed="adsblol",
            begins_at=begin + timedelta(days=day, minutes=5 * number),
            alive_minutes=1,
            area_minutes=1,
            aircraft=1,
            cells={LOW if week.low else CRUISE: 1},
        )
        for day in range(7)
        for number in range(round(week.share * SLOTS_A_DAY))
    ]


def surfaces(station: Station, site: Site, week: Week) -> dict[str, str]:
    """Return what every surface says of the week, by the surface's name."""
    begin, end = week_bounds(week.key, ZONE)
    span = ("--from", f"{begin:%Y-%m-%dT%H:%MZ}", "--to", f"{end:%Y-%m-%dT%H:%MZ}")
    said = {
        "weeks": call(station.config, "weeks", "--from", week.key, "--to", week.key).stdout,
        "weeks --json": json.dumps(station.json("weeks", "--from", week.key, "--to", week.key)[0]),
        "rules backtest --json": json.dumps(station.json("rules", "backtest", *span)[0]),
        "rules backtest": call(station.config, "rules", "backtest", *span).stdout,
        **_rendered(station, week),
    }
    site.clock.move_to(end + timedelta(hours=3))
    rows = site.get("/status.json").json()["weeks"]
    said["/status.json"] = json.dumps(next(row for row in rows if row["week"] == week.key))
    page = Outline(site.get("/weeks").text).text
    found = re.search(rf"{week.key} .*?\d+% seen", page)
    said["page of weeks"] = found[0] if found else ""
    site.clock.move_to(end - timedelta(seconds=1))
    page = Outline(site.get("/").text).text
    said["first page"] = page[page.index("This week") : page.index("Latest landings")]
    return {name: " ".join(text.split()) for name, text in said.items()}


def _rendered(station: Station, week: Week) -> dict[str, str]:
    """Return the digest and the report of the week; drawing the report's pictures takes seconds."""
    settings = load(station.config, environ={})
    begin, end = week_bounds(week.key, ZONE)
    now = end + timedelta(days=1)
    with Store.open(station.database, read_only=True) as store:
        mail = build_services(settings, store).digests.message(settings.watches, week.key, now)
        read = read_period_report(
            *(store, settings.watches, settings.airfields, {}),
            first=local_date(begin, ZONE),
            last=local_date(end - timedelta(seconds=1), ZONE),
            before_days=14,
            now=now,
        )
    return {
        "digest": mail.text,
        "digest, subject": mail.subject,
        "report --json": json.dumps(period_json.report_json(read)[0]),
        "report": report.render(read).text,
        "report, page": report.render(read).html,
    }
