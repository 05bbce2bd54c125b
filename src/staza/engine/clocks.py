"""Every kind of clock: when it starts, when it ends, what became of it.

A due date is an interval; a breach is certain only where the whole interval has passed. Benchmarks of case law are
clocks whose `concern_from` and `breach_from` stand in place of a limit: they compare a length, they do not set a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from staza.engine import spans as sets
from staza.engine.conditions import Reading, Scope, Subject
from staza.engine.days import Period, add_days, due_days
from staza.engine.expressions import Tree
from staza.engine.logic import (
    LATEST,
    Days,
    Truth,
    before,
    conjunction,
    disjunction,
    earliest,
    negation,
    not_after,
)
from staza.engine.types import CaseEvent, Extension, Instance, Limit, Opening, Rule

DAY_HOURS = 24


@dataclass(slots=True)
class Clock:
    """A clock as it was computed; `late` says whether its limit was passed, with the days on which it was."""

    rule: Rule
    subject: Instance | None
    status: tuple[str, ...]
    n: int = 1
    start: Days | None = None
    due: Days | None = None
    met_by: CaseEvent | None = None
    late: Truth = False
    verdict: str = ""
    passed: Days = (0, 0)  # first and last day on which the limit was passed
    actual: int | None = None
    doubts: list[tuple[Tree, Scope]] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)  # kinds of events whose silence leaves it open
    thresholds: list[int] = field(default_factory=list)
    cites: tuple[str, ...] = ()
    limit_known: bool = True

    @property
    def ref(self) -> str:
        """The instance, or `person`."""
        return self.subject.ref if self.subject else "person"


def compute(rule: Rule, reading: Reading) -> list[Clock]:
    """Give the clocks of a rule on a log, one for each instance that it is counted per."""
    return [clock for subject in subjects(rule, reading) for clock in _COMPUTE[rule.kind](rule, reading, subject)]


def subjects(rule: Rule, reading: Reading) -> list[Instance | None]:
    """Give what a rule is counted per: each instance of a procedure, or the person."""
    if rule.per == "person":
        return [None]
    return list(reading.instances.get(rule.per, ()))


# ------------------------------------------------------------------------------------------- deadline, window


def _deadline(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False:
        return []
    clock = Clock(rule, subject, ("idle",), cites=rule.cites)
    if applies is None and rule.only_if:
        clock.doubts.append((rule.only_if, scope))
    start, due = _limits(rule, reading, scope, clock)
    if start is None:
        return [clock]
    start, due = _restarted(rule, reading, scope, start, due, clock)
    due = _extended(rule, reading, scope, start, due, clock)
    excepted = _excepted(rule, reading, scope, clock)
    clock.start, clock.due = start, due
    if excepted is True:
        clock.status = ("ended",)
        return [clock]
    _met(rule, reading, clock, conjunction((applies, negation(excepted))))
    return [clock]


def _limits(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> tuple[Days | None, Days]:
    """Give the start and end of the limit that ends first; one whose start never came is absent."""
    starts: list[Days] = []
    ends: list[Days] = []
    for limit in rule.limits or (_benchmark(rule),):
        holds = reading.truth(limit.only_if, scope)
        start = reading.day(limit.starts, scope)
        if start is None or holds is False:
            continue
        end = _end(limit, rule, reading, scope, start)
        if end is None:
            continue
        if holds is None and limit.only_if:
            clock.doubts.append((limit.only_if, scope))
            end = (end[0], LATEST)
        starts.append(start)
        ends.append(end)
    if not starts:
        return None, (0, 0)
    first = earliest(ends) or (0, 0)
    return earliest(starts), first


def _benchmark(rule: Rule) -> Limit:
    amount, unit = rule.breach_from or rule.concern_from or (LATEST, "days")
    return Limit(["period", amount, unit], ["name", "start"])


def _end(limit: Limit, rule: Rule, reading: Reading, scope: Scope, start: Days) -> Days | None:
    tree = limit.period
    if tree[0] == "period":
        return due_days(start, (tree[1], tree[2]), rule.regime, reading.law.calendar)
    given = granted(tree, reading, scope)
    if given is None:
        return None
    if given[1] == "until":
        return given[0], given[0]
    return due_days(start, given, rule.regime, reading.law.calendar)


def granted(tree: Tree, reading: Reading, scope: Scope) -> Period | None:
    """Give a period that an entry grants, by the first of its fields that is recorded; `until` gives a day."""
    for name in (part[1] for part in (tree[2] if tree[0] == "call" else [tree])):
        value = reading.value(["name", name], scope)
        if isinstance(value, int) and not isinstance(value, bool):
            return value, name
    return None


def _restarted(rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days, clock: Clock) -> tuple[Days, Days]:
    """Move the start to a later event where the act says so; doubt keeps both ends."""
    for opening in rule.restarts_on:
        for event, sure in _events(opening, reading, scope):
            truth = conjunction((sure, before(start, event.days), reading.truth(rule.restarts_if, scope)))
            if truth is False:
                continue
            again = _end(rule.limits[0], rule, reading, scope, event.days) or due
            if truth is True:
                start, due = event.days, again
            else:
                due = (due[0], max(due[1], again[1]))
                if rule.restarts_if:
                    clock.doubts.append((rule.restarts_if, scope))
    if not rule.restarts_on and rule.restarts_if and reading.truth(rule.restarts_if, scope) is None:
        clock.doubts.append((rule.restarts_if, scope))
        due = (due[0], LATEST)
    return start, due


def _extended(rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days, clock: Clock) -> Days:
    """Lengthen a limit by the extensions that the log holds; an invalid one adds nothing."""
    for extension in rule.extensions:
        for event, sure in _events(extension.by, reading, scope):
            at = Scope(reading.as_of, event)
            valid = conjunction((sure, not_after(event.days, due), reading.truth(extension.valid, at)))
            if valid is False:
                clock.cites = tuple(dict.fromkeys((*clock.cites, *extension.cites)))
                continue
            longer = _longer(extension, event, reading, start, due)
            if valid is True:
                due = longer
            else:
                due = (due[0], max(due[1], longer[1]))
                if extension.valid:
                    clock.doubts.append((extension.valid, at))
    return due


def _longer(extension: Extension, event: CaseEvent, reading: Reading, start: Days, due: Days) -> Days:
    highest = _plus(start, extension.up_to) if extension.up_to else (LATEST, LATEST)
    if extension.adds:
        highest = _plus(due, extension.adds)
    given = granted(["call", "of", [["name", n] for n in _AMOUNTS]], reading, Scope(reading.as_of, event))
    if given is None:
        return highest if extension.up_to else (due[0], highest[1])
    wanted = (given[0], given[0]) if given[1] == "until" else _plus(due, given)
    return min(wanted[0], highest[0]), min(wanted[1], highest[1])


_AMOUNTS = ("until", "months", "days", "years", "working_days", "hours")


def _plus(days: Days, period: Period) -> Days:
    return add_days(days[0], period), add_days(days[1], period)


def _excepted(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> Truth:
    value = disjunction(reading.truth(one.condition, scope) for one in rule.unless)
    if value is None:
        clock.doubts.extend((one.condition, scope) for one in rule.unless)
    return value


def _events(opening: Opening, reading: Reading, scope: Scope) -> list[tuple[CaseEvent, Truth]]:
    kind: Tree = ["name", opening.kind]
    return reading._within(["where", kind, opening.where] if opening.where else kind, scope)


def _met(rule: Rule, reading: Reading, clock: Clock, applies: Truth) -> None:
    """Set what became of a deadline or window: met, met late, missed, lapsed, ended or still running."""
    scope = Scope(reading.as_of, clock.subject)
    due = clock.due or (0, 0)
    met, doubtful = _first_met(rule.on, reading, scope)
    ended, _ = _first_met(rule.ends_with, reading, scope)
    clock.met_by = met
    now: Days = (reading.as_of, reading.as_of)
    if rule.breach_from or rule.concern_from:
        _measured(rule, reading, clock, met or ended, applies)
        return
    if ended and (met is None or before(ended.days, met.days)) and not_after(ended.days, due) is not False:
        clock.status = ("ended",)
        return
    over = "lapsed" if rule.kind == "window" or rule.finding == "none" else "missed"
    if met is not None:
        late = before(due, met.days)
        clock.status = {True: ("met_late",), False: ("met",), None: ("met", "met_late")}[late]
        clock.actual = met.first if met.first == met.last else None
        clock.passed = (due[0] + 1, met.last)
        if doubtful and late is not False:
            late = None
    else:
        late = before(due, ended.days if ended else now)
        silent = _silence(rule, reading) or (rule.pending_counts and not doubtful)
        clock.passed = (due[0] + 1, max(due[0] + 1, ended.last if ended else reading.as_of))
        if late is not False and (not silent or doubtful):
            late = None
            clock.unnamed.extend(o.kind for o in rule.on)
            clock.status = (over, "met")
        else:
            clock.status = {True: (over,), False: ("running",), None: ("running", over)}[late]
    clock.late = conjunction((late, applies))


def _first_met(openings: Iterable[Opening], reading: Reading, scope: Scope) -> tuple[CaseEvent | None, bool]:
    """Give the first entry that surely meets, and whether an earlier one may."""
    sure: list[CaseEvent] = []
    doubtful = False
    for opening in openings:
        for event, counts in _events(opening, reading, scope):
            if counts is True:
                sure.append(event)
            else:
                doubtful = True
    sure.sort(key=lambda e: (e.last, e.first, e.order))
    return (sure[0] if sure else None), doubtful


def _silence(rule: Rule, reading: Reading) -> bool:
    """Say whether the log is authoritative for every kind that could meet the clock."""
    kinds = (reading.law.kinds.get(opening.kind) for opening in rule.on)
    return all(kind is not None and kind.absence == "no" for kind in kinds)


def _measured(rule: Rule, reading: Reading, clock: Clock, met: CaseEvent | None, applies: Truth) -> None:
    """Compare the time that passed with the benchmark."""
    start = clock.start or (0, 0)
    end = met.days if met else (reading.as_of, reading.as_of)
    length = (max(0, end[0] - start[1]), max(0, end[1] - start[0]))
    if met is None and not (_silence(rule, reading) or rule.pending_counts):
        clock.status = ("running", "met")
        length = (0, length[1])
        clock.unnamed.extend(o.kind for o in rule.on)
    else:
        clock.status = ("met",) if met else ("running",)
    clock.due = None
    clock.actual = met.first if met and met.first == met.last else None
    clock.passed = (start[0], end[1])
    weigh(rule, clock, length, applies)
    if not met:
        clock.thresholds.extend(add_days(start[0], p) for p in (rule.concern_from, rule.breach_from) if p)


def weigh(rule: Rule, clock: Clock, length: Days, applies: Truth) -> None:
    """Set the verdict of a length of days by a benchmark: breach, concern, question or nothing."""
    breach = _reaches(length, rule.breach_from)
    concern = _reaches(length, rule.concern_from)
    clock.limit_known = False
    if breach is True and applies is True:
        clock.late, clock.verdict = True, rule.finding
    elif breach is not False and (breach is None or applies is None):
        clock.late = None
    elif concern is True and applies is True:
        clock.late, clock.verdict = True, "concern"
    if clock.late is None and concern is True and applies is True:
        clock.late, clock.verdict = True, "concern"


def _reaches(length: Days, threshold: Period | None) -> Truth:
    if threshold is None:
        return False
    amount, unit = threshold
    if unit in ("months", "years", "weeks"):
        amount, unit = add_days(730_000, threshold) - 730_000, "days"
    if unit == "hours":
        length = (length[0] * DAY_HOURS, length[1] * DAY_HOURS)
    if length[0] >= amount:
        return True
    return False if length[1] < amount else None


# --------------------------------------------------------------------------------------------------- ceiling


def _ceiling(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False or rule.sums is None:
        return []
    counted = days_counted(rule, reading, subject, scope)
    if not counted.possible:
        return []
    clock = Clock(rule, subject, ("running",), cites=rule.cites)
    if applies is None and rule.only_if:
        clock.doubts.append((rule.only_if, scope))
    excepted = _excepted(rule, reading, scope, clock)
    if excepted is True:
        clock.status = ("ended",)
        return [clock]
    clock.start = (counted.possible[0][0], counted.sure[0][0] if counted.sure else LATEST)
    going_on = counted.possible[-1][1] >= reading.as_of
    holds = conjunction((applies, negation(excepted)))
    if rule.limits:
        period = rule.limits[0].period
        _over(rule, reading, clock, counted, (period[1], period[2]), holds, going_on)
    else:
        lengths = (sets.length(counted.sure), sets.length(counted.possible))
        clock.passed = (counted.possible[0][0], counted.possible[-1][1])
        clock.status = ("running",) if going_on else ("ended",)
        clock.actual = counted.sure[-1][1] if counted.sure else None
        weigh(rule, clock, lengths, holds)
        if going_on:
            first = counted.possible[0][0]
            clock.thresholds.extend(add_days(first, p) for p in (rule.concern_from, rule.breach_from) if p)
    if counted.sure != counted.possible and clock.late is None:
        clock.doubts.extend(_span_doubts(rule, reading, scope))
    return [clock]


def days_counted(rule: Rule, reading: Reading, subject: Instance | None, scope: Scope) -> sets.Spans:
    """Give the days that a rule sums, inside its instance, up to the day of the answer."""
    counted = reading.spans(rule.sums or ["name", ""], scope)
    if rule.leaves_out:
        counted = sets.minus(counted, reading.spans(rule.leaves_out, scope))
    return sets.overlap(counted, reading.stretch(subject)) if subject else counted


def _over(
    rule: Rule,
    reading: Reading,
    clock: Clock,
    counted: sets.Spans,
    period: Period,
    applies: Truth,
    going_on: bool,
) -> None:
    """Compare a sum with its limit: passed for sure when the sure days alone pass it."""
    early = reach(counted.possible, period, going_on)
    late = reach(counted.sure, period, going_on) if counted.sure else LATEST
    clock.due = (early, max(early, late))
    sure_end = counted.sure[-1][1] if counted.sure else 0
    passed = True if sure_end > late else None if counted.possible[-1][1] > early else False
    clock.passed = (early + 1, counted.possible[-1][1])
    clock.actual = sure_end or None
    if passed is False:
        clock.status = ("running",) if going_on else ("ended",)
    else:
        clock.status = ("missed",) if passed else ("running", "missed")
    clock.late = conjunction((passed, applies))


def reach(stretches: sets.Stretches, period: Period, going_on: bool) -> int:
    """Give the day on which a sum of days reaches a period, `LATEST` when it ended before.

    The end is the first day plus the period, plus the days that do not count. Where the sum has not reached it and
    goes on, the day is the one on which it will.
    """
    start = stretches[0][0]
    left = add_days(start, period) - start
    for first, end in stretches:
        if end - first >= left:
            return first + left
        left -= end - first
    return stretches[-1][1] + left if going_on else LATEST


def _span_doubts(rule: Rule, reading: Reading, scope: Scope) -> list[tuple[Tree, Scope]]:
    """Give the conditions in the spans of a rule that are not known."""
    found: list[tuple[Tree, Scope]] = []

    def walk(tree: Tree) -> None:
        if tree[0] == "name":
            inner = reading.law.spans.get(tree[1])
            if inner is not None:
                walk(inner)
        elif tree[0] in ("union", "minus", "overlap"):
            walk(tree[1])
            walk(tree[2])
        elif tree[0] == "call" and tree[1] == "when":
            if reading.truth(tree[2][0], scope) is None:
                found.append((tree[2][0], scope))
            walk(tree[2][1])
        elif tree[0] == "call" and tree[1] == "spans" and tree[2][0][0] == "where":
            where = tree[2][0]
            for instance in reading.instances.get(where[1][1], ()):
                at = Scope(scope.at, instance)
                if reading.truth(where[2], at) is None:
                    found.append((where[2], at))

    for tree in (rule.sums, rule.leaves_out):
        if tree is not None:
            walk(tree)
    return found


# ------------------------------------------------------------------------------- waiting, validity, recurring


def _waiting(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """No act before the end: each recorded act inside the period is a clock that was not kept."""
    made = _deadline_like(rule, reading, subject)
    if made is None:
        return []
    clock, applies = made
    if clock.due is None:
        return [clock]
    due, start = clock.due, clock.start or (0, 0)
    scope = Scope(reading.as_of, subject)
    inside = [
        (event, conjunction((sure, not_after(start, event.days), not_after(event.days, due))))
        for opening in rule.on
        for event, sure in _events(opening, reading, scope)
    ]
    early = [(event, sure) for event, sure in inside if sure is not False]
    over = before(due, (reading.as_of, reading.as_of))
    clock.status = ("ended",) if over else ("running",)
    for event, sure in early:
        clock.late = conjunction((sure, applies))
        clock.actual, clock.passed = event.first, event.days
        if clock.late is True:
            clock.status = ("missed",)
            break
    return [clock]


def _deadline_like(rule: Rule, reading: Reading, subject: Instance | None) -> tuple[Clock, Truth] | None:
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False:
        return None
    clock = Clock(rule, subject, ("idle",), cites=rule.cites)
    if applies is None and rule.only_if:
        clock.doubts.append((rule.only_if, scope))
    start, due = _limits(rule, reading, scope, clock)
    if start is None:
        return clock, applies
    excepted = _excepted(rule, reading, scope, clock)
    clock.start, clock.due = start, _extended(rule, reading, scope, start, due, clock)
    clock.status = ("ended",) if excepted is True else ("running",)
    if excepted is True:
        clock.due = None
    return clock, conjunction((applies, negation(excepted)))


def _validity(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    made = _deadline_like(rule, reading, subject)
    if made is None:
        return []
    clock, _ = made
    if clock.due is not None:
        over = before(clock.due, (reading.as_of, reading.as_of))
        clock.status = {True: ("ended",), False: ("running",), None: ("running", "ended")}[over]
    return [clock]


def _recurring(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """A duty every so often while days of `sums` last: one clock for each gap between two times it was done."""
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False or rule.sums is None:
        return []
    counted = days_counted(rule, reading, subject, scope)
    if not counted.possible:
        return []
    done = sorted(
        (e for o in rule.on for e, sure in _events(o, reading, Scope(reading.as_of)) if sure),
        key=lambda e: (e.first, e.last, e.order),
    )
    begins, ends = counted.possible[0][0], counted.possible[-1][1]
    done = [e for e in done if e.last >= begins and e.first <= ends]
    start = (begins, counted.sure[0][0] if counted.sure else LATEST)
    going_on = ends >= reading.as_of
    marks: list[tuple[Days, CaseEvent | None]] = [(start, None), *((e.days, e) for e in done)]
    closing: list[tuple[Days, CaseEvent | None]] = [
        ((min(ends, counted.sure[-1][1] if counted.sure else ends), ends), None)
    ]
    marks += closing
    clocks = []
    for n in range(1, len(marks)):
        (opened, opener), (closed, closer) = marks[n - 1], marks[n]
        clock = Clock(rule, subject, ("running",), n=n, start=opened, cites=rule.cites, met_by=closer)
        excepted = _excepted(rule, reading, scope, clock)
        holds = conjunction((applies, negation(excepted)))
        if applies is None and rule.only_if:
            clock.doubts.append((rule.only_if, scope))
        length = (
            sets.length(sets.overlap_of(counted.sure, ((opened[1], closed[0]),))),
            sets.length(sets.overlap_of(counted.possible, ((opened[0], closed[1]),))),
        )
        last = n == len(marks) - 1
        clock.status = ("met",) if closer else ("running",) if going_on else ("ended",)
        clock.passed = (opened[0], closed[1])
        clock.actual = closed[0]
        if rule.limits:
            period = rule.limits[0].period
            clock.due = due_days(opened, (period[1], period[2]), rule.regime, reading.law.calendar)
            late = before(clock.due, closed)
            clock.passed = (clock.due[0] + 1, closed[1])
            known = closer is not None or _silence(rule, reading) or rule.pending_counts
            clock.late = conjunction((late, holds, True if known else None))
            if not known and late is not False:
                clock.unnamed.extend(o.kind for o in rule.on)
        else:
            weigh(rule, clock, length, holds)
            open_gap = opener is None or closer is None
            if open_gap and clock.late is True and not rule.pending_counts:
                clock.late, clock.verdict = None, ""
                clock.unnamed.extend(o.kind for o in rule.on)
        if last and going_on:
            clock.thresholds.extend(add_days(opened[0], p) for p in (rule.concern_from, rule.breach_from) if p)
        clocks.append(clock)
    return clocks


# ---------------------------------------------------------------------------------------------------- bounds


def bounds(rule: Rule, reading: Reading) -> list[Clock]:
    """Give the granted values of a rule that lie outside what the act allows; the clock itself runs as granted."""
    found: list[Clock] = []
    if rule.granted is None:
        return found
    for subject in subjects(rule, reading):
        scope = Scope(reading.as_of, subject)
        given = granted(rule.granted, reading, scope)
        applies = reading.truth(rule.only_if, scope)
        if given is None or given[1] == "until" or applies is False:
            continue
        for bound, too_low in ((rule.at_least, True), (rule.at_most, False)):
            if bound is None:
                continue
            outside = _outside(given, bound.limit, too_low)
            if not outside:
                continue
            clock = Clock(rule, subject, ("running",), cites=bound.cites, limit_known=False)
            excepted: Truth = False
            for one in bound.unless:
                holds, claimed = _exception(one.condition, reading, scope)
                if holds is None:
                    clock.doubts.append((one.condition, scope))
                if claimed and holds is False:
                    clock.cites = one.cites or bound.cites
                excepted = disjunction((excepted, holds))
            clock.late = conjunction((negation(excepted), applies))
            if applies is None and rule.only_if:
                clock.doubts.append((rule.only_if, scope))
            if clock.late is not False:
                day = subject.start if subject else (reading.as_of, reading.as_of)
                clock.passed, clock.actual = day, day[0]
                clock.verdict = "breach" if rule.finding == "none" else rule.finding
                found.append(clock)
    return found


def _exception(tree: Tree, reading: Reading, scope: Scope) -> tuple[Truth, bool]:
    """Give whether an exception holds, and whether it was claimed at all."""
    condition = reading.law.conditions.get(tree[1]) if tree[0] == "name" else None
    if condition is None or condition.claimed is None:
        return reading.truth(tree, scope), True
    claimed = reading.truth(condition.claimed, scope)
    return conjunction((claimed, reading.truth(tree, scope))), claimed is True


def _outside(given: Period, limit: Period, too_low: bool) -> bool:
    base = 730_000
    a, b = add_days(base, given) - base, add_days(base, limit) - base
    return a < b if too_low else a > b


_COMPUTE = {
    "deadline": _deadline,
    "window": _deadline,
    "waiting": _waiting,
    "ceiling": _ceiling,
    "recurring": _recurring,
    "validity": _validity,
}
__all__ = ["Clock", "Subject", "bounds", "compute", "granted", "reach", "subjects", "weigh"]
