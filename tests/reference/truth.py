"""Truths and days that may be uncertain.

A truth is the set of answers that are still possible: `YES`, `NO` or `MAYBE`. A day is `(first, last)`, both ends
included. Whatever is asked of several uncertain things is asked of every choice; for an order of days the ends of
their intervals are choices enough.
"""

from collections.abc import Iterable

Truth = frozenset[bool]
Days = tuple[int, int]

YES: Truth = frozenset({True})
NO: Truth = frozenset({False})
MAYBE: Truth = YES | NO
FIRST_DAY = 1  # 0001-01-01 stands for an unknown beginning
LAST_DAY = 3_652_059  # 9999-12-31 stands for never


def known(value: bool | None) -> Truth:
    """Give the truth of a plain value; None is not known."""
    return MAYBE if value is None else frozenset({value})


def opposite(one: Truth) -> Truth:
    return frozenset(not a for a in one)


def all_of(parts: Iterable[Truth]) -> Truth:
    result = YES
    for part in parts:
        result = frozenset(a and b for a in result for b in part)
    return result


def any_of(parts: Iterable[Truth]) -> Truth:
    result = NO
    for part in parts:
        result = frozenset(a or b for a in result for b in part)
    return result


def is_before(a: Days, b: Days) -> Truth:
    return frozenset(x < y for x in a for y in b)


def is_by(a: Days, b: Days) -> Truth:
    """Say whether a is before b or on the same day."""
    return frozenset(x <= y for x in a for y in b)


def is_same(a: Days, b: Days) -> Truth:
    if a[1] < b[0] or b[1] < a[0]:
        return NO
    return YES if a[0] == a[1] == b[0] == b[1] else MAYBE


def first_of(days: Iterable[Days]) -> Days | None:
    listed = list(days)
    return (min(d[0] for d in listed), min(d[1] for d in listed)) if listed else None


def last_of(days: Iterable[Days]) -> Days | None:
    listed = list(days)
    return (max(d[0] for d in listed), max(d[1] for d in listed)) if listed else None
