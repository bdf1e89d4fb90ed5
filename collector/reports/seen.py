"""How is a count worded where little could be seen? `coverage.sight` decides; these are its words.

Every table, page, mail, chart and file takes them from here, so that none says what another denies.
"""

from __future__ import annotations

from collections.abc import Iterable

from collector.coverage.sight import NOT_SEEN_ALERT, NOT_SEEN_BELOW, SeenCount, Sight
from collector.model import Place, Rule
from collector.reports.formatting import interval, landings, percent

COULD_NOT_SEE = "could not see"

_ALERT_WORDS = {
    "ok": "below the threshold",
    "firing": "threshold reached",
    "resolved": "threshold was reached",
}


def number(told: SeenCount) -> str:
    """Return the count for a cell of a table: never a bare zero where little could be seen.

    >>> blind, part = Sight(0.03, 0.03), Sight(0.45, 0.45)
    >>> [number(SeenCount(*found, blind)) for found in ((0, 0), (1, 1), (2, 3), (0, 2))]
    ['–', 'at least 1', 'at least 2, perhaps 3', 'perhaps 2']
    >>> [number(SeenCount(*found, part)) for found in ((0, 0), (1, 3))]
    ['0 in 45%', '1–3']
    """
    if told.blind:
        return "–"
    if told.in_part:
        return f"0 in {percent(told.sight.seen)}"
    if told.not_seen:
        return _at_least(told, str(told.least)) if told.least else _perhaps(told)
    return interval(told.least, told.most)


def landings_words(told: SeenCount) -> str:
    """Return the count in words.

    >>> blind, part, seen = Sight(0.03, 0.03), Sight(0.45, 0.45), Sight(0.9, 0.9)
    >>> landings_words(SeenCount(0, 0, blind)), landings_words(SeenCount(1, 1, blind))
    ('could not see', 'at least 1 landing')
    >>> landings_words(SeenCount(2, 3, blind)), landings_words(SeenCount(0, 1, blind))
    ('at least 2 landings, perhaps 3', 'perhaps 1 landing')
    >>> landings_words(SeenCount(0, 0, part)), landings_words(SeenCount(0, 0, seen))
    ('none seen in the 45% that we could see', 'no landing')
    """
    if told.blind:
        return COULD_NOT_SEE
    if told.in_part:
        return f"none seen in the {percent(told.sight.seen)} that we could see"
    if told.not_seen:
        if told.least:
            return _at_least(told, landings(told.least, told.least))
        return f"{_perhaps(told)} {_noun(told.most)}"
    return landings(told.least, told.most)


def closed(words: str) -> str:
    """Return a count in words as more of its sentence follows: with a comma where it holds one.

    >>> closed("at least 2 landings, perhaps 3"), closed("2 landings")
    ('at least 2 landings, perhaps 3,', '2 landings')
    """
    return f"{words}," if "," in words else words


def reason(sight: Sight) -> str:
    """Return why nothing can be said, as a clause.

    >>> reason(Sight(0.0, 0.0))
    'no aircraft was heard near it'
    >>> reason(Sight(0.03, 0.03))
    'aircraft near it were heard only 3% of the time, and less than 20% is too little to say "none"'
    >>> reason(Sight(0.95, 0.0))
    'aircraft near it were heard too rarely at heights at which a landing shows'
    """
    if sight.coverage <= 0:
        return "no aircraft was heard near it"
    if sight.only_high:
        return "aircraft near it were heard too rarely at heights at which a landing shows"
    return (
        f"aircraft near it were heard only {percent(sight.coverage)} of the time, and less than "
        f'{percent(NOT_SEEN_BELOW)} is too little to say "none"'
    )


def not_seen(told: SeenCount) -> str | None:
    """Return why `count` and `at_most` are null; None where they are not."""
    return reason(told.sight) if told.not_seen else None


def alert_words(state: str) -> str:
    """Return the state of a rule in words for people.

    >>> alert_words("ok"), alert_words("firing"), alert_words("resolved")
    ('below the threshold', 'threshold reached', 'threshold was reached')
    """
    return _ALERT_WORDS.get(state, state)


def ok_words(rules: Iterable[Rule], place: Place) -> str:
    """Return what `ok` means in a week at a place: nothing is below a threshold where none is."""
    own = [rule for rule in rules if rule.place == place]
    if any(rule.weekly for rule in own):
        return alert_words("ok")
    return "no weekly rule" if own else "no rule"


def week_alert_words(told: SeenCount, state: str, ok: str = _ALERT_WORDS["ok"]) -> str:
    """Return the state of a week's rules in words; `state` is that of the rules, and `ok` the words
    for it where no rule has fired (`ok_words`).

    >>> blind = Sight(0.03, 0.03)
    >>> [week_alert_words(SeenCount(*found, blind), "ok") for found in ((0, 0), (1, 1))]
    ['could not see', 'saw too little']
    >>> week_alert_words(SeenCount(1, 1, blind), "firing")
    'threshold reached'
    """
    if told.alert(state) != NOT_SEEN_ALERT:
        return ok if state == "ok" else alert_words(state)
    return COULD_NOT_SEE if told.is_zero else "saw too little"


def _at_least(told: SeenCount, words: str) -> str:
    """What was found has no upper bound here: an interval would name one."""
    return f"at least {words}" + (f", {_perhaps(told)}" if told.most > told.least else "")


def _perhaps(told: SeenCount) -> str:
    return f"perhaps {told.most}"


def _noun(number: int) -> str:
    return "landing" if number == 1 else "landings"
