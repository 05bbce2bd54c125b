"""Calendars: from a file of `law/calendars` to the engine's calendar, and what the files must say of each other.

A code without a hyphen is that of a State; `BA-FBiH` is the part FBiH of the State BA. The calendar that counts is
that of the place of the action (Regulation 1182/71, art. 2(1)), so a part has a file of its own,
with what differs from the State. A calendar that is `named_only` is that of no place: a tribunal's own, beside the
calendar before the last hyphen of its code.
"""

from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from staza.engine.days import Calendar
from staza.lawbook.bundle import Bundle
from staza.lawbook.errors import LawError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader
from staza.lawbook.schema_calendars import CalendarDay, CalendarFile

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def made_calendars(read: list[tuple[FileReader, CalendarFile]]) -> dict[str, Calendar]:
    """Make the calendars of all files, States before parts, and tell each State what its parts do not share.

    A part has every free day of its State. What is free in some part only may be free where the State counts, and a
    year that a part lacks is not known there; what only rules name comes after that and tells nobody.
    Raises `LawError` for what a file says twice or not at all.
    """
    made: dict[str, Calendar] = {}
    files: dict[str, CalendarFile] = {}
    read = sorted(read, key=lambda one: one[1].code.count("-"))
    for reader, entry in read:
        reader.once(files, entry.code, ["code"])
        files[entry.code] = entry
        if entry.named_only and not _whole_of(entry.code):
            raise reader.fault(
                f"{entry.code} is named only and is the code of a State.",
                ["named_only"],
                "The calendar of a State counts wherever a rule names no other.",
                f"Take `named_only:` out, or give it a code below that of the State, such as {entry.code}-COURT.",
            )
    for reader, entry in (one for one in read if not one[1].named_only):
        made[entry.code] = _of_place(reader, entry, made, files)
    made = {
        code: _with_parts(one, [p for c, p in made.items() if c.startswith(f"{code}-")]) for code, one in made.items()
    }
    for reader, entry in (one for one in read if one[1].named_only):
        made[entry.code] = _beside(reader, entry, made, files)
    return made


def _of_place(
    reader: FileReader, entry: CalendarFile, made: dict[str, Calendar], files: dict[str, CalendarFile]
) -> Calendar:
    """Give the calendar of a State, or of a part of what is made."""
    whole = _whole_of(entry.code)
    if not whole:
        return calendar_of(reader, entry, years_of(reader, entry))
    if whole in made:
        return _part(reader, entry, made[whole], files)
    named = "which is named only" if whole in files else "which has no calendar"
    raise reader.fault(
        f"{entry.code} is part of {f'{whole}, {named}' if '-' in whole else 'a State that has no calendar'}.",
        ["code"],
        "The code of a part begins with the code of its State and a hyphen; a part of a part names that first.",
        f"Correct the code, or add the calendar of {whole if '-' in whole else 'the State'}.",
    )


def _beside(
    reader: FileReader, entry: CalendarFile, made: dict[str, Calendar], files: dict[str, CalendarFile]
) -> Calendar:
    """Give a calendar that only rules name: what it stands beside, with its doubts, and its own days."""
    whole = _whole_of(entry.code)
    if whole not in made:
        raise reader.fault(
            f"{entry.code} is named only, and {whole} has no calendar.",
            ["code"],
            "It has the days of the calendar whose code stands before its last hyphen.",
            f"Correct the code, or add the calendar of {whole}.",
        )
    own = _part(reader, entry, made[whole], files)
    theirs = frozenset(day for day in made[whole].unsure if date.fromordinal(day).year in own.years)
    return replace(own, unsure=own.unsure | (theirs - own.holidays))


def _whole_of(code: str) -> str:
    """Give the code of what a part is part of; empty for a State."""
    return code.rpartition("-")[0]


def years_of(reader: FileReader, entry: CalendarFile) -> set[int]:
    """Give the years that the file of a State covers."""
    for key in ("weekend", "from_", "until"):
        if getattr(entry, key) is None:
            raise reader.fault(
                f"The calendar of {entry.calendar} does not say `{key.rstrip('_')}`.",
                ["code"],
                "Only a part has it from its State.",
                "Write it, or give the part its code: that of the State, a hyphen and more.",
            )
    years = set(range(entry.from_ or 0, (entry.until or 0) + 1)) - set(entry.missing)
    undeclared = sorted(years - {int(day[:4]) for day in entry.days})
    if undeclared and not entry.every_year:
        raise reader.fault(
            f"The calendar of {entry.calendar} has no day for {undeclared[0]}.",
            ["days"],
            "A year without a day is either missing or wrong; it is never guessed.",
            "Add the days, or name the year under `missing:` and say why.",
        )
    return years


def _bounds(entry: CalendarFile | None, files: dict[str, CalendarFile]) -> tuple[int, int]:
    """Give the first and the last year of a file; one that says nothing has those of what it is part of."""
    if entry is None:
        return 0, 0
    first, last = _bounds(files.get(_whole_of(entry.code)), files)
    return entry.from_ or first, entry.until or last


def _part(reader: FileReader, entry: CalendarFile, whole: Calendar, files: dict[str, CalendarFile]) -> Calendar:
    """Give the calendar of a part: the days of its State and its own."""
    first, last = _bounds(entry, files)
    years = set(range(first, last + 1)) - set(entry.missing)
    if entry.from_ is None and entry.until is None:
        years &= whole.years
    own = calendar_of(reader, entry, years)
    if years - whole.years:
        raise reader.fault(
            f"{min(years - whole.years)} is covered by {entry.code} and not by {whole.code}.",
            ["until" if min(years - whole.years) > max(whole.years, default=0) else "from"],
            "A part has the free days of its State, and they are not known for this year.",
            "Add the year to the calendar of the State, or name it under `missing:`.",
        )
    if entry.weekend is not None and own.weekend != whole.weekend:
        raise reader.fault(
            f"{entry.code} has another weekend than {whole.code}.",
            ["weekend"],
            "One State has one weekend here.",
            "Leave `weekend:` out, or correct it.",
        )
    theirs = frozenset(day for day in whole.holidays if date.fromordinal(day).year in years)
    doubted = sorted(own.unsure & theirs)
    if doubted:
        day = date.fromordinal(doubted[0]).isoformat()
        raise reader.fault(
            f"{day} is free in {whole.code} and may be free in {entry.code}.",
            ["may_be_free", day],
            "What is free in the whole State is free in each part.",
            "Take the day out here, or move it from the calendar of the State to those of its parts.",
        )
    return replace(own, holidays=own.holidays | theirs, weekend=whole.weekend)


def _with_parts(state: Calendar, parts: list[Calendar]) -> Calendar:
    if not parts:
        return state
    years = state.years.intersection(*(part.years for part in parts))
    somewhere = frozenset[int]().union(*(part.holidays | part.unsure for part in parts))
    return replace(state, years=years, unsure=state.unsure | (somewhere - state.holidays))


def calendar_of(reader: FileReader, entry: CalendarFile, years: set[int]) -> Calendar:
    """Make the calendar of what one file itself says; raises `LawError` for a day that it says twice or not."""
    returning = _returning(entry, years)
    for day, said in entry.may_be_free.items():
        _source(reader, entry, said, ["may_be_free", day, "source"])
        if day in entry.days or day in returning:
            raise reader.fault(
                f"{day} is free and may be free.",
                ["may_be_free", day],
                "A day is either sure or not.",
                "Take it out here, or under `days:` or `every_year:`.",
            )
    named = [("days", day, told) for day, told in entry.days.items()]
    for key, day, told in (*named, *(("every_year", day, told) for day, told in entry.every_year.items())):
        if isinstance(told, CalendarDay):
            _source(reader, entry, told, [key, day, "source"])
        elif entry.defaults is None:
            raise reader.fault(
                f"{day} has no source.",
                [key, day],
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
    twice = next((day for day in returning if day in entry.days), None)
    if twice:
        raise reader.fault(
            f"{twice} is said twice.",
            ["every_year", returning[twice]],
            "It stands under `days:` and returns each year.",
            "Take it out under `days:`, or say each year there.",
        )
    return Calendar(
        entry.code,
        _ordinals(entry.days) | _ordinals(returning),
        frozenset(years),
        frozenset(WEEKDAYS.index(day) for day in entry.weekend or ()),
        _ordinals(entry.may_be_free),
    )


def _returning(entry: CalendarFile, years: set[int]) -> dict[str, str]:
    """Give the days that return, each with how the file says it; 29 February returns in leap years."""
    return {
        f"{year:04}-{day}": day for year in sorted(years) for day in entry.every_year if day != "02-29" or isleap(year)
    }


def _ordinals(days: Iterable[str]) -> frozenset[int]:
    return frozenset(date.fromisoformat(day).toordinal() for day in days)


def _source(reader: FileReader, entry: CalendarFile, day: CalendarDay, keys: list[str | int]) -> None:
    if day.source not in entry.sources:
        raise reader.fault(
            f"`{day.source}` is no source of this calendar.",
            keys,
            "A day names a key of `sources:`, which says what was read and how it was checked.",
            did_you_mean(day.source, entry.sources) or "Add it under `sources:`.",
        )


def calendar_faults(bundle: Bundle) -> Iterator[LawError]:
    """Give the States without a calendar."""
    for state, (code, _) in bundle.states.items():
        if code not in bundle.calendars:
            yield LawError(
                f"{state} has no calendar.",
                "law/calendars",
                "Without its days off no due day in working days can be told.",
                f"Add {code.lower()}.yaml; years that are not known stand under `missing:`.",
            )
