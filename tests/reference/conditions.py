"""What a condition of the law means on a person's log.

`Reader.truth(tree, at, this)`: `at` is the day up to which the log is read, `this` an entry, an instance or nothing.
Each method is one line of the table "Conditions" in CONTRIBUTING.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reference import binding, nights
from reference.instances import Instance, instances_of
from reference.nights import Nights
from reference.periods import both_later
from reference.truth import (
    FIRST_DAY,
    LAST_DAY,
    MAYBE,
    NO,
    YES,
    Days,
    Truth,
    all_of,
    any_of,
    first_of,
    is_before,
    is_by,
    is_same,
    known,
    last_of,
    opposite,
)
from staza.engine.expressions import Tree
from staza.engine.types import CaseEvent, CaseHistory, Law, Opening, Procedure

Subject = CaseEvent | Instance | None
Relatives = Mapping[str, Mapping[str, bool | None]]
Counted = tuple[CaseEvent, Truth]
CUSTODY = "custody.episode"
PAPERS = ("detention_started", "detention_ordered", "detention_extended")
STILL_OWED = frozenset({"running", "suspended", "missed"})
UNKNOWN = object()  # a value that is recorded, but more than one may be meant


class Reader:
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
        self._being_read: list[str] = []
        self._cycles = 0
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

    # ------------------------------------------------------------------------------------------ conditions

    def truth(self, tree: Tree | None, at: int, this: Subject = None) -> Truth:
        """Give the truth of a condition; no condition is true."""
        match tree:
            case None | ["true"]:
                return YES
            case ["false"]:
                return NO
            case ["and", *parts]:
                return all_of(self.truth(part, at, this) for part in parts)
            case ["or", *parts]:
                return any_of(self.truth(part, at, this) for part in parts)
            case ["not", part]:
                return opposite(self.truth(part, at, this))
            case ["name", name]:
                return self._remembered(("name", name, at, this), lambda: self._named(name, at, this))
            case ["in", left, codes]:
                value = self.value(left, at, this)
                if value in codes:
                    return YES
                return MAYBE if value in (None, UNKNOWN) or self._is_unlisted(left, value) else NO
            case ["=" | "!=" | "<" | "<=" | ">" | ">=" as sign, left, right]:
                return self._compared(sign, left, right, at, this)
            case ["relation", kind, export]:
                linked = [one.to for one in self.history.relations if one.kind == kind]
                return any_of(known(self.relatives.get(to, {}).get(export)) for to in linked)
            case ["call", function, arguments]:
                return self._called(function, arguments, at, this)
        return MAYBE

    def _remembered(self, key: tuple[Any, ...], find: Callable[[], Any]) -> Any:
        """Find a thing once; what was found inside a cycle is not kept."""
        key = tuple(id(part) if isinstance(part, CaseEvent) else part for part in key)
        if key not in self._known:
            before = self._cycles
            found = find()
            if self._cycles != before:
                return found
            self._known[key] = found
        return self._known[key]

    def _named(self, name: str, at: int, this: Subject) -> Truth:
        condition = self.law.conditions.get(name)
        if condition is None:
            return _yes_or_no(self.value(["name", name], at, this))
        if condition.tree is None or name in self._being_read:
            self._cycles += condition.tree is not None
            answer = self.history.flags.get(name)
            return known(answer if isinstance(answer, bool) else None)
        self._being_read.append(name)
        try:
            return self.truth(condition.tree, at, this)
        finally:
            self._being_read.pop()

    def _called(self, function: str, arguments: list[Tree], at: int, this: Subject) -> Truth:
        match function, arguments:
            case "shown", [part]:
                return known(self.truth(part, at, this) == YES)
            case "known", [part]:
                return known(self.truth(part, at, this) != MAYBE)
            case "if", [part, then, otherwise]:
                branches = {True: then, False: otherwise}
                chosen = (self.truth(branches[answer], at, this) for answer in self.truth(part, at, this))
                return frozenset().union(*chosen)
            case "has", [["name", name]]:
                recorded = self._recorded(name, at, this)
                return MAYBE if recorded is UNKNOWN else known(recorded is not None)
            case "said", _:
                return _yes_or_no(self._said(arguments, at, this))
            case "exists", _:
                return any_of(self._happened(one, self.entries(one, at)) for one in arguments)
            case "here", _:
                return any_of(self._happened(one, self.own_entries(one, at, this)) for one in arguments)
            case "upon", _:
                day = self._named_day("day", at, this) or (at, at)
                return any_of(
                    self._happened(
                        one, [(e, all_of((sure, is_same(e.days, day)))) for e, sure in self.entries(one, at)]
                    )
                    for one in arguments
                )
            case "any", [one]:
                return any_of(all_of((there, holds)) for there, holds in self._each(one, at))
            case "all", [one]:
                return all_of(any_of((opposite(there), holds)) for there, holds in self._each(one, at))
            case "during", [spans]:
                day = self._named_day("day", at, this) or (at, at)
                day = (day[0], min(day[1], max(day[0], self.as_of)))
                # the day of the answer is a day: what began on it, or goes on, holds on it
                return nights.holds(self.spans(spans, at, this, self.as_of + 1), day)
            case "running", [["name", rule]]:
                return self._clock_is(rule, STILL_OWED, this)
            case "lapsed", [["name", rule]]:
                return self._clock_is(rule, frozenset({"lapsed"}), this)
            case "vulnerable_as", codes:
                recorded = self.history.person.vulnerabilities
                return MAYBE if recorded is None else known(any(code in recorded for _, code in codes))
            case "binds", [["name", act]]:
                return binding.on_day(self.law, self.history.flags, act, at)
        return MAYBE

    def _each(self, argument: Tree, at: int) -> Iterator[tuple[Truth, Truth]]:
        """Give of each instance that may have begun whether it is there, and whether the `where` holds of it."""
        name, where = _apart(argument)
        for one in self.instances(name):
            there = all_of((is_by(one.start, (at, at)), YES if one.certain else MAYBE))
            if there != NO:
                yield there, self.truth(where, at, one)

    def _clock_is(self, rule: str, wanted: frozenset[str], this: Subject) -> Truth:
        return any_of(frozenset(one in wanted for one in clock.status) for clock in self._clocks_of(rule, this))

    def _clocks_of(self, rule: str, this: Subject) -> list[Any]:
        clocks = self.clocks(rule)
        own = [clock for clock in clocks if isinstance(this, Instance) and clock.ref == this.ref]
        return own or clocks

    # ---------------------------------------------------------------------------------------------- values

    def value(self, tree: Tree, at: int, this: Subject) -> Any:
        """Give what is recorded under a name: None is not known."""
        match tree:
            case ["call", "said", arguments]:
                return self._said(arguments, at, this)
            case ["name", name] if name not in self.law.conditions:
                person = self.history.person
                match name:
                    case "own_state":
                        return self.law.jurisdiction
                    case "minor" | "unaccompanied" | "vulnerable" | "age":
                        return getattr(person, name)
                recorded = self._recorded(name, at, this)
                return self._flag(name) if recorded is None else recorded
        return {YES: True, NO: False, MAYBE: None}[self.truth(tree, at, this)]

    def _flag(self, name: str) -> Any:
        value = self.history.flags.get(name)
        return None if value == "unknown" else value

    def _recorded(self, name: str, at: int, this: Subject) -> Any:
        """Give the field of an entry; of an instance as last recorded, unknown where a doubtful entry says else."""
        if isinstance(this, CaseEvent):
            return _plain(this.fields.get(name))
        if this is None:
            return None
        told = [e for e in this.entries if name in e.fields and e.first <= at]
        doubtful = [e for e in this.possible if name in e.fields and e.first <= at]
        last = told[-1:]
        after = [e for e in doubtful if not last or (e.first, e.order) > (last[0].first, last[0].order)]
        values = {_plain(e.fields[name]) for e in (*last, *after)}
        if after and (len(values) > 1 or not last):
            return UNKNOWN
        return next(iter(values), None)

    def _said(self, arguments: list[Tree], at: int, this: Subject) -> Any:
        name = arguments[0][1]
        own = self._recorded(name, at, this)
        if own is not None:
            return own
        for _, kind in arguments[1:]:
            told = [e for e in self.log if e.kind == kind and e.last <= at and name in e.fields]
            if told:
                return _plain(told[-1].fields[name])
        return self._flag(name)

    def _is_unlisted(self, tree: Tree, value: Any) -> bool:
        """Say whether a recorded code is one that the vocabulary does not list."""
        name = tree[2][0][1] if tree[:2] == ["call", "said"] else tree[1]
        datum = self.law.fields.get(str(name)) or self.law.flags.get(str(name))
        return bool(datum and datum.values and isinstance(value, str) and value not in datum.values)

    def _operand(self, tree: Tree, at: int, this: Subject) -> Any:
        """Give one side of a comparison: a number or day as an interval, else a code or a yes or no."""
        match tree:
            case ["number", number]:
                return number, number
            case ["call", "diff", [a, b]]:
                a, b = self.day(a, at, this), self.day(b, at, this)
                return None if a is None or b is None else (b[0] - a[1], b[1] - a[0])
            case ["call", "length", [spans]]:
                counted = self.spans(spans, at, this, min(at, self.as_of))  # what came later is not read
                return counted.sure.bit_count(), counted.possible.bit_count()
            case ["call", "number", [one]]:
                there = [all_of(pair) for pair in self._each(one, at)]
                return sum(t == YES for t in there), sum(t != NO for t in there)
            case ["call", name, _] if name != "said":
                return self.day(tree, at, this)
            case ["name", "today" | "day" | "start" | "end" | "held_since" | "reaches"]:
                return self.day(tree, at, this)
            case ["name", name] if not self._is_declared(name):
                return name
        value = self.value(tree, at, this)
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _is_declared(self, name: str) -> bool:
        persons = ("minor", "unaccompanied", "vulnerable", "age", "own_state")
        return name in persons or any(name in names for names in (self.law.conditions, self.law.fields, self.law.flags))

    def _compared(self, sign: str, left: Tree, right: Tree, at: int, this: Subject) -> Truth:
        datum = self.law.fields.get(str(left[1])) or self.law.flags.get(str(left[1]))
        is_code = right[0] == "name" and datum is not None and right[1] in datum.values  # codes go before flags
        a, b = self._operand(left, at, this), right[1] if is_code else self._operand(right, at, this)
        if a in (None, UNKNOWN) or b in (None, UNKNOWN):
            return MAYBE
        if isinstance(a, tuple) and isinstance(b, tuple):
            match sign:
                case "=" | "!=":
                    equal = is_same(a, b)
                    return equal if sign == "=" else opposite(equal)
                case "<" | ">":
                    return is_before(a, b) if sign == "<" else is_before(b, a)
                case _:
                    return is_by(a, b) if sign == "<=" else is_by(b, a)
        if sign not in ("=", "!="):
            return MAYBE
        if a != b and (self._is_unlisted(left, a) or self._is_unlisted(right, b)):
            return MAYBE
        return known((a == b) == (sign == "="))

    # --------------------------------------------------------------------------------------------- entries

    def entries(self, argument: Tree, at: int) -> list[Counted]:
        """Give the entries of a kind that may have happened by the day, each with how sure that it counts."""
        kind, where = _apart(argument)
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
        begun = is_by(this.start, entry.days) if this.start[0] > FIRST_DAY else YES  # an unknown start is no bar
        return all_of((begun, is_by(entry.days, this.end) if this.end else YES))

    def _happened(self, argument: Tree, counted: list[Counted]) -> Truth:
        """Say whether any entry counts; with none, the silence of the kind decides."""
        found = any_of(counts for _, counts in counted)
        kind = self.law.kinds.get(_apart(argument)[0])
        return found if found != NO or (kind and kind.absence == "no") else MAYBE

    # ------------------------------------------------------------------------------------------------ days

    def day(self, tree: Tree, at: int, this: Subject) -> Days | None:
        """Give a day as an interval; None where there is no such day."""
        match tree:
            case ["name", name]:
                return self._named_day(name, at, this)
            case ["call", "first", arguments]:
                # the first entry of the whole log up to the day of the answer, whenever the question is about
                return self._first(arguments, max(at, self.as_of), this)
            case ["call", "last", arguments]:
                return self._last(arguments, at, this)
            case ["call", "add", [of, ["period", amount, unit]]]:
                day = self.day(of, at, this)
                return None if day is None else both_later(day, (amount, unit))
            case ["call", "earliest" | "latest" as which, arguments]:
                days = [d for d in (self.day(one, at, this) for one in arguments) if d is not None]
                return first_of(days) if which == "earliest" else last_of(days)
            case ["call", "parent", [inner]]:
                around = this.parent if isinstance(this, Instance) else None
                return self.day(inner, at, around) if around else None
            case ["call", "due", [["name", rule]]]:
                return first_of(clock.due for clock in self._clocks_of(rule, this) if clock.due)
        return None

    def _named_day(self, name: str, at: int, this: Subject) -> Days | None:
        match name:
            case "today":
                return at, at
            case "day":
                return (at, at) if this is None else this.days if isinstance(this, CaseEvent) else this.start
            case "start" if isinstance(this, Instance):
                return this.start
            case "end" if isinstance(this, Instance):
                return this.end
            case "held_since":
                episode = self._custody(this, at)
                return episode.start if episode else None
            case "reaches":
                return self._reaches(this)
        if name in self.law.kinds:
            return self._first([["name", name]], max(at, self.as_of), this)
        value = self.value(["name", name], at, this)
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else None

    def _first(self, arguments: list[Tree], at: int, this: Subject) -> Days | None:
        """Give the day of the first: any doubtful one may be it, and with doubtful ones alone there may be none."""
        found = [pair for one in arguments for pair in self.own_entries(one, at, this)]
        sure = [entry.days for entry, counts in found if counts == YES]
        every = first_of(entry.days for entry, _ in found)
        if every is None:
            return None
        return every[0], min(day[1] for day in sure) if sure else LAST_DAY

    def _last(self, arguments: list[Tree], at: int, this: Subject) -> Days | None:
        """Give the day of the last: a doubtful one may be it; with doubtful ones alone there may be none."""
        found = [pair for one in arguments for pair in self.own_entries(one, at, this)]
        sure = [entry.days for entry, counts in found if counts == YES]
        every = last_of(entry.days for entry, _ in found)
        if every is None:
            return None
        return max(day[0] for day in sure) if sure else FIRST_DAY, every[1]

    def _custody(self, this: Subject, at: int) -> Instance | None:
        """Give the custody that something belongs to: its own, else the latest that has begun."""
        episodes = self.instances(CUSTODY)
        if isinstance(this, CaseEvent):
            own = [one for one in episodes if any(this is entry for entry in one.entries)]
            return own[-1] if own else None
        above = this
        while above is not None:
            if above.procedure == CUSTODY:
                return above
            above = above.parent
        begun = [one for one in episodes if one.start[0] <= at]
        return begun[-1] if begun else None

    def _reaches(self, this: Subject) -> Days | None:
        """Give the last day that a paper grants, or the latest of the papers of an instance if the last names one."""
        if this is None:
            return None
        if isinstance(this, Instance):
            papers = [entry for entry in this.entries if entry.kind in PAPERS]
            ends = [self._paper_ends(paper, this) for paper in papers]
            return last_of(end for end in ends if end) if ends and ends[-1] else None
        return self._paper_ends(this, self._custody(this, self.as_of)) if this.kind in PAPERS else None

    def _paper_ends(self, paper: CaseEvent, held: Instance | None) -> Days | None:
        """What is added counts from the end of the paper before, where that was later; days in all from the start."""
        grants = [(n, paper.fields.get(n)) for n in ("until", "days_total", "months", "days", "hours")]
        numbers = [(n, v) for n, v in grants if isinstance(v, int) and not isinstance(v, bool)]
        if not numbers:
            return None
        unit, amount = numbers[0]
        if unit == "until":
            return amount, amount
        counted_from = paper.days
        if held and unit == "days_total":
            counted_from = held.start
        elif held and paper.kind == "detention_extended":
            papers = [entry for entry in held.entries if entry.kind in PAPERS]
            before = papers[: next(n for n, entry in enumerate(papers) if entry is paper)]
            end_before = self._paper_ends(before[-1], held) if before else None
            counted_from = last_of([paper.days, end_before]) if end_before else paper.days
        return both_later(counted_from, (amount, "days" if unit == "days_total" else unit))

    # ----------------------------------------------------------------------------------------------- spans

    def spans(self, tree: Tree, at: int, this: Subject, horizon: int) -> Nights:
        """Give a set of nights before the day `horizon`; a named one is about the person, not about `this`."""
        match tree:
            case ["union", a, b]:
                return nights.either(self.spans(a, at, this, horizon), self.spans(b, at, this, horizon))
            case ["minus", a, b]:
                return nights.without(self.spans(a, at, this, horizon), self.spans(b, at, this, horizon))
            case ["overlap", a, b]:
                return nights.shared(self.spans(a, at, this, horizon), self.spans(b, at, this, horizon))
            case ["name", name]:
                return self._remembered(("spans", name, at, horizon), lambda: self._named_spans(name, at, horizon))
            case ["call", "spans", [one]]:
                name, where = _apart(one)
                result = Nights()
                for instance in self.instances(name):
                    kept = all_of((self.truth(where, at, instance), YES if instance.certain else MAYBE))
                    result = nights.either(result, nights.given(self.nights_of(instance, horizon), kept))
                return result
            case ["call", "after", arguments]:
                result = Nights()
                for entry, counts in (pair for one in arguments for pair in self.entries(one, self.as_of)):
                    since = nights.between(entry.days, (horizon, horizon))
                    result = nights.either(result, nights.given(since, counts))
                return result
            case ["call", "from", [of]]:
                day = self.day(of, at, this)
                return nights.between(day, (horizon, horizon)) if day else Nights()
            case ["call", "when", [condition, inner]]:
                return nights.given(self.spans(inner, at, this, horizon), self.truth(condition, at, this))
        raise AssertionError(f"no spans: {tree}")

    def _named_spans(self, name: str, at: int, horizon: int) -> Nights:
        mark = f"spans {name}"
        if mark in self._being_read:
            self._cycles += 1
            return Nights()
        self._being_read.append(mark)
        try:
            return self.spans(self.law.spans[name], at, None, horizon)
        finally:
            self._being_read.pop()

    def nights_of(self, instance: Instance, horizon: int) -> Nights:
        """Give the nights of an instance; where an entry may have ended it, it surely goes on only until then."""
        end = instance.end or (min([horizon, *(d[0] for d in instance.maybe_ended)]), horizon)
        return nights.between(instance.start, (min(end[0], horizon), min(end[1], horizon)))


def _apart(argument: Tree) -> tuple[str, Tree | None]:
    """Give the name and the condition of `name where condition`."""
    return (argument[1][1], argument[2]) if argument[0] == "where" else (argument[1], None)


def _plain(value: Any) -> Any:
    return None if value == "unknown" else value


def _yes_or_no(value: Any) -> Truth:
    """Anything that is recorded, except a plain no, counts as yes."""
    return MAYBE if value in (None, UNKNOWN) else known(value is not False)
