"""Sets of days: which nights an expression means."""

from reference import nights
from reference.days import DayLog
from reference.instances import Instance
from reference.log import Subject, apart
from reference.nights import Nights
from reference.truth import MAYBE, YES, all_of
from staza.engine.expressions import Tree


class SpanLog(DayLog):
    """A log that knows sets of days."""

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
                return self.remembered(("spans", name, at, horizon), lambda: self._named_spans(name, at, horizon))
            case ["call", "spans", [one]]:
                name, where = apart(one)
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
        if mark in self.being_read:
            self.cycles += 1
            return Nights()
        self.being_read.append(mark)
        try:
            return self.spans(self.law.spans[name], at, None, horizon)
        finally:
            self.being_read.pop()

    def nights_of(self, instance: Instance, horizon: int) -> Nights:
        """Give the nights of an instance; where an entry may have ended it, it surely goes on only until then."""
        end = instance.end or (min([horizon, *(d[0] for d in instance.maybe_ended)]), horizon)
        return nights.between(instance.start, (min(end[0], horizon), min(end[1], horizon)))
