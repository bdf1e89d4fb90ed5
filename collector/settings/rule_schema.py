"""Which keys does a rule have?

Each key stands with its meaning, its type and its default, as in `watch_schema`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from collector.settings.types import Line, Month, Name, Part, PlaceText


class RulePart(Part):
    """A rule: when the count of a watch is unusual."""

    name: Name = Field(description="name of the rule in mails; unique within its watch")
    kind: Literal["threshold", "surge", "undetermined"] = Field(
        default="threshold",
        description='"threshold": the count reaches `count`. "surge": the count of 1, 2, 4, 8, 16 '
        "or 26 weeks is improbable compared with the weeks before, with a stated rate of false "
        "alarms; undetermined landings are weighed by their probability. "
        '"undetermined": the count may have reached `count`, if undetermined landings are added',
    )
    at: PlaceText = Field(description="one of the watch's `places`")
    count: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="number of landings at which the rule fires; for a surge, the least count "
        "that can be one",
    )
    days: int | None = Field(
        default=None,
        ge=1,
        le=366,
        description="number of days over which landings are counted; if left out, the ISO week, "
        "Monday to Sunday. A surge has windows of its own",
    )
    undetermined: bool = Field(
        default=False,
        description="whether the rule also fires if the count may have reached it, with "
        "undetermined landings added; that is the rule NAME-undetermined. It adds nothing to a "
        "surge",
    )
    mail_end: bool = Field(
        default=False,
        description="whether a mail also says that a week (or the days) over the threshold ended",
    )
    false_alarms_per_year: float = Field(
        default=0.5,
        ge=0.05,
        le=6,
        description="surge only: so many false alarms a year may come by themselves; the threshold "
        "is made for it, from the watch's own past",
    )
    usual_landings: int | None = Field(
        default=None,
        ge=1,
        le=100000,
        description="surge only: landings at this place that were published for a time. They are "
        "what is usual until enough of the watch's own past could be seen. Needs the next three "
        "keys",
    )
    usual_from: Month | None = Field(default=None, description="first month of that time")
    usual_to: Month | None = Field(default=None, description="last month of that time")
    usual_source: Line | None = Field(
        default=None, description="source of that number; mails say it"
    )

    @model_validator(mode="before")
    @classmethod
    def _no_keys_of_the_one_week_surge(cls, keys: object) -> object:
        """Until version 0.2 a surge looked at one week, and was compared by a probability."""
        if isinstance(keys, dict):
            old = [key for key in ("p_below", "min_covered_weeks") if key in keys]
            if keys.get("kind") == "surge" and "days" in keys:
                old.append("days")
            if old:
                raise ValueError(
                    f"remove `{'` and `'.join(old)}`. A surge now looks at 1, 2, 4, 8, 16 and 26 "
                    "weeks; write `false_alarms_per_year = 0.5` for how many false alarms a year "
                    "it may give"
                )
        return keys

    @model_validator(mode="after")
    def _stated_usual_whole(self) -> Self:
        stated = (self.usual_landings, self.usual_from, self.usual_to, self.usual_source)
        if any(each is not None for each in stated):
            if self.kind != "surge":
                raise ValueError("`usual_landings` and what belongs to it are for a surge only")
            if None in stated:
                raise ValueError(
                    "`usual_landings`, `usual_from`, `usual_to` and `usual_source` belong together"
                )
            if str(self.usual_from) > str(self.usual_to):
                raise ValueError("`usual_to` must not be before `usual_from`")
        return self
