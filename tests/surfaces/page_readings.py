"""What do the words of a page say of a week? Count, share and state of the rules, as they stand."""

from __future__ import annotations

import re

from tests.surfaces.doors import only
from tests.surfaces.truth import TrueWeek

ALERTS = "threshold reached|threshold was reached|could not see|saw too little"


def row_of_weeks(text: str, week: TrueWeek) -> tuple[str, str, str]:
    """Return what the table of `/weeks` says of a week at its first place."""
    days = r"\w+ \d+ \w+ \d+ to \w+ \d+ \w+ \d+"
    row = only(re.findall(rf"{week.key} (?:so far )?{days} (.*? \d+% seen)", text))
    found = re.match(rf"(.*?)(?: ({ALERTS}))? (\d+%) seen", row)
    assert found, row
    return found[1], found[3], found[2] or ""


def card_of_place(text: str) -> tuple[str, str, str]:
    """Return what the first page says of its week at its first place."""
    card = only(re.findall(r"Ovda LLOV (.*?) Ovda or Ramon International LLOV", text))
    found = re.fullmatch(rf"(?:({ALERTS}) )?(.*?) (\d+%) seen", card)
    assert found, card
    return found[2], found[3], found[1] or ""


def sentence_of(text: str, week: TrueWeek) -> tuple[str, str]:
    """Return count and share of the sentence with which the first page begins."""
    when = f"in week {int(week.key[-2:])} of 2026"
    found = re.search(rf"Il-76s at Ovda: ([^:]*?),? {when}(, in the \d+% of the time)?", text)
    assert found, text
    share = re.search(r"[wW]e could see in (\d+%) of the time", text)
    return found[1] + (found[2] or ""), share[1] if share else ""


def tracked(text: str) -> str:
    """Return the words with which a report says how many landings were tracked."""
    found = re.search(
        r"at Ovda: (could not see|no tracking|[^:.]*? tracked(?: in the \d+%)?)", text
    )
    assert found, text
    return found[1]
