"""Is an operator's address found in a file that is no valid TOML, wherever its mistake is?"""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from collector.settings.salvaging import salvaged

LINES = """\
operators = [
    "desk",  # in turns

    "night desk",
]
[[recipient]]
name = "desk"
address = "desk@example.org"
[mail]
host = "mail.example.org"
[[watch]]
name = "a"
[[watch.rule]]
name = "weekly"
[[watch]]
name = "b"
[[watch.rule]]
name = "daily"
""".splitlines()
TABLES = (5, 8, 10, 12, 14, 16, len(LINES))
"""Where tables begin; nothing but a table's own lines may stand before them."""
BROKEN = st.sampled_from(["port = ", "x", "= 1", 'note = "', "list = [", "a = {", "\ufffd\x00"])


@given(st.sampled_from(range(5, len(LINES) + 1)), BROKEN, st.sampled_from(["\n", "\r\n"]))
def test_a_broken_line_costs_at_most_itself(place: int, broken: str, end: str) -> None:
    lines = [*LINES[:place], broken, *LINES[place:]]
    assert salvaged(end.join(lines)) == tomllib.loads("\n".join(LINES))


@given(st.sampled_from(TABLES), st.sampled_from(["[visitors", "[[watch]", "[", "[mail]x"]))
def test_keys_of_a_broken_table_get_into_no_other(place: int, header: str) -> None:
    lines = [*LINES[:place], header, 'address = "another@example.org"', *LINES[place:]]
    assert salvaged("\n".join(lines)) == tomllib.loads("\n".join(LINES))


@given(st.text("[]{}=\"'#\\,.ab1\n", max_size=80))
def test_no_text_is_too_broken(text: str) -> None:
    assert isinstance(salvaged(text), dict)
