"""Fixtures for the tests of landings that no feed received."""

from __future__ import annotations

import pytest

from collector.landings import unheard_landings
from collector.landings.evidence.features import TABLES


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field that is possible fits perfectly and equally well."""
    plain = {name: (0.0,) * size for name, size in TABLES.items()}
    monkeypatch.setattr(unheard_landings, "WEIGHTS", plain | {"ends": (9.0,) * TABLES["ends"]})
