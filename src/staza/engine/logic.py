"""Three values: `True`, `False` and `None` for unknown (strong Kleene logic).

Sound and not complete: `x or not x` is unknown where x is. Days are ordinals (`date.toordinal`) and always
intervals `(first, last)`, both ends included; a comparison of intervals is certain only when every choice of days
inside them gives the same answer.
"""

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None
Days: TypeAlias = tuple[int, int]

EARLIEST = 1  # 0001-01-01: no earlier day can be written
LATEST = 3_652_059  # 9999-12-31
ANY_DAY: Days = (EARLIEST, LATEST)


def negation(value: Truth) -> Truth:
    """Give the opposite; the opposite of unknown is unknown."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """Give False if any is False, else unknown if any is unknown, else True; stops at the first False."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def disjunction(values: Iterable[Truth]) -> Truth:
    """Give True if any is True, else unknown if any is unknown, else False; stops at the first True."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def before(a: Days, b: Days) -> Truth:
    """Say whether a day in `a` lies before a day in `b`, strictly."""
    if a[1] < b[0]:
        return True
    return False if a[0] >= b[1] else None


def not_after(a: Days, b: Days) -> Truth:
    """Say whether a day in `a` lies before a day in `b` or is the same day."""
    if a[1] <= b[0]:
        return True
    return False if a[0] > b[1] else None


def same(a: Days, b: Days) -> Truth:
    """Say whether both are the same day."""
    if a[0] == a[1] == b[0] == b[1]:
        return True
    return False if a[1] < b[0] or b[1] < a[0] else None


def around(days: Iterable[Days]) -> Days:
    """Give the interval from the first to the last day of several; raises `ValueError` where there is none."""
    listed = list(days)
    return min(d[0] for d in listed), max(d[1] for d in listed)


def earliest(days: Iterable[Days]) -> Days | None:
    """Give the interval of the earliest of several days, None when there is none."""
    listed = list(days)
    return (min(d[0] for d in listed), min(d[1] for d in listed)) if listed else None


def latest(days: Iterable[Days]) -> Days | None:
    """Give the interval of the latest of several days, None when there is none."""
    listed = list(days)
    return (max(d[0] for d in listed), max(d[1] for d in listed)) if listed else None
