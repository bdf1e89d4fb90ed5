"""What does docs/operating.md tell an operator to type? Its blocks of commands, by heading."""

from __future__ import annotations

import re


def blocks(page: str, heading: str) -> list[str]:
    """Return the indented blocks below a heading of the second level, in order.

    Raises ValueError if the page has no such heading.
    """
    found = re.search(rf"(?ms)^## {re.escape(heading)}[^\n]*\n(.*?)(?=^## |\Z)", page)
    if found is None:
        raise ValueError(f"the page has no chapter {heading!r}")
    indented = re.findall(r"(?m)(?:^    .*\n(?:\n(?=    ))?)+", found[1] + "\n")
    return [re.sub(r"(?m)^    ", "", block).strip() for block in indented]
