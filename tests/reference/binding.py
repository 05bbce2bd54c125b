"""Who is bound by which act on which day, and which day of a file decides that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reference import nights
from reference.nights import Nights
from reference.truth import MAYBE, NO, YES, Days, Truth, all_of, any_of, known
from staza.engine.types import CaseEvent, Law

Window = tuple[int | None, int | None]


@dataclass(frozen=True)
class When:
    """Days on which something was so: surely from `sure`, possibly from `possible`; or one day that lies in it."""

    possible: Days
    sure: Days | None = None
    one_day: bool = False


def on_day(law: Law, flags: Mapping[str, Any], act: str, day: int) -> Truth:
    """Say whether an act binds the State on a day. A row from memory only is not known."""
    instrument = law.instruments.get(act)
    if instrument is None:
        return MAYBE
    asserted = flags.get(instrument.asserted_by) if instrument.asserted_by else None
    if isinstance(asserted, bool):
        return known(asserted)
    rows = law.bindings.get(act, ())
    verified = [row for row in rows if row.bound is not None]
    own = NO if verified else MAYBE
    earlier = flags.get(instrument.earlier_flag) if instrument.earlier_flag else None
    for row in verified:
        start = row.start or 1
        if row.transposed and isinstance(earlier, int) and not isinstance(earlier, bool):
            start = min(start, max(earlier, row.in_force or earlier))
        until = row.until or instrument.applies_until
        if row.bound and day >= start and (until is None or day < until):
            own = YES
    if not instrument.only_with:
        return own
    beside = any_of(on_day(law, flags, other, day) for other in instrument.only_with)
    return all_of((beside, own))


def during(law: Law, flags: Mapping[str, Any], act: str, when: When, windows: Iterable[Window] = ()) -> Truth:
    """Say whether an act binds the State: on the one day, wherever it lies; or at some time of a stretch.

    `windows` are days on which a rule or an article applies: from the first, up to the second that is outside.
    """
    windows = list(windows)

    def on(day: int) -> Truth:
        inside = all((start is None or day >= start) and (end is None or day < end) for start, end in windows)
        return on_day(law, flags, act, day) if inside else NO

    answers = {on(day) for day in _telling_days(law, flags, when.possible, windows)}
    if len(answers) == 1:
        return answers.pop()
    sure = when.sure if when.sure and when.sure[0] <= when.sure[1] else None
    if not when.one_day and sure and any(on(day) == YES for day in _telling_days(law, flags, sure, windows)):
        return YES
    return MAYBE


def nights_bound(law: Law, flags: Mapping[str, Any], act: str, wanted: Nights) -> Nights:
    """Keep the nights of days on which an act binds; where no row is read, nothing is left out."""
    days = (nights.first_day(wanted.possible), nights.end_day(wanted.possible)) if wanted.possible else (1, 1)
    turns = sorted(_telling_days(law, flags, days, []))
    bound = 0
    for first, end in pairwise(turns):
        if on_day(law, flags, act, first) != NO:
            bound |= nights.stretch(first, end)
    return Nights(wanted.sure & bound, wanted.possible & bound)


def _telling_days(law: Law, flags: Mapping[str, Any], days: Days, windows: list[Window]) -> set[int]:
    """Give the ends of a stretch, and the days inside on which an answer can change."""
    turns = {one.applies_until for one in law.instruments.values()} | {day for window in windows for day in window}
    turns |= {day for rows in law.bindings.values() for row in rows for day in (row.start, row.until)}
    turns |= {value for value in flags.values() if isinstance(value, int) and not isinstance(value, bool)}
    inside = {day for day in turns if day is not None and days[0] <= day <= days[1]}
    return {*days, *inside, *(day - 1 for day in inside if day > days[0])}


def is_yardstick(law: Law, act: str) -> bool:
    """Say whether an act of the Union never binds the State, so that it only serves for comparison."""
    verified = [row for row in law.bindings.get(act, ()) if row.bound is not None]
    return act.startswith("eu.") and bool(verified) and not any(row.bound for row in verified)


def lodging_of(entries: list[CaseEvent], start: Days) -> Days:
    """Give the day that counts as the lodging of an application."""
    for kind in ("application_lodged", "application_registered", "asylum_application_made"):
        for entry in entries:
            if entry.kind == kind:
                return entry.days
    return start
