"""What a condition of the law means on a person's log.

`Reader.truth(tree, at, this)`: `at` is the day up to which the log is read, `this` an entry, an instance or nothing.
Each case is one line of the table "Conditions" in CONTRIBUTING.
"""

from collections.abc import Iterator
from typing import Any

from reference import binding, nights
from reference.log import UNKNOWN, Subject, apart, plain
from reference.spans import SpanLog
from reference.truth import (
    MAYBE,
    NO,
    YES,
    Truth,
    all_of,
    any_of,
    is_before,
    is_by,
    is_same,
    known,
    opposite,
)
from staza.engine.expressions import Tree
from staza.engine.types import CaseEvent

STILL_OWED = frozenset({"running", "suspended", "missed"})


class Reader(SpanLog):
    """One log and one law, read together; `clocks` gives the clocks of a rule and is set by `reference.answer`."""

    def truth(self, tree: Tree | None, at: int, this: Subject = None) -> Truth:
        """Give the truth of a condition; no condition is true."""
        match tree:
            case None | ["true"]:
                return YES
            case ["name", name]:
                return self.remembered(("name", name, at, id(this)), lambda: self._named(name, at, this))
            case ["call", function, arguments]:
                return self._called(function, arguments, at, this)
            case ["false"]:
                return NO
            case ["and", *parts]:
                return all_of(self.truth(part, at, this) for part in parts)
            case ["or", *parts]:
                return any_of(self.truth(part, at, this) for part in parts)
            case ["not", part]:
                return opposite(self.truth(part, at, this))
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
        return MAYBE

    def _named(self, name: str, at: int, this: Subject) -> Truth:
        condition = self.law.conditions.get(name)
        if condition is None:
            return _yes_or_no(self.value(["name", name], at, this))
        if condition.tree is None or name in self.being_read:
            self.cycles += condition.tree is not None
            answer = self.history.flags.get(name)
            return known(answer if isinstance(answer, bool) else None)
        self.being_read.append(name)
        try:
            return self.truth(condition.tree, at, this)
        finally:
            self.being_read.pop()

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
                recorded = self.recorded(name, at, this)
                return MAYBE if recorded is UNKNOWN else known(recorded is not None)
            case "said", _:
                return _yes_or_no(self._said(arguments, at, this))
            case "exists", _:
                return any_of(self.happened(one, self.entries(one, at)) for one in arguments)
            case "here", _:
                return any_of(self.happened(one, self.own_entries(one, at, this)) for one in arguments)
            case "about", _:
                return self._about({kind for _, kind in arguments}, this)
            case "earlier", _ if this is not None:
                later = this if isinstance(this, CaseEvent) else this.opener
                return any_of(
                    all_of((counts, _came_before(entry, later)))
                    for one in arguments
                    for entry, counts in self.entries(one, later.last)
                    if entry is not later
                )
            case "upon", _:
                day = self.named_day("day", at, this) or (at, at)
                return any_of(
                    self.happened(one, [(e, all_of((sure, is_same(e.days, day)))) for e, sure in self.entries(one, at)])
                    for one in arguments
                )
            case "any", [one]:
                return any_of(all_of((there, holds)) for there, holds in self._each(one, at))
            case "all", [one]:
                return all_of(any_of((opposite(there), holds)) for there, holds in self._each(one, at))
            case "during", [spans]:
                day = self.named_day("day", at, this) or (at, at)
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
                day = self.named_day("day", at, this) or (at, at)
                return binding.during(self.law, self.history.flags, act, binding.When(day, one_day=True))
        return MAYBE

    def _about(self, kinds: set[str], this: Subject) -> Truth:
        """Say whether an entry is about one of the kinds: the entries that it names, one after the other, tell."""
        entry = this if this is None or isinstance(this, CaseEvent) else this.opener
        chain = [entry] if entry else []
        while chain and len(chain) <= len(self.log):
            named = [one for one in self.log if one.id == chain[-1].fields.get("concerns")]
            if not named:
                break
            chain.append(named[0])
        told = chain[1:]
        if any(one.kind in kinds for one in told):
            return YES
        goes_in_a_circle = len(chain) > len(self.log)
        return MAYBE if not told or goes_in_a_circle or self.law.kinds[told[-1].kind].is_against else NO

    def _each(self, argument: Tree, at: int) -> Iterator[tuple[Truth, Truth]]:
        """Give of each instance that may have begun whether it is there, and whether the `where` holds of it."""
        name, where = apart(argument)
        for one in self.instances(name):
            there = all_of((is_by(one.start, (at, at)), YES if one.certain else MAYBE))
            if there != NO:
                yield there, self.truth(where, at, one)

    def _clock_is(self, rule: str, wanted: frozenset[str], this: Subject) -> Truth:
        return any_of(frozenset(one in wanted for one in clock.status) for clock in self.clocks_of(rule, this))

    # ---- values

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
                    case "kept_by_authority":
                        return self.law.kept_by_authority
                    case "minor" | "unaccompanied" | "vulnerable" | "age":
                        return getattr(person, name)
                recorded = self.recorded(name, at, this)
                return self.flag(name) if recorded is None else recorded
        return {YES: True, NO: False, MAYBE: None}[self.truth(tree, at, this)]

    def _said(self, arguments: list[Tree], at: int, this: Subject) -> Any:
        name = arguments[0][1]
        own = self.recorded(name, at, this)
        if own is not None:
            return own
        for _, kind in arguments[1:]:
            told = [e for e in self.log if e.kind == kind and e.last <= at and name in e.fields]
            if told:
                return plain(told[-1].fields[name])
        return self.flag(name)

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
            case ["name", "today" | "day" | "start" | "end" | "held_since" | "reaches" | "reached"]:
                return self.day(tree, at, this)
            case ["name", name] if not self._is_declared(name):
                return name
        value = self.value(tree, at, this)
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _is_declared(self, name: str) -> bool:
        persons = ("minor", "unaccompanied", "vulnerable", "age", "own_state", "kept_by_authority")
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


def _came_before(entry: CaseEvent, other: CaseEvent) -> Truth:
    """On the same day the times decide, and without them either may have come first."""
    if entry.days == other.days and None not in (entry.minute, other.minute):
        return known(entry.minute < other.minute)
    may_share_a_day = entry.first <= other.last and other.first <= entry.last
    return MAYBE if may_share_a_day else is_before(entry.days, other.days)


def _yes_or_no(value: Any) -> Truth:
    """Anything that is recorded, except a plain no, counts as yes."""
    return MAYBE if value in (None, UNKNOWN) else known(value is not False)
