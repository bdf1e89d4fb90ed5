"""Which keys say what may leave, and whose clock proves it? The delay of exports, and stamps."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from collector.disclosure.delay import AFTER_DEPARTURE, AFTER_TOUCHDOWN, SHORTEST
from collector.settings.types import Line, Part
from collector.settings.web_schema import first_page

_HOUR = timedelta(hours=1)


class PublishingPart(Part):
    """When landings may leave the operator's own pages, in exports and published pages."""

    after_departure_hours: float = Field(
        default=AFTER_DEPARTURE / _HOUR,
        ge=SHORTEST / _HOUR,
        le=8760,
        description="hours after the departure of the aircraft; at least 6",
    )
    after_touchdown_hours: float = Field(
        default=AFTER_TOUCHDOWN / _HOUR,
        ge=SHORTEST / _HOUR,
        le=8760,
        description="hours after the touchdown, where no departure was heard by then; at least 6",
    )
    url: Annotated[Line, AfterValidator(first_page)] | None = Field(
        default=None,
        description="address at which others read the pages of `collector publish`, like "
        "https://example.org/landings/; its Atom feeds name it",
    )


class StampsPart(Part):
    """An authority that stamps the roots of `collector seal` (RFC 3161). It gets a hash alone."""

    url: Line = Field(description="address that requests for stamps are posted to")
    certificates: Line = Field(
        description="file with the root certificates (PEM) of the authority, by which its stamps "
        "are checked"
    )
