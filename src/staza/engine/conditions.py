"""What a condition means on a log: `Reading` answers trees of `staza.engine.expressions` with three values.

A condition is read at a day (`Scope.at`, included) and about something (`Scope.this`: an entry, an instance or
nothing). A bare name is, in this order: a named condition, something known of the person, a field of `this` as it was
last recorded, a flag of the file. Functions:

- `exists(kind where …, …)`: an entry up to the day. With none, the kind's declared silence decides (`no`: it did not
  happen; else unknown). `here(…)`: the same, of this instance only; `upon(…)`: the same, on the very day.
- `about(kind, …)`: `this` names (`concerns`) an entry of one of the kinds, or one that does, and so on; not known
  where it names none, or only entries that are about another one themselves and do not say which.
- `earlier(kind where …, …)`: an entry of the log came before this entry, or the one that opened this instance; of two
  on one day the times must say.
- `shown(x)`: true only where x is known to be true. For exceptions that the authority has to show, and for what the
  log must hold to count.
- `has(field)`: `this` records the field. `said(field, kind, …)`: the field as recorded by `this`, else by the last
  entry of the first kind that has it, else by the flag.
- days: `first(kind where …, …)`, `last(…)`, `recorded(field, kind where …, …)` (the first day that they record in it),
  `start`, `end`, `day`, `today`, `due(rule)`, `held_since` (first day of the custody that `this` belongs to),
  `reaches` (last day that a paper, or the papers of a custody, grant), `parent(day)` (read in the instance around this
  one), `earliest(…)`, `latest(…)`, `add(day, period)`, `first_working_day(day)` (the day itself, or the next one that
  is no free day); `diff(a, b)` is the number of days from a to b. Working days are those of the rule that an expression
  stands in, of the State in a named condition or set of days.
- spans: `spans(procedure where …)`, `after(kind where …)`, `when(condition, spans)`, `from(day)`, with `union`,
  `minus` and `overlap`; `during(spans)`: the day lies inside; `length(spans)`: days that surely belong.
- `vulnerable_as(code, …)`: one of these is recorded of the person.
- `any(procedure where …)`, `all(procedure where …)`, `number(procedure where …)`; `running(rule)`, `lapsed(rule)`;
  `relation(kind).export`; `binds(instrument)`.
"""

from collections.abc import Callable, Iterable

from staza.engine import spans as sets
from staza.engine.binding import binds_on
from staza.engine.counting import Counting
from staza.engine.expressions import DAY_NAMES, Tree
from staza.engine.log import Scope, Subject, plain
from staza.engine.logic import (
    EARLIEST,
    Days,
    Truth,
    before,
    conjunction,
    disjunction,
    negation,
    not_after,
    same,
)
from staza.engine.timing import DAY_FUNCTIONS, SPAN_FUNCTIONS
from staza.engine.types import CaseEvent, Instance, Value


class Reading(Counting):
    """One person's log with what conditions mean on it; see the module."""

    # ------------------------------------------------------------------------------------------------ truth

    def truth(self, tree: Tree | None, scope: Scope) -> Truth:
        """Give the value of a condition; no condition is true."""
        if tree is None:
            return True
        return _TRUTH.get(tree[0], _not_a_condition)(self, tree, scope)

    def _name(self, tree: Tree, scope: Scope) -> Truth:
        name = tree[1]
        condition = self.law.conditions.get(name)
        if condition is None:
            value = self.value(tree, scope)
            return _as_truth(value)
        if condition.tree is None:
            return self._answered(name)
        key = (name, 0, "") if self.depends.on_person_only(name) else (name, scope.at, _key_of(scope.this))
        if key in self._truths:
            return self._truths[key]
        value = self.truth(condition.tree, scope)
        if not condition.reads_clocks:
            self._truths[key] = value
        return value

    def _answered(self, name: str) -> Truth:
        value = self.flags.get(name)
        return value if isinstance(value, bool) else None

    def _compare(self, tree: Tree, scope: Scope) -> Truth:
        sign, left, right = tree
        a = self._operand(left, scope)
        b = right[1] if self._is_code(left, right) else self._operand(right, scope)
        if a is None or b is None:
            return None
        if isinstance(a, tuple) and isinstance(b, tuple):
            compared: Truth = _COMPARE[sign](a, b)
            return compared
        equal: bool = a == b
        if not equal and sign in ("=", "!=") and (self._unlisted(left, a) or self._unlisted(right, b)):
            return None
        if sign == "=":
            return equal
        return not equal if sign == "!=" else None

    def _operand(self, tree: Tree, scope: Scope) -> Value:
        """Give a number or day as an interval, anything else as it is recorded; a bare unknown name is a code."""
        head = tree[0]
        if head in ("true", "false"):
            return head == "true"
        if head == "number":
            return (tree[1], tree[1])
        if head == "call":
            return self._number(tree, scope) if tree[1] in _NUMBERS else self.day(tree, scope)
        if head == "name" and tree[1] in DAY_NAMES:
            return self.day(tree, scope)
        if head == "name" and not self.is_known(tree[1]):
            return tree[1]
        value = self.value(tree, scope)
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _is_code(self, left: Tree, right: Tree) -> bool:
        """Say whether the right side is a listed code of the left, even where a flag has the same name."""
        datum = self.depends.datum(left)
        return right[0] == "name" and datum is not None and right[1] in datum.values

    def _unlisted(self, tree: Tree, value: Value) -> bool:
        """Say whether a recorded code is one that the vocabulary does not know: nothing certain follows from it."""
        if not isinstance(value, str):
            return False
        datum = self.depends.datum(tree)
        return bool(datum and datum.values and value not in datum.values)

    def _in(self, tree: Tree, scope: Scope) -> Truth:
        value = self.value(tree[1], scope)
        if value is None:
            return None
        if value in tree[2]:
            return True
        return None if self._unlisted(tree[1], value) else False

    def _relation(self, tree: Tree, _: Scope) -> Truth:
        return disjunction(
            self.relatives.get(relation.to, {}).get(tree[2])
            for relation in self.history.relations
            if relation.kind == tree[1]
        )

    def _call(self, tree: Tree, scope: Scope) -> Truth:
        answer = _CALLS.get(tree[1])
        return answer(self, tree[2], scope) if answer else _not_a_condition(self, tree, scope)

    # ----------------------------------------------------------------------------------------------- values

    def is_known(self, name: str) -> bool:
        """Say whether a name is declared as anything but a code."""
        law = self.law
        return name in law.conditions or name in _PERSON or name in law.fields or name in law.flags

    def value(self, tree: Tree, scope: Scope) -> Value:
        """Give what is recorded under a name, None when it is not known."""
        if tree[0] == "call" and tree[1] == "said":
            return self._said(tree[2], scope)
        if tree[0] != "name":
            return self.truth(tree, scope)
        name = tree[1]
        if name in self.law.conditions:
            return self._name(tree, scope)
        if name in _PERSON:
            return _PERSON[name](self)
        recorded = self.recorded(name, scope)
        return recorded if recorded is not None or self.is_disputed(name, scope) else self.flags.get(name)

    def _said(self, arguments: list[Tree], scope: Scope) -> Value:
        name = arguments[0][1]
        own = self.recorded(name, scope)
        if own is not None or self.is_disputed(name, scope):
            return own
        for kind in arguments[1:]:
            for event in self.telling(name, kind[1]).walk(EARLIEST, scope.at, 0, backwards=True):
                if event.last <= scope.at:
                    return plain(event.fields[name])
        return self.flags.get(name)

    # ----------------------------------------------------------------------------------------------- events

    def _exists(self, arguments: list[Tree], scope: Scope) -> Truth:
        anywhere = Scope(scope.at)
        return disjunction(self._one_exists(a, self.surest_within(a, anywhere)) for a in arguments)

    def _one_exists(self, argument: Tree, found: Iterable[tuple[CaseEvent, Truth]]) -> Truth:
        counted = disjunction(counts for _, counts in found)
        if counted is not False:
            return counted
        kind = self.law.kinds.get(argument[1][1] if argument[0] == "where" else argument[1])
        return False if kind and kind.absence == "no" else None

    def _here(self, arguments: list[Tree], scope: Scope) -> Truth:
        return disjunction(self._one_exists(a, self.surest_within(a, scope)) for a in arguments)

    def _upon(self, arguments: list[Tree], scope: Scope) -> Truth:
        day = self.day(["name", "day"], scope) or (scope.at, scope.at)
        return disjunction(self._one_exists(one, self.entries_on(one, scope, day)) for one in arguments)

    def _about(self, arguments: list[Tree], scope: Scope) -> Truth:
        wanted = {argument[1] for argument in arguments}
        at = scope.this.opener if isinstance(scope.this, Instance) else scope.this
        met = set[str]()
        while at is not None and at.id not in met:
            met.add(at.id)
            named = self.by_id.get(str(at.fields.get("concerns", "")))
            if named is None:
                return None if len(met) == 1 or self.law.kinds[at.kind].is_against else False
            if named.kind in wanted:
                return True
            at = named
        return None  # about nothing, or about itself

    def _earlier(self, arguments: list[Tree], scope: Scope) -> Truth:
        this = scope.this.opener if isinstance(scope.this, Instance) else scope.this
        if this is None:
            return None
        found = (
            (event, conjunction((counts, _came_before(event, this))))
            for argument in arguments
            for event, counts in self.each_within(argument, Scope(this.last))
            if event is not this
        )
        return disjunction(sure for _, sure in found)

    # ------------------------------------------------------------------------------------------------- days

    def _number(self, tree: Tree, scope: Scope) -> Value:
        name, arguments = tree[1], tree[2]
        if name == "said":
            value = self._said(arguments, scope)
            if isinstance(value, int) and not isinstance(value, bool):
                return (value, value)
            return value
        if name == "diff":
            a, b = self.day(arguments[0], scope), self.day(arguments[1], scope)
            return None if a is None or b is None else (b[0] - a[1], b[1] - a[0])
        if name == "length":
            spans = sets.until(self.spans(arguments[0], scope), scope.at)
            return sets.length(spans.sure), sets.length(spans.possible)
        return self.number_of(arguments, scope)

    # ------------------------------------------------------------------------------------------------ spans

    def _during(self, arguments: list[Tree], scope: Scope) -> Truth:
        """Say whether the day lies inside; a stretch that goes on, or begins on the day of the answer, holds it."""
        first, last = self.day(["name", "day"], scope) or (scope.at, scope.at)
        last = min(last, max(first, self.as_of))
        tree, self.horizon = arguments[0], self.as_of + 1
        try:
            if tree[0] == "call" and tree[1] == "spans":
                return sets.holds(self._spans_of(tree[2], scope, (first, last)), first, last)
            return sets.holds(self.spans(tree, scope), first, last)
        finally:
            self.horizon = self.as_of

    # -------------------------------------------------------------------------------------------- instances

    def clock_is(self, arguments: list[Tree], wanted: frozenset[str], scope: Scope) -> Truth:
        """Say whether a clock of the rule, of this instance if it has one, has one of the wanted statuses."""
        clocks = self.clocks_of(arguments[0][1])
        ref = scope.this.ref if isinstance(scope.this, Instance) else None
        own = [c for c in clocks if c[0] == ref] or clocks
        return disjunction(
            True if set(status) <= wanted else None if set(status) & wanted else False for _, status, _ in own
        )


def _came_before(event: CaseEvent, this: CaseEvent) -> Truth:
    """Say whether an entry came before another one: on an earlier day, or at an earlier minute of the day."""
    if event.minute is not None and this.minute is not None and event.days == this.days:
        return event.minute < this.minute
    return True if event.last < this.first else False if event.first > this.last else None


def _key_of(this: Subject) -> str:
    return "" if this is None else this.id if isinstance(this, CaseEvent) else this.ref


def _as_truth(value: Value) -> Truth:
    """Read a recorded value as a truth: anything recorded but a plain no counts as yes."""
    return None if value is None else value is not False


def _not_a_condition(reading: Reading, tree: Tree, scope: Scope) -> Truth:
    """A tree without a truth is not known: the loader refuses it, the engine stays total."""
    return None


def _at_most(a: Days, b: Days) -> Truth:
    return not_after(a, b)


def _at_least(a: Days, b: Days) -> Truth:
    return not_after(b, a)


_COMPARE: dict[str, Callable[[Days, Days], Truth]] = {
    "=": same,
    "!=": lambda a, b: negation(same(a, b)),
    "<": before,
    "<=": _at_most,
    ">": lambda a, b: before(b, a),
    ">=": _at_least,
}
_TRUTH: dict[str, Callable[[Reading, Tree, Scope], Truth]] = {
    "true": lambda reading, tree, scope: True,
    "false": lambda reading, tree, scope: False,
    "unknown": lambda reading, tree, scope: None,
    "and": lambda reading, tree, scope: conjunction(reading.truth(part, scope) for part in tree[1:]),
    "or": lambda reading, tree, scope: disjunction(reading.truth(part, scope) for part in tree[1:]),
    "not": lambda reading, tree, scope: negation(reading.truth(tree[1], scope)),
    "name": Reading._name,
    "in": Reading._in,
    "call": Reading._call,
    "relation": Reading._relation,
    **dict.fromkeys(_COMPARE, Reading._compare),
}
_RUNNING = frozenset({"running", "suspended", "missed"})
_LAPSED = frozenset({"lapsed"})


def _truth_of_said(reading: Reading, arguments: list[Tree], scope: Scope) -> Truth:
    return _as_truth(reading._said(arguments, scope))


def _chosen(reading: Reading, arguments: list[Tree], scope: Scope) -> Truth:
    """`if(condition, then, otherwise)`; where the condition is unknown the two must agree."""
    truth = reading.truth(arguments[0], scope)
    if truth is not None:
        return reading.truth(arguments[1 if truth else 2], scope)
    then, otherwise = reading.truth(arguments[1], scope), reading.truth(arguments[2], scope)
    return then if then is otherwise else None


def _vulnerable_as(reading: Reading, arguments: list[Tree], scope: Scope) -> Truth:
    """`vulnerable_as(code, …)`: one of these is recorded of the person; no record at all is not known."""
    recorded = reading.history.person.vulnerabilities
    return None if recorded is None else any(argument[1] in recorded for argument in arguments)


_CALLS: dict[str, Callable[[Reading, list[Tree], Scope], Truth]] = {
    "exists": Reading._exists,
    "here": Reading._here,
    "upon": Reading._upon,
    "about": Reading._about,
    "earlier": Reading._earlier,
    "said": _truth_of_said,
    "if": _chosen,
    "known": lambda reading, arguments, scope: reading.truth(arguments[0], scope) is not None,
    "shown": lambda reading, arguments, scope: reading.truth(arguments[0], scope) is True,
    "has": lambda reading, arguments, scope: (
        None if reading.is_disputed(arguments[0][1], scope) else reading.recorded(arguments[0][1], scope) is not None
    ),
    "vulnerable_as": _vulnerable_as,
    "any": Reading.any_counts,
    "all": Reading.all_count,
    "during": Reading._during,
    "running": lambda reading, arguments, scope: reading.clock_is(arguments, _RUNNING, scope),
    "lapsed": lambda reading, arguments, scope: reading.clock_is(arguments, _LAPSED, scope),
    "binds": lambda reading, arguments, scope: binds_on(
        reading.law, reading.history.flags, arguments[0][1], reading.day(["name", "day"], scope) or (scope.at, scope.at)
    ),
}
_NUMBERS = frozenset({"diff", "length", "number", "said"})


_PERSON: dict[str, Callable[[Reading], Value]] = {
    "minor": lambda reading: reading.history.person.minor,
    "unaccompanied": lambda reading: reading.history.person.unaccompanied,
    "vulnerable": lambda reading: reading.history.person.vulnerable,
    "own_state": lambda reading: reading.law.jurisdiction,
    "kept_by_authority": lambda reading: reading.law.kept_by_authority,
    "age": lambda reading: reading.history.person.age,
}

#: What the loader checks names and functions against.
FUNCTIONS = {
    "truth": frozenset(_CALLS),
    "number": _NUMBERS,
    "day": DAY_FUNCTIONS,
    "spans": SPAN_FUNCTIONS,
}
