"""Days and sets of days: what the day expressions of the language mean on a log."""

from abc import abstractmethod
from collections.abc import Callable

from staza.engine import spans as sets
from staza.engine.days import ByPlace, Calendar, Period, add_days, due_days
from staza.engine.expressions import Tree
from staza.engine.instants import instants
from staza.engine.log import CUSTODY, Log, Scope, Subject
from staza.engine.logic import EARLIEST, LATEST, Days, around, conjunction, earliest, latest
from staza.engine.spans import Spans
from staza.engine.types import CaseEvent, Instance, Rule, Value

_ENTRIES = ("first", "last")


class Timed(Log):
    """One person's log with its days and sets of days; what a condition is comes from `Reading`."""

    @abstractmethod
    def value(self, tree: Tree, scope: Scope) -> Value:
        """Give what is recorded under a name, None when it is not known."""

    def calendars_of(self, rule: Rule | None, scope: Scope) -> tuple[Calendar, ...]:
        """Give the calendars by which a rule may count: its own, that of the place, of an unknown place each; or the
        State's.
        """
        named = rule.calendar if rule else None
        if not isinstance(named, ByPlace):
            return (named or self.law.calendar,)
        value = self.value(["name", named.name], scope)
        here = [calendar for code, calendar in named.calendars if code == value]
        return tuple(here or dict.fromkeys(calendar for _, calendar in named.calendars))

    def due_days(
        self, rule: Rule | None, scope: Scope, start: Days, period: Period, *, first_day: str = "", rolls: bool = True
    ) -> Days:
        """Give the last day in time of a period by the regime and the calendar of a rule; each that is possible.

        `first_day`: see `Limit`. Without `rolls` an end stays on a free day; working days are counted all the same.
        """
        regime = rule.regime if rule and rolls else "plain"
        return around(
            due_days(start, period, regime, places, counted=counted)
            for places in self.calendars_of(rule, scope)
            for counted in {"": (False,), "counts": (True,), "open": (True, False)}[first_day]
        )

    def day(self, tree: Tree, scope: Scope) -> Days | None:
        """Give a day as an interval, None when there is no such day."""
        if tree[0] == "name":
            return self._named_day(tree[1], scope)
        if tree[0] == "call" and tree[1] in _DAYS:
            return _DAYS[tree[1]](self, tree[2], scope)
        return None

    def _named_day(self, name: str, scope: Scope) -> Days | None:
        this = scope.this
        if name == "today":
            return scope.at, scope.at
        if name == "day":
            return this.days if isinstance(this, CaseEvent) else this.start if this else (scope.at, scope.at)
        if name == "start" and isinstance(this, Instance):
            return this.start
        if name == "end" and isinstance(this, Instance):
            return this.end
        if name == "held_since":
            episode = self._custody_of(this, scope)
            return episode.start if episode else None
        if name == "reached":
            return self.reached(scope.this)
        if name == "reaches":
            return self.reaches(this)
        if name in self.law.kinds:
            return self._first([["name", name]], scope)
        value = self.value(["name", name], scope)
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else None

    def instants(self, tree: Tree, scope: Scope) -> Days | None:
        """Give the instants in which a day lies: one where the time of day is recorded, else the whole day or days."""
        days = self.day(tree, scope)
        return None if days is None else instants(days, self._minute(tree, scope, days), self.law.zone)

    def _minute(self, tree: Tree, scope: Scope, days: Days) -> int | None:
        """Give the recorded time of day of a start, an end, or the first or last entry of a kind."""
        this, name = scope.this, tree[1]
        if tree[0] == "name" and name in ("start", "day") and isinstance(this, Instance):
            return this.start_minute
        if tree[0] == "name" and name == "end" and isinstance(this, Instance):
            return this.end_minute
        if tree[0] == "name" and name == "day" and isinstance(this, CaseEvent):
            return this.minute
        named = tree[0] == "name" and name in self.law.kinds
        found: list[int] = []
        late = scope._replace(at=max(scope.at, self.as_of))
        for argument in [tree] if named else tree[2] if tree[0] == "call" and name in _ENTRIES else ():
            for event, counts in self.surest_within(argument, late, backwards=name == "last"):
                if event.first <= days[0] <= event.last:
                    if counts is not True or event.minute is None:
                        return None  # another entry of the day may be the one
                    found.append(event.minute)
        return (max(found) if name == "last" else min(found)) if found else None

    def _first(self, arguments: list[Tree], scope: Scope) -> Days | None:
        """Give the day of the first of several; one that is merely possible widens the interval."""
        late = scope._replace(at=max(scope.at, self.as_of))
        sure: list[Days] = []
        possible: list[Days] = []
        for argument in arguments:
            for event, counts in self.surest_within(argument, late):
                (sure if counts else possible).append(event.days)
        return _first_of(sure, possible)

    def _last(self, arguments: list[Tree], scope: Scope) -> Days | None:
        """Give the day of the last of several; one that is merely possible widens the interval."""
        sure: list[Days] = []
        possible: list[Days] = []
        for argument in arguments:
            for event, counts in self.surest_within(argument, scope, backwards=True):
                (sure if counts else possible).append(event.days)
        found, doubt = latest(sure), latest(possible)
        if found is None:
            return (EARLIEST, doubt[1]) if doubt else None
        return (found[0], max(found[1], doubt[1])) if doubt else found

    def _recorded(self, arguments: list[Tree], scope: Scope) -> Days | None:
        """Give the first day that one of several records in a field, and none where none does."""
        sure: list[Days] = []
        possible: list[Days] = []
        late = scope._replace(at=max(scope.at, self.as_of))
        for argument in arguments[1:]:
            for event, counts in self.each_within(argument, late):
                day = event.fields.get(arguments[0][1])
                if isinstance(day, int) and not isinstance(day, bool):
                    (sure if counts else possible).append((day, day))
        return _first_of(sure, possible)

    def _add(self, arguments: list[Tree], scope: Scope) -> Days | None:
        day, period = self.day(arguments[0], scope), arguments[1]
        if day is None or period[0] != "period":
            return day
        if period[2] == "working_days":
            return self.due_days(self._counting(arguments), scope, day, (period[1], period[2]), rolls=False)
        return add_days(day[0], (period[1], period[2])), add_days(day[1], (period[1], period[2]))

    def _first_working_day(self, arguments: list[Tree], scope: Scope) -> Days | None:
        """Give the day itself where it is a working day, else the next one."""
        day, rule = self.day(arguments[0], scope), self._counting(arguments)
        if day is None:
            return None
        return around(due_days(day, (0, "days"), "rolling", places) for places in self.calendars_of(rule, scope))

    def _counting(self, arguments: list[Tree]) -> Rule | None:
        """Give the rule by whose calendar an expression counts: the one that it stands in, none elsewhere."""
        return self.law.by_id.get(arguments[-1][1]) if arguments[-1][0] == "rule" else None

    def spans(self, tree: Tree, scope: Scope) -> Spans:
        """Give a set of days, cut off at the day of the evaluation."""
        head = tree[0]
        if head in ("union", "minus", "overlap"):
            a, b = self.spans(tree[1], scope), self.spans(tree[2], scope)
            return getattr(sets, head)(a, b)  # type: ignore[no-any-return]  # one of the three named above
        if head == "name":
            settled = self.depends.is_settled(self.law.spans[tree[1]])
            key = (tree[1], 0 if settled else scope.at, self.horizon)
            if key not in self._spans:
                self._spans[key] = sets.NONE  # a cycle ends as nothing
                self._spans[key] = self.spans(self.law.spans[tree[1]], Scope(scope.at))
            return self._spans[key]
        return _SPANS[tree[1]](self, tree[2], scope)

    def _spans_of(self, arguments: list[Tree], scope: Scope, on: Days | None = None) -> Spans:
        """Give the days of the instances of a procedure; with `on`, only of those that may touch these days."""
        name, where = split(arguments[0])
        made = []
        for instance in self.standing(name).touching(*on) if on else self.instances.get(name, ()):
            kept = conjunction((self.truth(where, Scope(scope.at, instance)), instance.certain or None))
            if kept is not False:
                made.append(sets.only(self.stretch(instance), kept))
        return sets.union(*made)

    def stretch(self, instance: Instance) -> Spans:
        """Give the days of an instance, up to the day of the evaluation."""
        key = (instance.ref, self.horizon)
        if key not in self._stretches:
            end = instance.end or (self.horizon, self.horizon)
            if instance.maybe_end is not None:
                end = (min(end[0], instance.maybe_end), end[1])
            self._stretches[key] = sets.until(sets.stretch(instance.start, end), self.horizon)
        return self._stretches[key]

    def _after(self, arguments: list[Tree], scope: Scope) -> Spans:
        return sets.until(
            sets.union(
                *(
                    sets.only(sets.after(event.days), counts)
                    for argument in arguments
                    for event, counts in self.entries(argument, scope._replace(at=self.as_of))
                )
            ),
            self.horizon,
        )

    def _from(self, arguments: list[Tree], scope: Scope) -> Spans:
        day = self.day(arguments[0], scope)
        return sets.until(sets.after(day), self.horizon) if day else sets.NONE

    def _when(self, arguments: list[Tree], scope: Scope) -> Spans:
        return sets.only(self.spans(arguments[1], scope), self.truth(arguments[0], scope))

    def _custody_of(self, this: Subject, scope: Scope) -> Instance | None:
        """Give the custody that something belongs to, else the one that had begun last."""
        around = this if isinstance(this, Instance) else None
        while around is not None and around.procedure != CUSTODY:
            around = around.parent
        if around is not None:
            return around
        return self.episode(this if isinstance(this, CaseEvent) else None, scope.at)

    def clocks_of(self, rule: str) -> list[tuple[str, tuple[str, ...], Days | None]]:
        """Give the clocks of a rule (instance, status, due), computed now if they were not yet."""
        if rule not in self.clock_status and self.compute is not None:
            self.clock_status[rule] = []  # a clock that reads itself finds nothing
            self.compute(rule)
        return self.clock_status.get(rule, [])

    def _due(self, arguments: list[Tree], scope: Scope) -> Days | None:
        """Give the due day of this instance's clock; of several clocks the days between the first and the last."""
        clocks = self.clocks_of(arguments[0][1])
        ref = scope.this.ref if isinstance(scope.this, Instance) else None
        own = [c for c in clocks if c[0] == ref] or clocks
        known = [due for _, _, due in own if due]
        return around(known) if known else None


def _first_of(sure: list[Days], possible: list[Days]) -> Days | None:
    """Give the first of days that surely count; one that merely may widens the interval, or is all there may be."""
    found, doubt = earliest(sure), earliest(possible)
    if found is None:
        return (doubt[0], LATEST) if doubt else None
    return (min(found[0], doubt[0]), found[1]) if doubt else found


def split(argument: Tree) -> tuple[str, Tree | None]:
    """Give the procedure that an argument names, and the condition on its instances."""
    return (argument[1][1], argument[2]) if argument[0] == "where" else (argument[1], None)


def _in_parent(reading: Timed, arguments: list[Tree], scope: Scope) -> Days | None:
    """`parent(day)`: the day as it is read in the instance around this one."""
    this = scope.this
    parent = this.parent if isinstance(this, Instance) else None
    return reading.day(arguments[0], scope._replace(this=parent)) if parent else None


_DAYS: dict[str, Callable[[Timed, list[Tree], Scope], Days | None]] = {
    "parent": _in_parent,
    "first": Timed._first,
    "last": Timed._last,
    "recorded": Timed._recorded,
    "add": Timed._add,
    "first_working_day": Timed._first_working_day,
    "due": Timed._due,
    "earliest": lambda reading, arguments, scope: earliest(
        day for argument in arguments if (day := reading.day(argument, scope))
    ),
    "latest": lambda reading, arguments, scope: latest(
        day for argument in arguments if (day := reading.day(argument, scope))
    ),
}
_SPANS: dict[str, Callable[[Timed, list[Tree], Scope], Spans]] = {
    "spans": Timed._spans_of,
    "after": Timed._after,
    "from": Timed._from,
    "when": Timed._when,
}

#: The functions that give days and sets of days.
DAY_FUNCTIONS = frozenset(_DAYS)
SPAN_FUNCTIONS = frozenset(_SPANS)
