"""Where are the files that come with the package? In it, or in the checkout's `config/`."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "shipped"
_CHECKOUT = Path(__file__).parent.parent / "config"


def shipped_file(*parts: str) -> Path:
    """The path of a shipped file, e.g. `shipped_file("fleets", "silkway.toml")`.

    An installed package carries the folder `config/` as `collector/shipped/`; a checkout, also one
    installed in editable form, has it beside the package.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return folder.joinpath(*parts)
