"""What does each surface say of a landing: does it count, in which week, graded how, by whom?

A reading is what the surface tells, by the name of the fact; a fact that it leaves out is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.weeks import week_bounds
from tests.support.sight_station import ZONE
from tests.surfaces.doors import Doors, one_line
from tests.surfaces.truth import DOUBTFUL_WEEKS, LANDINGS, WEEKS, TrueLanding

Facts = Mapping[str, str]
"""What is told by name: `counts`, `counts at Ovda`, `counts at Ovda in that week` and `withdrawn`
(each yes or no), `final leg` (not seen: yes or no), `week`, `grade`, `person` (confirmed or
rejected), `where`; `before` and `after`: the stops seen, by code; `direct before` and `direct
after`: whether a stop in between is excluded."""

_GRADES = "confirmed|probable|possible"
_FIELDS = {"LLOV": "LLOV", "LLER": "LLER", "Ovda": "LLOV", "Ramon International": "LLER"}


@dataclass
class LandingReadings:
    """The readings of every surface, by its name and by the landing."""

    doors: Doors
    _texts: dict[str, Any] = field(default_factory=dict)

    def of(self, landing: TrueLanding) -> dict[str, Facts]:
        """Return what every surface says of a landing; empty where it does not list it."""
        return {name: read(self, landing) for name, read in _SURFACES.items()}

    def listed(self, name: str, ask: Callable[[], Any]) -> Any:
        """Return what a surface says of all landings, asked once."""
        if name not in self._texts:
            self._texts[name] = ask()
        return self._texts[name]


def truth_of(each: TrueLanding) -> Facts:
    """Return all facts about a landing."""
    landing = each.landing
    known = {
        "counts at Ovda": "yes" if each.verdict == "counted" else "no",
        "counts": "yes" if each.verdict in ("counted", "undetermined") else "no",
        "grade": each.grade.value,
        "person": "" if each.review is None else str(each.review.verdict),
        "withdrawn": "yes" if landing.retracted else "no",
        "where": " or ".join(each.where),
        "final leg": "yes" if each.verdict == "undetermined" else "no",
    }
    for side, stop in zip(("before", "after"), each.stops, strict=True):
        known[side] = " or ".join(stop.codes) or "?"
        known[f"direct {side}"] = ("yes" if stop.direct else "no") if stop.known else ""
    dated = each is not LANDINGS[-1]
    known["counts at Ovda in that week"] = known["counts at Ovda"] if dated else "no"
    if known["counts"] == "yes":
        known["week"] = _week_of(each) if dated else " or ".join(DOUBTFUL_WEEKS)
    return known


def _week_of(each: TrueLanding) -> str:
    at = each.landing.detection.touchdown_at
    (key,) = [
        week.key
        for week in WEEKS
        if week_bounds(week.key, ZONE)[0] <= at < week_bounds(week.key, ZONE)[1]
    ]
    return key


def _landings(readings: LandingReadings, each: TrueLanding) -> Facts:
    return _line(readings.listed("all", lambda: readings.doors.command("landings", "--all")), each)


def _landings_short(readings: LandingReadings, each: TrueLanding) -> Facts:
    return _line(readings.listed("short", lambda: readings.doors.command("landings")), each)


def _line(text: str, each: TrueLanding) -> Facts:
    lines = [line for line in text.splitlines() if line.startswith(each.id)]
    if not lines:
        return {}
    _id, _aircraft, airfield, _touchdown, grade, counted, stops = re.split(r" {2,}", lines[0])
    graded, _, person = grade.partition(", ")
    said = {
        "counts": "no" if counted == "no" else "yes",
        "person": person,
        "withdrawn": "yes" if graded == "withdrawn" else "no",
        "where": _where(airfield),
        "before": stops.partition(" / ")[0],
        "after": stops.partition(" / ")[2],
    }
    if counted != "no":
        said["week"] = counted
    if graded != "withdrawn":
        said["grade"] = graded.partition(" ")[0]
    return said


def _where(words: str) -> str:
    """Return the codes of the airfields that words name."""
    found = (_FIELDS[each] for each in re.findall("|".join(_FIELDS), words))
    return " or ".join(dict.fromkeys(found))


def _stops(text: str) -> dict[str, str]:
    """Return what sentences say of the stops before and after; nothing if there are none."""
    found = re.search(r"Previous stop seen: (.*?)Next stop seen: (.*?)(?:What could|$)", text)
    if "Previous and next stop seen: not known." in text:
        return {"before": "?", "after": "?", "direct before": "", "direct after": ""}
    if found is None:
        return {}
    said = {}
    for side, words in zip(("before", "after"), found.groups(), strict=True):
        named = re.split(r" on (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", words)[0]
        codes = sorted(re.findall(r"\(([A-Z0-9]{4})\)", named))
        said[side] = " or ".join(codes) or "?"
        assert codes or words.startswith("not known"), words
        said[f"direct {side}"] = ("no" if "is not excluded" in words else "yes") if codes else ""
    return said


def _stops_of_row(row: Mapping[str, Any]) -> dict[str, str]:
    said = {}
    for side, stop in (("before", row["previous_stop"]), ("after", row["next_stop"])):
        codes = [stop["airfield"]] if stop["airfield"] else sorted(stop["candidates"])
        said[side] = " or ".join(codes) or "?"
        said[f"direct {side}"] = ("yes" if stop["direct"] else "no") if codes else ""
    return said


def _landings_json(readings: LandingReadings, each: TrueLanding) -> Facts:
    rows = readings.listed("json", lambda: readings.doors.rows("landings", "--all"))
    return _row(rows, each)


def _status_json(readings: LandingReadings, each: TrueLanding) -> Facts:
    at = week_bounds(WEEKS[-1].key, ZONE)[1]
    document = readings.listed("status", lambda: readings.doors.status(at))
    return _row(document["landings"], each)


def _row(rows: list[dict[str, Any]], each: TrueLanding) -> Facts:
    row = next((row for row in rows if row["id"] == each.id), None)
    if row is None:
        return {}
    said = {
        "counts": "yes" if row["counted"] else "no",
        "grade": row["grade"],
        "person": row["review"] or "",
        "withdrawn": "yes" if row["retracted"] else "no",
        "where": row["airfield"] or _where(_likeliest_first(row["candidates"])),
        "final leg": "yes" if row["final_leg_not_seen"] else "no",
        **_stops_of_row(row),
    }
    if row["counted"]:
        said["week"] = row["week"] or " or ".join(row["weeks"])
    return said


def _likeliest_first(candidates: Mapping[str, float]) -> str:
    return " ".join(sorted(candidates, key=lambda code: -candidates[code]))


def _page_json(readings: LandingReadings, each: TrueLanding) -> Facts:
    ask = readings.doors.site.get
    return _row(readings.listed("/landings.json", lambda: ask("/landings.json").json()), each)


def _page(readings: LandingReadings, each: TrueLanding) -> Facts:
    text = readings.listed("/landings", lambda: readings.doors.page("/landings"))
    registration = str(each.landing.registration)
    entry = text[text.index(registration) :].partition(" 4K-")[0]
    head = one_line(entry.partition(", 20")[0])
    badge = re.search(rf"AZQ4801 (\w+ by a person|{_GRADES}|undetermined|withdrawn) (.*)", head)
    assert badge, head
    said = {"where": _where(badge[2]), "counts": "no" if "not counted" in head else "yes"}
    said["withdrawn"] = "yes" if badge[1] == "withdrawn" else "no"
    said["person"] = badge[1].partition(" by a person")[0] if "by a person" in badge[1] else ""
    if re.fullmatch(_GRADES, badge[1]):
        said["grade"] = badge[1]
    return said | _final_leg(entry) | _stops(one_line(entry))


def _final_leg(text: str) -> dict[str, str]:
    return {"final leg": "yes" if re.search(r"leg not seen(: it fell|\.)", text) else "no"}


def _landing_page(readings: LandingReadings, each: TrueLanding) -> Facts:
    return _explained(readings.doors.page(f"/landings/{each.id}"))


def _explain(readings: LandingReadings, each: TrueLanding) -> Facts:
    return _explained(one_line(readings.doors.command("explain", each.id)))


def _explained(text: str) -> dict[str, str]:
    verdict = re.search(rf"graded ({_GRADES})", text)
    assert verdict, text
    counts = re.search(r"Counts for (.*?)\.", text)
    assert counts, text
    person = re.search(r"(?:An Editor|A person) (\w+) it", text)
    sentence = text.partition("AZQ4801")[2].partition("Is it really")[0]
    return {
        "counts": "no" if counts[1] == "no place" else "yes",
        "counts at Ovda": "yes" if re.search(r"at Ovda(;|$)", counts[1]) else "no",
        "grade": verdict[1],
        "person": person[1] if person else "",
        "where": _where(re.split(r" on (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", sentence)[0]),
        "withdrawn": "yes" if "withdrawn (" in text.partition("History")[2] else "no",
        **_final_leg(text),
        **_stops(text),
    }


def _digest(readings: LandingReadings, each: TrueLanding) -> Facts:
    week = next(week for week in WEEKS if week.key == _week_of(each))
    text = readings.listed(f"digest {week.key}", lambda: readings.doors.digest(week).text)
    return _mailed(text, each, ("LANDINGS", "UNDETERMINED OR POSSIBLE", "FOLLOWED, NOT COUNTED"))


def _alert(readings: LandingReadings, each: TrueLanding) -> Facts:
    text = readings.listed("alert", lambda: readings.doors.alert().text)
    return _mailed(text, each, ("THE LANDINGS", "UNDETERMINED OR POSSIBLE, NOT COUNTED", "–"))


def _mailed(text: str, each: TrueLanding, heads: tuple[str, str, str]) -> Facts:
    """Read the entry of a landing, and the one further down that says what it rests on."""
    begin, end = (
        rf"^(?:\d+\.|\?|-) +{each.landing.registration} ",
        r"(?:collector explain \S+$|\n\n)",
    )
    found = list(re.finditer(f"{begin}.*?{end}", text, re.MULTILINE | re.DOTALL))
    if not found or f"collector explain {each.id}" not in found[-1][0]:
        return {}
    sections = {name: text.find(f"\n{name}\n") for name in heads}
    above = max((at, name) for name, at in sections.items() if 0 <= at < found[0].start())[1]
    entry, grounds = one_line(found[0][0]), one_line(found[-1][0])
    grade = re.search(rf"graded ({_GRADES})", entry)
    assert grade, entry
    person = re.search(r"(\w+) by a person; graded", entry)
    below = grounds.partition(": ")[2].partition(". ")[0]
    place = below if len(found) > 1 else found[0][0].splitlines()[1]
    return {
        "counts at Ovda in that week": "yes" if above == heads[0] else "no",
        "grade": grade[1],
        "person": person[1] if person else "",
        "where": _where(place),
        "withdrawn": "yes" if "Withdrawn:" in entry else "no",
        **_final_leg(entry),
        **_stops(grounds),
    }


def _export(readings: LandingReadings, each: TrueLanding) -> Facts:
    rows = readings.listed("csv", lambda: readings.doors.exported("landings"))
    row = next(row for row in rows if row["id"] == each.id)
    said = {
        "counts": "yes" if row["counted"] == "true" else "no",
        "counts at Ovda": "yes" if "LLOV" in row["counted_at"].split("; ") else "no",
        "grade": row["grade"],
        "person": {"rejected": "rejected"}.get(row["status"], ""),
        "withdrawn": "yes" if row["status"] == "withdrawn" else "no",
        "where": row["airfield"] or _where(row["candidates"]),
        "final leg": "yes" if row["final_leg_not_seen"] == "true" else "no",
        "week": row["week"] or re.sub(r" \(\d+%\)", "", row["weeks"]),
    }
    if "confirmed by a person" in row["certainty"]:
        said["person"] = "confirmed"
    if said["counts"] == "no":
        del said["week"]
    for side, name in (("before", "previous_stop"), ("after", "next_stop")):
        codes = sorted(re.findall(r"\(([A-Z0-9]{4})\)", row[f"{name}_seen"]))
        said[side] = " or ".join(codes) or "?"
        said[f"direct {side}"] = {"true": "yes", "false": "no"}.get(row[f"{name}_direct"], "")
        assert row[name] in ("", said[side])
    return said


_SURFACES: dict[str, Callable[[LandingReadings, TrueLanding], Facts]] = {
    "`landings`": _landings_short,
    "`landings --all`": _landings,
    "`landings --all --json`": _landings_json,
    "`/status.json`": _status_json,
    "`/landings.json`": _page_json,
    "page `/landings`": _page,
    "page of the landing": _landing_page,
    "`explain`": _explain,
    "digest": _digest,
    "alert mail": _alert,
    "`export landings`": _export,
}
SURFACES = tuple(_SURFACES)
