"""Does LibreOffice open an export as it should?"""

from __future__ import annotations

import subprocess
from pathlib import Path

from collector.reports.exports.spreadsheet import csv_text
from tests.reports.exports.values import exports


def test_libreoffice_keeps_every_cell(tmp_path: Path) -> None:
    (tmp_path / "landings.csv").write_text(csv_text(exports("05-5139")[0]), encoding="utf-8")
    done = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    asked = [*done, "--convert-to", "fods", "landings.csv"]
    subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    sheet = (tmp_path / "landings.fods").read_text()
    assert "table:formula" not in sheet
    assert "<text:p>0x600865</text:p>" in sheet
    assert "<text:p>&apos;05-5139</text:p>" in sheet
