"""What a condition or a rule depends on: the law alone decides it, so it is worked out once for all logs."""

from staza.engine.expressions import CLOCK_FUNCTIONS, COMPARISONS, DAY_NAMES, PERSON_NAMES, Tree, calls_in, names_in
from staza.engine.types import Datum, Law, Opening, Procedure, Rule

_TRANSPARENT = frozenset({"shown", "known", "if"})  # they depend on what their arguments depend on


class Dependence:
    """Answers, remembered; a tree is known by its place in memory and kept, so that no other takes that place."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._entry: dict[int, tuple[Tree, bool]] = {}
        self._clock: dict[int, tuple[Tree, bool]] = {}
        self._settled: dict[int, tuple[Tree, bool]] = {}
        self._datum: dict[int, tuple[Tree, Datum | None]] = {}
        self._person: dict[str, bool] = {}
        self._own: dict[str, frozenset[str]] = {}
        self._places: dict[str, tuple[Opening, ...]] = {}
        self._in_order: list[tuple[Procedure, frozenset[str]]] = []
        self.with_effect = frozenset(rule.after for rule in law.rules if rule.after)  # rules whose lapse has one

    def on_person_only(self, name: str) -> bool:
        """Say whether a condition reads only the person and flags that no entry records: the same for everything."""
        if name not in self._person:
            tree = self.law.conditions[name].tree
            self._person[name] = tree is not None and self._reads_person_only(tree)
        return self._person[name]

    def _reads_person_only(self, tree: Tree) -> bool:
        head = tree[0]
        if head == "name":
            name = tree[1]
            if name in self.law.conditions:
                return self.on_person_only(name)
            return name in PERSON_NAMES or (name in self.law.flags and name not in self.law.fields)
        if head in ("and", "or", "not"):
            return all(self._reads_person_only(part) for part in tree[1:])
        if head == "call":
            if tree[1] == "vulnerable_as":
                return True
            return tree[1] in _TRANSPARENT and all(self._reads_person_only(part) for part in tree[2])
        return head in ("relation", "true", "false", "unknown")

    def on_entry_only(self, tree: Tree) -> bool:
        """Say whether a condition reads only what is recorded of its subject, the flags and the person.

        On an entry it is the same on every day; on an instance from the last entry of it on.
        """
        found = self._entry.get(id(tree))
        if found is None:
            found = self._entry[id(tree)] = tree, self._reads_entry_only(tree)
        return found[1]

    def _reads_entry_only(self, tree: Tree) -> bool:
        head = tree[0]
        if head == "name":
            condition = self.law.conditions.get(tree[1])
            if condition is not None and condition.tree is not None:
                return self.on_entry_only(condition.tree)
            return tree[1] not in DAY_NAMES and tree[1] not in self.law.kinds
        if head in ("and", "or", "not") or head in COMPARISONS:
            return all(self.on_entry_only(part) for part in tree[1:])
        if head == "in":
            return self.on_entry_only(tree[1])
        if head == "call":
            if tree[1] in ("has", "vulnerable_as", "about"):
                return True
            return tree[1] in _TRANSPARENT and all(self.on_entry_only(part) for part in tree[2])
        return head in ("true", "false", "unknown", "number", "relation")

    def on_clocks(self, tree: Tree) -> bool:
        """Say whether the value of a condition changes when a clock is computed."""
        found = self._clock.get(id(tree))
        if found is None:
            conditions = (self.law.conditions.get(name) for name in names_in(tree))
            value = bool(calls_in(tree) & CLOCK_FUNCTIONS) or any(c is not None and c.reads_clocks for c in conditions)
            found = self._clock[id(tree)] = tree, value
        return found[1]

    def is_settled(self, tree: Tree) -> bool:
        """Say whether a set of days is the same whatever the day of reading: no conditions in it."""
        found = self._settled.get(id(tree))
        if found is None:
            found = self._settled[id(tree)] = tree, self._reads_no_condition(tree)
        return found[1]

    def _reads_no_condition(self, tree: Tree) -> bool:
        if tree[0] in ("union", "minus", "overlap"):
            return self.is_settled(tree[1]) and self.is_settled(tree[2])
        if tree[0] == "name":
            return self.is_settled(self.law.spans[tree[1]])
        return tree[1] in ("spans", "after") and all(argument[0] != "where" for argument in tree[2])

    def datum(self, tree: Tree) -> Datum | None:
        """Give the field or flag that a tree reads, None for anything else."""
        found = self._datum.get(id(tree))
        if found is None:
            name = str(tree[2][0][1] if tree[0] == "call" and tree[1] == "said" else tree[1])
            found = self._datum[id(tree)] = tree, self.law.fields.get(name) or self.law.flags.get(name)
        return found[1]

    def procedures_of(self, tree: Tree) -> set[str]:
        """Give the procedures whose instances a set of days is made of."""
        if tree[0] == "name":
            return self.procedures_of(self.law.spans[tree[1]]) if tree[1] in self.law.spans else set()
        if tree[0] == "call" and tree[1] == "spans":
            return {argument[1][1] if argument[0] == "where" else argument[1] for argument in tree[2]}
        parts = tree[2] if tree[0] == "call" else tree[1:]
        return {name for part in parts if isinstance(part, list) for name in self.procedures_of(part)}

    def own_kinds(self, name: str) -> frozenset[str]:
        """Give the kinds of event that a procedure attaches: they count in the instance that holds them."""
        if name not in self._own:
            procedure = self.law.procedures[name]
            closing = (*procedure.closed_by, *procedure.closed_unless_held_on_by)
            openings = (*procedure.opened_by, *closing, *procedure.presupposed_by)
            self._own[name] = frozenset(o.kind for o in (*procedure.takes, *openings))
        return self._own[name]

    def procedures_in_order(self) -> list[tuple[Procedure, frozenset[str]]]:
        """Give the procedures, each with the kinds it is made of: those whose entries are read by themselves first."""
        if not self._in_order:
            ordered = sorted(self.law.procedures.values(), key=self._looks_around)
            self._in_order = [(one, self.own_kinds(one.name) | {*one.opens_again_after}) for one in ordered]
        return self._in_order

    def _looks_around(self, procedure: Procedure) -> bool:
        """Say whether which entries open or close an instance depends on more than the entry itself."""
        openings = (*procedure.opened_by, *procedure.closed_by, *procedure.presupposed_by, *procedure.takes)
        return any(one.where is not None and not self.on_entry_only(one.where) for one in openings)

    def placed_at(self, rule: Rule) -> tuple[Opening, ...]:
        """Give the entries at which a safeguard is read: those that it names and those that do what it blocks."""
        if rule.id not in self._places:
            done = (opening for act in rule.blocks for opening in self.law.acts[act].done_by)
            self._places[rule.id] = (*rule.on, *done)
        return self._places[rule.id]


def dependence_of(law: Law) -> Dependence:
    """Give the answers of a law, the same object for every log that is read under it."""
    return law.learned.setdefault("dependence", Dependence(law))  # type: ignore[no-any-return]  # nothing else is there
