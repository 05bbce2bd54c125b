"""Lowest and highest values that may be granted; a grant outside them runs as granted, and is a finding."""

from staza.engine.clock import Clock, granted, subjects
from staza.engine.conditions import Reading
from staza.engine.days import ANY_DAY, Period, add_days
from staza.engine.expressions import Tree
from staza.engine.log import Scope
from staza.engine.logic import Truth, before, conjunction, disjunction, negation
from staza.engine.types import Rule


def bounds(rule: Rule, reading: Reading) -> list[Clock]:
    """Give the granted values of a rule that lie outside what the act allows; the clock itself runs as granted."""
    found: list[Clock] = []
    if rule.granted is None:
        return found
    for subject in subjects(rule, reading):
        scope = Scope(reading.as_of, subject)
        given = granted(rule.granted, reading, scope)
        applies = reading.truth(rule.only_if, scope)
        if given is None or given[1] in ("until", "untold") or applies is False:
            continue
        for bound, too_low in ((rule.at_least, True), (rule.at_most, False)):
            if bound is None:
                continue
            outside = _outside(given, bound.limit, too_low, rule, reading, scope)
            if outside is False:
                continue
            clock = Clock(rule, subject, ("running",), cites=bound.cites, limit_known=False)
            excepted: Truth = False
            for one in bound.unless:
                holds, claimed = _exception(one.condition, reading, scope)
                clock.doubt(one.condition, holds, scope)
                if claimed and holds is False:
                    clock.cites = one.cites or bound.cites
                excepted = disjunction((excepted, holds))
            clock.late = conjunction((outside, negation(excepted), applies))
            clock.doubt(rule.only_if, applies, scope)
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


def _outside(given: Period, limit: Period, too_low: bool, rule: Rule, reading: Reading, scope: Scope) -> Truth:
    """Say whether a grant is outside a bound; how working days compare with days, the calendar says from the start."""
    if given[1] != limit[1] and "working_days" in (given[1], limit[1]):
        start = reading.day(rule.limits[0].starts, scope)
        if start is None:
            return False
        ends = [reading.due_days(rule, scope, start, one, rolls=False) for one in (given, limit)]
        return before(*ends) if too_low else before(*ends[::-1])
    a, b = add_days(ANY_DAY, given), add_days(ANY_DAY, limit)
    return a < b if too_low else a > b
