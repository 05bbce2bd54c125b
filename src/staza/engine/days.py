"""Legal time: from a day and a period to the last day that is in time.

A *regime* says how an act counts. In every regime here the day of the event is not counted, a period in weeks,
months or years ends with the end of the day of the same name or number, and a month without that day ends with its
last day (Regulation 1182/71, arts 3(1), 3(2)(c); Regulation 604/2013, art. 42(a)-(b)).

- `1182-71`: working days leave out public holidays, Saturdays and Sundays (art. 2(2)); a period that is not in hours
  and ends on such a day ends with the next working day (art. 3(4)); a period of two days or more holds at least two
  working days (art. 3(5)).
- `rolling`: a period that ends on a holiday or on a free weekday ends with the next working day, however short it is;
  the usual rule of national acts on procedure.
- `dublin`: Saturdays, Sundays and holidays are counted and nothing rolls (Regulation 604/2013, art. 42(c);
  Regulation 343/2003, art. 25(1)).
- `liberty`: nothing rolls, because a limit on liberty never moves to a later day.
- `maybe-rolling`: whether an end on a free day moves to the next working day was not read: it lies between the two. A
  year that is not covered adds no second doubt: its weekends are free.
- `plain`: date arithmetic without rolling, for acts whose regime does not roll and for benchmarks.
"""

import calendar as _months
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, TypeGuard

from staza.engine.logic import EARLIEST, LATEST, Days, around

Period: TypeAlias = tuple[int, str]  # amount and unit

UNITS = ("hours", "days", "working_days", "weeks", "months", "years")
ONE = {unit.removesuffix("s"): unit for unit in UNITS}  # as it is written after 1
ANY_DAY = 730_000  # from which a period is measured where nothing says when it starts
REGIMES = ("1182-71", "rolling", "maybe-rolling", "dublin", "liberty", "plain")
ROLLING = frozenset({"1182-71", "rolling", "maybe-rolling"})


@dataclass(frozen=True, slots=True)
class Calendar:
    """The non-working days of a place; a year that is not covered makes working days uncertain.

    `holidays` are ordinals; `years` the years that are covered; `weekend` the numbers of the free weekdays, Monday 0.
    `unsure` are days that may be free or not: forecast by the moon, not decided yet, leave of believers.
    """

    code: str = ""
    holidays: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()
    weekend: frozenset[int] = field(default=frozenset({5, 6}))
    unsure: frozenset[int] = frozenset()

    def covers(self, day: int) -> bool:
        """Say whether the holidays of the day's year are known."""
        return date.fromordinal(day).year in self.years

    def is_free(self, day: int, also_unsure: bool = False) -> bool:
        """Say whether the day is a holiday of this calendar or falls on its weekend; or whether it may be."""
        return (day - 1) % 7 in self.weekend or day in self.holidays or (also_unsure and day in self.unsure)


@dataclass(frozen=True, slots=True)
class ByPlace:
    """The calendar of the place of the action, by what a field or flag of the log records: code -> calendar.

    What is not recorded, or no code of these, leaves each of them possible.
    """

    name: str
    calendars: tuple[tuple[str, Calendar], ...]


def is_known(day: int | None) -> TypeGuard[int]:
    """Say whether a day is known: none, and the ends of time, stand for a day that is not."""
    return day is not None and EARLIEST < day < LATEST


def clamp(day: int) -> int:
    """Keep a day inside what a date can say."""
    return min(max(day, EARLIEST), LATEST)


def add_months(day: int, months: int) -> int:
    """Give the day of the same number so many months later, or the last day of that month."""
    start = date.fromordinal(day)
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return EARLIEST if year < 1 else LATEST
    return date(year, month + 1, min(start.day, _months.monthrange(year, month + 1)[1])).toordinal()


def add_days(day: int, period: Period) -> int:
    """Add a period in calendar units; hours count as the days that they fill, rounded down."""
    amount, unit = period
    if unit == "months":
        return add_months(day, amount)
    if unit == "years":
        return add_months(day, 12 * amount)
    if unit == "weeks":
        return clamp(day + 7 * amount)
    return clamp(day + (amount // 24 if unit == "hours" else amount))


def due_day(day: int, period: Period, regime: str, places: Calendar, *, counted: bool = False) -> Days:
    """Give the last day in time as an interval; the day of the event is not counted, unless it is `counted`.

    The interval is one day where the calendar covers the years it needs and is sure of the days it meets. Where a
    year is not covered, every working day of it may be a holiday and the later end allows for it. Of days that are
    unsure either none or all are free: what is free for more days ends no earlier (backwards: no later), so every
    other choice lies between.
    """
    end = _due_day(day, period, regime, places, also_unsure=False, counted=counted)
    if not places.unsure:
        return end
    other = _due_day(day, period, regime, places, also_unsure=True, counted=counted)
    return around((end, other))


def _due_day(day: int, period: Period, regime: str, places: Calendar, also_unsure: bool, counted: bool) -> Days:
    """A day that is counted is the first of the period: it began the day before (backwards: the day after)."""
    back = 0 if not counted else 1 if period[0] >= 0 else -1
    if period[1] == "working_days":
        return _working_days(clamp(day - back), period[0], places, also_unsure)
    end = clamp(add_days(day, period) - back)
    if regime not in ROLLING or period[1] == "hours" or period[0] < 0:
        return end, end  # art. 3(4) of Regulation 1182/71 moves no end that is counted back from a day
    rolled = _rolled(clamp(day - back), end, period, regime, places, also_unsure)
    return (end, rolled[0]) if regime == "maybe-rolling" else rolled


def due_days(days: Days, period: Period, regime: str, places: Calendar, *, counted: bool = False) -> Days:
    """Give the last day in time for an event that lies somewhere in `days`."""
    first = due_day(days[0], period, regime, places, counted=counted) if days[0] > EARLIEST else (EARLIEST, EARLIEST)
    last = due_day(days[1], period, regime, places, counted=counted) if days[1] < LATEST else (LATEST, LATEST)
    return first[0], max(first[1], last[1])


SLACK = 14  # no run of uncovered days is assumed to hold more holidays than this


def _working_days(day: int, amount: int, places: Calendar, also_unsure: bool) -> Days:
    """Count working days forwards, or backwards for a negative amount."""
    step = 1 if amount >= 0 else -1
    current, left, sure = day, abs(amount), True
    while left and EARLIEST < current < LATEST:
        current += step
        sure = sure and places.covers(current)
        left -= not places.is_free(current, also_unsure)
    if sure:
        return current, current
    other = clamp(current + step * SLACK)
    return min(current, other), max(current, other)


def _rolled(day: int, end: int, period: Period, regime: str, places: Calendar, also_unsure: bool) -> Days:
    """Move an end on a free day to the next working day; by 1182-71 keep two working days in two days or more."""
    rolled, sure = end, places.covers(end)
    while places.is_free(rolled, also_unsure) and rolled < LATEST:
        rolled += 1
        sure = sure and places.covers(rolled)
    if regime == "1182-71" and period[0] * {"days": 1, "weeks": 7}.get(period[1], 0) >= 2:
        rolled = max(rolled, _working_days(day, 2, places, also_unsure)[0])
        sure = sure and places.covers(rolled)
    return (rolled, rolled) if sure else (rolled, clamp(rolled + SLACK))
