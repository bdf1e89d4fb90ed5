"""Can an evidence pack be believed? Its sums are compared, and the landing is derived again.

Nothing but the pack is read: no configuration, no database, no network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import msgspec

from collector import pack
from collector.audit.derive_again import derived_again
from collector.audit.evidence_inputs import Inputs, finding_of
from collector.audit.evidence_pack import read_replies
from collector.audit.evidence_replies import REPLIES
from collector.errors import CollectorError, PackError
from collector.landings.rules import RULES_VERSION
from collector.reports.evidence.rules_document import rules_json
from collector.reports.evidence.summary import FORM, Finding, Summary, differences
from collector.store.encoding import from_json

T = TypeVar("T")

LARGEST_JSON_BYTES = 64 << 20
RULES, INPUTS, SUMMARY = "rules.json", "inputs.json", "pack.json"


class Outcome(StrEnum):
    """What came of deriving the landing again."""

    SAME = "same"
    DIFFERS = "differs"
    OTHER_RULES = "other-rules"
    """The pack was made by other rules, so that only its sums were compared."""
    NO_REPLIES = "no-replies"
    ALTERED = "altered"
    """The sums do not hold, so that nothing was derived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking a pack."""

    problems: tuple[str, ...]
    """What is wrong with its files, a sentence each."""
    files: int
    outcome: Outcome
    summary: Summary | None = None
    """What the pack states of itself; None if it cannot be believed."""
    found: Finding | None = None
    """What followed from its replies here."""
    different: tuple[str, ...] = ()
    """Which of airfield, grade and touchdown differ from what the pack says follows."""

    @property
    def holds(self) -> bool:
        """Whether nothing that could be checked speaks against the pack."""
        return self.outcome not in (Outcome.ALTERED, Outcome.DIFFERS)


def check_pack(path: Path, report: Callable[[str], None]) -> Checked:
    """Check a pack. `report` is called with a message for each reply that cannot be read.

    Raises PackError if the file is no pack, or one that must not be unpacked; RecordingError,
    StoreError.
    """
    with TemporaryDirectory(prefix="collector-") as folder:
        try:
            found = pack.unpack(path, Path(folder))
        except PackError as error:
            raise PackError(f"{path} is refused: {error}") from error
        problems = [*found.problems, *_lacking(found.names)]
        if problems:
            return Checked(
                problems=tuple(problems), files=len(found.names), outcome=Outcome.ALTERED
            )
        return _derived(found, report)


def _lacking(names: tuple[str, ...]) -> list[str]:
    return [f"{name} is missing" for name in (INPUTS, SUMMARY, RULES) if name not in names]


def _derived(found: pack.Unpacked, report: Callable[[str], None]) -> Checked:
    summary = _read(found.folder / SUMMARY, Summary)
    inputs = _read(found.folder / INPUTS, Inputs)
    if summary.form > FORM:
        raise PackError(f"the pack has form {summary.form}; a newer collector can check it")
    count = len(found.names)
    rules = sha256((found.folder / RULES).read_bytes()).hexdigest()
    if rules != summary.rules_sha256:
        told = f"{RULES} is not the one that {SUMMARY} names"
        return Checked(problems=(told,), files=count, outcome=Outcome.ALTERED)
    if summary.rules_version != RULES_VERSION or rules != sha256(rules_json()).hexdigest():
        return Checked(problems=(), files=count, outcome=Outcome.OTHER_RULES, summary=summary)
    if REPLIES not in found.names:
        return Checked(problems=(), files=count, outcome=Outcome.NO_REPLIES, summary=summary)
    again = _derive(found.folder / REPLIES, inputs, summary, report)
    different = tuple(differences(summary.derived, again))
    outcome = Outcome.DIFFERS if different else Outcome.SAME
    return Checked(
        problems=(),
        files=count,
        outcome=outcome,
        summary=summary,
        found=again,
        different=different,
    )


def _derive(
    replies: Path, inputs: Inputs, summary: Summary, report: Callable[[str], None]
) -> Finding | None:
    told = summary.stored or summary.derived
    around = inputs.judged_at if told is None else told.touchdown_at
    try:
        with derived_again(read_replies(replies, report), inputs, around, report) as derived:
            return finding_of(derived.landing)
    except CollectorError:
        raise
    except Exception as error:  # values that no derivation gives, such as a time without a zone
        raise PackError(
            f"nothing can be derived from the pack: {INPUTS} holds what the collector never writes "
            f"({type(error).__name__})"
        ) from error


def _read(path: Path, kind: type[T]) -> T:
    if path.stat().st_size > LARGEST_JSON_BYTES:
        raise PackError(f"{path.name} is larger than any that the collector writes")
    try:
        return from_json(path.read_text("utf-8"), kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise PackError(f"{path.name} is not as the collector writes it: {error}") from error
