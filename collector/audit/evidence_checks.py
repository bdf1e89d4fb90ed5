"""Can an evidence pack be believed? Its sums are compared, and the landing is derived again.

Nothing but the pack is read: no configuration, no database, no network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from collector import pack
from collector.audit.derive_again import derived_again
from collector.audit.evidence_inputs import Inputs, finding_of
from collector.audit.evidence_pack import read_replies
from collector.audit.evidence_replies import REPLIES, all_of
from collector.audit.sealing import Proof, problems_of
from collector.audit.stamping import SEAL, checked_stamps
from collector.errors import CollectorError, PackError
from collector.landings.rules import RULES_VERSION
from collector.private import scratch_folder
from collector.reports.evidence.rules_document import rules_json
from collector.reports.evidence.summary import FORM, Finding, Summary, differences
from collector.store.encoding import from_json

T = TypeVar("T")

LARGEST_JSON_BYTES = 64 << 20
RULES, INPUTS, SUMMARY = "rules.json", "inputs.json", "pack.json"
LANDING = "landing.json"


class Outcome(StrEnum):
    """What came of deriving the landing again."""

    SAME = "same"
    DIFFERS = "differs"
    OTHER_RULES = "other-rules"
    """The pack was made by other rules, so that only its sums were compared."""
    NO_REPLIES = "no-replies"
    ALTERED = "altered"
    """Sums, replies or what the files say do not fit together, so that nothing was derived."""


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
    sealed: str = ""
    """Which of its records were sealed, and when, in one sentence; empty if the pack says nothing
    of that."""
    stamped: tuple[str, ...] = ()
    """Who stamped the root under which they were sealed, and when, a sentence each."""
    different: tuple[str, ...] = ()
    """Which of airfield, grade and touchdown differ from what the pack says follows."""

    @property
    def holds(self) -> bool:
        """Whether nothing that could be checked speaks against the pack."""
        return self.outcome not in (Outcome.ALTERED, Outcome.DIFFERS)

    @property
    def follows(self) -> str:
        """Whether the landing follows from the pack, as far as this check shows it."""
        match self.outcome, self.summary:
            case (Outcome.ALTERED, _) | (_, None):
                return "Not known: nothing was derived, since it was altered or damaged."
            case Outcome.DIFFERS, _:
                return "It is refuted: what the pack says of itself does not follow from it."
            case Outcome.OTHER_RULES, Summary() as told:
                return f"Not checked here. The pack says of itself: {told.follows}"
            case _, Summary() as told:
                return replace(told, derived=self.found).follows
        raise AssertionError("every outcome is told")


@dataclass(frozen=True, slots=True)
class _Landing:
    """What `landing.json` says that can be compared."""

    id: str
    icao24: str
    stored: Finding | None
    derived: Finding | None


def check_pack(path: Path, report: Callable[[str], None]) -> Checked:
    """Check a pack. `report` is called with a message for each reply that cannot be read.

    Raises PackError if the file is no pack, or one that must not be unpacked; RecordingError,
    StoreError.
    """
    with scratch_folder() as folder:
        try:
            found = pack.unpack(path, folder)
        except PackError as error:
            raise PackError(f"{path} is refused: {error}") from error
        problems = [*found.problems, *_lacking(found.names)]
        if problems:
            return Checked(
                problems=tuple(problems), files=len(found.names), outcome=Outcome.ALTERED
            )
        return _derived(found, report)


def _lacking(names: tuple[str, ...]) -> list[str]:
    return [f"{name} is missing" for name in (INPUTS, SUMMARY, RULES, LANDING) if name not in names]


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
    wrong = [*_contradicted(found, summary, inputs), *_damage(found, summary)]
    sealed, stamped, broken = _NOTHING if wrong else _seal(found, summary, report)
    if wrong or broken:
        return Checked(problems=(*wrong, *broken), files=count, outcome=Outcome.ALTERED)
    whole = Checked(
        problems=(),
        files=count,
        outcome=Outcome.OTHER_RULES,
        summary=summary,
        sealed=sealed,
        stamped=stamped,
    )
    if summary.rules_version != RULES_VERSION or rules != sha256(rules_json()).hexdigest():
        return whole
    if REPLIES not in found.names:
        return replace(whole, outcome=Outcome.NO_REPLIES)
    again = _derive(found.folder / REPLIES, inputs, summary, report)
    different = tuple(differences(summary.derived, again))
    outcome = Outcome.DIFFERS if different else Outcome.SAME
    return replace(whole, outcome=outcome, found=again, different=different)


def _contradicted(found: pack.Unpacked, summary: Summary, inputs: Inputs) -> list[str]:
    """Return where `landing.json` says something else than what is checked."""
    told = _read(found.folder / LANDING, _Landing)
    pairs = {
        "id": (told.id, summary.landing),
        "address": (told.icao24, inputs.icao24),
        "stored landing": (told.stored, summary.stored),
        "derived landing": (told.derived, summary.derived),
    }
    return [
        f"{LANDING} states another {name} than {SUMMARY} and {INPUTS}"
        for name, (here, there) in pairs.items()
        if here != there
    ]


def _damage(found: pack.Unpacked, summary: Summary) -> list[str]:
    """Return which replies cannot be read, and whether there are as many as the pack states."""
    problems: list[str] = []
    replies = 0
    if REPLIES in found.names:
        read = all_of(found.folder / REPLIES, problems.append)
        replies = sum(each.recorded.reply is not None for each in read)
    problems = [each.replace(f"{found.folder / REPLIES}", REPLIES) for each in problems]
    if replies != summary.replies:
        problems.append(
            f"the pack holds {replies:,} replies, and {SUMMARY} states {summary.replies:,}"
        )
    return problems


_Sealed = tuple[str, tuple[str, ...], list[str]]
_NOTHING: _Sealed = ("", (), [])


def _seal(found: pack.Unpacked, summary: Summary, report: Callable[[str], None]) -> _Sealed:
    """Return what a pack says of its seal, what of its stamps, and what is wrong with either."""
    if SEAL not in found.names or REPLIES not in found.names:
        return _NOTHING
    proof = _read(found.folder / SEAL, Proof)
    try:
        count, wrong = problems_of(proof, summary.landing, all_of(found.folder / REPLIES, report))
    except ValueError:
        return "", (), [f"{SEAL} is not as the collector writes it"]
    stamped, broken = checked_stamps(found.folder, found.names, proof.root.sha256)
    return _seal_words(proof, count, summary.redacted), tuple(stamped), wrong + broken


def _seal_words(proof: Proof, count: int, redacted: int) -> str:
    """Return how many of `count` records are those that were sealed, and why others are not."""
    same = len(proof.salts)
    redacted = max(0, min(redacted, count - same))
    others = count - same - redacted
    when = f"{proof.root.made_at:%Y-%m-%d %H:%M} UTC, under the root {proof.root.sha256}"
    taken_out = "cannot be compared, since something was taken out of them."
    if redacted and not same:
        told = [
            f"{redacted:,} of its {count:,} records {taken_out} The landing was sealed on {when}."
        ]
    else:
        told = [f"{same:,} of its {count:,} records are as they were sealed on {when}."]
        told += [f"{redacted:,} {taken_out}"] if redacted else []
    told += [f"{others:,} are not among those that were sealed."] if others > 0 else []
    return " ".join(told)


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
