"""How is every data set given to the detector and to the rules? In four forms, or as recorded."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from .datasets import SHARED, DataSet, loaded
from .detector import Claim, by_polls, by_snapshots, by_traces
from .places import world
from .rules import RULES, Question
from .tracks import Track, polled

OURS = "the collector"
ALONE, EVERYBODY, AS_RECORDED = "traces alone", "traces, everybody as proof", "as recorded"
MINUTE, FIVE_MINUTES = "polls each 60 s", "polls each 300 s"
FORMS = (ALONE, EVERYBODY, MINUTE, FIVE_MINUTES, AS_RECORDED)
_EVERY_S = {MINUTE: 60, FIVE_MINUTES: 300}


@dataclass(frozen=True)
class Run:
    """What every method claims about one data set in one form."""

    form: str
    dataset: DataSet
    claims: dict[str, list[Claim]]
    took_s: float
    """Processor time of the collector."""


def runs(datasets: Sequence[DataSet], forms: Sequence[str]) -> Iterator[Run]:
    """Yield the runs of these data sets in those of the forms that they can be given in."""
    for dataset in datasets:
        by_rule: dict[str, dict[str, list[Claim]]] = {}
        for form in forms:
            if dataset.snapshots != (form == AS_RECORDED):
                continue
            print(f"{dataset.name}: {form}", file=sys.stderr)
            tracks = loaded(dataset)
            begun = time.process_time()
            ours = _detector(dataset, form)(tracks)
            took_s = time.process_time() - begun
            seen = _seen(tracks, form)
            same = EVERYBODY if form == ALONE else form  # the rules do not care who else is there
            if same not in by_rule:
                by_rule[same] = by_rules(dataset, seen)
            yield Run(form, dataset, {OURS: ours} | by_rule[same], took_s)


def _detector(dataset: DataSet, form: str) -> Callable[[Sequence[Track]], list[Claim]]:
    if form == AS_RECORDED:
        return partial(by_snapshots, dataset)
    if form in _EVERY_S:
        return partial(by_polls, dataset, every_s=_EVERY_S[form])
    return partial(by_traces, dataset, everybody=form == EVERYBODY)


def _seen(tracks: Sequence[Track], form: str) -> Sequence[Track]:
    return polled(tracks, _EVERY_S[form]) if form in _EVERY_S else tracks


def by_rules(dataset: DataSet, tracks: Sequence[Track]) -> dict[str, list[Claim]]:
    """Return what each published rule claims about these tracks."""
    question = Question(world(SHARED), dataset.watched)
    return {
        name: [
            Claim(track.icao24, code, at_s, at_s, at_s, "rule")
            for track in tracks
            for code, at_s in rule(track, question)
        ]
        for name, rule in RULES.items()
    }
