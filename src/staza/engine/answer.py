"""What the engine answers: clocks, findings, acts that are blocked, duties, what could not be attached.

`staza.engine.evaluate` makes `CaseState`. Days are ordinals `(first, last)`, both included.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from staza.engine.logic import Days
from staza.engine.types import Instance


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock of one instance; `status` is the set of what it may be."""

    rule: str
    ref: str
    n: int
    status: tuple[str, ...]
    start: Days | None
    due: Days | None
    met_by: str | None = None
    practice: Days | None = None  # the end by the authority's own practice, beside that of the act
    due_at: Days | None = None  # first and last instant on which a limit in hours may end: see `engine.instants`


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold, is doubtful, or must be asked; days are ordinals."""

    verdict: str
    rule: str
    cites: tuple[str, ...]
    facts: tuple[str, ...]
    ref: str
    day: int
    limit_on: int | None = None
    actual_on: int | None = None
    missing: tuple[str, ...] = ()
    owner: str = "authority"
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known: its name, the question, who can answer."""

    name: str
    asks: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Block:
    """An act that may not be done now, and why; `reasons` and `missing` are in the order of `rules`."""

    act: str
    ref: str
    rules: tuple[str, ...]
    cites: tuple[str, ...]
    facts: tuple[str, ...]
    reasons: tuple[str, ...]
    missing: tuple[tuple[Missing, ...], ...]  # of each rule what it waits for, nothing where it is sure


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty without a date that is open now."""

    rule: str
    ref: str
    owner: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unbound:
    """An entry that may belong to several instances."""

    entry: str
    candidates: tuple[str, ...]


Acts: TypeAlias = tuple[tuple[Block, ...], tuple[str, ...]]  # blocked, allowed


@dataclass(frozen=True)
class CaseState:
    """The answer for one person at the end of one day; the acts are worked out when they are first asked for."""

    person: str
    as_of: int
    instances: tuple[Instance, ...]
    clocks: tuple[ClockState, ...]
    duties: tuple[Duty, ...]
    findings: tuple[Finding, ...]
    unbound: tuple[Unbound, ...]
    next_change_on: int | None
    work_out_acts: Callable[[], Acts]
    trace: Any = None  # the evaluation itself, for `explain`; Any keeps this module free of computation

    @cached_property
    def acts(self) -> Acts:
        """The acts that are blocked now, and those that nothing blocks."""
        return self.work_out_acts()

    @property
    def blocked(self) -> tuple[Block, ...]:
        """The acts that may not be done now, and why."""
        return self.acts[0]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The acts that nothing blocks."""
        return self.acts[1]
