"""Which changes does closed time allow?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collector.model import Landing
from collector.pipeline.closed_time import only_new
from tests.support.landings import CONFIRMED, PROBABLE

HOUR = timedelta(hours=1)
AT = PROBABLE.detection.touchdown_at
VISIT = (PROBABLE.detection.visit_from, PROBABLE.detection.visit_until)
WITHDRAWN = replace(PROBABLE, retracted=True)


@pytest.mark.parametrize(
    ("stored", "closed_after", "reports", "allowed"),
    [
        ([PROBABLE], None, VISIT, True),
        ([PROBABLE], -HOUR, None, True),  # open time
        ([PROBABLE], HOUR, VISIT, False),  # a stored landing, whatever is new
        ([CONFIRMED], HOUR, VISIT, True),  # a further one that new reports show
        ([CONFIRMED], HOUR, (VISIT[1] + HOUR, VISIT[1] + 2 * HOUR), False),
        ([CONFIRMED], HOUR, (VISIT[0] - 2 * HOUR, VISIT[0] - HOUR), False),
        ([CONFIRMED], HOUR, None, False),  # only the rules are new
        ([], -HOUR, None, True),
    ],
)
def test_only_what_is_new_is_added(
    stored: list[Landing], closed_after: timedelta | None, reports: object, *, allowed: bool
) -> None:
    changes = [(WITHDRAWN, None)]
    until = None if closed_after is None else AT + closed_after
    found = only_new(changes, stored, until, reports)  # type: ignore[arg-type]
    assert found == (changes if allowed else [])
