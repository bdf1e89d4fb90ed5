"""Where are the real recordings? Beside the checkout; tests that need them are skipped without.

They are never copied into the tree. A test that reads them carries `@needs_shared`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(
    os.environ.get("COLLECTOR_SHARED") or Path(__file__).resolve().parents[3] / "shared"
).resolve()
"""The folder of recordings: `$COLLECTOR_SHARED`, or `../shared` beside the checkout."""

needs_shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(),
    reason=f"no recordings at {SHARED}: set COLLECTOR_SHARED to the folder that holds data/",
)
