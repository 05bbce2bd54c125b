"""One person's log: its entries, its instances, and which entry belongs to which."""

from collections.abc import Callable, Mapping
from typing import Any

from reference.instances import Instance, instances_of
from reference.truth import FIRST_DAY, MAYBE, NO, YES, Truth, all_of, any_of, is_by
from staza.engine.expressions import Tree
from staza.engine.types import CaseEvent, CaseHistory, Law, Opening, Procedure

Subject = CaseEvent | Instance | None
Relatives = Mapping[str, Mapping[str, bool | None]]
Counted = tuple[CaseEvent, Truth]
UNKNOWN = object()  # a value that is recorded, but more than one may be meant


class Log:
    """One log and one law; `clocks` gives the clocks of a rule and is set by `reference.answer`."""

    def __init__(
        self, history: CaseHistory, law: Law, as_of: int, relatives: Relatives, deemed: tuple[CaseEvent, ...] = ()
    ) -> None:
        log = [entry for entry in history.events if entry.first <= as_of]
        log.sort(key=lambda entry: (entry.first, entry.order))
        for entry in deemed:  # what is deemed comes after what was recorded on the same day
            place = next((n for n, other in enumerate(log) if other.first > entry.first), len(log))
            log.insert(place, entry)
        self.log = tuple(log)
        self.history, self.law, self.as_of, self.relatives = history, law, as_of, relatives
        self.clocks: Callable[[str], list[Any]] = lambda rule: []
        self._instances: dict[str, list[Instance]] = {}
        self.being_read: list[str] = []
        self.cycles = 0
        self._known: dict[Any, Any] = {}

    def instances(self, name: str) -> list[Instance]:
        """Give the instances of a procedure, oldest first, each with its parent."""
        if name not in self._instances:
            self._instances[name] = []  # a procedure that asks for itself finds nothing yet
            procedure = self.law.procedures.get(name)
            if procedure is not None:
                self._instances[name] = instances_of(procedure, self.log, self.matches)
                for one in self._instances[name]:
                    one.parent = self._parent(one, procedure)
        return self._instances[name]

    def _parent(self, one: Instance, procedure: Procedure) -> Instance | None:
        """Give the only instance of the first procedure that fits, open when this one was opened."""
        for name in procedure.within:
            around = [
                other
                for other in self.instances(name)
                if is_by(other.start, one.start) != NO and (other.end is None or is_by(one.start, other.end) != NO)
            ]
            if len(around) == 1:
                return around[0]
        return None

    def matches(self, opening: Opening, entry: CaseEvent) -> Truth:
        """Say whether an entry is meant by a kind with its `where`, read on the entry's own day."""
        return NO if entry.kind != opening.kind else self.truth(opening.where, entry.last, entry)

    def truth(self, tree: Tree | None, at: int, this: Subject = None) -> Truth:
        """Give the truth of a condition: see `reference.conditions`."""
        raise NotImplementedError

    def remembered(self, key: tuple[Any, ...], find: Callable[[], Any]) -> Any:
        """Find a thing once; what was found inside a cycle is not kept."""
        if key not in self._known:
            before = self.cycles
            found = find()
            if self.cycles != before:
                return found
            self._known[key] = found
        return self._known[key]

    def clocks_of(self, rule: str, this: Subject) -> list[Any]:
        clocks = self.clocks(rule)
        own = [clock for clock in clocks if isinstance(this, Instance) and clock.ref == this.ref]
        return own or clocks

    def entries(self, argument: Tree, at: int) -> list[Counted]:
        """Give the entries of a kind that may have happened by the day, each with how sure that it counts."""
        kind, where = apart(argument)
        found = []
        for entry in self.log:
            if entry.kind == kind and entry.first <= at:
                counts = all_of((is_by(entry.days, (at, at)), self.truth(where, at, entry)))
                if counts != NO:
                    found.append((entry, counts))
        return found

    def own_entries(self, argument: Tree, at: int, this: Subject) -> list[Counted]:
        """Give the entries of a kind that belong to an instance; of anything else all of them."""
        found = self.entries(argument, at)
        if not isinstance(this, Instance):
            return found
        kept = [(entry, all_of((counts, self._belongs(entry, this)))) for entry, counts in found]
        return [(entry, counts) for entry, counts in kept if counts != NO]

    def _belongs(self, entry: CaseEvent, this: Instance) -> Truth:
        """An entry that an instance of the procedure holds counts there only; others by their day."""
        if any(entry is own for own in this.entries):
            return YES
        if any(entry is own for own in this.possible):
            return MAYBE
        if any(entry is own for one in self.instances(this.procedure) for own in (*one.entries, *one.possible)):
            return NO
        if entry.kind in self.law.procedures[this.procedure].follows and entry.first < this.start[1]:
            return NO  # the opening presupposes such an entry: what may have come first did
        about = entry.fields.get("concerns")
        holders = [one for one in self.instances(this.procedure) if any(own.id == about for own in one.entries)]
        if holders and this not in holders:
            return NO  # it says that it is about another one
        begun = is_by(this.start, entry.days) if this.start[0] > FIRST_DAY else YES  # an unknown start is no bar
        return all_of((begun, is_by(entry.days, this.end) if this.end else YES))

    def happened(self, argument: Tree, counted: list[Counted]) -> Truth:
        """Say whether any entry counts; with none, the silence of the kind decides."""
        found = any_of(counts for _, counts in counted)
        kind = self.law.kinds.get(apart(argument)[0])
        return found if found != NO or (kind and kind.absence == "no") else MAYBE

    def flag(self, name: str) -> Any:
        value = self.history.flags.get(name)
        return None if value == "unknown" else value

    def recorded(self, name: str, at: int, this: Subject) -> Any:
        """Give the field of an entry; of an instance as last recorded, unknown where a doubtful entry says else.

        The entry that closed an instance says how it ended: it is heard only where no other tells.
        """
        if isinstance(this, CaseEvent):
            return plain(this.fields.get(name))
        if this is None:
            return None
        told = [e for e in this.entries if name in e.fields and e.first <= at]
        doubtful = [e for e in this.possible if name in e.fields and e.first <= at]
        last = [e for e in told if e is not this.closer][-1:] or told[-1:]
        after = [e for e in doubtful if not last or (e.first, e.order) > (last[0].first, last[0].order)]
        values = {plain(e.fields[name]) for e in (*last, *after)} | (set() if last else {None})
        return values.pop() if len(values) == 1 else UNKNOWN


def apart(argument: Tree) -> tuple[str, Tree | None]:
    """Give the name and the condition of `name where condition`."""
    return (argument[1][1], argument[2]) if argument[0] == "where" else (argument[1], None)


def plain(value: Any) -> Any:
    return None if value == "unknown" else value
