"""Does a backfill of seven years count the true landings? `backfill traces` is compared with a
known truth.

A landing is *decidable* if the archive has its aircraft within 10 NM of the field and no higher
than 2,000 ft above it, within half an hour before touchdown or after leaving. Down there nearly all
arrivals can be distinguished from those of the neighbour (docs/accuracy.md). The true number of a
year is that of the landings of which the archive has any report in the two hours before or after;
the others fell on missing days. A week should alert if it has the rule's number of decidable
landings, and must not alert if it truly has fewer. A counted landing without a true one is
*invented*, unless the aircraft landed at another field at that time and was lost too high to be
decided there as well: then it is *misnamed*, which a grade of 0.9 and more admits in up to one of
ten.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from _claims import Claim, report, short
from _next_start import queued_by_next_start
from _years import IL76S, OTHERS, WATCHED, Flown, Plan, World, simulated
from _years_archive import write
from accuracy.legs import Landed
from accuracy.matching import SLACK_S, claim_of, matched
from accuracy.places import field as place

from collector.geo import distance_nm
from collector.model import Grade, Landing, Observation
from collector.store import Store, landings, outbox
from collector.store.outbox_items import OutboxItem
from collector.weeks import local_date, week_of

ZONE = "Asia/Jerusalem"
BURST = 3
DECIDED_FT, DECIDED_NM = 2000.0, 10.0
DECIDED_WITHIN, HEARD_WITHIN = timedelta(minutes=30), timedelta(hours=2)
MISSED_BOUND, MISNAMED_BOUND = 1.0, 10.0

FULL = Plan(date(2019, 1, 1), 2557, 103, (5, 5, 5, 4, 4, 4, 4, 4, 3, 3, 3, 3), 1.0)
SANITY = Plan(date(2025, 3, 3), 28, 7, (4,), 0.02, seed=3)

CONFIG = """
contact = "bench@example.org"
data = "{data}"
[recording]
enabled = false
[visitors]
enabled = false
[web]
enabled = false
[feeds.adsblol]
enabled = false
[feeds.receiver]
kind = "readsb"
url = "file://{receiver}"
[[recipient]]
name = "ops"
address = "ops@example.org"
[[recipient]]
name = "desk"
address = "desk@example.org"
"""
WATCH = """
[[watch]]
name = "{name}"
places = ["{field}", "{field} or LLER"]
icao24 = [{icao24}]
zone = "{zone}"
recipients = ["ops", "desk"]
[[watch.rule]]
name = "burst"
kind = "threshold"
at = "{field}"
count = {burst}
[[watch.rule]]
name = "surge"
kind = "surge"
at = "{field}"
[[watch.rule]]
name = "surge of both"
kind = "surge"
at = "{field} or LLER"
undetermined = true
"""
WATCHES = {"il76": ZONE, "east": "Pacific/Auckland", "west": "Pacific/Honolulu"}
"""The first is judged; the others see the same landings from far away."""


@dataclass(slots=True)
class Judged:
    """The counts compared with the truth."""

    years: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    """Landings, those in the archive, decidable ones, and decidable ones that were missed."""
    counted: int = 0
    invented: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    weeks: Counter[str] = field(default_factory=Counter)
    decidable_weeks: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Simulate, write, backfill and compare; return the exit code."""
    plan = SANITY if short() else FULL
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "archive").mkdir()
        begun = time.perf_counter()
        world = simulated(plan)
        rows = write(world, folder / "archive")
        written = time.perf_counter()
        _run(folder, "backfill", "traces", str(folder / "archive"), *_sample())
        filled = time.perf_counter()
        report_rows = json.loads(_run(folder, "report", "--json", *_span(plan)))
        reported = time.perf_counter()
        with Store.open(folder / "var" / "collector.sqlite", read_only=True) as store:
            found = landings.find(store, watch="il76")
            alerted = set(_alerted(store))
        mails = queued_by_next_start(folder / "collector.toml", folder / "aircraft.json")
        size = sum(path.stat().st_size for path in (folder / "archive").iterdir())
    judged = judge(world, found)
    years = next(each for each in report_rows if each["place"].startswith(WATCHED))["years"]
    notes = [
        f"{len(world.archived)} of {plan.days} days archived, {size / 1e6:.0f} MB, {rows} rows",
        f"{len(world.flown)} flights of the watched, {plan.landings} landings at {WATCHED}",
        f"simulated and written in {written - begun:.0f} s",
        f"backfilled in {filled - written:.0f} s, reported in {reported - filled:.0f} s",
        *_table(judged, years),
        *(f"invented: {each}" for each in judged.invented),
        *(f"misnamed: {each}" for each in judged.misnamed),
        *(f"queued after the next start: {each.key}" for each in mails),
    ]
    return report("Seven years", [*_claims(judged, years, alerted), *_few(mails)], notes)


def judge(world: World, found: list[Landing]) -> Judged:
    """Return which true landings were counted, and which counted landings are not true."""
    judged = Judged()
    counted = [one for one in found if _counts(one)]
    for icao24 in IL76S:
        mine = [one for one in counted if one.detection.icao24 == icao24]
        truths = [(flown, at) for flown, at in world.truths() if flown.icao24 == icao24]
        pairs = matched(
            [landed for _, landed in truths], [claim_of(one.detection, WATCHED) for one in mine]
        )
        seen, real = {truth for truth, _ in pairs}, {claim for _, claim in pairs}
        judged.counted += len(mine)
        for wrong in (one for number, one in enumerate(mine) if number not in real):
            (judged.misnamed if _misnamed(world, wrong) else judged.invented).append(wrong.id)
        for number, (flown, landed) in enumerate(truths):
            at = datetime.fromtimestamp(landed.at_s, UTC)
            decidable = _decidable(flown, landed)
            year = judged.years[str(local_date(at, ZONE).year)]
            year[0] += 1
            year[1] += any(_around(flown, landed, HEARD_WITHIN))
            year[2] += decidable
            year[3] += decidable and number not in seen
            judged.weeks[week_of(at, ZONE)] += 1
            judged.decidable_weeks[week_of(at, ZONE)] += decidable
    return judged


def _counts(landing: Landing) -> bool:
    grade = landing.detection.grade
    return landing.stands and landing.airfield == WATCHED and grade.rank >= Grade.PROBABLE.rank


def _misnamed(world: World, landing: Landing) -> bool:
    at_s, icao24 = landing.detection.touchdown_at.timestamp(), landing.detection.icao24
    return any(
        landed.at_s - SLACK_S <= at_s <= (landed.left_at_s or landed.at_s) + SLACK_S
        and landed.airfield != WATCHED
        and not _decidable(flown, landed)
        for flown in world.flown
        if flown.icao24 == icao24
        for landed in flown.flight.landed
    )


def _decidable(flown: Flown, landed: Landed) -> bool:
    spot = place(landed.airfield)
    return any(
        one.on_ground
        or (
            one.geom_altitude_ft is not None
            and one.geom_altitude_ft - spot.elevation_ft <= DECIDED_FT
        )
        for one in _around(flown, landed, DECIDED_WITHIN)
        if one.lat_deg is not None
        and one.lon_deg is not None
        and distance_nm(one.lat_deg, one.lon_deg, spot.lat_deg, spot.lon_deg) <= DECIDED_NM
    )


def _around(flown: Flown, landed: Landed, within: timedelta) -> Iterator[Observation]:
    """The received reports before touchdown and after leaving."""
    for one in flown.reports:
        before_s = landed.at_s - one.at.timestamp()
        after_s = one.at.timestamp() - (landed.left_at_s or float("inf"))
        if 0 <= before_s <= within.total_seconds() or 0 <= after_s <= within.total_seconds():
            yield one


def _alerted(store: Store) -> Iterator[str]:
    for item in outbox.listing(store):
        kind, watch, rule, week, reason, *_ = [*item.owed.key.split(":"), "", "", "", ""]
        if (kind, watch, rule, reason) == ("alert", "il76", "burst", "crossed"):
            yield week


def _table(judged: Judged, years: list[dict[str, Any]]) -> Iterator[str]:
    yield "year  landed  in the archive  counted  decidable  missed  coverage"
    for row in years:
        landed, archived, decidable, missed = judged.years[row["year"]]
        counted = f"{row['at_least']}–{row['found']}"
        yield (
            f"{row['year']}  {landed:6}  {archived:14}  {counted:>7}  {decidable:9}  {missed:6}  "
            f"{row['coverage']:5.0%}"
        )


def _claims(judged: Judged, years: list[dict[str, Any]], alerted: set[str]) -> list[Claim]:
    outside = [
        row["year"]
        for row in years
        if not row["at_least"] <= judged.years[row["year"]][1] <= row["found"]
    ]
    decidable = sum(year[2] for year in judged.years.values())
    missed = 100 * sum(year[3] for year in judged.years.values()) / max(1, decidable)
    misnamed = 100 * len(judged.misnamed) / max(1, judged.counted)
    due = {week for week, number in judged.decidable_weeks.items() if number >= BURST}
    wrong = {week for week in alerted if judged.weeks[week] < BURST}
    return [
        Claim(
            "years whose number, of days archived, is outside the interval",
            len(outside),
            0,
            "years",
        ),
        Claim(f"of {decidable} decidable landings missed", missed, MISSED_BOUND, "%"),
        Claim("landings invented", len(judged.invented), 0, "landings"),
        Claim(f"of {judged.counted} counted, misnamed", misnamed, MISNAMED_BOUND, "%"),
        Claim(f"of {len(due)} weeks that should alert, silent", len(due - alerted), 0, "weeks"),
        Claim(f"of {len(alerted)} weeks that alerted, wrongly", len(wrong), 0, "weeks"),
    ]


def _few(mails: Sequence[OutboxItem]) -> Iterator[Claim]:
    """Claim that nobody gets more than one mail about years that were over."""
    each = Counter(one.owed.recipient.name for one in mails)
    most = max(each.values(), default=0)
    yield Claim("mails to one person about the past, after the next start", most, 1, "mails")


def _sample() -> list[str]:
    return ["--sample", "1", "--sample-of", f"{OTHERS[0]}-{OTHERS[-1]}"]


def _span(plan: Plan) -> list[str]:
    last = plan.first + timedelta(days=plan.days - 1)
    return ["--from", plan.first.isoformat(), "--to", last.isoformat()]


def _run(folder: Path, *words: str) -> str:
    """Run one command of the collector, and return its output."""
    config = folder / "collector.toml"
    icao24 = ", ".join(f'"{each}"' for each in IL76S)
    head = CONFIG.format(data=folder / "var", receiver=folder / "aircraft.json")
    values = {"field": WATCHED, "icao24": icao24, "burst": BURST}
    watches = (WATCH.format(name=name, zone=zone, **values) for name, zone in WATCHES.items())
    config.write_text(head + "".join(watches))
    done = subprocess.run(
        [sys.executable, "-m", "collector", "--config", str(config), "--log", "error", *words],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{words[0]}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
