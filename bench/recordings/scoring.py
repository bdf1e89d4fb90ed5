"""Which claims are right? Each label and each claim is matched at most once, and everything else
has a name: wrong field, invented, doubled, missed, left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from collector.model import Grade

from .detector import Claim
from .labels import Label
from .tracks import part_of

SLACK_S = 600.0
"""A label is seconds to minutes off, and a claim is given as much beyond its stated interval."""

Matches = dict[Label, Claim]
"""Which claim stands for which landing."""

WRONG, INVENTED, DOUBLED, BROKEN = "wrong field", "invented", "doubled", "broken off, counted"


@dataclass(frozen=True, slots=True)
class Falsehood:
    """One landing that was counted and is none, or is another."""

    kind: str
    dataset: str
    claim: Claim
    truth: str = ""


@dataclass
class Tally:
    """What a method found in one data set, or in several."""

    landings: int = 0
    found: int = 0
    within: int = 0
    """Those of them whose stated ± reaches the labelled touchdown."""
    missed: int = 0
    left_open: int = 0
    """`possible` with the right field first, or undetermined with it among the others."""
    reached: int = 0
    reached_found: int = 0
    doubtful: int = 0
    """`possible` or undetermined where nothing landed, which is not counted."""
    broken: int = 0
    broken_possible: int = 0
    confirmed: int = 0
    confirmed_false: int = 0
    true_at: Counter[str] = field(default_factory=Counter)
    found_at: Counter[str] = field(default_factory=Counter)
    """Landings by airfield."""
    falsehoods: list[Falsehood] = field(default_factory=list)
    lost: list[tuple[Label, str]] = field(default_factory=list)
    """Every landing that is missed or left open."""

    def count(self, kind: str) -> int:
        """Return the number of falsehoods of a kind."""
        return sum(each.kind == kind for each in self.falsehoods)

    @property
    def false(self) -> int:
        """The number of landings counted falsely, approaches that broke off left aside."""
        return len(self.falsehoods) - self.count(BROKEN)

    @property
    def counted(self) -> int:
        """The number of landings counted, approaches that broke off left aside."""
        return self.found + self.false

    def count_false(self, falsehood: Falsehood) -> None:
        """Add a landing that was counted wrongly."""
        self.falsehoods.append(falsehood)
        self.confirmed_false += falsehood.claim.grade == Grade.CONFIRMED

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in Tally.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def tally(
    dataset: str,
    watched: Sequence[str],
    labels: Iterable[Label],
    claims: Iterable[Claim],
    part: str = "all",
) -> Tally:
    """Return how the claims about one data set fare, for the aircraft of one part.

    A landing elsewhere than at a watched airfield is no one's task, and a claim of one is ignored
    unless it stands for a landing at a watched airfield: then it names the wrong field.
    """
    result = Tally()
    by_aircraft: dict[str, tuple[list[Label], list[Claim]]] = {}
    for label in labels:
        if label.kind != "none" and part in ("all", part_of(label.icao24)):
            by_aircraft.setdefault(label.icao24, ([], []))[0].append(label)
    for claim in claims:
        if part in ("all", part_of(claim.icao24)):
            by_aircraft.setdefault(claim.icao24, ([], []))[1].append(claim)
    for icao24 in sorted(by_aircraft):
        _score(result, dataset, frozenset(watched), *by_aircraft[icao24])
    return result


def _score(
    result: Tally,
    dataset: str,
    watched: frozenset[str],
    labels: Sequence[Label],
    claims: Sequence[Claim],
) -> None:
    landings = [each for each in labels if each.kind == "landing" and each.holds]
    counted = [each for each in claims if each.counted]
    open_claims = [each for each in claims if not each.counted]
    right = _pairs(landings, counted, same_field=True)
    wrong = _pairs(
        [each for each in landings if each not in right],
        _unused(counted, right),
        same_field=False,
    )
    left_open = _pairs(
        [each for each in landings if each not in right and each not in wrong],
        open_claims,
        same_field=True,
    )
    for label in landings:
        if label.airfield in watched:
            _score_landing(result, dataset, label, (right, wrong, left_open), open_claims)
        elif label in wrong and wrong[label].airfield in watched:
            result.count_false(Falsehood(WRONG, dataset, wrong[label], label.airfield))
    for claim in _unused(counted, right, wrong):
        if claim.airfield in watched:
            _score_rest(result, dataset, labels, claim)
    confirmed = [c for c in counted if c.grade == Grade.CONFIRMED and c.airfield in watched]
    result.confirmed += len(confirmed)
    result.doubtful += sum(
        not _overlaps_any(labels, each) for each in _unused(open_claims, left_open)
    )
    for label in labels:
        if label.kind == "broken-off":
            result.broken += 1
            result.broken_possible += any(
                _gap_s(label, each) <= SLACK_S and label.airfield in ("?", each.airfield)
                for each in open_claims
            )


def _score_landing(
    result: Tally,
    dataset: str,
    label: Label,
    matches: tuple[Matches, ...],
    open_claims: Sequence[Claim],
) -> None:
    right, wrong, left_open = matches
    result.landings += 1
    result.true_at[label.airfield] += 1
    result.reached += label.reached == "yes"
    if label in right:
        result.found += 1
        result.within += _gap_s(label, right[label]) <= 0.0
        result.found_at[label.airfield] += 1
        result.reached_found += label.reached == "yes"
    elif label in wrong:
        result.count_false(Falsehood(WRONG, dataset, wrong[label], label.airfield))
    elif label in left_open:
        result.left_open += 1
        result.lost.append((label, f"left open: {left_open[label].grade}, {left_open[label].text}"))
    else:
        result.missed += 1
        near = [each for each in open_claims if _gap_s(label, each) <= SLACK_S]
        others = [f"{each.grade}, {each.text}" for each in near]
        result.lost.append((label, "; ".join(["missed", *others])))


def _score_rest(result: Tally, dataset: str, labels: Sequence[Label], claim: Claim) -> None:
    """Name a counted claim that matches no landing."""
    near = [label for label in labels if _gap_s(label, claim) <= SLACK_S]
    if any(not label.holds for label in near):
        return
    for label in near:
        if label.kind == "broken-off":
            result.count_false(Falsehood(BROKEN, dataset, claim, label.note))
            return
    for label in labels:
        stays = label.from_s - SLACK_S <= claim.at_s <= label.left_s + SLACK_S
        landed = label.kind == "landing" and label.holds
        if landed and stays and label.airfield == claim.airfield:
            result.count_false(Falsehood(DOUBLED, dataset, claim, label.from_utc))
            return
    result.count_false(Falsehood(INVENTED, dataset, claim))


def _unused(claims: Sequence[Claim], *matches: Matches) -> list[Claim]:
    """Return the claims that stand for no landing; a rule may make the same claim twice."""
    used = {id(claim) for each in matches for claim in each.values()}
    return [claim for claim in claims if id(claim) not in used]


def _pairs(labels: Sequence[Label], claims: Sequence[Claim], *, same_field: bool) -> Matches:
    """Return which claim stands for which landing, the nearest in time first."""
    near = sorted(
        (
            (abs((label.from_s + label.until_s) / 2.0 - claim.at_s), number, index)
            for number, label in enumerate(labels)
            for index, claim in enumerate(claims)
            if (not same_field or label.airfield in (claim.airfield, *claim.among))
            and _gap_s(label, claim) <= SLACK_S
        ),
    )
    found: Matches = {}
    used: set[int] = set()
    for _, number, index in near:
        if labels[number] not in found and index not in used:
            found[labels[number]] = claims[index]
            used.add(index)
    return found


def _gap_s(label: Label, claim: Claim) -> float:
    """Return the time between the two intervals, 0 if they overlap."""
    return max(0.0, claim.from_s - label.until_s, label.from_s - claim.until_s)


def _overlaps_any(labels: Sequence[Label], claim: Claim) -> bool:
    return any(_gap_s(label, claim) <= SLACK_S for label in labels)
