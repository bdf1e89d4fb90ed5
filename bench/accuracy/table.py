"""How is a score shown? As compact tables for a terminal, and as the same numbers for a machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from .dated import calibration
from .measures import median, share, wilson
from .oracle import Oracle
from .rules import PUBLISHED
from .scoring import Probabilities, Score, Tally

WIDTH = 26


def score_lines(score: Score, oracle: Oracle | None) -> Iterator[str]:
    """Yield the lines of the tables."""
    yield from _published(score)
    for title, tallies in (
        ("field", score.by_field),
        ("class", score.by_class),
        ("floor", score.by_floor),
        ("fault", score.by_fault),
    ):
        yield from _tallies(title, tallies, score.all)
    yield from _grades(score)
    yield from _zeros(score)
    yield from _touchdowns(score)
    yield from _probabilities(score, oracle)


def _published(score: Score) -> Iterator[str]:
    yield f"{'rule, at LLOV':<{WIDTH}} precision  recall   issue 3         where decidable"
    own = score.by_field.get("LLOV", Tally())
    yield _rule("the collector", own, ("", ""), score.watched_decidable.get("detector"))
    for rule, tally in score.published.items():
        yield _rule(rule, tally, PUBLISHED[rule], score.watched_decidable.get(rule))
    yield ""


def _rule(name: str, tally: Tally, issue: tuple[str, str], decided: Tally | None) -> str:
    there = "" if decided is None else f"{decided.precision:.3f} / {decided.recall:.3f}"
    issue_shares = f"{issue[0]} / {issue[1]}" if issue[0] else ""
    return (
        f"{name:<{WIDTH}} {tally.precision:9.3f} {tally.recall:7.3f}   {issue_shares:<21} {there}"
    )


def _tallies(title: str, tallies: Mapping[str, Tally], everything: Tally) -> Iterator[str]:
    yield f"{title:<{WIDTH}} landings  counted  right  precision (95 %)        recall"
    for name in sorted(tallies, key=_order):
        yield _tally(name, tallies[name])
    if title == "field":
        yield _tally("all", everything)
    yield ""


def _order(name: str) -> tuple[int, str]:
    """Floors by height, everything else by name."""
    digits = name.removesuffix(" ft").removeprefix("floor ").replace(",", "")
    return (int(digits), "~") if digits.isdigit() else (0, name)


def _tally(name: str, tally: Tally) -> str:
    low, high = wilson(tally.right, tally.counted)
    precise = f"{tally.precision:.3f} ({low:.3f}-{high:.3f})" if tally.counted else "-"
    recall = f"{tally.recall:.3f}" if tally.true else "-"
    counts = f"{tally.true:8d} {tally.counted:8d} {tally.right:6d}"
    return f"{name:<{WIDTH}} {counts}  {precise:<22} {recall}"


def _grades(score: Score) -> Iterator[str]:
    yield f"{'grade':<{WIDTH}}    named  right  hit rate (95 %)"
    for grade in ("confirmed", "probable", "possible"):
        tally = score.grades.get(grade, Tally())
        low, high = wilson(tally.right, tally.counted)
        yield (
            f"{grade:<{WIDTH}} {tally.counted:8d} {tally.right:6d}"
            f"  {tally.precision:.4f} ({low:.4f}-{high:.4f})"
        )
    yield f"{'undetermined':<{WIDTH}} {score.undetermined:8d}"
    yield ""


def _zeros(score: Score) -> Iterator[str]:
    yield "counted without a true landing (must be none)"
    yield from _counter(score.invented)
    yield "counted at another field than the true one"
    yield from _counter(score.moved)
    yield ""
    yield from _kept(score)


def _kept(score: Score) -> Iterator[str]:
    if not score.kept_by:
        return
    yield f"{'the oracle counts':<{WIDTH}} landings  counted  right  precision (95 %)        recall"
    for name in sorted(score.kept_by, key=_order):
        yield _tally(name, score.kept_by[name])
    yield ""


def _counter(counts: Mapping[str, int]) -> Iterator[str]:
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {name:<{WIDTH + 8}} {count:5d}"
    if not counts:
        yield "  none"


def _touchdowns(score: Score) -> Iterator[str]:
    yield f"{'touchdown':<{WIDTH + 4}} count  median error  within stated ±  median ±"
    for how, found in sorted(score.errors.items()):
        held = 100 * share(sum(error <= stated for error, stated in found), len(found))
        off_s, stated_s = median([e for e, _ in found]), median([s for _, s in found])
        yield (
            f"{how:<{WIDTH + 4}} {len(found):5d} {off_s:10.0f} s"
            f" {held:13.1f} % {stated_s / 60:9.1f} min"
        )
    yield score.weeks.words
    yield from calibration(score.weeks)
    yield ""


def _probabilities(score: Score, oracle: Oracle | None) -> Iterator[str]:
    yield f"{'probabilities':<{WIDTH}} questions  log loss   Brier"
    yield _scored("detector", score.detector)
    if oracle is None:
        return
    yield _scored("oracle", score.best)
    ratio = share(score.detector.loss, score.best.loss)
    yield f"log loss, detector ÷ oracle: {ratio:.2f}"
    yield _tally("decidable, all fields", score.decidable)
    yield (
        f"{'of what the oracle counts':<{WIDTH}} {score.kept.true:8d} {'':8} {score.kept.right:6d}"
        f"  {'':22} {score.kept.recall:.3f}"
    )
    low, high = wilson(score.oracle.right, score.oracle.counted)
    yield (
        f"the oracle's own counts: {score.oracle.precision:.4f} ({low:.4f}-{high:.4f})"
        f" of {score.oracle.counted}"
    )
    yield f"questions that the oracle leaves open: {dict(score.unsure.most_common())}"
    reliability = ", ".join(f"{p:.2f}→{hit:.2f} ({n})" for p, hit, n in oracle.reliability)
    yield f"oracle, learned from {oracle.learned_from} questions; held out: {reliability}"


def _scored(name: str, scored: Probabilities) -> str:
    count = scored.count
    loss, error = share(scored.loss, count), share(scored.error, count)
    return f"{name:<{WIDTH}} {count:9d} {loss:9.4f} {error:7.4f}"


def numbers(score: Score) -> dict[str, Any]:
    """Return the score as plain JSON values."""
    return {
        "records": score.records,
        "undetermined": score.undetermined,
        "all": _plain(score.all),
        "decidable": _plain(score.decidable),
        "kept_by_oracle": _plain(score.kept),
        "oracle_counts": _plain(score.oracle),
        "by_field": {name: _plain(tally) for name, tally in score.by_field.items()},
        "by_class": {name: _plain(tally) for name, tally in score.by_class.items()},
        "by_floor": {name: _plain(tally) for name, tally in score.by_floor.items()},
        "by_fault": {name: _plain(tally) for name, tally in score.by_fault.items()},
        "published": {name: _plain(tally) for name, tally in score.published.items()},
        "grades": {name: _plain(tally) for name, tally in score.grades.items()},
        "invented": dict(score.invented),
        "moved": dict(score.moved),
        "kept_by": {name: _plain(tally) for name, tally in score.kept_by.items()},
        "weeks": asdict(score.weeks),
        "unsure": dict(score.unsure),
        "touchdown": {
            how: {
                "count": len(found),
                "median_error_s": median([error for error, _ in found]),
                "held": share(sum(error <= stated for error, stated in found), len(found)),
                "median_stated_s": median([stated for _, stated in found]),
            }
            for how, found in score.errors.items()
        },
        "detector": _losses(score.detector),
        "oracle": _losses(score.best),
    }


def _plain(tally: Tally) -> dict[str, int]:
    return {"true": tally.true, "counted": tally.counted, "right": tally.right}


def _losses(scored: Probabilities) -> dict[str, float]:
    return {
        "questions": scored.count,
        "log_loss": share(scored.loss, scored.count),
        "brier": share(scored.error, scored.count),
    }
