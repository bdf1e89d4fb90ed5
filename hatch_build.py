"""What does a build add to the package? The commit it was made from, for `collector --version`."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface[Any]):
    """Writes the commit into wheels and source archives, and never into the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file. An editable install gets none: there git is asked each time."""
        self._folder = TemporaryDirectory()
        if version == "editable":
            return
        package = Path(self.root, "collector")
        told = _version_module(package)
        if (package / told.WRITTEN).exists():
            return  # we are in an unpacked source archive, which carries the file
        commit = told.commit_of(package)
        if commit is not None:
            written = Path(self._folder.name, told.WRITTEN)
            written.write_text(json.dumps(commit._asdict()) + "\n")
            build_data["force_include"][str(written)] = f"collector/{told.WRITTEN}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder that held the file."""
        self._folder.cleanup()


def _version_module(package: Path) -> ModuleType:
    """Load `collector/cli/version.py` alone, as the package's requirements may be missing."""
    spec = importlib.util.spec_from_file_location("_version", package / "cli" / "version.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{package} holds no cli/version.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
