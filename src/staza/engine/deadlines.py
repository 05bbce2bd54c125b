"""Clocks that run from a day: deadlines, windows, waiting times, validities.

The start is a day of the log; the end is the earliest of the limits, moved by restarts and valid extensions; what was
recorded says whether it was met, and a silence counts only where the log is authoritative.
"""

from collections.abc import Iterable

from staza.engine.clock import Clock, excepted, granted, matching, silence_counts, weigh
from staza.engine.conditions import Reading
from staza.engine.days import Period, add_days, due_days
from staza.engine.log import Scope
from staza.engine.logic import LATEST, Days, Truth, before, conjunction, earliest, negation, not_after
from staza.engine.types import CaseEvent, Extension, Instance, Limit, Opening, Rule


def deadline(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """Give the clock of a deadline or window, with what became of it."""
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
    exception = excepted(rule, reading, scope, clock)
    clock.start, clock.due = start, due
    if exception is True:
        clock.status = ("ended",)
        return [clock]
    _met(rule, reading, clock, conjunction((applies, negation(exception))))
    return [clock]


def waiting(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """No act before the end: each recorded act inside the period is a clock that was not kept."""
    made = _begun(rule, reading, subject)
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
        for event, sure in matching(opening, reading, scope)
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


def validity(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """Give the clock of a paper, ban or status that lasts until a day; its end is no finding."""
    made = _begun(rule, reading, subject)
    if made is None:
        return []
    clock, _ = made
    if clock.due is not None:
        over = before(clock.due, (reading.as_of, reading.as_of))
        clock.status = {True: ("ended",), False: ("running",), None: ("running", "ended")}[over]
    return [clock]


def _begun(rule: Rule, reading: Reading, subject: Instance | None) -> tuple[Clock, Truth] | None:
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
    exception = excepted(rule, reading, scope, clock)
    clock.start, clock.due = start, _extended(rule, reading, scope, start, due, clock)
    clock.status = ("ended",) if exception is True else ("running",)
    if exception is True:
        clock.due = None
    return clock, conjunction((applies, negation(exception)))


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


def _restarted(rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days, clock: Clock) -> tuple[Days, Days]:
    """Move the start to a later event where the act says so; doubt keeps both ends."""
    for opening in rule.restarts_on:
        widest = 0
        for event, sure in matching(opening, reading, scope, backwards=True):
            truth = conjunction((sure, before(start, event.days), reading.truth(rule.restarts_if, scope)))
            if truth is False:
                continue
            again = _end(rule.limits[0], rule, reading, scope, event.days) or due
            if truth is True:
                start, due = event.days, (again[0], max(again[1], widest))
                break
            widest = max(widest, again[1])
            if rule.restarts_if:
                clock.doubts.append((rule.restarts_if, scope))
        due = (due[0], max(due[1], widest))
    if not rule.restarts_on and rule.restarts_if and reading.truth(rule.restarts_if, scope) is None:
        clock.doubts.append((rule.restarts_if, scope))
        due = (due[0], LATEST)
    return start, due


def _extended(rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days, clock: Clock) -> Days:
    """Lengthen a limit by the extensions that the log holds; an invalid one adds nothing."""
    for extension in rule.extensions:
        for event, sure in matching(extension.by, reading, scope):
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
    caps = [_plus(start, extension.up_to)] if extension.up_to else []
    caps += [_plus(due, extension.adds)] if extension.adds else []
    highest = earliest(caps) or (LATEST, LATEST)
    given = granted(["call", "of", [["name", n] for n in _AMOUNTS]], reading, Scope(reading.as_of, event))
    if given is None:
        return highest if extension.up_to else (due[0], highest[1])
    wanted = (given[0], given[0]) if given[1] == "until" else _plus(due, given)
    return min(wanted[0], highest[0]), min(wanted[1], highest[1])


_AMOUNTS = ("until", "months", "days", "years", "working_days", "hours")


def _plus(days: Days, period: Period) -> Days:
    return add_days(days[0], period), add_days(days[1], period)


def _met(rule: Rule, reading: Reading, clock: Clock, applies: Truth) -> None:
    """Set what became of a deadline or window: met, met late, missed, lapsed, ended or still running."""
    scope = Scope(reading.as_of, clock.subject)
    due = clock.due or (0, 0)
    met, doubtful = _first_met(rule.on, reading, scope)
    ended, _ = _first_met(rule.ends_with, reading, scope)
    clock.met_by = met
    now: Days = (reading.as_of, reading.as_of)
    if rule.breach_from or rule.concern_from:
        _measured(rule, reading, clock, met or ended, applies, doubtful)
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
        silent = silence_counts(rule, reading) or (rule.pending_counts and not doubtful)
        clock.passed = (due[0] + 1, max(due[0] + 1, ended.last if ended else reading.as_of))
        if late is not False and (not silent or doubtful):
            late = None
            clock.unnamed.extend(o.kind for o in rule.on)
            clock.status = (over, "met")
        else:
            clock.status = {True: (over,), False: ("running",), None: ("running", over)}[late]
    clock.late = conjunction((late, applies))
    if late is True and applies is None and clock.status == (over,):
        clock.status = (over, "ended")


def _first_met(openings: Iterable[Opening], reading: Reading, scope: Scope) -> tuple[CaseEvent | None, bool]:
    """Give the first entry that surely meets, and whether one that may have come before it may meet too."""
    met: CaseEvent | None = None
    possible: list[CaseEvent] = []
    for opening in openings:
        for event, counts in matching(opening, reading, scope):
            if met is not None and event.first > met.last:
                break
            if counts is not True:
                possible.append(event)
            elif met is None or (event.last, event.first, event.order) < (met.last, met.first, met.order):
                met = event
    return met, any(met is None or event.first < met.last for event in possible)


def _measured(
    rule: Rule, reading: Reading, clock: Clock, met: CaseEvent | None, applies: Truth, doubtful: bool
) -> None:
    """Compare the time that passed with the benchmark."""
    start = clock.start or (0, 0)
    end = met.days if met else (reading.as_of, reading.as_of)
    length = (max(0, end[0] - start[1]), max(0, end[1] - start[0]))
    if met is None and not (silence_counts(rule, reading) or rule.pending_counts):
        clock.status = ("running", "met")
        length = (0, length[1])
        clock.unnamed.extend(o.kind for o in rule.on)
    else:
        clock.status = ("met",) if met else ("running",)
        length = (0, length[1]) if doubtful else length
    clock.due = None
    clock.actual = met.first if met and met.first == met.last else None
    clock.passed = (start[0], end[1])
    weigh(rule, clock, length, applies)
    if not met:
        clock.thresholds.extend(add_days(start[0], p) for p in (rule.concern_from, rule.breach_from) if p)
