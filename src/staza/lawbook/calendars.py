"""Calendars: from a file of `law/calendars` to the engine's calendar, and what the files must say of each other.

A code without a hyphen is that of a State; `BA-FBiH` is the part FBiH of the State BA. The calendar that counts is
that of the place of the action (Regulation 1182/71, art. 2(1)), so a part has a file of its own.
"""

from collections.abc import Iterator
from datetime import date

from staza.engine.days import Calendar
from staza.lawbook import schema
from staza.lawbook.bundle import Bundle
from staza.lawbook.errors import LawError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def calendar_of(reader: FileReader, entry: schema.CalendarFile) -> Calendar:
    """Make the calendar of one file; raises `LawError` for a year or day of which the file says two things or none."""
    years = set(range(entry.from_, entry.until + 1)) - set(entry.missing)
    undeclared = sorted(years - {int(day[:4]) for day in entry.days})
    if undeclared:
        raise reader.fault(
            f"The calendar of {entry.calendar} has no day for {undeclared[0]}.",
            ["days"],
            "A year without a day is either missing or wrong; it is never guessed.",
            "Add the days, or name the year under `missing:` and say why.",
        )
    for day, said in entry.may_be_free.items():
        _source(reader, entry, said, ["may_be_free", day, "source"])
        if day in entry.days:
            raise reader.fault(
                f"{day} is free and may be free.",
                ["may_be_free", day],
                "A day is either sure or not.",
                "Take it out under `days:` or here.",
            )
    for day, told in entry.days.items():
        if isinstance(told, schema.CalendarDay):
            _source(reader, entry, told, ["days", day, "source"])
        elif entry.defaults is None:
            raise reader.fault(
                f"{day} has no source.",
                ["days", day],
                "Every day says where it comes from and how it was checked, itself or by `defaults:`.",
                "Write `{name: …, source: …}`, or add `defaults:`.",
            )
    for key in ("days", "may_be_free"):
        outside = next((day for day in getattr(entry, key) if int(day[:4]) not in years), None)
        if outside:
            raise reader.fault(
                f"{outside} lies in a year that the calendar of {entry.calendar} does not cover.",
                [key, outside],
                "`from:` and `until:` leave the year out, or `missing:` names it.",
                "Take the day out, or cover the year.",
            )
    return Calendar(
        entry.code,
        _ordinals(entry.days),
        frozenset(years),
        frozenset(WEEKDAYS.index(day) for day in entry.weekend),
        _ordinals(entry.may_be_free),
    )


def _ordinals(days: dict[str, str | schema.CalendarDay] | dict[str, schema.UnsureDay]) -> frozenset[int]:
    return frozenset(date.fromisoformat(day).toordinal() for day in days)


def _source(reader: FileReader, entry: schema.CalendarFile, day: schema.CalendarDay, keys: list[str | int]) -> None:
    if day.source not in entry.sources:
        raise reader.fault(
            f"`{day.source}` is no source of this calendar.",
            keys,
            "A day names a key of `sources:`, which says what was read and how it was checked.",
            did_you_mean(day.source, entry.sources) or "Add it under `sources:`.",
        )


def calendar_faults(bundle: Bundle) -> Iterator[LawError]:
    """Give the States without a calendar, and the parts of a State whose calendar does not fit that of the State."""
    for state, (code, _) in bundle.states.items():
        if code not in bundle.calendars:
            yield LawError(
                f"{state} has no calendar.",
                "law/calendars",
                "Without its days off no due day in working days can be told.",
                f"Add {code.lower()}.yaml; years that are not known stand under `missing:`.",
            )
    for code, part in bundle.calendars.items():
        if "-" in code:
            yield from _part_faults(part, bundle.calendars.get(code.split("-")[0]))


def _part_faults(part: Calendar, whole: Calendar | None) -> Iterator[LawError]:
    where = f"calendars/{part.code.lower()}.yaml"
    if whole is None:
        yield LawError(
            f"{part.code} is part of a State that has no calendar.",
            where,
            "The code of a part begins with the code of its State and a hyphen.",
            "Correct the code, or add the calendar of the State.",
        )
        return
    differing = sorted(part.years ^ whole.years)
    if differing:
        yield LawError(
            f"{differing[0]} is covered by only one of the calendars {part.code} and {whole.code}.",
            where,
            "The calendars of a State and of its parts cover the same years, so that an answer does not depend on "
            "which of them is at hand.",
            "Add the days of the year, or name it under `missing:` in both files.",
        )
    working = sorted(whole.holidays - part.holidays)
    if working:
        yield LawError(
            f"{date.fromordinal(working[0])} is free in {whole.code} and not in its part {part.code}.",
            where,
            "What is free in the whole State is free in each part.",
            f"Add the day here, or move it under `may_be_free:` in {whole.code.lower()}.yaml.",
        )
