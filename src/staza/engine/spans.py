"""Sets of days that may be uncertain: what is sure to belong, and what may.

A span `[start, end)` holds the nights from start to end: somebody held on 3 May and freed on 5 May was held for two
days. `sure` is always inside `possible`. Both are sorted, disjoint tuples of half-open intervals of ordinals.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from staza.engine.logic import LATEST

Stretch: TypeAlias = tuple[int, int]
Stretches: TypeAlias = tuple[Stretch, ...]


class Spans(NamedTuple):
    """Days that surely belong and days that may belong."""

    sure: Stretches = ()
    possible: Stretches = ()


NONE = Spans()


def joined(stretches: Iterable[Stretch]) -> Stretches:
    """Sort and join stretches; empty ones are left out."""
    made: list[Stretch] = []
    for start, end in sorted(s for s in stretches if s[0] < s[1]):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return tuple(made)


def overlap_of(a: Stretches, b: Stretches) -> Stretches:
    """Give the days that both hold."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    made: list[Stretch] = []
    for start, end in few:
        for other in _touching(many, start, end):
            first, last = max(start, other[0]), min(end, other[1])
            if first < last:
                made.append((first, last))
    return tuple(made)


def minus_of(a: Stretches, b: Stretches) -> Stretches:
    """Give the days of a that b does not hold."""
    made: list[Stretch] = []
    for start, end in a:
        for other in _touching(b, start, end):
            if start < other[0]:
                made.append((start, other[0]))
            start = max(start, other[1])
        if start < end:
            made.append((start, end))
    return tuple(made)


def _touching(stretches: Stretches, start: int, end: int) -> Stretches:
    """Give the stretches that may share days with `start..end`; they are sorted and disjoint."""
    if len(stretches) < 3:
        return tuple(s for s in stretches if s[0] < end and s[1] > start)
    return stretches[bisect_right(stretches, start, key=_end_of) : bisect_left(stretches, end, key=_start_of)]


def _start_of(stretch: Stretch) -> int:
    return stretch[0]


def _end_of(stretch: Stretch) -> int:
    return stretch[1]


def stretch(start: tuple[int, int], end: tuple[int, int]) -> Spans:
    """Give the span between a start and an end that each lie in an interval."""
    return Spans(joined([(start[1], end[0])]), joined([(start[0], end[1])]))


def union(*many: Spans) -> Spans:
    """Give the days that any holds."""
    return Spans(joined(s for one in many for s in one.sure), joined(s for one in many for s in one.possible))


def overlap(a: Spans, b: Spans) -> Spans:
    """Give the days that both hold."""
    return Spans(overlap_of(a.sure, b.sure), overlap_of(a.possible, b.possible))


def minus(a: Spans, b: Spans) -> Spans:
    """Give the days of a that b does not hold; doubt about b leaves doubt."""
    return Spans(minus_of(a.sure, b.possible), minus_of(a.possible, b.sure))


def only(spans: Spans, truth: bool | None) -> Spans:
    """Keep the spans when true, make them merely possible when unknown, drop them when false."""
    if truth is True:
        return spans
    return NONE if truth is False else Spans((), spans.possible)


def until(spans: Spans, day: int) -> Spans:
    """Cut off what lies on or after a day."""
    cut = ((0, day),)
    return Spans(overlap_of(spans.sure, cut), overlap_of(spans.possible, cut))


def after(day: tuple[int, int]) -> Spans:
    """Give all days from a day on that lies in an interval."""
    return Spans(joined([(day[1], LATEST + 1)]), joined([(day[0], LATEST + 1)]))


def length(stretches: Stretches) -> int:
    """Count the days."""
    return sum(end - start for start, end in stretches)


def holds(spans: Spans, first: int, last: int) -> bool | None:
    """Say whether a day in `first..last` is inside; the day of an end counts as still inside."""
    if any(start <= first and last <= end for start, end in spans.sure):
        return True
    return None if any(start <= last and first <= end for start, end in spans.possible) else False
