"""What is an editor told of a silence? Each sentence, and when it is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from collector.landings import narrative
from collector.landings.evidence.blind_altitudes import BlindHeights
from collector.landings.evidence.witness import WITNESS_TEXTS, Witness
from collector.landings.narrative import narrate
from collector.landings.silences import Silence
from collector.model import Candidate, Evidence
from tests.landings.made_fixes import FIELD, SECOND, T, fix
from tests.landings.made_silences import (
    ARRIVAL,
    COMES,
    DEPARTURE,
    HOUR_S,
    PAIR,
    RUNWAY,
    sure,
)

NAMED = (Candidate("XHER", 0.9),)


@pytest.fixture(autouse=True)
def _weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are easily read: doubled odds are 0.7 nats."""
    weights = {
        "arrival.path": (0.7, -0.7, 3.4, 0.5, 0.49),
        "departure.turn": (0.7, -0.7, -20.0),
        "returns": (0.6, -2.3),
        "spare": (-0.6, 0.0),
    }
    monkeypatch.setattr(narrative, "WEIGHTS", weights)


def told(
    silence: Silence,
    *,
    candidates: Sequence[Candidate] = NAMED,
    features: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    priors: Mapping[str, float] | None = None,
    named: bool = True,
    witness: Witness | None = Witness.RETURN,
    learned: Sequence[Evidence] = (),
) -> dict[str, Evidence]:
    lines = narrate(
        silence,
        FIELD,
        candidates,
        {"XHER": []} if features is None else features,
        priors=priors or {},
        named=named,
        witness=witness,
        learned=learned,
    )
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    return {line.kind: line for line in lines}


def test_the_approach_and_the_return() -> None:
    lines = told(PAIR)
    assert lines["approach"] == Evidence(
        T,
        "approach",
        "Last heard descending, 3.0 NM from XHER and about 1,000 ft above it.",
        "for",
        "XHER",
        ("a",),
    )
    assert lines["return"] == Evidence(
        T + HOUR_S * SECOND,
        "return",
        "Heard again climbing, 3.0 NM from XHER and about 1,000 ft above it.",
        "for",
        "XHER",
        ("a",),
    )
    level = told(replace(ARRIVAL, level=True), witness=None)["approach"]
    assert level.text.startswith("Last heard in level flight, 3.0 NM from XHER")
    assert level.speaks == "neutral"
    assert "return" not in told(ARRIVAL)


def test_what_was_heard_of_one_end_alone() -> None:
    lines = told(DEPARTURE)
    assert (lines["approach"].text, lines["approach"].speaks) == (
        "Last heard elsewhere; the approach was not heard.",
        "neutral",
    )
    assert lines["approach"].feeds == ("a",)
    assert "silence" not in lines
    crosses = fix(HOUR_S, 60.0, 20_000), fix(HOUR_S + 60, 56.0, 19_000)
    again = told(sure(COMES, crosses))["return"]
    assert (again.text, again.speaks) == (
        "Heard again later, but not climbing out of there.",
        "neutral",
    )
    assert again.at == crosses[0].at
    assert PAIR.departure is not None
    rolls = replace(PAIR, departure=replace(PAIR.departure, rolling="XHER"))
    assert told(rolls)["return"].text == "Heard again on a runway of XHER, taking off."


@pytest.mark.parametrize(
    ("east_deg", "text"),
    [
        (0.0, "about 1,000 ft above it, in line with runway 18."),
        (0.0038, "about 1,000 ft above it, in line with runway 18."),  # 0.197 NM
        (0.0040, "about 1,000 ft above it, 0.2 NM beside the centreline of runway 18."),
        (0.0190, "about 1,000 ft above it, 1.0 NM beside the centreline of runway 18."),
        (0.0194, "about 1,000 ft above it."),
    ],
)
def test_the_runway_is_named_where_it_was_near_its_centreline(east_deg: float, text: str) -> None:
    beside = [replace(each, lon_deg=35.0 + east_deg) for each in COMES]
    assert told(sure(beside, fields=[RUNWAY]))["approach"].text.endswith(text)


@pytest.mark.parametrize(
    ("share", "speaks", "text"),
    [
        (None, "neutral", "Nothing is known about the coverage afterwards."),
        (
            0.6,
            "for",
            (
                "Then silence, although the feed that had just heard it there went on receiving "
                "other aircraft nearby in 60% of the next 15 minutes: flying on would most likely "
                "have been heard."
            ),
        ),
        (
            0.59,
            "against",
            (
                "Then silence, but the feed was proven to cover the region in only 59% of the "
                "next 15 minutes: the aircraft may have flown on without being heard."
            ),
        ),
    ],
)
def test_what_the_coverage_proves(share: float | None, speaks: str, text: str) -> None:
    line = told(replace(ARRIVAL, coverage_after=share))["silence"]
    assert (line.at, line.speaks, line.text) == (T, speaks, text)


def test_later_coverage_is_told_where_the_first_minutes_prove_nothing() -> None:
    deaf = replace(ARRIVAL, coverage_after=0.3, coverage_later=0.6)
    assert told(deaf)["later"].text == (
        "Nor was the aircraft heard in the two hours after that, in 60% of which the same feed "
        "received others nearby."
    )
    assert "later" not in told(replace(deaf, coverage_later=0.59))
    assert "later" not in told(replace(deaf, coverage_later=None))
    assert "later" not in told(replace(deaf, coverage_after=0.6))


def test_a_witness_is_told_unless_another_sentence_says_it() -> None:
    listened = replace(ARRIVAL, coverage_after=0.59)
    for witness in (Witness.LISTENERS, Witness.SOLITUDE, Witness.SHORT_FINAL):
        line = told(listened, witness=witness)["witness"]
        assert (line.at, line.text, line.speaks) == (T, WITNESS_TEXTS[witness], "for")
        assert "witness" not in told(replace(listened, coverage_after=0.6), witness=witness)
    assert "witness" in told(replace(listened, coverage_after=None), witness=Witness.LISTENERS)
    assert "witness" not in told(listened, witness=Witness.RETURN)


@pytest.mark.parametrize(
    ("practises", "why"),
    [
        (False, "flying on, or landing where there is no coverage, would look the same"),
        (
            True,
            "soon before or afterwards it came down here and climbed away again, as in practice",
        ),
    ],
)
def test_without_a_witness_it_is_said_why_the_landing_does_not_count(
    practises: bool, why: str
) -> None:
    line = told(replace(ARRIVAL, practises=practises), witness=None)["witness"]
    assert line == Evidence(
        T,
        "witness",
        f"Nothing else speaks for a landing at XHER: {why}. So the landing is possible at most, "
        "however well the rest fits.",
        "against",
        "XHER",
    )
    assert told(DEPARTURE, witness=None)["witness"].at == T + HOUR_S * SECOND


def test_altitudes_without_a_position_and_what_they_exclude() -> None:
    assert PAIR.arrival is not None
    assert PAIR.departure is not None
    assert not {"heights", "excluded"} & told(PAIR).keys()
    blind = BlindHeights(lowest_ft=1234.0, nearest_ft=1234.0, error_ft=100.0)
    jammed = replace(PAIR, arrival=replace(PAIR.arrival, blind=blind, excluded=frozenset("B")))
    lines = told(jammed)
    assert lines["heights"].text == (
        "Here only altitudes were received, without a believable position; the lowest was about "
        "1,234 ft."
    )
    assert (lines["heights"].at, lines["heights"].speaks) == (T, "neutral")
    assert lines["excluded"] == Evidence(
        T,
        "excluded",
        "Heard below the elevation of B, so the aircraft did not land there.",
        "against",
        "B",
        ("a",),
    )
    out = replace(PAIR, departure=replace(PAIR.departure, excluded=frozenset("B")))
    assert told(out)["excluded"].text.endswith("so the aircraft did not take off there.")
    assert told(out)["excluded"].at == T + HOUR_S * SECOND


def test_the_neighbours_that_fit_less_well() -> None:
    two = (*NAMED, Candidate("XOTH", 0.05))
    listed = "XHER 90%, XOTH 5%."
    both: Mapping[str, Sequence[tuple[str, int]]] = {"XHER": [], "XOTH": []}
    alone = told(PAIR)["neighbours"]
    assert (alone.text, alone.speaks) == ("No other airfield fits: XHER 90%.", "for")
    assert alone.airfield == "XHER"
    beside = told(PAIR, candidates=two, features=both)["neighbours"]
    assert (beside.text, beside.speaks) == (f"Other airfields fit less well: {listed}", "for")
    assert beside.airfield == "XHER"
    open_one = told(PAIR, candidates=two, features=both, named=False)["neighbours"]
    assert open_one.text == (
        "The track does not tell for certain which airfield it was, since how often aircraft land "
        f"at each is hardly known: {listed}"
    )
    assert (open_one.speaks, open_one.airfield) == ("neutral", None)
    assert (alone.at, told(DEPARTURE)["neighbours"].at) == (T, T + HOUR_S * SECOND)


def weights(*own: tuple[str, int]) -> str:
    line = told(PAIR, features={"XHER": own})["weights"]
    assert (line.at, line.speaks, line.airfield) == (T, "neutral", "XHER")
    begin = "The evidence that weighed most for XHER (×2 doubles the odds, ÷2 halves them): "
    assert line.text.startswith(begin)
    return line.text.removeprefix(begin)


def test_what_weighed_most_comes_first_and_little_is_left_out() -> None:
    assert weights() == "nothing."
    assert weights(("arrival.path", 0)) == "its height for that distance on the way in ×2."
    assert weights(("arrival.path", 3)) == "its height for that distance on the way in ×1.6."
    assert weights(("arrival.path", 4)) == "nothing."
    assert weights(("returns", 0), ("arrival.path", 2), ("spare", 0), ("departure.turn", 2)) == (
        "its height for that distance on the way in ×30, where it was heard next ×1.8; against: "
        "the way it turned on the way out ÷1000 or more, the time left for a stay ÷1.8."
    )
    assert weights(*(("returns", 0) for _ in range(6))).count("where it was") == 5


def rival(
    own: Sequence[tuple[str, int]], other: Sequence[tuple[str, int]], **priors: float
) -> Evidence:
    two = (*NAMED, Candidate("XOTH", 0.05))
    features = {"XHER": own, "XOTH": other}
    return told(PAIR, candidates=two, features=features, priors=priors)["rival"]


def test_a_rival_is_compared_by_what_it_differs_in() -> None:
    path, turn = ("arrival.path", 0), ("departure.turn", 1)
    worse = rival([path], [turn])
    assert (worse.at, worse.speaks, worse.airfield) == (T, "against", "XOTH")
    begin = "XOTH compared with XHER: "
    scale = "in total (×2 doubles the odds, ÷2 halves them)"
    assert worse.text == (
        f"{begin}÷4.1 {scale}; worse: its height for that distance on the way in ÷2, the way it "
        "turned on the way out ÷2."
    )
    better = rival([("arrival.path", 1)], [path])
    assert (better.speaks, better.text) == (
        "neutral",
        f"{begin}×4.1 {scale}; better: its height for that distance on the way in ×4.1.",
    )
    same = rival([path], [path])
    assert (same.text, same.speaks) == (f"{begin}×1 {scale}.", "neutral")
    rare = rival([path], [path], XHER=2.0, XOTH=0.5)
    assert rare.text.endswith("; worse: how often such aircraft land there ÷4.")
    assert rival([path], [path], XHER=2.0).text.endswith("land there ÷2.")
    assert rival([path], [path], XOTH=2.0).text.endswith("land there ×2.")
    assert rival([path], [path], XHER=1.0, XOTH=0.0).text == f"{begin}×1 {scale}."


def test_rivals_without_evidence_and_what_was_learned() -> None:
    two = (*NAMED, Candidate("XOTH", 0.05))
    assert "rival" not in told(PAIR, candidates=two)
    line = Evidence(T + SECOND, "usual", "Usually heard lower.", "for")
    assert told(PAIR, learned=[line])["usual"] is line
