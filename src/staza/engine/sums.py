"""Clocks that count days: ceilings on a sum, and duties every so often while days last.

What is sure to count passes a limit; what may count only asks. The end of a sum is its first day plus the period, plus
the days that do not count.
"""

from staza.engine import spans as sets
from staza.engine.binding import bound_days, is_yardstick
from staza.engine.clock import Clock, excepted, is_in_hours, matching, place_asked, silence_counts, stretch_of, weigh
from staza.engine.conditions import Reading
from staza.engine.days import Period, add_days
from staza.engine.expressions import Tree
from staza.engine.instants import instant
from staza.engine.log import Scope
from staza.engine.logic import LATEST, Days, Truth, before, conjunction, negation
from staza.engine.types import CaseEvent, Instance, Rule


def ceiling(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """Give the clock of a sum of days that may not pass a limit."""
    summed = _summed(rule, reading, subject)
    if summed is None:
        return []
    scope, applies, counted = summed
    clock = Clock(rule, subject, ("running",), cites=rule.cites)
    clock.doubt(rule.only_if, applies, scope)
    exception = excepted(rule, reading, scope, clock)
    going_on = counted.possible[-1][1] >= reading.as_of
    if rule.limits and (exception is True or not going_on):
        clock.would_be_due = _would_be_due(counted, rule.limits[0].period)
    if exception is True:
        clock.status = ("ended",)
        return [clock]
    clock.start = (counted.possible[0][0], counted.sure[0][0] if counted.sure else LATEST)
    holds = conjunction((applies, negation(exception)))
    if rule.limits:
        period = rule.limits[0].period
        _over(rule, reading, clock, counted, (period[1], period[2]), holds, going_on)
    else:
        lengths = (sets.length(counted.sure), sets.length(counted.possible))
        clock.passed = (counted.possible[0][0], counted.possible[-1][1])
        clock.surely = (counted.sure[0][0], counted.sure[-1][1]) if counted.sure else None
        clock.status = ("running",) if going_on else ("ended",)
        clock.actual = counted.sure[-1][1] if counted.sure else None
        weigh(rule, clock, lengths, holds, clock.start, _minutes(rule, reading, counted))
        if going_on:
            first = counted.possible[0][0]
            clock.thresholds.extend(add_days(first, p) for p in (rule.concern_from, rule.breach_from) if p)
    if counted.sure != counted.possible and clock.late is None:
        clock.doubts.extend(_span_doubts(rule, reading, scope))
    return [clock]


def _would_be_due(counted: sets.Spans, period: Tree) -> Days:
    """Give the days between which the sum reached its limit, or would have if it had gone on."""
    amount = period[1], period[2]
    early = reach(counted.possible, amount, going_on=True)
    return early, max(early, reach(counted.sure, amount, going_on=True) if counted.sure else LATEST)


def _minutes(rule: Rule, reading: Reading, counted: sets.Spans) -> int | None:
    """Give the minutes of a sum that is one whole instance whose start and end are recorded with the time of day."""
    if not is_in_hours(rule) or counted.sure != counted.possible or len(counted.sure) != 1:
        return None
    first, last = counted.sure[0]
    zone = reading.law.zone
    found = {
        instant(last, one.end_minute, zone) - instant(first, one.start_minute, zone)
        for name in reading.depends.procedures_of(rule.sums or ["true"])
        for one in reading.instances.get(name, ())
        if one.start == (first, first) and one.end == (last, last)
        if one.start_minute is not None and one.end_minute is not None
    }
    return found.pop() if len(found) == 1 else None


def recurring(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """A duty every so often while days of `sums` last: one clock for each gap between two times it was done."""
    summed = _summed(rule, reading, subject)
    if summed is None:
        return []
    scope, applies, counted = summed
    done = sorted(
        (e for o in rule.on for e, sure in matching(o, reading, Scope(reading.as_of)) if sure),
        key=lambda e: (e.first, e.last, e.order),
    )
    maybe = [e for o in rule.on for e, sure in matching(o, reading, Scope(reading.as_of)) if sure is None]
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
        exception = excepted(rule, reading, scope, clock)
        holds = conjunction((applies, negation(exception)))
        clock.doubt(rule.only_if, applies, scope)
        length = (
            sets.length(sets.overlap_of(counted.sure, ((opened[1], closed[0]),))),
            sets.length(sets.overlap_of(counted.possible, ((opened[0], closed[1]),))),
        )
        last = n == len(marks) - 1
        doubtful = any(e.first <= closed[1] and e.last >= opened[0] for e in maybe)
        length = (0 if doubtful else length[0], length[1])
        clock.status = ("met",) if closer else ("running",) if going_on else ("ended",)
        clock.passed, clock.surely = (opened[0], closed[1]), stretch_of(opened[1], closed[0])
        clock.actual = closed[0]
        if rule.limits:
            period = rule.limits[0].period
            clock.due = reading.due_days(rule, scope, opened, (period[1], period[2]))
            late = before(clock.due, closed)
            clock.passed, clock.surely = (clock.due[0] + 1, closed[1]), stretch_of(clock.due[1] + 1, closed[0])
            known = not doubtful and (closer is not None or silence_counts(rule, reading) or rule.pending_counts)
            clock.late = conjunction((late, holds, True if known else None))
            if not known and late is not False:
                clock.unnamed.extend(o.kind for o in rule.on)
            if clock.late is True:
                clock.status = ("met_late",) if closer else ("missed",)
            elif clock.late is None:
                clock.status = (*clock.status, "met_late" if closer else "missed")
            place_asked(rule, reading, scope, clock)
        else:
            weigh(rule, clock, length, holds, opened)
            open_gap = opener is None or closer is None
            if clock.late is True and open_gap and not rule.pending_counts:
                clock.late, clock.verdict = None, ""
            if clock.late is None and (doubtful or open_gap):
                clock.unnamed.extend(o.kind for o in rule.on)
        if last and going_on:
            clock.thresholds.extend(add_days(opened[0], p) for p in (rule.concern_from, rule.breach_from) if p)
        clocks.append(clock)
    return clocks


def _summed(rule: Rule, reading: Reading, subject: Instance | None) -> tuple[Scope, Truth, sets.Spans] | None:
    """Give whether a rule that sums applies, and its days; None where it does not or has no day."""
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False or rule.sums is None:
        return None
    counted = days_counted(rule, reading, subject, scope)
    if not counted.possible and rule.kind == "ceiling" and rule.limits:
        counted = _from_tonight(rule, reading, subject, scope)
    return (scope, applies, counted) if counted.possible else None


def _from_tonight(rule: Rule, reading: Reading, subject: Instance | None, scope: Scope) -> sets.Spans:
    """Give the days of a sum that begins today: its end is known on the first day, before a night has passed."""
    reading.horizon = reading.as_of + 1
    try:
        counted = days_counted(rule, reading, subject, scope)
    finally:
        reading.horizon = reading.as_of
    _, amount, unit = rule.limits[0].period
    ahead = bool(counted.possible) and reach(counted.possible, (amount, unit), going_on=True) > reading.as_of
    return counted if ahead else sets.NONE


def days_counted(rule: Rule, reading: Reading, subject: Instance | None, scope: Scope) -> sets.Spans:
    """Give the days that a rule sums, inside its instance, up to the day of the answer."""
    counted = reading.spans(rule.sums or ["name", ""], scope)
    if subject is not None:
        counted = sets.overlap(counted, reading.stretch(subject))
    if rule.leaves_out:
        counted = sets.minus(counted, reading.spans(rule.leaves_out, scope))
    return counted if rule.counts_earlier else _while_bound(rule, reading, counted)


def _while_bound(rule: Rule, reading: Reading, counted: sets.Spans) -> sets.Spans:
    """Leave out the days before the act applied, where its own days are the key and the rule does not count them."""
    act = rule.act
    instrument = reading.law.instruments.get(act)
    if instrument is None or instrument.key != "day" or is_yardstick(reading.law, act):
        return counted
    bound = bound_days(reading.law, reading.history.flags, act)
    return counted if bound is None else sets.overlap(counted, sets.Spans(bound, bound))


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
    surely_on = bool(counted.sure) and counted.sure[-1][1] >= reading.as_of
    late = reach(counted.sure, period, surely_on) if counted.sure else LATEST
    clock.due = (early, max(early, late))
    sure_end = counted.sure[-1][1] if counted.sure else 0
    passed = True if sure_end > late else None if counted.possible[-1][1] > early else False
    clock.passed, clock.surely = (early + 1, counted.possible[-1][1]), stretch_of(late + 1, sure_end)
    clock.actual = sure_end or None
    if passed is False:
        clock.status = ("running",) if going_on else ("ended",)
    else:
        clock.status = ("missed",) if passed else ("missed", "running" if going_on else "ended")
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
