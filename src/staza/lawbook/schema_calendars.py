"""The models of `law/calendars`: the days without work of a State, of a part of one, or of those that a rule names."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from staza.lawbook.schema import Day, Strict

CalendarChecked = Literal["verified-text", "verified-secondary", "not-cross-checked"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LEAP_YEAR = 2000


def _day_of_year(text: str) -> str:
    try:
        if len(text) != len("12-27"):
            raise ValueError
        date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        raise ValueError("a day that returns each year is written MM-DD and stands in a calendar") from None
    return text


DayOfYear = Annotated[
    str, AfterValidator(_day_of_year), WithJsonSchema({"type": "string", "pattern": r"^[0-9]{2}-[0-9]{2}$"})
]


class CalendarSource(Strict):
    """Where days of a calendar come from, and how they were checked: `sources` names it once, days name its key."""

    checked: CalendarChecked
    is_: str = Field(alias="is")


class CalendarDefaults(Strict):
    """What holds of a day that names no source of its own."""

    checked: CalendarChecked
    source: str


class CalendarDay(Strict):
    """A day that is free, with the key of its source."""

    name: str
    source: str


class UnsureDay(CalendarDay):
    """A day that may be free: forecast by the moon, not decided, leave of believers, free for some only."""

    why: Literal["forecast", "undecided", "believers", "not-for-all"]


class CalendarFile(Strict):
    """A file of `law/calendars`."""

    calendar: str
    code: str
    weekend: list[Weekday] | None = None  # of a State; that of a part is the same, as are the years unless it says so
    from_: int | None = Field(default=None, alias="from")
    until: int | None = None
    defaults: CalendarDefaults | None = None
    sources: dict[str, CalendarSource] = Field(default={})
    note: str = ""
    named_only: bool = False  # it counts where a rule names it, and is no part of a place
    days: dict[Day, str | CalendarDay] = Field(default={})
    every_year: dict[DayOfYear, str | CalendarDay] = Field(default={})  # in the years that the calendar covers
    may_be_free: dict[Day, UnsureDay] = Field(default={})
    missing: dict[int, str] = Field(default={})
