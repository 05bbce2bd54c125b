"""From a day and a period to the last day in time, walked day by day.

The day of the event is not counted; a month without that day ends with its last day. `1182-71`: a period that is not
in hours and ends on a free day ends with the next working day (art. 3(4)), and a period of two days or more holds at
least two working days (art. 3(5)). In a year that the calendar does not cover any working day may be a holiday: the
end is then uncertain by `DOUBT` days. No other regime rolls; working days leave out free days in every regime. Of the
days that may be free or not, every choice is walked: a choice is the set of those that are free.
"""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from reference.truth import FIRST_DAY, LAST_DAY, Days
from staza.engine.types import Calendar

DOUBT = 14
Period = tuple[int, str]


def later(day: int, period: Period) -> int:
    """Add a period in calendar units; hours fill days, rounded down."""
    amount, unit = period
    if unit in ("months", "years"):
        return _months_later(day, amount * (12 if unit == "years" else 1))
    days = {"weeks": 7 * amount, "hours": amount // 24}.get(unit, amount)
    return max(FIRST_DAY, min(LAST_DAY, day + days))


def both_later(days: Days, period: Period) -> Days:
    return later(days[0], period), later(days[1], period)


def _months_later(day: int, months: int) -> int:
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for number in (start.day, 30, 29, 28):
        try:
            return date(year, month + 1, number).toordinal()
        except ValueError:
            continue
    return LAST_DAY  # no such year can be written


def in_days(period: Period) -> int:
    """Give a period as a number of days; of months, as many as they have from 3 September 1999.

    The specification does not say how months are compared with days; this is the engine's yardstick.
    """
    start = date(1999, 9, 3).toordinal()
    return later(start, period) - start


def last_day_in_time(event: Days, period: Period, regime: str, places: Calendar, counts_first: bool = False) -> Days:
    """Give the last day in time of something that starts on an uncertain day, which may itself be the first day."""

    def of_one_day(day: int) -> Days:
        return _of_one_day(day, period, regime, places, counts_first)

    if event[0] <= FIRST_DAY:
        return FIRST_DAY, of_one_day(event[1])[1] if event[1] < LAST_DAY else LAST_DAY
    if event[1] >= LAST_DAY:
        return of_one_day(event[0])[0], LAST_DAY
    rolls = regime in ("1182-71", "rolling", "maybe-rolling") or period[1] == "working_days"
    starts = range(event[0], event[1] + 1) if rolls else event
    ends = [of_one_day(start) for start in starts]
    return min(end[0] for end in ends), max(end[1] for end in ends)


def _of_one_day(start: int, period: Period, regime: str, places: Calendar, counts_first: bool) -> Days:
    ends = [_chosen(start, period, regime, places, free, counts_first) for free in _choices(start, period, places)]
    return min(end[0] for end in ends), max(end[1] for end in ends)


def _choices(start: int, period: Period, places: Calendar) -> Iterator[frozenset[int]]:
    """Give every set of free days among the unsure ones that a walk from here can meet.

    A walk of working days meets all days up to its end; another period meets those after the start, for the two
    working days that it holds, and those from its end on. Seven of them in a row are as many as are tried.
    """
    if period[1] == "working_days":
        reach = 2 * abs(period[0]) + 30
        met = range(start - reach, start + reach + 1)
        near = sorted((day for day in places.unsure if day in met), key=lambda day: abs(day - start))
    else:
        end = later(start, period)
        after = {*range(start + 1, start + 15), *range(end, end + 15)}
        near = sorted(day for day in places.unsure if day in after)
    for number in range(len(near[:7]) + 1):
        for free in combinations(near[:7], number):
            yield frozenset({*free, *(near[7:] if number == 7 else ())})


def _chosen(
    start: int, period: Period, regime: str, places: Calendar, free: frozenset[int], counts_first: bool
) -> Days:
    step = (1 if period[0] >= 0 else -1) if counts_first else 0
    begins, end = start - step, max(FIRST_DAY, later(start, period) - step)
    if period[1] == "working_days":
        return _working_days(begins, period[0], places, free)
    if regime not in ("1182-71", "rolling", "maybe-rolling") or period[1] == "hours" or end >= LAST_DAY:
        return end, end
    if period[0] < 0:  # counted back from a day: nothing moves it towards that day
        return end, end
    looked_at = [end]
    while _is_free(end, places, free):
        end += 1
        looked_at.append(end)
    if regime == "1182-71" and (period[1] != "days" or period[0] >= 2):  # in weeks, months and years always
        worked = [day for day in range(begins + 1, min(end, begins + 60) + 1) if not _is_free(day, places, free)]
        while len(worked) < 2:
            end += 1
            looked_at.append(end)
            if not _is_free(end, places, free):
                worked.append(end)
    if regime == "maybe-rolling":
        return looked_at[0], end
    certain = all(_is_covered(day, places) for day in looked_at)
    return end, end if certain else end + DOUBT


def _working_days(start: int, amount: int, places: Calendar, free: frozenset[int]) -> Days:
    day, step, certain = start, 1 if amount >= 0 else -1, True
    while amount:
        day += step
        if not FIRST_DAY < day < LAST_DAY:
            break
        certain = certain and _is_covered(day, places)
        if not _is_free(day, places, free):
            amount -= step
    if certain:
        return day, day
    return (day, day + DOUBT) if step > 0 else (day - DOUBT, day)


def _is_free(day: int, places: Calendar, free: frozenset[int]) -> bool:
    return date.fromordinal(day).weekday() in places.weekend or day in places.holidays or day in free


def _is_covered(day: int, places: Calendar) -> bool:
    return date.fromordinal(day).year in places.years
