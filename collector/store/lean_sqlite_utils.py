"""How is sqlite-utils imported without NumPy and pandas?

It imports both where they are installed, to know their types. NumPy comes with matplotlib, which
only `collector.drawing`'s process needs: here it would cost every process 17 MB and a tenth of a
second.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_kept_out = [name for name in ("numpy", "pandas") if name not in _modules]

# An entry that is None makes the import fail (https://docs.python.org/3/reference/import.html#the-module-cache).
_modules.update(dict.fromkeys(_kept_out))
try:
    from sqlite_utils import Database, Migrations
finally:
    for _name in _kept_out:
        del _modules[_name]

__all__ = ["Database", "Migrations"]
