"""Sets of days as numbers: bit n is the night from day n to day n + 1.

Somebody held on 3 May and freed on 5 May was held for two nights, of 3 and of 4 May. `sure` nights surely belong,
`possible` nights may; every sure night is possible.
"""

from collections.abc import Iterator
from typing import NamedTuple

from reference.truth import MAYBE, NO, YES, Days, Truth


class Nights(NamedTuple):
    sure: int = 0
    possible: int = 0


def stretch(first: int, end: int) -> int:
    """Give the nights from the day `first` to the day `end`."""
    return (1 << end) - (1 << first) if end > first else 0


def between(start: Days, end: Days) -> Nights:
    return Nights(stretch(start[1], end[0]), stretch(start[0], end[1]))


def either(a: Nights, b: Nights) -> Nights:
    return Nights(a.sure | b.sure, a.possible | b.possible)


def shared(a: Nights, b: Nights) -> Nights:
    return Nights(a.sure & b.sure, a.possible & b.possible)


def without(a: Nights, b: Nights) -> Nights:
    return Nights(a.sure & ~b.possible, a.possible & ~b.sure)


def given(nights: Nights, truth: Truth) -> Nights:
    """Keep the nights where something is true; doubt about it makes them possible at most."""
    return Nights(nights.sure if truth == YES else 0, nights.possible if truth != NO else 0)


def holds(nights: Nights, day: Days) -> Truth:
    """Say whether the day lies inside: the night after it or before it belongs."""
    wanted = stretch(day[0], day[1] + 1)
    if wanted & ~(nights.sure | nights.sure << 1) == 0:
        return YES
    return MAYBE if wanted & (nights.possible | nights.possible << 1) else NO


def listed(nights: int) -> Iterator[int]:
    """Give the nights one by one, oldest first."""
    bits = bin(nights)[:1:-1]
    at = bits.find("1")
    while at >= 0:
        yield at
        at = bits.find("1", at + 1)


def first_day(nights: int) -> int:
    return (nights & -nights).bit_length() - 1


def end_day(nights: int) -> int:
    """Give the day after the last night."""
    return nights.bit_length()
