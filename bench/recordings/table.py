"""How is it printed? One table a form, each data set beneath it, and every falsehood by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from scipy.stats import binomtest

from .labels import Label
from .runs import FORMS, OURS, Run
from .scoring import BROKEN, DOUBLED, INVENTED, WRONG, Tally, tally

HEAD = (
    f"{'':<26}{'true':>5}{'found':>6}{'wrong':>6}{'inv.':>5}{'dbl.':>5}{'missed':>7}{'open':>5}"
    f"{'doubt':>6}  {'precision':<21}{'recall':<21}{'recall, reached'}"
)
LEGEND = """\
true: labelled landings at the watched airfields; found: counted (probable or confirmed) there;
wrong: counted at another airfield; inv.: counted where nothing landed; dbl.: one counted again;
open: possible there, or undetermined with the right airfield among those named;
doubt: possible or undetermined where nothing landed, which is not counted;
reached: the track reaches 1,000 ft above the airfield within 3 NM, or the ground.
Intervals: 95 % (Wilson, 1927)."""


def tallies(
    runs: Iterable[Run], labels: Sequence[Label], part: str
) -> dict[str, dict[str, dict[str, Tally]]]:
    """Return form → line of data sets → method → tally."""
    found: dict[str, dict[str, dict[str, Tally]]] = {}
    for run in runs:
        true = [label for label in labels if label.dataset == run.dataset.name]
        line = found.setdefault(run.form, {}).setdefault(run.dataset.line, {})
        for method, claims in run.claims.items():
            one = tally(run.dataset.name, run.dataset.watched, true, claims, part)
            line.setdefault(method, Tally()).add(one)
    return {form: found[form] for form in FORMS if form in found}


def pooled(lines: dict[str, dict[str, Tally]]) -> dict[str, Tally]:
    """Return method → tally of all data sets of one form."""
    found: dict[str, Tally] = {}
    for by_method in lines.values():
        for method, one in by_method.items():
            found.setdefault(method, Tally()).add(one)
    return found


def table(found: dict[str, dict[str, dict[str, Tally]]], part: str) -> Iterator[str]:
    """Yield the lines of the whole table for one part of the aircraft."""
    for form in FORMS:
        if form not in found:
            continue
        yield f"## {form} ({part} aircraft)"
        yield ""
        yield HEAD
        for method, one in pooled(found[form]).items():
            yield _line(method, one)
        for name, by_method in found[form].items():
            yield f"  {name}"
            for method, one in by_method.items():
                yield _line(f"    {method}", one)
        yield ""
        ours = pooled(found[form])[OURS]
        at = (f"{code} {ours.found_at[code]}/{n}" for code, n in sorted(ours.true_at.items()))
        yield f"The collector by airfield: {', '.join(at)}."
        yield f"Its stated ± holds {ours.within} of the {ours.found} touchdowns that it found."
        yield _beside(pooled(found[form]))
        yield from _broken(pooled(found[form]))
        yield ""


def falsehoods(found: dict[str, dict[str, dict[str, Tally]]]) -> Iterator[str]:
    """Yield every falsehood of the collector by name, then every landing that it lost."""
    yield "## Every falsehood of the collector"
    yield ""
    for form, lines in found.items():
        for each in pooled(lines)[OURS].falsehoods:
            claim = each.claim
            truth = f"; true: {each.truth}" if each.truth else ""
            yield (
                f"{form}: {each.kind}: {each.dataset}, {claim.icao24}, {_time(claim.at_s)}, "
                f"{claim.grade} at {claim.airfield} ({claim.text}){truth}"
            )
    yield ""
    yield "## Every landing that the collector missed or left open"
    yield ""
    for form, lines in found.items():
        for label, why in pooled(lines)[OURS].lost:
            yield (
                f"{form}: {label.dataset}, {label.icao24}, {label.airfield} {label.from_utc}, "
                f"reached: {label.reached}: {why}"
            )
    yield ""


def disagreements(labels: Iterable[Label]) -> Iterator[str]:
    """Yield every label on which the routes differ, and how it was settled."""
    yield "## Where the routes to a label disagree"
    yield ""
    for label in labels:
        if label.verdict in ("settled", "disputed"):
            taken = "not scored" if not label.holds else f"taken as {label.kind}"
            yield (
                f"{label.dataset}, {label.icao24}, {label.airfield} {label.from_utc}: "
                f"{label.routes} only; {label.verdict}, {taken}: {label.note}"
            )
    yield ""


def summary(found: dict[str, dict[str, dict[str, Tally]]], part: str) -> Iterator[str]:
    """Yield one line a form with the collector's figures for one part."""
    for form, lines in found.items():
        yield _line(form, pooled(lines)[OURS]) + f" {part}"


def _line(name: str, one: Tally) -> str:
    return (
        f"{name:<26}{one.landings:5d}{one.found:6d}{one.count(WRONG):6d}{one.count(INVENTED):5d}"
        f"{one.count(DOUBLED):5d}{one.missed:7d}{one.left_open:5d}{one.doubtful:6d}  "
        f"{_share(one.found, one.counted):<21}{_share(one.found, one.landings):<21}"
        f"{_share(one.reached_found, one.reached):<20}"
    ).rstrip()


def _beside(by_method: dict[str, Tally]) -> str:
    """Return the best recall of the rules that count no more falsely than the collector."""
    ours = by_method[OURS]
    fair = {
        name: one for name, one in by_method.items() if name != OURS and one.false <= ours.false
    }
    mine = ours.reached_found / max(1, ours.reached)
    if not fair:
        return f"Every rule counts more falsely than the collector ({ours.false})."
    name, best = max(fair.items(), key=lambda each: each[1].reached_found)
    theirs = best.reached_found / max(1, best.reached)
    return (
        f"Of the rules that count no more falsely than the collector ({ours.false}), {name} finds "
        f"most of the reached: {theirs:.3f}, the collector {mine:.3f}: "
        f"{100.0 * (mine - theirs):+.1f} points."
    )


def _broken(by_method: dict[str, Tally]) -> Iterator[str]:
    ours = by_method[OURS]
    counted = ", ".join(f"{name} {one.count(BROKEN)}" for name, one in by_method.items())
    yield (
        f"Approaches that break off with nobody proven to listen: {ours.broken}; of these "
        f"possible by the collector, right field first or field not known: {ours.broken_possible}."
    )
    yield f"Counted all the same, at a watched airfield: {counted}."
    low, high = interval(ours.confirmed_false, ours.confirmed)
    yield (
        f"`confirmed` by the collector: {ours.confirmed}, of these wrong: {ours.confirmed_false} "
        f"({100 * low:.1f}–{100 * high:.1f} %)."
    )


def interval(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927); 0 … 1 if the count is 0.

    >>> tuple(round(bound, 3) for bound in interval(98, 100))
    (0.93, 0.994)
    """
    if count == 0:
        return 0.0, 1.0
    found = binomtest(hits, count).proportion_ci(0.95, "wilson")
    return float(found.low), float(found.high)


def _share(hits: int, count: int) -> str:
    """Return a share with its 95 % interval, `0.981 (0.953–0.993)`."""
    if count == 0:
        return "–"
    low, high = interval(hits, count)
    return f"{hits / count:.3f} ({low:.3f}–{high:.3f})"


def _time(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%d %H:%M:%S")
