"""Which entries are about the same application, the same order: the log is read entry by entry.

An opening entry opens an instance or joins the open one; the kind named first among those that open says the start.
An entry that presupposes an instance opens one with unknown start. An entry goes where it says (`concerns`), else to
the only open instance, else it is possible for each that is open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reference.truth import FIRST_DAY, NO, YES, Days, Truth
from staza.engine.types import CaseEvent, Opening, Procedure

Matches = Callable[[Opening, CaseEvent], Truth]


@dataclass(eq=False)
class Instance:
    """One application, one order; `end` None is open; `maybe_ended` are entries that may have closed it."""

    procedure: str
    opener: CaseEvent
    start: Days
    rank: int
    certain: bool = True
    end: Days | None = None
    closer: CaseEvent | None = None
    starter: CaseEvent | None = None  # the entry that says the start, None where it is not known
    entries: list[CaseEvent] = field(default_factory=list)
    possible: list[CaseEvent] = field(default_factory=list)
    maybe_ended: list[Days] = field(default_factory=list)
    parent: "Instance | None" = None

    @property
    def id(self) -> str:
        return self.opener.id

    @property
    def ref(self) -> str:
        return f"{self.procedure}#{self.id}"


def instances_of(procedure: Procedure, log: tuple[CaseEvent, ...], matches: Matches) -> list[Instance]:
    """Read a log for one procedure."""
    made: list[Instance] = []
    for place, entry in enumerate(log):
        _read(procedure, made, entry, log[:place], log[place + 1 :], matches)
    return made


def _read(
    procedure: Procedure,
    made: list[Instance],
    entry: CaseEvent,
    before: tuple[CaseEvent, ...],
    after: tuple[CaseEvent, ...],
    matches: Matches,
) -> None:
    still_open = [one for one in made if one.end is None]
    named = [one for one in made if str(entry.fields.get("concerns")) in [e.id for e in one.entries]]
    fitting = [one for one in still_open if _is_of_its_own(procedure, one, entry)]
    rank = _rank(procedure.opened_by, entry, matches)
    closes = _is_one_of(procedure.closed_by, entry, matches) or (
        _is_one_of(procedure.closed_unless_held_on_by, entry, matches) and not _goes_on(procedure, after, matches)
    )
    if rank is not None:
        sure = matches(procedure.opened_by[rank], entry) == YES
        is_new = not fitting or _is_new(procedure, made, still_open, entry, before)
        joined = [one for one in fitting if not procedure.paired or _are_two_ends(procedure, one, entry, rank)]
        home = named or ([] if is_new else joined[-1:])
        if home:
            home[0].entries.append(entry)
            home[0].certain = home[0].certain or sure
            if rank < home[0].rank:
                home[0].rank, home[0].start, home[0].starter = rank, entry.days, entry
            return
        if procedure.replaces:
            for one in fitting:
                one.end, one.closer = entry.days, entry
        made.append(Instance(procedure.name, entry, entry.days, rank, certain=sure, entries=[entry], starter=entry))
        return
    if not still_open and _is_one_of(procedure.presupposed_by, entry, matches):
        unknown = (FIRST_DAY, entry.last)
        one = Instance(procedure.name, entry, unknown, 98, entries=[entry])
        if closes:  # a removal without a return both shows the return and ends it
            one.end, one.closer = entry.days, entry
        made.append(one)
    elif closes:
        homes = named or _in_question(procedure, fitting)
        surely = _is_sure((*procedure.closed_by, *procedure.closed_unless_held_on_by), entry, matches)
        is_sure = surely and (len(homes) == 1 or procedure.replaces)
        for one in homes:
            ends = not _is_settled(procedure, one, entry)  # what is there by law, no later entry ends
            if is_sure and ends:
                one.end, one.closer = entry.days, entry
            elif ends:
                one.maybe_ended.append(entry.days)
            (one.entries if is_sure else one.possible).append(entry)
    elif _is_one_of(procedure.takes, entry, matches):
        of_its_own = [one for one in made if _is_of_its_own(procedure, one, entry)]
        homes = _in_question(procedure, fitting) or of_its_own[-1:]
        if named or _is_sure(procedure.takes, entry, matches):
            _attach(homes, named, entry)
        else:
            for one in homes:
                one.possible.append(entry)


def _are_two_ends(procedure: Procedure, one: Instance, entry: CaseEvent, rank: int) -> bool:
    """Say whether a matter has only begun, by entries of other kinds: before this one, if this is of the first kind."""
    opening = [kind.kind for kind in procedure.opened_by if kind.kind != entry.kind]
    if rank == 0 and one.start != entry.days:
        return False
    return not [earlier for earlier in one.entries if earlier.kind not in opening]


def _attach(homes: list[Instance], named: list[Instance], entry: CaseEvent) -> None:
    number = entry.fields.get("number")
    same_number = [o for o in homes if number is not None and number in [e.fields.get("number") for e in o.entries]]
    if named:
        homes = named[:1]
    elif len(homes) > 1 and same_number:
        homes = same_number[:1]
    for one in homes:
        (one.entries if len(homes) == 1 else one.possible).append(entry)


def _in_question(procedure: Procedure, still_open: list[Instance]) -> list[Instance]:
    """Leave out what its own last entry set aside; where all were, the newest is in question."""
    return [one for one in still_open if one.entries[-1].kind not in procedure.set_aside_by] or still_open[-1:]


def _is_settled(procedure: Procedure, one: Instance, entry: CaseEvent) -> bool:
    """Say whether the instance already holds what makes this kind of entry come too late."""
    kind = procedure.too_late.get(entry.kind)
    return any(earlier.kind == kind and earlier.last <= entry.first for earlier in one.entries)


def _is_of_its_own(procedure: Procedure, one: Instance, entry: CaseEvent) -> bool:
    """Say whether nothing that tells instances apart sets an entry against an instance."""
    for name in procedure.apart_by:
        told = [earlier.fields[name] for earlier in one.entries if name in earlier.fields]
        if told and name in entry.fields and told[0] != entry.fields[name]:
            return False
    return True


def _is_new(
    procedure: Procedure,
    made: list[Instance],
    still_open: list[Instance],
    entry: CaseEvent,
    before: tuple[CaseEvent, ...],
) -> bool:
    """Say whether an opening entry that names no instance is about another one than those that are open."""
    if not still_open or procedure.each_opens:
        return True
    opened_at = max((before.index(one.opener) for one in made), default=-1)
    if any(earlier.kind in procedure.opens_again_after for earlier in before[max(opened_at, 0) :]):
        return True
    number = entry.fields.get("number")
    numbers = [e.fields["number"] for one in still_open for e in one.entries if "number" in e.fields]
    return procedure.numbered and number is not None and number not in numbers and (bool(numbers) or number != 1)


def _goes_on(procedure: Procedure, after: Iterable[CaseEvent], matches: Matches) -> bool:
    """Say whether a later entry shows that an order to end took no effect."""
    for later in after:
        if _rank(procedure.opened_by, later, matches) is not None:
            return False
        if _is_one_of((*procedure.takes, *procedure.closed_by, *procedure.presupposed_by), later, matches):
            return True
    return False


def _rank(openings: tuple[Opening, ...], entry: CaseEvent, matches: Matches) -> int | None:
    fitting = [n for n, one in enumerate(openings) if one.kind == entry.kind and matches(one, entry) != NO]
    return fitting[0] if fitting else None


def _is_sure(openings: tuple[Opening, ...], entry: CaseEvent, matches: Matches) -> bool:
    return any(one.kind == entry.kind and matches(one, entry) == YES for one in openings)


def _is_one_of(openings: tuple[Opening, ...], entry: CaseEvent, matches: Matches) -> bool:
    return _rank(openings, entry, matches) is not None
