"""Do the mails still read as they were last read by a person?"""

from __future__ import annotations

import pytest

from tests.reports.golden import CASES, FOLDER


@pytest.mark.parametrize("name", CASES)
def test_reads_as_it_was_kept(name: str) -> None:
    kept = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert CASES[name]() == kept, "if this is better: python -m tests.reports.golden, and read it"


def test_nothing_is_kept_that_is_not_checked() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(CASES)


@pytest.mark.parametrize("name", sorted(set(CASES) - {"landings"}))
def test_fits_a_mail_of_78_columns(name: str) -> None:
    lines = [line for line in CASES[name]().splitlines() if not line.startswith("Subject:")]
    assert [line for line in lines if len(line) > 78 and "http" not in line] == []
