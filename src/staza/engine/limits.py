"""Where the period of a clock starts and ends, and what moves the end: restarts, extensions, a change of track.

An end is an interval: the first and the last day on which the period may run out.
"""

from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from itertools import combinations, pairwise

from staza.engine.clock import HOUR_MINUTES, UNTOLD, Clock, granted, matching
from staza.engine.conditions import Reading
from staza.engine.days import ROLLING, Period
from staza.engine.expressions import Tree, denies
from staza.engine.instants import end_of, local_days
from staza.engine.log import Scope
from staza.engine.logic import LATEST, Days, Truth, around, before, conjunction, earliest, not_after
from staza.engine.types import CaseEvent, Extension, Limit, Rule

TRACK = "track"  # the field that records on which track a procedure runs


def limits(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> tuple[Days | None, Days]:
    """Give the start and end of the limit that ends first; one whose start never came is absent.

    Where nobody knows whether the condition of a limit holds, the end is open: there may be no such limit. Of two
    whose conditions deny each other there is one.
    """
    if rule.tracks:
        return _on_tracks(rule, reading, scope, clock)
    starts: list[Days] = []
    ends: list[Days] = []
    doubted: list[tuple[Tree, Days]] = []
    for limit in rule.limits or (_benchmark(rule),):
        holds = reading.truth(limit.only_if, scope)
        start = reading.day(limit.starts, scope)
        if start is None or holds is False:
            continue
        if limit.is_open:
            clock.is_open = True
            starts.append(start)
            continue
        end = _end(limit, rule, reading, scope, start)
        if end is None:
            continue
        if rule.limits and limit.is_in_hours:
            clock.due_at = _end_in_hours(limit, reading, scope, holds)
            end = local_days(clock.due_at, reading.law.zone)
        clock.doubt(limit.only_if, holds, scope)
        if holds is None:
            doubted.append((limit.only_if or [], end))
            end = (end[0], LATEST)
        starts.append(start if not limit.backwards else reading.day(["name", "start"], scope) or start)
        ends.append(end)
    if not starts:
        return None, (0, 0)
    first = earliest((*ends, *_either(doubted))) or (0, 0)
    return earliest(starts), first


def _either(doubted: list[tuple[Tree, Days]]) -> Iterator[Days]:
    """Give the days around two ends of which one counts, whatever the log does not say."""
    for (one, end), (other, its_end) in combinations(doubted, 2):
        if denies(one, other):
            yield around((end, its_end))


def _on_tracks(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> tuple[Days | None, Days]:
    """Give the start and end of a limit whose length hangs on the track of the procedure, through its changes.

    A change keeps the end of the first track, starts the period of the new one anew on its day, or takes the earlier
    or later of the two ends; one that comes after the end takes nothing back. A track that is not recorded, or in
    doubt, leaves every length possible.
    """
    start = reading.day(rule.limits[0].starts, scope)
    if start is None:
        return None, (0, 0)
    lengths = dict(rule.tracks)
    told, doubtful = reading.told(TRACK, scope.this)
    known = [(event, lengths.get(str(event.fields[TRACK]))) for event in told if event.first <= scope.at]
    if not known or doubtful or any(length is None for _, length in known):
        ends = [reading.due_days(rule, scope, start, length) for length in lengths.values()]
        first, last = around(ends)
        clock.doubts.append((["told", TRACK], scope))
        return start, (first, last if len(known) < 2 and not doubtful else LATEST)
    due = reading.due_days(rule, scope, start, known[0][1] or (0, "days"))
    for (_, before_), (event, length) in pairwise(known):
        in_time = not_after(event.days, due)
        if length is None or length == before_ or rule.on_change == "keep" or in_time is False:
            continue
        anew = reading.due_days(rule, scope, event.days, length)
        if rule.on_change != "restart":
            choose = min if rule.on_change == "earlier_of" else max
            anew = choose(due[0], anew[0]), choose(due[1], anew[1])
        due = anew if in_time else around((due, anew))
    return start, due


def _end_in_hours(limit: Limit, reading: Reading, scope: Scope, holds: Truth) -> Days:
    """Give the instants between which a limit in hours ends; the rule has no other limit and nothing moves it."""
    begins = reading.instants(limit.starts, scope) or (0, 0)
    minutes = limit.period[1] * HOUR_MINUTES
    last = end_of(LATEST, reading.law.zone)
    return min(begins[0] + minutes, last), min(begins[1] + minutes, last) if holds else last


def _benchmark(rule: Rule) -> Limit:
    amount, unit = rule.breach_from or rule.concern_from or (LATEST, "days")
    return Limit(["period", amount, unit], ["name", "start"])


def _end(limit: Limit, rule: Rule, reading: Reading, scope: Scope, start: Days) -> Days | None:
    tree = limit.period
    if tree[0] == "period":
        return written_end(limit, rule, reading, scope, start)
    given = granted(tree, reading, scope)
    if given is None:
        return None
    if given is UNTOLD:
        return start[0], LATEST
    if given[1] == "until":
        return given[0], given[0]
    return reading.due_days(rule, scope, start, given)


def written_end(limit: Limit, rule: Rule, reading: Reading, scope: Scope, start: Days) -> Days:
    """Give the end of a written period; backwards it is the last day on which the period before the day is kept."""
    step = -1 if limit.backwards else 1
    lengths = [(limit.period[1], limit.period[2]), *([limit.or_else] if limit.or_else else [])]
    return around(reading.due_days(rule, scope, start, (step * n, u), first_day=limit.first_day) for n, u in lengths)


def restarted(rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days, clock: Clock) -> tuple[Days, Days]:
    """Move the start to a later event where the act says so; doubt keeps both ends."""
    found = [matching(opening, reading, scope, backwards=True) for opening in rule.restarts_on]
    widest, latest = 0, 0
    condition = reading.truth(rule.restarts_if, scope) if rule.restarts_on else False
    for event, sure in merge(*found, key=lambda pair: pair[0].first, reverse=True):
        truth = conjunction((sure, before(start, event.days), condition))
        if truth is False or (truth is None and event.last <= latest):
            continue  # of those that may restart it, an earlier one ends no later
        again = _end(rule.limits[0], rule, reading, scope, event.days) or due
        if truth is True:
            start, due = event.days, again
            break
        widest, latest = max(widest, again[1]), event.last
        if rule.restarts_if:
            clock.doubts.append((rule.restarts_if, scope))
    due = (due[0], max(due[1], widest))
    if not rule.restarts_on and rule.restarts_if and reading.truth(rule.restarts_if, scope) is None:
        clock.doubts.append((rule.restarts_if, scope))
        due = (due[0], LATEST)
    return start, due


def extended(rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days, clock: Clock) -> Days:
    """Lengthen a limit by the extensions that the log holds; an invalid one adds nothing."""
    found = [
        (event, sure, extension)
        for extension in rule.extensions
        for event, sure in matching(extension.by, reading, scope)
    ]
    counted = _unrolled(rule, reading, scope, clock) if found and rule.regime in ROLLING else due
    for event, sure, extension in sorted(found, key=lambda one: (one[0].first, one[0].order)):
        at = Scope(reading.as_of, event)
        valid = conjunction((sure, not_after(event.days, due), reading.truth(extension.valid, at)))
        if valid is False:
            clock.cites = tuple(dict.fromkeys((*clock.cites, *extension.cites)))
            continue
        plain, rolled = (
            _longer(extension, event, rule, reading, scope, start, counted, rolls=rolls) for rolls in (False, True)
        )
        counted = (plain[0] if valid is True else counted[0], max(counted[1], plain[1]))
        due = (max(due[0], rolled[0]) if valid is True else due[0], max(due[1], rolled[1]))
        if valid is None and extension.valid:
            clock.doubts.append((extension.valid, at))
    return due


def _unrolled(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> Days:
    """Give the end before any extension as it is counted: what lengthens a period is counted on from there."""
    plain, unheard = replace(rule, regime="plain"), Clock(rule, clock.subject, ())
    start, end = limits(plain, reading, scope, unheard)
    return restarted(plain, reading, scope, start, end, unheard)[1] if start else end


def _longer(
    extension: Extension, event: CaseEvent, rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days,
    *, rolls: bool,
) -> Days:  # fmt: skip
    """Give the end that an extension leads to; what is counted rolls as every end does, a day that was set stays."""

    def plus(days: Days, period: Period, first_day: str = "") -> Days:
        end = reading.due_days(rule, scope, days, period, first_day=first_day, rolls=False)
        return reading.due_days(rule, scope, end, _NOTHING) if rolls else end

    first_day = rule.limits[0].first_day if rule.limits else ""
    caps = [plus(start, extension.up_to, first_day)] if extension.up_to else []
    caps += [plus(due, extension.adds)] if extension.adds else []
    highest = earliest(caps) or (LATEST, LATEST)
    given = granted(["call", "of", [["name", n] for n in _AMOUNTS]], reading, Scope(reading.as_of, event))
    if given is None:
        return highest if extension.up_to else (due[0], highest[1])
    wanted = (given[0], given[0]) if given[1] == "until" else plus(due, given)
    return max(due[0], min(wanted[0], highest[0])), max(due[1], min(wanted[1], highest[1]))


_NOTHING: Period = (0, "days")  # leaves a day where it is, unless it is free and the regime moves it
_AMOUNTS = ("until", "months", "days", "years", "working_days", "hours")
