"""How does a table reach a spreadsheet unchanged? As CSV in which every cell stays what it is.

Excel and LibreOffice compute cells that begin like a formula, and turn texts like `004e51`,
`05-5139` or `MAR01` into numbers and dates. So addresses are written `0x004e51`, and any other
text that could be computed or converted begins with an apostrophe. The file begins with a BOM,
without which Excel takes UTF-8 for a code page, and its lines end with CRLF (RFC 4180).
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from collector.reports.exports.table import Column, Export
from collector.untrusted import visible

BOM = "\ufeff"
LINE_END = "\r\n"
ADDRESS_PREFIX = "0x"
MARK = "'"
"""Stands before a text that a spreadsheet would compute or convert."""

_FORMULA = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20\u2212]")
"""What begins a formula in some spreadsheet, also in its full-width form
(https://owasp.org/www-community/attacks/CSV_Injection)."""
_NUMBER = re.compile(r"[\d.,:/\-+\s%$€£eE()\u00a0]*\d[\d.,:/\-+\s%$€£eE()\u00a0]*([aApP][mM]?)?")
"""Digits with signs that numbers, dates, times, shares and prices have, and what may follow."""
_MONTHS = (
    "jan|feb|f[eé]v|mar|m[aä]r|mrz|apr|avr|abr|may|mai|maj|mag|jun|juin|giu|jul|juil|lug|aug|ago|"
    "ao[uû]|sep|set|oct|okt|ott|out|nov|dec|d[eé]c|dez|dic|ene|gen"
)
_DATE = re.compile(
    rf"(\d{{1,4}}[\s./-]*)?({_MONTHS})[^\W\d]*[\s./,-]*\d{{0,4}}[\s./,-]*\d{{0,4}}", re.IGNORECASE
)
_WORDS = frozenset({"true", "false", "wahr", "falsch", "vrai", "faux"})

_OURS = frozenset({"key", "date", "datetime", "instant", "local"})
"""Kinds whose cells we write: times, which a spreadsheet may take for what they are, and ids, in
which no spreadsheet sees anything else."""


def inert(text: str) -> str:
    """Return a text as a cell that no spreadsheet computes or converts.

    >>> inert("AZQ4521"), inert("=HYPERLINK(1)"), inert("05-5139"), inert("MAR01")
    ('AZQ4521', "'=HYPERLINK(1)", "'05-5139", "'MAR01")
    """
    shown = visible(text)
    harmful = (
        _FORMULA.match(shown)
        or shown.startswith(MARK)
        or _NUMBER.fullmatch(shown)
        or (_DATE.fullmatch(shown) and any(char.isdigit() for char in shown))
        or shown.casefold() in _WORDS
    )
    return MARK + shown if harmful else shown


def csv_text(export: Export, *, decimal_comma: bool = False) -> str:
    """Return the table as CSV, beginning with a BOM.

    With `decimal_comma`, cells are separated by semicolons and numbers have a comma, as
    spreadsheets expect in countries that write 1,5.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if decimal_comma else ",", lineterminator=LINE_END)
    writer.writerow(export.table.names)
    for row in export.rows:
        writer.writerow(
            _cell(column, row[column.name], decimal_comma) for column in export.table.columns
        )
    return BOM + file.getvalue()


def _cell(column: Column, value: Any, decimal_comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value).replace(".", ",") if decimal_comma else str(value)
    if column.kind == "address":
        return ADDRESS_PREFIX + visible(value)
    return str(value) if column.kind in _OURS else inert(str(value))
