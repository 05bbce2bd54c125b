"""Entries and instances found by day: a log may hold thousands, and most questions need a few."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import accumulate

from staza.engine.types import CaseEvent, Instance


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


class Standing:
    """The instances of a procedure by the days on which they may have been open."""

    __slots__ = ("_ended", "_holders", "_ongoing", "_still", "_up_to", "instances")

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances
        numbered = sorted(enumerate(instances), key=lambda one: one[1].start[0])
        self._ongoing = [(i.start[0], n) for n, i in numbered if i.end is None]
        self._ended = [(i.start[0], n) for n, i in numbered if i.end is not None]
        ends = [i.end[1] for _, i in numbered if i.end is not None]
        self._up_to = list(accumulate(ends, max))  # the last day of any of those that began so early
        starts = [i.start[0] for i in instances]
        self._still = list(accumulate(reversed(starts), min))[::-1]  # the first start of this one and those after it
        self._holders: dict[str, Instance] | None = None

    def touching(self, first: int, last: int) -> list[Instance]:
        """Give those that may have been open on one of the days `first..last`, in the order of the procedure."""
        found = [n for _, n in self._ongoing[: bisect_right(self._ongoing, (last, len(self.instances)))]]
        stop = bisect_right(self._ended, (last, len(self.instances)))
        while stop and self._up_to[stop - 1] >= first:
            stop -= 1
            instance = self.instances[self._ended[stop][1]]
            if instance.end is not None and instance.end[1] >= first:
                found.append(self._ended[stop][1])
        return [self.instances[n] for n in sorted(found)]

    def latest(self, day: int) -> Instance | None:
        """Give the last one, in the order of the procedure, that may have begun by a day."""
        number = bisect_right(self._still, day)
        return self.instances[number - 1] if number else None

    def holding(self, ident: str) -> Instance | None:
        """Give the last one that surely holds an entry."""
        if self._holders is None:
            self._holders = {held: instance for instance in self.instances for held in instance.ids}
        return self._holders.get(ident)


def in_order(several: Sequence[Iterator[CaseEvent]], *, backwards: bool = False) -> Iterator[CaseEvent]:
    """Merge walks in one direction into one."""
    return several[0] if len(several) == 1 else merge(*several, key=_first_day, reverse=backwards)


def _first_day(event: CaseEvent) -> int:
    return event.first
