"""What does each surface say of all weeks together, and of the weeks that do not add up to it?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from collector.weeks import week_bounds
from tests.support.sight_station import ZONE
from tests.surfaces.doors import SPAN, Doors, one_line
from tests.surfaces.truth import BUSY, END, HOUR, WEEKS
from tests.web.browser import Outline


def total_readings(doors: Doors) -> dict[str, str]:
    """Return the total at Ovda in each surface's words."""
    return {name: read(doors) for name, read in _SURFACES.items()}


def _noted(text: str) -> str:
    """Return the total of the note below a list of weeks."""
    found = re.search(
        r"At LLOV 1 landing lies in one .*? but in the total: (at least \d+ landings), and not",
        one_line(text),
    )
    assert found, text
    return found[1]


def _tracked(text: str) -> str:
    found = re.search(r"at Ovda: (\S+ landings) were tracked", one_line(text))
    assert found, text
    return found[1]


def _years(text: str) -> str:
    found = re.search(r"all (\S+) .*?The total of 5 is more than the sum 4 of", one_line(text))
    assert found, text
    return found[1]


def _last_weeks(text: str) -> str:
    found = re.search(r"weeks to week 45: (.*? landings)", one_line(text))
    assert found, text
    return found[1]


def _json(doors: Doors) -> str:
    row = doors.whole_report[2]
    return " / ".join(str(row[name]) for name in ("count", "at_least", "at_most"))


def _backtest(doors: Doors) -> str:
    text = one_line(doors.command("rules", "backtest", *SPAN))
    found = re.search(r"coverage \d+% (.*?); it would have fired once", text)
    assert found, text
    return found[1]


def stops_readings(doors: Doors) -> dict[str, str]:
    """Return how many landings had which stop before, in each surface's words."""
    busy = doors.digest(BUSY)
    rows = doors.whole_report[2]["previous_stops"]
    return {
        "`landings`, note below": _before(doors.command("landings")),
        "digest of week 43": _before(busy.text.partition("UNDETERMINED")[0]),
        "digest of week 43, HTML": _before(Outline(busy.html).text.partition("Undetermined")[0]),
        "report": _before(doors.whole_report[0]),
        "report, HTML": _before(doors.whole_report[1]),
        "`report --json`": ", ".join(f"{row['name']} {row['landings']}" for row in rows),
    }


def final_leg_readings(doors: Doors) -> dict[str, str]:
    """Return in how many landings of the busy week the final leg was not seen, for each surface."""
    busy, key, later = doors.digest(BUSY), BUSY.key, week_bounds(BUSY.key, ZONE)[1] - HOUR
    text, html, row = doors.report_of(BUSY)
    exported = [each for each in doors.exported("weeks") if each["week"] == key]

    def of_ovda(rows: list[dict[str, Any]]) -> str:
        (found,) = (each for each in rows if (each["week"], each["airfield"]) == (key, "LLOV"))
        return str(len(found["final_leg_not_seen"]))

    return {
        "`landings`, note below": _final_leg(doors.command("landings")),
        "`weeks`, note below": _final_leg(doors.command("weeks", *SPAN)),
        "`weeks --json`": of_ovda(doors.rows("weeks", *SPAN)),
        "`/status.json`": of_ovda(doors.status(later)["weeks"]),
        "`/weeks.json`": of_ovda(doors.site.get("/weeks.json").json()),
        "page `/`": _final_leg(doors.page("/", later)),
        "digest of week 43": _final_leg(busy.text),
        "digest of week 43, HTML": _final_leg(Outline(busy.html).text),
        "report of week 43": _final_leg(text),
        "report of week 43, HTML": _final_leg(html),
        "report of week 43, `--json`": str(row["final_leg_not_seen"]),
        "`export weeks`": next(
            each["final_leg_not_seen"] for each in exported if each["airfield"] == "LLOV"
        ),
    }


def _final_leg(text: str) -> str:
    """Return the number of the first sentence about them."""
    found = re.search(
        r"Final leg not seen[^:.]*: (\d+)|(\d+) of them with the final leg not seen", one_line(text)
    )
    assert found, text
    return found[1] or found[2]


def _before(text: str) -> str:
    """Return what the first sentence says that counts previous stops."""
    found = re.search(r"Previous stop seen: ([^.(]* for \d+[^.(]*)\.", one_line(text))
    assert found, text
    words = re.sub(r" landings?\b", "", found[1])
    return words.replace(" for ", " ").replace("; ", ", ")


_SURFACES: dict[str, Callable[[Doors], str]] = {
    "`weeks`, note below": lambda doors: _noted(doors.command("weeks", *SPAN)),
    "page `/weeks`, note below": lambda doors: _noted(doors.page("/weeks", END + 3 * HOUR)),
    "report, first sentence": lambda doors: _tracked(doors.whole_report[0]),
    "report, HTML": lambda doors: _tracked(doors.whole_report[1]),
    "report, years": lambda doors: _years(doors.whole_report[0]),
    "`report --json`": _json,
    "`rules backtest`": _backtest,
    "digest, the last weeks": lambda doors: _last_weeks(doors.digest(WEEKS[-1]).text),
}
