"""Where are the files that come with the package? In `collector/shipped/`, or else in `config/`."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "shipped"
_CHECKOUT = Path(__file__).parent.parent / "config"


def shipped_file(*parts: str) -> Path:
    """Return the path of a shipped file: `shipped_file("fleets", "silkway.toml")`.

    An installed package holds the folder `config/` as `collector/shipped/`. In a checkout, also one
    that is installed in editable form, `config/` lies beside the package.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return folder.joinpath(*parts)
