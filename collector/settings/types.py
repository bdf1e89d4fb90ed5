"""What forms may a value of the configuration have? Each form explains its own mistake."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, SecretStr

from collector.untrusted import visible


class Part(BaseModel):
    """A table of the configuration: unknown keys are refused, kinds are not guessed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
_FEED_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z0-9]{2,4}(-[0-9]{1,4})?")
_ADDRESS = re.compile(r"[0-9a-f]{6}")
_RANGE = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})")
_TYPE = re.compile(r"[A-Z0-9]{2,4}")
_CATEGORY = re.compile(r"[A-D][0-7]")
_GLOB = re.compile(r"[A-Z0-9*?\[\]-]{2,12}")
_MAIL_ADDRESS = re.compile(r"[^@\s<>\"(),:;]+@[^@\s<>\"(),:;]+")


def _one_line(text: str) -> str:
    if visible(text) != text:
        raise ValueError("must be one line without invisible characters")
    if not text.strip():
        raise ValueError("must not be empty; leave the whole line out instead")
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(
            "must be 1 to 40 letters, digits, spaces, dots, dashes or underscores, "
            "beginning with a letter or digit: it becomes part of names of mails and files"
        )
    return text


def _feed_name(text: str) -> str:
    if not _FEED_NAME.fullmatch(text):
        raise ValueError(
            "is no name for a feed: use lower-case letters, digits and single underscores, "
            "so that it can also stand in the name of an environment variable"
        )
    return text


def _code(text: str) -> str:
    code = text.upper()
    if not _CODE.fullmatch(code):
        raise ValueError("is no airfield code: write the ICAO code, four letters, like LLOV")
    return code


def _place(text: str) -> str:
    codes = [_code(part) for part in re.split(r"\s+or\s+", text.strip())]
    if len(set(codes)) < len(codes):
        raise ValueError("names an airfield twice")
    return " or ".join(codes)


def _address(text: str) -> str:
    address = text.lower()
    if not _ADDRESS.fullmatch(address):
        raise ValueError("is no ICAO 24-bit address: six hexadecimal digits (0-9, a-f) like 600865")
    return address


def _addresses(text: str) -> str:
    address = text.lower()
    pair = _RANGE.fullmatch(address)
    if pair and pair[1] <= pair[2]:
        return address
    if pair:
        raise ValueError("is an empty range: the lower address comes first")
    if not _ADDRESS.fullmatch(address):
        raise ValueError(
            "is no ICAO 24-bit address: six hexadecimal digits (0-9, a-f) like 600865, "
            "or a range like 600800-600bff"
        )
    return address


def _exclusion(text: str) -> str:
    lower = text.lower()
    if _ADDRESS.fullmatch(lower) or _RANGE.fullmatch(lower):
        return _addresses(text)
    return _glob(text)


def _glob(text: str) -> str:
    glob = text.upper()
    if not _GLOB.fullmatch(glob) or not glob.strip("*?"):
        raise ValueError(
            "must be 2 to 12 letters, digits or dashes, with * for anything and ? for one "
            "character, like AZQ* (a bare word is a beginning)"
        )
    return glob


def _type(text: str) -> str:
    code = text.upper()
    if not _TYPE.fullmatch(code):
        raise ValueError("is no ICAO type designator: two to four letters or digits like IL76")
    return code


def _category(text: str) -> str:
    code = text.upper()
    if not _CATEGORY.fullmatch(code):
        raise ValueError("is no emitter category: a letter A to D and a digit 0 to 7, like A5")
    return code


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            "is no time zone of the IANA database: write it like Asia/Jerusalem"
        ) from error
    return text


def _mail_address(text: str) -> str:
    if not _MAIL_ADDRESS.fullmatch(text) or parseaddr(text)[1] != text:
        raise ValueError("is no mail address: write it like desk@example.org, without a name")
    return text


def _traces(value: object) -> bool | str:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ValueError("is either true, false or the address of the folder that holds them")
    return _one_line(value)


Line = Annotated[str, AfterValidator(_one_line)]
"""Any text on one line."""
Name = Annotated[str, AfterValidator(_name)]
"""What people call a watch, a rule or a recipient."""
FeedName = Annotated[str, AfterValidator(_feed_name)]
Code = Annotated[str, AfterValidator(_code)]
"""An airfield's ICAO code, upper case."""
PlaceText = Annotated[str, AfterValidator(_place)]
"""`LLOV`, or several airfields counted together: `LLOV or LLER`."""
AddressText = Annotated[str, AfterValidator(_address)]
AddressOrRange = Annotated[str, AfterValidator(_addresses)]
Exclusion = Annotated[str, AfterValidator(_exclusion)]
"""An address, a range, or a registration or callsign glob."""
Glob = Annotated[str, AfterValidator(_glob)]
OperatorGlob = Annotated[str, AfterValidator(_one_line)]
TypeCode = Annotated[str, AfterValidator(_type)]
Category = Annotated[str, AfterValidator(_category)]
"""An ADS-B emitter category: A1 light … A5 heavy."""
Zone = Annotated[str, AfterValidator(_one_line), AfterValidator(_zone)]
MailAddress = Annotated[str, AfterValidator(_one_line), AfterValidator(_mail_address)]
Traces = Annotated[bool | str, PlainValidator(_traces)]
"""Whether, or in which folder, full tracks are kept."""
SecretText = SecretStr
"""A credential: refused in TOML, read from the environment or a credential file."""
Certainty = Literal["confirmed", "probable", "possible"]
