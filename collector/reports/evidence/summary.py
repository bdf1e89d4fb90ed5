"""What does a pack hold, and what does it prove? Its edition, the landing as stored, and what
follows from its own replies; `pack.json` holds this for `verify`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.model import Grade
from collector.reports.formatting import iso_z, table_time

FORM = 1
"""Of the pack's layout (docs/evidence-pack.md). Raised if what was readable before is not."""
_SAME = timedelta(seconds=1)


class Edition(StrEnum):
    """For whom a pack is made."""

    INTERNAL = "internal"
    """Everything, for the desk itself."""
    TO_PASS_ON = "to-pass-on"  # noqa: S105 - no password
    """What the terms of each feed allow, and nothing that tells of the operator."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is compared: where, how sure, and when."""

    airfield: str | None
    grade: Grade
    touchdown_at: datetime
    """Cut to the second, as it is shown everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The content of `pack.json`."""

    form: int
    edition: Edition
    landing: str
    """The landing's id."""
    software: str
    rules_version: str
    rules_sha256: str
    """Of `rules.json`, which states every threshold and weight."""
    stored: Finding | None
    """The landing as it is stored; None if it was withdrawn."""
    derived: Finding | None
    """What follows from the replies of this pack alone; None if no landing does."""
    replies: int
    redacted: int
    """Records of which something was taken out."""
    missing: tuple[str, ...]
    """What is not in the pack and why, a sentence each."""
    asked_for: tuple[str, ...]
    """What is in it since it was asked for by name."""

    @property
    def follows(self) -> str:
        """Whether the landing follows from the pack alone, in one sentence."""
        if not self.replies:
            return "No: no reply of a feed is in this pack, so that nothing can be derived from it."
        if not differences(self.stored, self.derived):
            return (
                f"Yes: derived anew from the {self.replies:,} replies in this pack alone, it is "
                f"{finding_words(self.derived)}, as stored."
            )
        return (
            f"No: derived anew from the {self.replies:,} replies in this pack alone, it is "
            f"{finding_words(self.derived)}; stored is {finding_words(self.stored)}."
        )


def finding_words(finding: Finding | None) -> str:
    """Return a finding in words.

    >>> finding_words(None)
    'no landing'
    """
    if finding is None:
        return "no landing"
    what = f"{finding.grade.value} at {finding.airfield}"
    if finding.airfield is None:
        what = f"a {finding.grade.value} landing, its airfield undetermined"
    return f"{what}, touchdown {table_time(iso_z(finding.touchdown_at), exact=True)} UTC"


def differences(told: Finding | None, found: Finding | None) -> Sequence[str]:
    """Return which of airfield, grade and touchdown differ; empty if none does.

    Touchdowns a second apart are the same: less than a microsecond may lie between them before
    they are cut.

    >>> differences(None, None)
    []
    """
    if told is None or found is None:
        return [] if told == found else ["landing"]
    apart = {
        "airfield": told.airfield != found.airfield,
        "grade": told.grade != found.grade,
        "touchdown": abs(told.touchdown_at - found.touchdown_at) > _SAME,
    }
    return [name for name, differs in apart.items() if differs]
