"""Do the doors withstand what the deep search begins with, and is each of them searched?"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz.doors import DOORS, Kind, enter
from fuzz.seeds import seeds

from collector.errors import DecodeError

SEEDS = seeds()


def test_every_door_has_sound_inputs_to_begin_with() -> None:
    assert set(SEEDS) == set(DOORS)
    for name, bodies in SEEDS.items():
        assert bodies
        assert max(map(len, bodies)) <= DOORS[name].longest_bytes


@pytest.mark.parametrize("name", DOORS)
def test_it_withstands_them_whole_and_spoilt(name: str, tmp_path: Path) -> None:
    rng = random.Random(name)
    for seed in SEEDS[name]:
        enter(name, seed, tmp_path)
        for _ in range(20):
            spoilt = bytearray(seed)
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
            del spoilt[rng.randrange(len(spoilt)) :]
            enter(name, bytes(spoilt), tmp_path)


def test_only_errors_of_the_collector_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(body: bytes, _path: Path) -> None:
        raise DecodeError("ours") if body else KeyError("not ours")

    monkeypatch.setitem(DOORS, "made", Kind(fails))
    enter("made", b"x", tmp_path)
    with pytest.raises(KeyError, match="not ours"):
        enter("made", b"", tmp_path)
