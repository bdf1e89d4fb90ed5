"""What did a spreadsheet do to a list when it saved it? Its bytes, separators and addresses are
read back where that is certain; where it is not, an error says what to change.

Spreadsheets write a byte order mark, UTF-16 or a code page, and semicolons or tabs where numbers
have a comma. They take `004567` for a number and save 4567, and `004e51` for 4E+51.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from collector.model.sighting import address

SEPARATORS = (",", ";", "\t")
_NAMES = "commas, semicolons or tabs"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAME_IN_WINDOWS = frozenset({0x85, 0xA0, *range(0x91, 0x98)})
"""Bytes with one meaning in all code pages windows-1250 to 1258: quotes, dashes, ellipsis, blank
(https://encoding.spec.whatwg.org/#legacy-single-byte-encodings)."""
_ADDRESS_DIGITS = 6
_LONGEST_NUMBER = 40
"""Characters. A longer cell is no number that a spreadsheet made of an address."""


@dataclass(frozen=True, slots=True)
class Mended:
    """An address that a spreadsheet had changed, and what was done, in words."""

    icao24: str
    note: str


def decoded(data: bytes, encoding: str | None = None) -> str:
    """Return the text of a file. `encoding` is the code page if somebody named it.

    Raises ValueError if the bytes do not say which code page they are in.

    >>> decoded("Müller".encode("utf-16")), decoded(b"\\xef\\xbb\\xbfa"), decoded(b"\\x93a\\x94")
    ('Müller', 'a', '“a”')
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except LookupError as error:
            raise ValueError(f"{encoding!r} is no encoding that is known here") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if all(byte < 0x80 or byte in _SAME_IN_WINDOWS for byte in data):
            return data.decode("cp1252")
        raise ValueError(
            f"is not UTF-8 ({error.reason} at byte {error.start}): save it as CSV UTF-8, or name "
            "its code page with --encoding, such as windows-1252 (western Europe), windows-1251 "
            "(Cyrillic), windows-1254 (Turkish) or windows-1255 (Hebrew)"
        ) from error


def rows_of(text: str, required: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file with the numbers of their last lines, without blank rows.

    The separator is the one by which the first row has all `required` columns; if none does, a
    comma. A first line `sep=;`, which Excel reads and removes, is passed over. Raises csv.Error.
    """
    skipped = 0
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):
        skipped, text = 1, rest
    separator = next((each for each in SEPARATORS if _has(text, each, required)), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num + skipped, cells


def head_of(cells: list[str]) -> list[str]:
    """Return the names of the columns, in lower case; empty for a column without a name."""
    return [cell.strip().lower() for cell in cells]


def separators_hint(head: list[str]) -> str:
    """Return what to say of a head in which one cell seems to hold them all."""
    return f"; separate them by {_NAMES}" if len(head) < len(SEPARATORS) else ""


def mended_address(text: str, known: Collection[str] = ()) -> str | Mended:
    """Return a cell as an address, or as a mended one. Raises ValueError.

    `known` are the addresses of watched aircraft. Where several addresses would have become what
    the cell holds, the only one of them that is known is meant; otherwise the cell is refused.

    >>> mended_address("0x004e51"), mended_address("45678")
    ('004e51', Mended(icao24='045678', note='45678 was read as the address 045678'))
    >>> mended_address("4E+5678").icao24, mended_address("4E+51", {"004e51"}).icao24
    ('4e5678', '004e51')
    """
    plain = text.strip().removeprefix("=").strip("\"'").lower().removeprefix("0x")
    number = _number(plain)
    if number is None or _is_whole(plain):
        return address(plain)
    origins = sorted(_origins(number))
    meant = origins if len(origins) == 1 else [each for each in origins if each in known]
    if len(meant) == 1:
        return Mended(meant[0], f"{text.strip()} was read as the address {meant[0]}")
    if not origins:
        return address(plain)
    raise ValueError(
        f"{text!r} is what a spreadsheet makes of several addresses ({', '.join(origins)}): write "
        "the address, with 0x before it"
    )


def _has(text: str, separator: str, required: Collection[str]) -> bool:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        head = next((row for row in reader if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return False
    return set(required) <= set(head_of(head))


def _is_whole(text: str) -> bool:
    return len(text) == _ADDRESS_DIGITS and text.isdecimal()


def _number(text: str) -> Decimal | None:
    """Return the whole number that a cell holds, such as 4E+51, 6.00865E+05 or 484100000,00."""
    if len(text) > _LONGEST_NUMBER or not text.isascii():
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or number <= 0:
        return None
    # An address such as 4841e5 is a number as well; no spreadsheet writes one so.
    if "e" in text and "e+" not in text:
        return None
    _, digits, exponent = number.as_tuple()
    fraction = digits[exponent:] if isinstance(exponent, int) and exponent < 0 else ()
    return None if any(fraction) else number


def _origins(number: Decimal) -> set[str]:
    """Return every address that a spreadsheet takes for this number."""
    _, digits, exponent = number.as_tuple()
    significand = "".join(map(str, digits)).lstrip("0")
    power = int(exponent) + len(significand) - len(significand.rstrip("0"))
    significand = significand.rstrip("0")
    found = set()
    if power + len(significand) <= _ADDRESS_DIGITS:
        found.add((significand + "0" * power).zfill(_ADDRESS_DIGITS))
    for mantissa_digits in range(1, _ADDRESS_DIGITS - 1):
        exponent_digits = _ADDRESS_DIGITS - 1 - mantissa_digits
        for zeros in range(mantissa_digits - len(significand) + 1):
            rest = str(power - zeros)
            if power >= zeros and len(rest) <= exponent_digits:
                mantissa = (significand + "0" * zeros).zfill(mantissa_digits)
                found.add(f"{mantissa}e{rest.zfill(exponent_digits)}")
    return found
