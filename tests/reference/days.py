"""Days: which day an expression means, and how long a paper for being held lasts."""

from dataclasses import replace
from typing import Any

from reference import hours
from reference.instances import Instance
from reference.log import Log, Subject
from reference.periods import Period, both_later, last_day_in_time
from reference.truth import FIRST_DAY, LAST_DAY, YES, Days, first_of, last_of
from staza.engine.expressions import Tree
from staza.engine.types import CaseEvent, Rule

CUSTODY = "custody.episode"
PAPERS = ("detention_started", "detention_ordered", "detention_extended")


class DayLog(Log):
    """A log that knows days."""

    def value(self, tree: Tree, at: int, this: Subject) -> Any:
        """Give what is recorded under a name: see `reference.conditions`."""
        raise NotImplementedError

    def day(self, tree: Tree, at: int, this: Subject) -> Days | None:
        """Give a day as an interval; None where there is no such day."""
        match tree:
            case ["name", name]:
                return self.named_day(name, at, this)
            case ["call", "first", arguments]:
                # the first entry of the whole log up to the day of the answer, whenever the question is about
                return self.first(arguments, max(at, self.as_of), this)
            case ["call", "last", arguments]:
                return self._last(arguments, at, this)
            case ["call", "add", [of, ["period", amount, "working_days"], *counted]]:
                day, rule = self.day(of, at, this), self.law.by_id.get(counted[0][1]) if counted else None
                return None if day is None else self.in_time(rule, at, this, day, (amount, "working_days"), "plain")
            case ["call", "recorded", [["name", name], *arguments]]:
                found = [pair for one in arguments for pair in self.own_entries(one, max(at, self.as_of), this)]
                came = [(entry.fields[name], counts) for entry, counts in found if type(entry.fields.get(name)) is int]
                sure = [day for day, counts in came if counts == YES]
                return (min(day for day, _ in came), min(sure) if sure else LAST_DAY) if came else None
            case ["call", "add", [of, ["period", amount, unit]]]:
                day = self.day(of, at, this)
                return None if day is None else both_later(day, (amount, unit))
            case ["call", "first_working_day", [of, *counted]]:
                day, rule = self.day(of, at, this), self.law.by_id.get(counted[0][1]) if counted else None
                return None if day is None else self.in_time(rule, at, this, day, (0, "days"), "rolling")
            case ["call", "earliest" | "latest" as which, arguments]:
                days = [d for d in (self.day(one, at, this) for one in arguments) if d is not None]
                return first_of(days) if which == "earliest" else last_of(days)
            case ["call", "parent", [inner]]:
                around = this.parent if isinstance(this, Instance) else None
                return self.day(inner, at, around) if around else None
            case ["call", "due", [["name", rule]]]:
                dues = [clock.due for clock in self.clocks_of(rule, this) if clock.due]
                return (min(first for first, _ in dues), max(last for _, last in dues)) if dues else None
        return None

    def in_time(
        self, rule: Rule | None, at: int, this: Subject, start: Days, period: Period, regime: str, first_day: str = ""
    ) -> Days:
        """Give the last day in time by every calendar that may be that of the place."""
        ends = [
            last_day_in_time(start, period, regime, places, counts_first)
            for places in self.calendars(rule, at, this)
            for counts_first in (False, True)
            if first_day == "open" or counts_first == (first_day == "counts")
        ]
        return min(end[0] for end in ends), max(end[1] for end in ends)

    def calendars(self, rule: Rule | None, at: int, this: Subject) -> list[Any]:
        """Give the calendar of the State, of the rule, or of the place; of a place that is not known, every one."""
        if rule is None or rule.calendar is None:
            return [self.law.calendar]
        if not hasattr(rule.calendar, "calendars"):
            return [rule.calendar]
        recorded = self.value(["name", rule.calendar.name], at, this)
        table = dict(rule.calendar.calendars)
        known = isinstance(recorded, str) and recorded in table
        return [table[recorded]] if known else list(table.values())

    def moments(self, tree: Tree, at: int, this: Subject) -> Days | None:
        """Give the moments in which a day of the language may lie: one where its time of day is recorded."""
        days = self.day(tree, at, this)
        return None if days is None else hours.moments(days, self._time_of_day(tree, days, at, this), self.law.zone)

    def _time_of_day(self, tree: Tree, days: Days, at: int, this: Subject) -> int | None:
        teller: CaseEvent | None = None
        match tree:
            case ["name", "start" | "day"] if isinstance(this, Instance):
                teller = this.starter
            case ["name", "end"] if isinstance(this, Instance):
                teller = this.closer
            case ["name", "day"] if isinstance(this, CaseEvent):
                teller = this
            case ["name", kind] if kind in self.law.kinds:
                return self._time_among([tree], days, at, this, min)
            case ["call", "first", arguments]:
                return self._time_among(arguments, days, at, this, min)
            case ["call", "last", arguments]:
                return self._time_among(arguments, days, at, this, max)
        return teller.minute if teller else None

    def _time_among(self, arguments: list[Tree], days: Days, at: int, this: Subject, pick: Any) -> int | None:
        """Give the earliest or latest time of the entries of a day; None where one has none or may not count."""
        late = max(at, self.as_of)
        found = [
            entry.minute if counts == YES else None
            for argument in arguments
            for entry, counts in self.own_entries(argument, late, this)
            if entry.first <= days[0] <= entry.last
        ]
        return pick(found) if found and None not in found else None

    def named_day(self, name: str, at: int, this: Subject) -> Days | None:
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
            case "reached" if isinstance(this, CaseEvent):
                held = self._custody(this, self.as_of)
                entries = held.entries if held else []
                place = next((n for n, one in enumerate(entries) if one is this), 0)
                before = [one for one in entries[:place] if one.kind in PAPERS]
                return self._paper_ends(before[-1], held) if before else None
        if name in self.law.kinds:
            return self.first([["name", name]], max(at, self.as_of), this)
        value = self.value(["name", name], at, this)
        return (value, value) if isinstance(value, int) and not isinstance(value, bool) else None

    def first(self, arguments: list[Tree], at: int, this: Subject) -> Days | None:
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

    def _under_the_order(self, start: CaseEvent, held: Instance | None) -> Days | None:
        """A start that says no period has that of the order right before, which runs from the order or from it."""
        papers = [entry for entry in held.entries if entry.kind in PAPERS] if held else []
        place = next((n for n, entry in enumerate(papers) if entry is start), 0)
        if start.kind != "detention_started" or place == 0 or papers[place - 1].kind != "detention_ordered":
            return None
        order = papers[place - 1]
        by_order = self._paper_ends(order, held)
        by_start = self._paper_ends(replace(order, first=start.first, last=start.last), held)
        if by_order is None or by_start is None:
            return None
        return min(by_order[0], by_start[0]), max(by_order[1], by_start[1])

    def _paper_ends(self, paper: CaseEvent, held: Instance | None) -> Days | None:
        """What is added counts from the end of the paper before, where that was later; days in all from the start."""
        grants = [(n, paper.fields.get(n)) for n in ("until", "days_total", "months", "days", "hours")]
        numbers = [(n, v) for n, v in grants if isinstance(v, int) and not isinstance(v, bool)]
        if not numbers:
            return self._under_the_order(paper, held)
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
