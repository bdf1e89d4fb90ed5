"""Which forms may a value of the configuration have? Each form has its own error message."""

from __future__ import annotations

import ipaddress
import re
from email.utils import parseaddr
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, SecretStr

from collector.mail.config import FULL_NAME
from collector.untrusted import visible


class Part(BaseModel):
    """A table of the configuration. Unknown keys and values of another type are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
_FEED_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z0-9]{2,4}(-[0-9]{1,4})?")
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
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
        raise ValueError("must not be empty; remove the whole line instead")
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError(
            "must be 1 to 40 letters, digits, spaces, dots, dashes or underscores, and begin with "
            "a letter or digit, because it becomes part of file names"
        )
    return text


def _feed_name(text: str) -> str:
    if not _FEED_NAME.fullmatch(text):
        raise ValueError(
            "is no name for a feed: use lower-case letters, digits and single underscores, "
            "because it becomes part of the names of environment variables"
        )
    return text


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise ValueError('must be a year and a month, like "2016-04"')
    return text


def _code(text: str) -> str:
    code = text.upper()
    if not _CODE.fullmatch(code):
        raise ValueError("is no airfield code: write the ICAO code, four letters like LLOV")
    return code


def _place(text: str) -> str:
    codes = [_code(part) for part in re.split(r"\s+or\s+", text.strip())]
    if len(set(codes)) < len(codes):
        raise ValueError("names an airfield twice")
    return " or ".join(codes)


def _address(text: str) -> str:
    address = text.lower()
    if not _ADDRESS.fullmatch(address):
        raise ValueError(
            "is no ICAO 24-bit address: write six hexadecimal digits (0-9, a-f) like 600865"
        )
    return address


def _addresses(text: str) -> str:
    address = text.lower()
    pair = _RANGE.fullmatch(address)
    if pair and pair[1] <= pair[2]:
        return address
    if pair:
        raise ValueError("is an empty range: the lower address must come first")
    if not _ADDRESS.fullmatch(address):
        raise ValueError(
            "is no ICAO 24-bit address: write six hexadecimal digits (0-9, a-f) like 600865, "
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
            "must be 2 to 12 letters, digits or dashes, with * for any characters and ? for one "
            "character, like AZQ*"
        )
    return glob


def _type(text: str) -> str:
    code = text.upper()
    if not _TYPE.fullmatch(code):
        raise ValueError(
            "is no ICAO type designator: write two to four letters or digits like IL76"
        )
    return code


def _category(text: str) -> str:
    code = text.upper()
    if not _CATEGORY.fullmatch(code):
        raise ValueError(
            "is no emitter category: write a letter A to D and a digit 0 to 7, like A5"
        )
    return code


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(
            "is no time zone of the IANA database: write a name like Asia/Jerusalem"
        ) from error
    return text


def _mail_address(text: str) -> str:
    if not _MAIL_ADDRESS.fullmatch(text) or parseaddr(text)[1] != text:
        raise ValueError(
            "is no mail address: write an address like desk@example.org, without a name"
        )
    return text


def _traces(value: object) -> bool | str:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ValueError("must be true, false or the address of the folder that holds the traces")
    return _one_line(value)


def _client_name(text: str) -> str:
    if FULL_NAME.fullmatch(text):
        return text
    if text.startswith("[") and text.endswith("]"):
        try:
            ipaddress.ip_address(text[1:-1].removeprefix("IPv6:"))
        except ValueError:
            pass
        else:
            return text
    raise ValueError(
        "is no full name of a machine: write a name with a dot like collector.example.org, or an "
        "address in brackets like [192.0.2.7]"
    )


Month = Annotated[str, AfterValidator(_month)]
Line = Annotated[str, AfterValidator(_one_line)]
"""Any text on one line."""
Name = Annotated[str, AfterValidator(_name)]
"""The name of a watch, a rule or a recipient."""
FeedName = Annotated[str, AfterValidator(_feed_name)]
Code = Annotated[str, AfterValidator(_code)]
"""The ICAO code of an airfield, in upper case."""
PlaceText = Annotated[str, AfterValidator(_place)]
"""An airfield like `LLOV`, or several counted together like `LLOV or LLER`."""
AddressText = Annotated[str, AfterValidator(_address)]
AddressOrRange = Annotated[str, AfterValidator(_addresses)]
Exclusion = Annotated[str, AfterValidator(_exclusion)]
"""An address, a range of addresses, or a pattern for registrations or callsigns."""
Glob = Annotated[str, AfterValidator(_glob)]
OperatorGlob = Annotated[str, AfterValidator(_one_line)]
TypeCode = Annotated[str, AfterValidator(_type)]
Category = Annotated[str, AfterValidator(_category)]
"""An ADS-B emitter category, from A1 (light) to A5 (heavy)."""
Zone = Annotated[str, AfterValidator(_one_line), AfterValidator(_zone)]
MailAddress = Annotated[str, AfterValidator(_one_line), AfterValidator(_mail_address)]
ClientName = Annotated[str, AfterValidator(_one_line), AfterValidator(_client_name)]
"""The name that a mail client gives itself, or its address in brackets (RFC 5321 §4.1.3)."""
Traces = Annotated[bool | str, PlainValidator(_traces)]
"""Whether a feed keeps full tracks, or the folder in which it keeps them."""
SecretText = SecretStr
"""A credential. It is refused in TOML and read from the environment or a credential file."""
GradeText = Literal["confirmed", "probable", "possible"]
