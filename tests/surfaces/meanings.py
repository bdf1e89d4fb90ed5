"""What do the words of a surface mean? A count and its sight, or the state of a rule."""

from __future__ import annotations

import re

from tests.surfaces.truth import Count


def count_of(words: str) -> Count:
    """Return what words about a count mean; the sight is empty where they do not tell it.

    >>> count_of("3–5 landings"), count_of("null / 0 / null")
    (Count(least=3, most=5, sight=''), Count(least=0, most=0, sight='not seen'))
    """
    if re.fullmatch(r"(\w+|-) / \w+ / \w+", words):
        return _count_of_json(*words.split(" / "))
    if bar := re.fullmatch(r"bar of (\d+)(?: and (\d+) hollow)?", words):
        return Count(int(bar[1]), int(bar[1]) + int(bar[2] or 0), "")
    words = words.removesuffix(" tracked").removesuffix(" was").removesuffix(" were")
    number = re.search(r"(\d+)(?:–(\d+))? ?(?:landing|$|,)", words)
    if "in the" in words or re.match(r"0 in \d+%", words):
        return Count(0, 0, "in part")
    if number is None:
        unseen = re.search(r"could not see|^–|no tracking", words)
        return Count(0, 0, "not seen" if unseen else "seen")
    least, most = int(number[1]), int(number[2] or number[1])
    return Count(least, most, "not seen" if words.startswith("at least") else "")


def _count_of_json(count: str, least: str, most: str) -> Count:
    if most == "null":
        return Count(int(least), int(least), "not seen")
    assert count == least
    return Count(int(least), int(most), "")


def alert_of(words: str) -> str:
    """Return the state that words mean: those of people and those of JSON."""
    meanings = {
        "below the threshold": "ok",
        "threshold reached": "firing",
        "could not see": "not-seen",
        "saw too little": "not-seen",
        "": "ok",
    }
    return meanings.get(words, words)
