"""How far have new rules judged the stored landings again? One line says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def judged_line(row: Mapping[str, Any]) -> str:
    """Return `142 of 310 stored landings judged by rules 5`, and how many stay as they were.

    `row` is the entry `judged` of the status document. Empty if no landing is stored.

    >>> judged_line({"rules": "5", "stored": 310, "judged": 142, "reports_gone": 1})
    '142 of 310 stored landings judged by rules 5; 1 stays as it was: its reports are not stored'
    """
    if not row["stored"]:
        return ""
    text = f"{row['judged']} of {row['stored']} stored landings judged by rules {row['rules']}"
    gone = row["reports_gone"]
    if not gone:
        return text
    stay = "stays as it was: its reports" if gone == 1 else "stay as they were: their reports"
    return f"{text}; {gone} {stay} are not stored"
