"""Every kind of clock by its name: how it is computed stands in `deadlines` and `sums`."""

from collections.abc import Callable

from staza.engine.clock import Clock, subjects
from staza.engine.conditions import Reading
from staza.engine.deadlines import deadline, validity, waiting
from staza.engine.sums import ceiling, recurring
from staza.engine.types import Instance, Rule

_COMPUTE: dict[str, Callable[[Rule, Reading, Instance | None], list[Clock]]] = {
    "deadline": deadline,
    "window": deadline,
    "waiting": waiting,
    "validity": validity,
    "ceiling": ceiling,
    "recurring": recurring,
}
KINDS = frozenset(_COMPUTE)


def compute(rule: Rule, reading: Reading) -> list[Clock]:
    """Give the clocks of a rule on a log, one for each instance that it is counted per."""
    return [clock for subject in subjects(rule, reading) for clock in _COMPUTE[rule.kind](rule, reading, subject)]
