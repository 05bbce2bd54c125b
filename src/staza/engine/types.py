"""What the law says and what a log holds, as the engine reads them. Nothing here computes; the answer is in
`staza.engine.answer`.

`staza.lawbook` makes `Law`. Days are ordinals `(first, last)`, both included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from staza.engine.days import ByPlace, Calendar, Period
from staza.engine.expressions import Tree
from staza.engine.logic import Days, Truth

LIMITED = ("deadline", "window", "waiting", "validity")  # kinds of rule whose limit runs from a day
Value: TypeAlias = Any  # a flag, number, code, text, date (ordinal) or list as the log records it


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: what its silence means, whose knowledge it is, whether it is a record or an act."""

    name: str
    label: str
    nature: str = "record"
    klass: str = "ordinary"
    absence: str = "unknown"
    origin: str = "authority"
    absence_in: Mapping[str, str] = field(default_factory=dict)  # code of a State -> absence in its authorities' logs
    is_against: bool = False  # about another entry, which it may leave unsaid


@dataclass(frozen=True, slots=True)
class Datum:
    """A field of an event or a flag of a file: its type, its known values, the question it answers."""

    name: str
    type: str
    values: frozenset[str] = frozenset()
    asks: str = ""
    answered_by: str = "authority"
    least: int = 0  # of a number
    most: int | None = None
    states: bool = False  # every State is a listed value


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition: its tree (None: only a person can answer), its question, when it is claimed."""

    name: str
    tree: Tree | None = None
    claimed: Tree | None = None
    asks: str = ""
    answered_by: str = "authority"
    cites: tuple[str, ...] = ()
    reads_clocks: bool = False  # its value changes when a clock is computed


@dataclass(frozen=True, slots=True)
class Opening:
    """A kind of event that touches an instance, and the condition on its own fields."""

    kind: str
    where: Tree | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """How instances of a procedure come and go, see `staza.engine.instances`."""

    name: str
    title: str
    opened_by: tuple[Opening, ...]
    presupposed_by: tuple[Opening, ...] = ()
    closed_by: tuple[Opening, ...] = ()
    closed_unless_held_on_by: tuple[Opening, ...] = ()
    takes: tuple[Opening, ...] = ()
    within: tuple[str, ...] = ()
    each_opens: bool = False
    replaces: bool = False
    numbered: bool = True  # an entry with another `number` opens another instance
    apart_by: tuple[str, ...] = ()  # fields: an entry with another value is about another instance
    opens_again_after: tuple[str, ...] = ()
    set_aside_by: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()  # kinds that the opening presupposes: what is not surely later came before
    stages: Mapping[str, str] = field(default_factory=dict)
    too_late: Mapping[str, str] = field(default_factory=dict)  # kind -> the kind after which it changes nothing
    paired: bool = False  # an opening entry joins only as the other end: one of a kind that is there opens another
    auxiliary: bool = False  # it cuts out days for rules; what it counts another procedure holds as well


@dataclass(frozen=True, slots=True)
class Act:
    """A deed of an authority that a safeguard can block, and the events that record that it was done."""

    name: str
    label: str
    done_by: tuple[Opening, ...]
    irreversible: bool = False
    includes: tuple[str, ...] = ()  # acts that stand under this word: what blocks it blocks them


@dataclass(frozen=True, slots=True)
class Binding:
    """One row of who is bound: from when until when; `bound` None is not known."""

    bound: Truth
    start: int | None
    until: int | None
    transposed: bool = False
    in_force: int | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """An act: how it is cited in words, from when it applies, which event decides that."""

    id: str
    title: str
    short: str
    applies_from: int | None = None
    applies_until: int | None = None
    key: str = "day"
    asserted_by: str | None = None
    pending_flag: str | None = None
    earlier_flag: str | None = None
    only_with: tuple[str, ...] = ()
    towards: tuple[str, ...] = ()  # partners of an agreement
    rolled_by: str = ""  # the article that moves an end on a free day
    closed: bool = False  # national law or an agreement: it binds nobody but the States it names
    provisions: Mapping[str, str] = field(default_factory=dict)  # article -> state of checking
    windows: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)  # articles with own days


@dataclass(frozen=True, slots=True)
class Unless:
    """An exception: its condition, the article that gives it."""

    condition: Tree
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """A lowest or highest value that may be granted, with its article and its exceptions."""

    limit: Period
    cites: tuple[str, ...]
    unless: tuple[Unless, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A period after a day; a clock with several ends with the earliest.

    `["not_read"]` in place of a period: the act has one, and nobody here has read it. `backwards`: the period ends
    before the day, which is counted from. `or_else`: sources differ, and the end lies between the two. `first_day`:
    whether the day of the event counts as the first (`counts`), does not (empty), or is not settled (`open`).
    """

    period: Tree
    starts: Tree
    only_if: Tree | None = None
    backwards: bool = False
    or_else: Period | None = None
    first_day: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the length is an open clause."""
        return bool(self.period[0] == "not_read")

    @property
    def is_in_hours(self) -> bool:
        """Whether the length is written in hours."""
        return bool(self.period[0] == "period" and self.period[2] == "hours")


@dataclass(frozen=True, slots=True)
class Extension:
    """What lengthens a clock: the event, how far at most, and what makes it valid."""

    by: Opening
    adds: Period | None = None  # at most so much on top
    up_to: Period | None = None  # at most so much from the start
    valid: Tree | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """What an authority allows beyond the act: a period of its own from the start, or one that `adds` to the end."""

    period: Period
    adds: bool = False
    only_if: Tree | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; which keys a kind of rule reads is said in `staza.lawbook.schema`."""

    id: str
    kind: str
    facts: tuple[str, ...]
    cites: tuple[str, ...]
    title: str = ""
    per: str = "person"
    words: tuple[str, ...] = ()  # of a deadline or window: the events that meet it; of a safeguard: its strength
    only_if: Tree | None = None
    limits: tuple[Limit, ...] = ()
    restarts_on: tuple[Opening, ...] = ()
    restarts_if: Tree | None = None
    extensions: tuple[Extension, ...] = ()
    ends_with: tuple[Opening, ...] = ()
    tracks: tuple[tuple[str, Period], ...] = ()  # code of a track of the procedure -> its length
    on_change: str = "keep"  # of the track: keep | restart | earlier_of | later_of
    restored_by: tuple[Opening, ...] = ()  # admits a late act: the lapse is undone as if it had not been
    unless: tuple[Unless, ...] = ()
    practice: Practice | None = None  # what the authority allows beyond the act; shown beside it, decides nothing
    blocks: tuple[str, ...] = ()
    requires: Tree | None = None
    while_: Tree | None = None
    on: tuple[Opening, ...] = ()
    finding: str = "breach"
    late: tuple[tuple[str, Tree], ...] = ()  # the verdict of being late, and when; else a lapse is no finding
    concern_from: Period | None = None
    breach_from: Period | None = None
    sums: Tree | None = None
    leaves_out: Tree | None = None
    granted: Tree | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    pending_counts: bool = False
    counts_earlier: bool = False
    regime: str = "plain"
    calendar: Calendar | ByPlace | None = None  # of the place of the action, where not that of the State
    effect: str | None = None
    after: str | None = None
    owner: str = "authority"
    owners: tuple[tuple[str, Tree], ...] = ()  # who else it is, and when; the first that surely holds
    asks: str = ""  # the question to a lawyer, where its length was not read
    applies_from: int | None = None  # first day, included
    applies_until: int | None = None  # first day no longer
    key: str = ""  # whose day these two are compared with, where not that of the act: day | application | opening
    verified: bool = True

    @property
    def act(self) -> str:
        """The act that it rests on first, and by which it is bound and compared."""
        return self.cites[0].split("/")[0]


@dataclass(frozen=True)
class Law:
    """All versions of the law of one jurisdiction under one digest."""

    jurisdiction: str
    digest: str
    kinds: Mapping[str, Kind]
    fields: Mapping[str, Datum]
    flags: Mapping[str, Datum]
    procedures: Mapping[str, Procedure]
    conditions: Mapping[str, Condition]
    spans: Mapping[str, Tree]
    acts: Mapping[str, Act]
    instruments: Mapping[str, Instrument]
    rules: tuple[Rule, ...]
    bindings: Mapping[str, tuple[Binding, ...]]
    exports: Mapping[str, Tree] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    zone: str = "UTC"
    kept_by_authority: bool = False  # the logs read under it are those of an authority, not told by a court
    by_id: Mapping[str, Rule] = field(default_factory=dict)
    learned: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # of the law alone

    def rule(self, ident: str) -> Rule:
        """Give a rule by its id; raises KeyError."""
        return self.by_id[ident]


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One entry of a log as the engine sees it; `minute` counts from midnight where the time of day is known."""

    id: str
    kind: str
    first: int
    last: int
    order: int
    fields: Mapping[str, Value] = field(default_factory=dict)
    minute: int | None = None
    derived_by: str | None = None
    received: int | None = None  # the day on which it reached the authority: lateness reads this one

    @property
    def days(self) -> Days:
        """The interval in which the event lies."""
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to another person of the same file: `to` is that person's `kind` (my child, my parent, held with me)."""

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the log is about; ages are intervals of full years, unknown where nothing was recorded."""

    ref: str
    minor: Truth = None
    unaccompanied: Truth = None
    vulnerable: Truth = None
    vulnerabilities: frozenset[str] | None = None  # None: nothing was recorded
    age: tuple[int, int] | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """One person's effective log as known at a moment, sorted by day."""

    person: Person
    events: tuple[CaseEvent, ...]
    flags: Mapping[str, Value] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()


@dataclass(slots=True)
class Instance:
    """*This* application, *this* order: opened by the entry whose id is in its ref."""

    procedure: str
    id: str
    start: Days
    ordinal: int
    end: Days | None = None  # None: still open
    closed_by: str | None = None
    maybe_end: int | None = None  # first day of an entry that may have closed it
    events: list[CaseEvent] = field(default_factory=list)
    possible: list[CaseEvent] = field(default_factory=list)
    parent: "Instance | None" = None
    rank: int = 99
    opener: CaseEvent | None = None
    ids: set[str] = field(default_factory=set)  # of `events`
    possible_ids: set[str] = field(default_factory=set)  # of `possible`
    undone: set[str] = field(default_factory=set)  # of `events`: those that came too late to change it
    certain: bool = True  # False: whether the opening entry is of this kind is not known
    start_minute: int | None = None  # of the day of the start, where it is recorded
    end_minute: int | None = None
    ref: str = field(init=False)  # `procedure#id of the opening entry`

    def __post_init__(self) -> None:
        self.ref = f"{self.procedure}#{self.id}"
