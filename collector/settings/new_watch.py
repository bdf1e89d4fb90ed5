"""Which aircraft does somebody mean, and how is a watch for them written? For `watch new`.

Words become the keys of a `[[watch]]`: addresses, registrations, types and operators. Pure: the
files that `--list` names are read by the caller.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from collector.landings.heavy_types import HEAVY_TYPES
from collector.settings import fleets
from collector.settings.types import MailAddress
from collector.settings.watch_schema import WatchPart

_ADDRESS = re.compile(r"(?:0x)?([0-9a-f]{6})", re.IGNORECASE)
_RANGE = re.compile(r"[0-9a-f]{6}-[0-9a-f]{6}", re.IGNORECASE)
_TYPE = re.compile(r"(?=.*[0-9])[A-Z][A-Z0-9]{1,3}|[A-Z]{4}")
"""A type designator as ICAO Doc 8643 has them: nearly all have a digit."""
_REGISTRATION = re.compile(
    r"[A-Z0-9]{1,2}-[A-Z0-9]{1,5}|N[1-9][0-9]{0,4}[A-Z]{0,2}|(?:HL|JA|YV|UK)[0-9]{2,5}[A-Z]{0,2}"
)
"""A nationality mark, a dash and more (ICAO Annex 7); some States write no dash."""
US_CIVIL = (0xA00001, 0xADF7C7)
"""Addresses that belong to registrations of the United States, N1 to N99999. The programme "Privacy
ICAO Address" gives out temporary addresses of that State that belong to no registration
(https://www.transportation.gov/individuals/privacy/privacy-icao-address-program), and no public
list says which."""
_OPERATOR_NEAR = 0.75


@dataclass(frozen=True, slots=True)
class Wanted:
    """The aircraft of a watch, by the keys that name them."""

    icao24: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether any aircraft is named."""
        return bool(self.icao24 or self.registrations or self.types or self.operators)

    def joined(self, other: Wanted) -> Wanted:
        """Return what either names, each once."""
        return Wanted(
            *(
                tuple(dict.fromkeys((*getattr(self, key), *getattr(other, key))))
                for key in ("icao24", "registrations", "types", "operators")
            )
        )


def understood(text: str) -> Wanted:
    """Return the aircraft that words mean, between commas: what is nothing else is an operator.

    >>> understood("0x600865, 4k-az101, il76, Silk Way Airlines")
    Wanted(icao24=('600865',), registrations=('4K-AZ101',), types=('IL76',), \
operators=('Silk Way Airlines',))
    """
    found = Wanted()
    for word in (each.strip() for each in text.split(",")):
        upper = word.upper()
        if match := _ADDRESS.fullmatch(word):
            found = found.joined(Wanted(icao24=(match[1].lower(),)))
        elif _RANGE.fullmatch(word):
            found = found.joined(Wanted(icao24=(word.lower(),)))
        elif _REGISTRATION.fullmatch(upper):
            found = found.joined(Wanted(registrations=(upper,)))
        elif _TYPE.fullmatch(upper) and " " not in word:
            found = found.joined(Wanted(types=(upper,)))
        elif word:
            found = found.joined(Wanted(operators=(word,)))
    return found


def listed(text: str) -> Wanted:
    """Return the aircraft of a list: of each line its address, or else its registration.

    Cells are separated by commas, semicolons, tabs or blanks; a line with neither is passed over,
    as headings and comments are.

    >>> listed("ICAO;Registration\\n600865;4K-AZ101\\n# others\\n4K-78030\\n")
    Wanted(icao24=('600865',), registrations=('4K-78030',), types=(), operators=())
    """
    found = Wanted()
    for line in text.removeprefix("\ufeff").splitlines():
        cells = [cell for row in csv.reader([line]) for cell in row]
        words = [word for cell in cells for word in re.split(r"[;\s]+", cell) if word]
        if not words or words[0].startswith("#"):
            continue
        addresses = [match[1].lower() for word in words if (match := _ADDRESS.fullmatch(word))]
        marks = [word.upper() for word in words if _REGISTRATION.fullmatch(word.upper())]
        if addresses:
            found = found.joined(Wanted(icao24=(addresses[0],)))
        elif marks:
            found = found.joined(Wanted(registrations=(marks[0],)))
    return found


def private_addresses(wanted: Wanted) -> list[str]:
    """Return the addresses and ranges that may hold one of the privacy programme (`US_CIVIL`).

    >>> private_addresses(Wanted(icao24=("600865", "a4f6d7", "ae01c5", "600000-a00001")))
    ['a4f6d7', '600000-a00001']
    """
    first, last = US_CIVIL
    return [
        each for each in wanted.icao24 if int(each[:6], 16) <= last and int(each[-6:], 16) >= first
    ]


def unusable(key: str, value: object) -> list[str]:
    """Return what the loader would say against the value of a key of `[[watch]]`.

    >>> unusable("types", ["IL-76-MD"])
    ["'IL-76-MD' is no ICAO type designator: write two to four letters or digits like IL76"]
    """
    try:
        WatchPart.model_validate({"name": "new", "places": ["LLOV"], key: value})
    except ValidationError as error:
        return _words(error)
    return []


def _words(invalid: ValidationError) -> list[str]:
    return [
        f"{each['input']!r} {each['msg'].removeprefix('Value error, ')}"
        for each in invalid.errors(include_url=False)
    ]


def unusable_address(text: str) -> str | None:
    """Return what is wrong with a mail address, if anything.

    The loader also takes the name of a machine without a dot, to which a mail hardly ever is
    delivered: here it is taken for a slip, except for this machine's own.

    >>> unusable_address("desk@example"), unusable_address("operator@localhost")
    ("'desk@example' is no mail address that can be reached: its domain has no dot", None)
    """
    try:
        TypeAdapter(MailAddress).validate_python(text)
    except ValidationError as error:
        return _words(error)[0]
    domain = text.rpartition("@")[2]
    if domain == "localhost" or "." in domain.strip("."):
        return None
    return f"{text!r} is no mail address that can be reached: its domain has no dot"


def shipped_types() -> set[str]:
    """Return the type designators of the shipped fleets, and of aircraft that need long runways."""
    names = [path.stem for path in fleets.folders(None)[-1].glob("*.toml")]
    rows = [row for name in names for row in fleets.read(name, None, "fleets").aircraft]
    return {*HEAVY_TYPES, *(row.type_code for row in rows if row.type_code)}


def unnamed(wanted: Wanted, known: Iterable[str]) -> list[str]:
    """Return the registrations and addresses that belong to no operator that is named.

    `known` are those of fleet files, whose rows name an operator.
    """
    listed_ones = {each.upper() for each in known}
    if wanted.operators:
        return []
    return [
        each for each in (*wanted.registrations, *wanted.icao24) if each.upper() not in listed_ones
    ]


def similar(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names that are nearly, and not exactly, like a name.

    >>> similar("Silkway Airlines", ["Silk Way Airlines", "Maximus Air"])
    ['Silk Way Airlines']
    """
    names = {each.casefold(): each for each in known}
    if name.casefold() in names:
        return []
    near = difflib.get_close_matches(name.casefold(), names, most, _OPERATOR_NEAR)
    return [names[each] for each in near]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWatch:
    """A watch that is to be written."""

    title: str
    wanted: Wanted
    places: tuple[str, ...]
    zone: str
    count: int
    """Landings in a week from which on the week is unusual."""
    recipients: tuple[str, ...] | None = None
    """None: every recipient."""
    new_recipients: tuple[tuple[str, str], ...] = ()
    """Name and mail address of each recipient that is to be added."""

    @property
    def name(self) -> str:
        """The title as a name for commands, in 40 letters at most."""
        words = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:40].strip("-")
        return words or "watch"

    def toml(self) -> str:
        """Return the tables to be added to a configuration, which begin with an empty line."""
        lines = []
        for name, address in self.new_recipients:
            lines += ["", "[[recipient]]", f"name = {_text(name)}", f"address = {_text(address)}"]
        lines += ["", "[[watch]]", f"name = {_text(self.name)}", f"title = {_text(self.title)}"]
        lines.append(f"places = {_list(self.places)}")
        for key in ("icao24", "registrations", "operators", "types"):
            if values := getattr(self.wanted, key):
                lines.append(f"{key} = {_list(values)}")
        lines.append(f"zone = {_text(self.zone)}")
        if self.recipients is not None:
            lines.append(f"recipients = {_list(self.recipients)}")
        for number, place in enumerate(self.places, 1):
            rule = "weekly" if number == 1 else f"weekly-{number}"
            lines += ["", "[[watch.rule]]", f"name = {_text(rule)}", f"at = {_text(place)}"]
            lines += [f"count = {self.count}", "undetermined = true"]
        return "\n".join(lines) + "\n"


def _list(values: Sequence[str]) -> str:
    """Return a list of strings; a long one has one on each line."""
    one = ", ".join(_text(each) for each in values)
    if len(one) <= 80:
        return f"[{one}]"
    return "[\n" + "".join(f"    {_text(each)},\n" for each in values) + "]"


def _text(text: str) -> str:
    """Return text as a string of TOML: JSON escapes in a way that TOML reads (toml.io, v1.0.0)."""
    return json.dumps(text, ensure_ascii=False)
