"""Clocks that run from a day: deadlines, windows, waiting times, validities.

The start is a day of the log; the end is the earliest of the limits, moved by restarts and valid extensions; what was
recorded says whether it was met, and a silence counts only where the log is authoritative.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from staza.engine.clock import (
    Clock,
    ask_while_open,
    asked,
    excepted,
    is_in_hours,
    matching,
    place_asked,
    silence_counts,
    stretch_of,
    weigh,
)
from staza.engine.conditions import Reading
from staza.engine.days import add_days
from staza.engine.instants import end_of, instants
from staza.engine.limits import extended, limits, restarted
from staza.engine.log import Scope
from staza.engine.logic import Days, Truth, around, before, conjunction, disjunction, earliest, negation, not_after
from staza.engine.types import CaseEvent, Instance, Opening, Practice, Rule


def deadline(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """Give the clock of a deadline or window, with what became of it."""
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False:
        return []
    clock = Clock(rule, subject, ("idle",), cites=rule.cites)
    clock.doubt(rule.only_if, applies, scope)
    start, due = limits(rule, reading, scope, clock)
    if start is None:
        return [clock]
    if clock.is_open:
        return [_unread(rule, reading, scope, clock, start)]
    start, due = restarted(rule, reading, scope, start, due, clock)
    due = extended(rule, reading, scope, start, due, clock)
    exception = excepted(rule, reading, scope, clock)
    clock.start, clock.due = start, due
    if rule.practice:
        clock.practice = _by_practice(rule.practice, rule, reading, scope, start, due)
    if exception is True:
        clock.status = ("ended",)
        return [clock]
    _met(rule, reading, clock, conjunction((applies, negation(exception))))
    place_asked(rule, reading, scope, clock)
    if rule.kind == "window" and (applies is None or _length_in_doubt(clock)):
        ask_while_open(clock, reading)
    return [clock]


def _length_in_doubt(clock: Clock) -> bool:
    """Say whether the end of a clock hangs on the condition of one of its limits that is not known."""
    doubts = [tree for tree, _ in clock.doubts]
    varies = clock.due is not None and clock.due[0] < clock.due[1]
    return varies and any(tree is limit.only_if for limit in clock.rule.limits for tree in doubts)


def _by_practice(practice: Practice, rule: Rule, reading: Reading, scope: Scope, start: Days, due: Days) -> Days | None:
    """Give the end by the practice of the authority: counted on from that of the act, or from the start; never before
    the end by the act, which a grant or an extension may have moved.

    None where its condition does not hold. Where that is not known, the end by the act may be the last day.
    """
    holds = reading.truth(practice.only_if, scope)
    if holds is False:
        return None
    own = reading.due_days(rule, scope, due if practice.adds else start, practice.period)
    return max(own[0], due[0]) if holds else due[0], max(own[1], due[1])


def _unread(rule: Rule, reading: Reading, scope: Scope, clock: Clock, start: Days) -> Clock:
    """Give the clock whose length nobody has read: no day and no effect, and a question while it is open."""
    clock.start, clock.status = start, ("unknown",)
    act, gone = _first(rule.on, reading, scope), _first(rule.ends_with, reading, scope)
    clock.met_by = act.event
    if act.sure is None and gone.sure is None and excepted(rule, reading, scope, clock) is not True:
        clock.late, clock.verdict, clock.limit_known = None, "question", False
        clock.passed = (start[0], max(start[0], reading.as_of))
    return clock


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
    over = before(due, (reading.as_of, reading.as_of))
    clock.status = {True: ("ended",), False: ("running",), None: ("running", "ended")}[over]
    _doubted(clock, applies)
    for event, sure in inside:
        if sure is False or clock.late is True:
            continue
        clock.late = conjunction((sure, applies))
        clock.actual = event.first if event.first == event.last else None
        clock.passed = event.days
        clock.status = ("missed",) if clock.late is True else (*clock.status, "missed")
    clock.status = tuple(dict.fromkeys(clock.status))
    place_asked(rule, reading, scope, clock)
    return [clock]


def validity(rule: Rule, reading: Reading, subject: Instance | None) -> list[Clock]:
    """Give the clock of a paper, ban or status that lasts until a day; its end is no finding."""
    made = _begun(rule, reading, subject)
    if made is None:
        return []
    clock, applies = made
    scope = Scope(reading.as_of, subject)
    if clock.due is not None:
        over = before(clock.due, (reading.as_of, reading.as_of))
        clock.status = {True: ("ended",), False: ("running",), None: ("running", "ended")}[over]
        _doubted(clock, applies)
        place_asked(rule, reading, scope, clock)
        if reading.truth(rule.only_if, scope) is None:
            ask_while_open(clock, reading)
    return [clock]


def _doubted(clock: Clock, applies: Truth) -> None:
    """A clock that may not run at all may be over: one of the outcomes is `ended`."""
    if applies is None and "ended" not in clock.status:
        clock.status = (*clock.status, "ended")


def _begun(rule: Rule, reading: Reading, subject: Instance | None) -> tuple[Clock, Truth] | None:
    scope = Scope(reading.as_of, subject)
    applies = reading.truth(rule.only_if, scope)
    if applies is False:
        return None
    clock = Clock(rule, subject, ("idle",), cites=rule.cites)
    clock.doubt(rule.only_if, applies, scope)
    start, due = limits(rule, reading, scope, clock)
    if start is None:
        return clock, applies
    if clock.is_open:
        clock.start, clock.status = start, ("unknown",)
        return clock, None
    exception = excepted(rule, reading, scope, clock)
    clock.start, clock.due = start, extended(rule, reading, scope, start, due, clock)
    clock.status = ("ended",) if exception is True else ("running",)
    if exception is True:
        clock.due = None
    return clock, conjunction((applies, negation(exception)))


@dataclass(slots=True)
class _First:
    """The first entry of several kinds: the sure one, its day, and the days between which one may have come."""

    event: CaseEvent | None = None
    sure: Days | None = None
    possible: Days | None = None  # first and last day of those that may count; the last only where none is sure

    @property
    def earliest(self) -> int | None:
        """The first day on which one may have come, None when none can."""
        return min((days[0] for days in (self.possible, self.sure) if days), default=None)

    def may(self, days: Days) -> None:
        """Note the days of an entry that may count."""
        self.possible = _around([self.possible, days])

    def before(self, other: "_First") -> "_First":
        """Give whichever of two comes first, with what is possible of both."""
        sure = [one for one in (self, other) if one.sure is not None]
        first = min(sure, key=lambda one: (one.sure or (0, 0))[::-1], default=self)
        both = earliest(one.sure for one in sure if one.sure is not None)
        return _First(first.event, both, _around([self.possible, other.possible]))


def _arrival(event: CaseEvent) -> Days:
    """Give the days on which an entry reached the file: that of its receipt, where one is recorded."""
    return event.days if event.received is None else (event.received, event.received)


def _has_arrived(event: CaseEvent, reading: Reading) -> bool:
    """Say whether an entry is not still on its way."""
    return event.received is None or event.received <= reading.as_of


def _around(several: Iterable[Days | None]) -> Days | None:
    known = [days for days in several if days]
    return around(known) if known else None


def _first(openings: Iterable[Opening], reading: Reading, scope: Scope, *, by_minute: bool = False) -> _First:
    """Find the first entry that meets one of the openings; by the minute, its days are instants."""
    found = _First()
    zone = reading.law.zone

    walk = reading.each_within if reading.has_receipts else reading.surest_within

    def lies(event: CaseEvent) -> Days:
        days = _arrival(event)
        return instants(days, event.minute if event.received is None else None, zone) if by_minute else days

    for opening in openings:
        for event, counts in walk(asked(opening), scope):
            if not _has_arrived(event, reading):
                continue
            days = lies(event)
            if counts is not True:
                found.may(days)
                continue
            if found.event is None or (days[1], days[0], event.order) < (*lies(found.event)[::-1], found.event.order):
                found.event = event
            found.sure = days if found.sure is None else earliest((found.sure, days))
    if found.sure is None and found.possible is not None:
        for opening in openings:
            for event, _ in walk(asked(opening), scope, backwards=True):
                if _has_arrived(event, reading):
                    found.may(lies(event))
    return found


def _met(rule: Rule, reading: Reading, clock: Clock, applies: Truth) -> None:
    """Set what may have become of a deadline or window: each outcome that some completion of the log allows."""
    scope = Scope(reading.as_of, clock.subject)
    act, gone = _first(rule.on, reading, scope), _first(rule.ends_with, reading, scope)
    authoritative = silence_counts(rule, reading) or rule.pending_counts
    clock.met_by = act.event
    if rule.breach_from or rule.concern_from:
        clock.due_at = None
        _measured(rule, reading, clock, act.before(gone), applies, authoritative)
        return
    due, now = clock.due or (0, 0), reading.as_of
    unnamed = act.sure is None and not authoritative
    over = "lapsed" if _has_effect(rule, reading) else "missed"
    outcomes = (
        _outcomes_by_minute(rule, reading, clock, over, unnamed)
        if clock.due_at
        else _outcomes(act, gone, due, now, over, clock.start or due, unnamed)
    )
    outcomes = _restored(rule, reading, clock, outcomes, over)
    clock.status = tuple(word for word in (over, "met_late", "met", "running", "ended") if word in outcomes)
    lates = outcomes & {over, "met_late"}
    late: Truth = False if not lates else True if lates == outcomes else None
    if unnamed and late is None:
        clock.unnamed.extend(opening.kind for opening in rule.on)
    clock.actual = act.sure[0] if act.sure and act.sure[0] == act.sure[1] else None
    first = min(day for day in (act.earliest, gone.earliest, now) if day is not None)
    last = min([now, *(one.sure[1] for one in (act, gone) if one.sure)])
    begin = 0 if clock.due_at else 1  # a limit in hours may be passed on the day on which it ends
    clock.passed, clock.surely = (due[0] + begin, max(due[0] + begin, last)), stretch_of(due[1] + begin, first)
    clock.late = conjunction((late, applies))
    _doubted(clock, applies)


def _has_effect(rule: Rule, reading: Reading) -> bool:
    """Say whether something follows when the day has passed: else what is owed is still owed.

    A deadline that says what being late is owes the act beyond its day, unless an effect comes in its place.
    """
    if rule.kind == "window":
        return True
    return rule.finding == "none" and (not rule.late or rule.id in reading.depends.with_effect)


def _restored(rule: Rule, reading: Reading, clock: Clock, outcomes: set[str], over: str) -> set[str]:
    """Take back a lapse that was undone: a late act is admitted as if in time, a missed one may still come.

    Only what comes after the end undoes a lapse.
    """
    late = outcomes & {over, "met_late"}
    undone = disjunction(_undoing(rule, reading, clock)) if late and rule.restored_by else False
    if undone is False:
        return outcomes
    admitted = {"met" if word == "met_late" else "running" for word in late}
    return (outcomes - late | admitted) if undone else outcomes | admitted


def _undoing(rule: Rule, reading: Reading, clock: Clock) -> Iterator[Truth]:
    """Say of each entry that undoes a lapse how sure it is that it reached the file after the end."""
    follows = not_after if clock.due_at else before  # a limit in hours may end, and be restored, on one day
    for opening in rule.restored_by:
        for event, counts in matching(opening, reading, Scope(reading.as_of, clock.subject)):
            if _has_arrived(event, reading):
                yield conjunction((counts, follows(clock.due or (0, 0), _arrival(event))))


def _outcomes_by_minute(rule: Rule, reading: Reading, clock: Clock, over: str, unnamed: bool) -> set[str]:
    """Give the outcomes of a limit in hours: the same, with instants in place of days."""
    scope, zone = Scope(reading.as_of, clock.subject), reading.law.zone
    act = _first(rule.on, reading, scope, by_minute=True)
    gone = _first(rule.ends_with, reading, scope, by_minute=True)
    start = reading.instants(rule.limits[0].starts, scope) or (0, 0)
    return _outcomes(act, gone, clock.due_at or (0, 0), end_of(reading.as_of, zone), over, start, unnamed)


def _outcomes(act: _First, gone: _First, due: Days, now: int, over: str, start: Days, unnamed: bool) -> set[str]:
    """Give every outcome that the uncertain days and entries allow.

    Ended: the cause went by the due day and before the act; of two on one day the act counts. Else the act says
    whether it was met, and without one it is over once the due day has passed with the cause still there.
    """
    first = start[0] if unnamed else act.earliest
    last = act.sure[1] if act.sure else None
    horizon = min(now, gone.sure[1]) if gone.sure else now  # until then the cause may have been there
    found: set[str] = set()
    if gone.earliest is not None and gone.earliest <= due[1] and (last is None or gone.earliest < last):
        found.add("ended")
    if first is not None and first <= min(due[1], horizon):
        found.add("met")
    perhaps = now if unnamed else act.possible[1] if act.possible else due[0]
    if min(perhaps if last is None else last, horizon) > due[0]:
        found.add("met_late")
    if last is None and horizon > due[0]:
        found.add(over)
    if last is None and now <= due[1] and not gone.sure:
        found.add("running")
    return found


def _measured(rule: Rule, reading: Reading, clock: Clock, end: _First, applies: Truth, authoritative: bool) -> None:
    """Compare the time that passed with the benchmark."""
    start, now = clock.start or (0, 0), reading.as_of
    unnamed = end.sure is None and not authoritative
    first = start[0] if unnamed else min(day for day in (end.earliest, now) if day is not None)
    last = end.sure[1] if end.sure else now
    length = (max(0, first - start[1]), max(0, last - start[0]))
    if unnamed:
        clock.unnamed.extend(opening.kind for opening in rule.on)
    met = end.sure is not None or end.possible is not None or unnamed
    clock.status = ("met",) if end.sure else ("met", "running") if met else ("running",)
    clock.due = None
    clock.actual = end.sure[0] if end.sure and end.sure[0] == end.sure[1] else None
    clock.passed, clock.surely = (start[0], last), stretch_of(start[1], first)
    weigh(rule, clock, length, applies, start, _minutes(rule, reading, clock))
    if not end.sure:
        clock.thresholds.extend(add_days(start[0], p) for p in (rule.concern_from, rule.breach_from) if p)


def _minutes(rule: Rule, reading: Reading, clock: Clock) -> int | None:
    """Give the minutes from the start to what surely ended it, where nothing about the two instants is open."""
    if not is_in_hours(rule):
        return None
    scope = Scope(reading.as_of, clock.subject)
    begins = reading.instants(rule.limits[0].starts if rule.limits else ["name", "start"], scope)
    end = _first((*rule.on, *rule.ends_with), reading, scope, by_minute=True)
    if begins is None or end.sure is None or (end.possible is not None and end.possible[0] <= end.sure[1]):
        return None
    return max(0, end.sure[0] - begins[0]) if begins[0] == begins[1] and end.sure[0] == end.sure[1] else None
