"""How many instances of a procedure count on a day: `any` and `number` of the language."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from staza.engine.expressions import Tree
from staza.engine.log import Scope
from staza.engine.logic import Truth, conjunction, disjunction, negation, not_after
from staza.engine.timing import Timed, split
from staza.engine.types import Instance


class Counting(Timed):
    """One person's log with its instances counted; a log may hold thousands, and be asked about thousands of days."""

    def number_of(self, arguments: list[Tree], scope: Scope) -> tuple[int, int]:
        """Give how many instances surely count on a day, and how many may; the same for whatever asks."""
        tree = arguments[0]
        name, where = split(tree)
        key = (id(tree) if where is not None else 0, name, scope.at)
        if key not in self._numbers:
            if where is None or self.depends.on_entry_only(where):
                return self._numbers.setdefault(key, self._number_by_day(name, where, scope.at))
            counts = [self._one_counts(i, where, scope.at) for i in self.instances.get(name, ())]
            found = sum(one is True for one in counts), sum(one is not False for one in counts)
            if self.depends.on_clocks(where):
                return found
            self._numbers[key] = found
        return self._numbers[key]

    def any_counts(self, arguments: list[Tree], scope: Scope) -> Truth:
        """Say whether some instance counts on a day; the latest ones are looked at first."""
        where = split(arguments[0])[1]
        if where is None or self.depends.on_entry_only(where):
            sure, possible = self.number_of(arguments, scope)
            return True if sure else None if possible else False
        return self._some_passes("any", arguments[0], scope.at, lambda i: self._one_counts(i, where, scope.at))

    def all_count(self, arguments: list[Tree], scope: Scope) -> Truth:
        """Say whether a condition holds of each instance that had begun by a day: none of them fails it."""
        where = split(arguments[0])[1]

        def fails(instance: Instance) -> Truth:
            begun = not_after(instance.start, (scope.at, scope.at))
            holds = True if begun is False else self.truth(where, Scope(scope.at, instance))
            return conjunction((begun, instance.certain or None, negation(holds)))

        return negation(self._some_passes("all", arguments[0], scope.at, fails))

    def _some_passes(self, what: str, tree: Tree, at: int, test: Callable[[Instance], Truth]) -> Truth:
        """Say whether an instance passes a test, once for a day unless a clock may change it."""
        name, where = split(tree)
        key = (what, name, id(where) if where is not None else 0, at)
        if key not in self._some:
            found = disjunction(test(instance) for instance in reversed(self.instances.get(name, ())))
            if where is not None and self.depends.on_clocks(where):
                return found
            self._some[key] = found
        return self._some[key]

    def _number_by_day(self, name: str, where: Tree | None, at: int) -> tuple[int, int]:
        """Count the instances that nothing recorded after the day can change once, the others one by one."""
        key = (name, id(where) if where is not None else 0)
        if key not in self._settled_numbers:
            rows = sorted(((_settled_on(i, where), i) for i in self.instances.get(name, ())), key=lambda row: row[0])
            counts = [self._one_counts(i, where, day) for day, i in rows]
            self._settled_numbers[key] = (
                [day for day, _ in rows],
                [0, *accumulate(one is True for one in counts)],
                [0, *accumulate(one is not False for one in counts)],
                [i for _, i in rows],
            )
        days, sure, possible, instances = self._settled_numbers[key]
        settled = bisect_right(days, at)
        others = [self._one_counts(i, where, at) for i in instances[settled:] if i.start[0] <= at]
        return (
            sure[settled] + sum(one is True for one in others),
            possible[settled] + sum(one is not False for one in others),
        )

    def _one_counts(self, instance: Instance, where: Tree | None, at: int) -> Truth:
        """Say whether an instance had begun by a day and meets a condition on it then."""
        begun = not_after(instance.start, (at, at))
        if begun is False:
            return False
        return conjunction((begun, self.truth(where, Scope(at, instance)), instance.certain or None))


def _settled_on(instance: Instance, where: Tree | None) -> int:
    """Give the first day from which on nothing that is recorded of an instance changes whether it counts."""
    if where is None:
        return instance.start[1]
    return max(instance.start[1], *(event.first for event in (*instance.events, *instance.possible)))
