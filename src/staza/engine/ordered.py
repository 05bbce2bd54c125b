"""Entries in the order of their first days, found by day: a log may hold thousands, and most questions need a few."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from staza.engine.types import CaseEvent


class Ordered:
    """Entries sorted by their first days; of two on one day the one that the log names first comes first."""

    __slots__ = ("_firsts", "events")

    def __init__(self, events: Iterable[CaseEvent]) -> None:
        self.events: Sequence[CaseEvent] = sorted(events, key=_first_day)
        self._firsts = [event.first for event in self.events]

    def __bool__(self) -> bool:
        return bool(self.events)

    def walk(self, first: int, last: int, longest: int, *, backwards: bool = False) -> Iterator[CaseEvent]:
        """Give the entries that may lie on one of the days `first..last`, both included; none spans `longest` days."""
        start, stop = bisect_left(self._firsts, first - longest), bisect_right(self._firsts, last)
        events = self.events
        for n in range(stop - 1, start - 1, -1) if backwards else range(start, stop):
            if events[n].last >= first:
                yield events[n]


def in_order(several: Sequence[Iterator[CaseEvent]], *, backwards: bool = False) -> Iterator[CaseEvent]:
    """Merge walks in one direction into one."""
    return several[0] if len(several) == 1 else merge(*several, key=_first_day, reverse=backwards)


def _first_day(event: CaseEvent) -> int:
    return event.first
