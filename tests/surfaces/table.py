"""Which surface says what? `python -m tests.surfaces.table` writes docs/surfaces.md anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from collector.settings import load
from tests.support.station import ROOT
from tests.surfaces import landing_readings, week_readings
from tests.surfaces.doors import Doors
from tests.surfaces.landing_readings import Facts, LandingReadings
from tests.surfaces.total_readings import final_leg_readings, stops_readings, total_readings
from tests.surfaces.truth import LANDINGS, TOTAL, WEEKS, true_station
from tests.surfaces.week_readings import Reading, WeekReadings
from tests.web.browser import Site

PAGE = ROOT / "docs" / "surfaces.md"
SILENT = "·"

_HEAD = """# What every surface says of the same landings

Whatever the collector prints, mails, shows or exports must tell the same story: no surface may say
what another one denies. This page is made by a test. It stores a scenario whose truth is known
(eight weeks, ten landings, one rule), asks every surface, and reads the answers. The test compares
the meaning of each answer with the truth, and this page with what the surfaces say now.

<!-- Made by `python -m tests.surfaces.table`; tests/surfaces/truth.py holds the scenario. -->

A `·` means that the surface says nothing of it. Numbers such as `1 / 1 / null` are the JSON keys
`count`, `at_least` and `at_most`.
"""


@contextmanager
def scenario(folder: Path) -> Iterator[Doors]:
    """Build the scenario in `folder` and serve its pages."""
    station = true_station(folder)
    site = Site(station.database, load(station.config, environ={}))
    try:
        yield Doors(station, site)
    finally:
        site.stop()


@dataclass(frozen=True, slots=True)
class Said:
    """What every surface says: of each week, of each landing, and of all weeks together."""

    weeks: Sequence[Mapping[str, Reading]]
    landings: Sequence[Mapping[str, Facts]]
    total: Mapping[str, str]
    stops: Mapping[str, str]
    """How many landings had which stop before."""
    final_leg: Mapping[str, str]
    """In how many landings of the busy week the final leg was not seen."""


def said_by_all(doors: Doors) -> Said:
    """Ask every surface."""
    weeks, landings = WeekReadings(doors), LandingReadings(doors)
    return Said(
        [weeks.of(week) for week in WEEKS],
        [landings.of(each) for each in LANDINGS],
        total_readings(doors),
        stops_readings(doors),
        final_leg_readings(doors),
    )


def page(said: Said) -> str:
    """Return the page in Markdown."""
    by_week, names = said.weeks, week_readings.SURFACES
    truth = [f"week {int(week.key[-2:])}: {week.count.words}" for week in WEEKS]
    parts = [
        _HEAD,
        "## How many landings at Ovda in a week\n",
        "The headings give the truth: how many landings, and how much of the week could be seen.\n",
        _table(truth, {n: [of_week[n].count for of_week in by_week] for n in names}),
        "## How much of the week could be seen\n",
        _table(
            [f"week {int(week.key[-2:])}: {week.share:.0%}{'' if week.low else ', only cruise'}"
             for week in WEEKS],
            {n: [of_week[n].share for of_week in by_week] for n in names},
        ),
        "## The state of a rule: two landings or more in a week\n",
        _table(
            [f"week {int(week.key[-2:])}: {week.alert}" for week in WEEKS],
            {n: [of_week[n].alert for of_week in by_week] for n in names},
        ),
        "## All weeks together\n",
        "One landing lies in week 44 or 45. It counts in neither, and in the total.\n",
        _table([f"{TOTAL.least} to {TOTAL.most}"], {n: [words] for n, words in said.total.items()}),
        "## Each landing: does it count, how is it graded, who decided?\n",
        _table(
            [each.name for each in LANDINGS],
            {
                name: [_landing_cell(of_landing[name]) for of_landing in said.landings]
                for name in landing_readings.SURFACES
            },
        ),
        "## Where the aircraft was seen before and after each landing\n",
        "By code; `?` is not known.\n",
        _table(
            [each.name for each in LANDINGS],
            {
                name: [_stops_cell(of_landing[name]) for of_landing in said.landings]
                for name in landing_readings.SURFACES
            },
        ),
        "## How many landings had which stop before\n",
        "Counted are the landings that count: six in the list, five of them at Ovda.\n",
        _table(["previous stop seen"], {n: [words] for n, words in said.stops.items()}),
        "## How many aircraft fell silent on their way in, with no airfield to name\n",
        "They stand beside the landings that count, never among those of one airfield.\n",
        _table(["final leg not seen"], {n: [words] for n, words in said.final_leg.items()}),
    ]  # fmt: skip
    return "\n".join(parts)


def _landing_cell(said: Facts) -> str:
    counts = {"yes": "counts", "no": "does not count", "": ""}[said.get("counts", "")]
    if said.get("counts") == "yes" and said.get("counts at Ovda") == "no":
        counts = "counts at Ovda or Ramon"
    if (in_week := said.get("counts at Ovda in that week")) is not None:
        counts = "counts at Ovda" if in_week == "yes" else "not counted at Ovda in that week"
    words = [
        counts,
        said.get("grade", ""),
        f"{said['person']} by a person" if said.get("person") else "",
        "withdrawn" if said.get("withdrawn") == "yes" else "",
        "final leg not seen" if said.get("final leg") == "yes" else "",
    ]
    return ", ".join(word for word in words if word)


def _stops_cell(said: Facts) -> str:
    open_words = ", or another in between"
    return " / ".join(
        said[side] + (open_words if said.get(f"direct {side}") == "no" else "")
        for side in ("before", "after")
        if side in said
    )


def _table(head: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """Return a table with a surface a row; surfaces that never say anything are left out."""
    lines = [["surface", *head], ["---"] * (len(head) + 1)]
    lines += [[name, *(cell or SILENT for cell in cells)] for name, cells in rows.items()
              if any(cells)]  # fmt: skip
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    with TemporaryDirectory() as made, scenario(Path(made)) as opened:
        PAGE.write_text(page(said_by_all(opened)), encoding="utf-8")
