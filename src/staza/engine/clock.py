"""A clock as it was computed, and what every kind of clock shares.

A due date is an interval; a breach is certain only where the whole interval has passed. Benchmarks of case law are
clocks whose `concern_from` and `breach_from` stand in place of a limit: they compare a length, they set no day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from staza.engine.conditions import Reading
from staza.engine.days import ANY_DAY, ByPlace, Period, add_days
from staza.engine.expressions import Tree
from staza.engine.log import Scope
from staza.engine.logic import Days, Truth, conjunction, disjunction
from staza.engine.types import CaseEvent, Instance, Opening, Rule

DAY_HOURS = 24
HOUR_MINUTES = 60
IN_DOUBT = "in_doubt"  # of `late`: it may be late, and that alone is asked
UNTOLD: Period = (0, "untold")  # a period is or may be granted, and nobody knows how long it is


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
    passed: Days = (0, 0)  # first and last day on which the limit may have been passed
    surely: Days | None = None  # on which it surely was, if it was; None: on one day somewhere in `passed`
    actual: int | None = None
    doubts: list[tuple[Tree, Scope]] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)  # kinds of events whose silence leaves it open
    is_open: bool = False  # its length is an open clause
    practice: Days | None = None
    due_at: Days | None = None  # the instants between which a limit in hours ends
    would_be_due: Days | None = None  # of a sum that ended: when it would have reached its limit; only shown
    thresholds: list[int] = field(default_factory=list)
    cites: tuple[str, ...] = ()
    limit_known: bool = True

    @property
    def ref(self) -> str:
        """The instance, or `person`."""
        return self.subject.ref if self.subject else "person"

    def doubt(self, tree: Tree | None, value: Truth, scope: Scope) -> None:
        """Keep a condition whose value is not known, to be asked about."""
        if value is None and tree:
            self.doubts.append((tree, scope))


def subjects(rule: Rule, reading: Reading) -> list[Instance | None]:
    """Give what a rule is counted per: each instance of a procedure, or the person."""
    if rule.per == "person":
        return [None]
    return list(reading.instances.get(rule.per, ()))


def is_there(subject: CaseEvent | Instance | None, reading: Reading) -> Truth:
    """Say whether something is there for certain: opened by an entry of known meaning, and by the day of the answer."""
    if not isinstance(subject, Instance):
        return True
    return True if subject.certain and subject.start[1] <= reading.as_of else None


def owner_of(rule: Rule, reading: Reading, subject: CaseEvent | Instance | None) -> str:
    """Say whose clock, duty or fault it is: the first whose condition surely holds on the day of the answer."""
    scope = Scope(reading.as_of, subject)
    return next((owner for owner, when in rule.owners if reading.truth(when, scope) is True), rule.owner)


def stretch_of(first: int, last: int) -> Days | None:
    """Give the days from one to another, None where none is left between them."""
    return (first, last) if first <= last else None


def lateness(clock: Clock, reading: Reading) -> tuple[Truth, str]:
    """Say whether a clock gives a finding, and its verdict; what `late` says of it and is not known is a doubt.

    The lapse of a window, and of a deadline that gives none itself, is a finding only as `late` says. Its `in_doubt`
    asks where it is not certain that the clock was not kept; where that is certain it says nothing.
    """
    rule = clock.rule
    if clock.verdict or (not rule.late and rule.kind not in ("window", "validity") and rule.finding != "none"):
        return clock.late, clock.verdict or rule.finding
    scope, perhaps = Scope(reading.as_of, clock.subject), ""
    for verdict, condition in rule.late if clock.late is not False else ():
        if verdict == IN_DOUBT and clock.late is True:
            continue
        value = conjunction((clock.late, reading.truth(condition, scope)))
        if value is True:
            return True, verdict
        if value is None:
            perhaps = perhaps or ("question" if verdict == IN_DOUBT else verdict)
            clock.doubt(condition, reading.truth(condition, scope), scope)
    return (None, perhaps) if perhaps else (False, "")


def granted(tree: Tree, reading: Reading, scope: Scope) -> Period | None:
    """Give a period that an entry grants, by the first of its fields that is recorded; `until` gives a day.

    `UNTOLD` where an entry that may belong to the instance records another one, or the only one.
    """
    for name in (part[1] for part in (tree[2] if tree[0] == "call" else [tree])):
        value = reading.value(["name", name], scope)
        if isinstance(value, int) and not isinstance(value, bool):
            return value, name
        if reading.is_disputed(name, scope):
            return UNTOLD
    return None


def excepted(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> Truth:
    """Say whether an exception of the rule holds; what is not known about it stays with the clock."""
    value = disjunction(reading.truth(one.condition, scope) for one in rule.unless)
    if value is None:
        clock.doubts.extend((one.condition, scope) for one in rule.unless)
    return value


def place_asked(rule: Rule, reading: Reading, scope: Scope, clock: Clock) -> None:
    """Ask for the place of the action while a clock is open whose day hangs on it; most days are free in none of them.

    A clock that no other doubt reaches asks as well: its end is no day without the place.
    """
    if not isinstance(rule.calendar, ByPlace) or clock.due is None or clock.due[0] == clock.due[1]:
        return
    if _is_open(clock, reading) and len(reading.calendars_of(rule, scope)) > 1:
        clock.doubts.append((["told", rule.calendar.name], scope))
        ask_while_open(clock, reading)


def _is_open(clock: Clock, reading: Reading) -> bool:
    """Say whether what is not known of a clock may still matter: it runs, or an entry lies between its ends."""
    ahead = clock.due is None or reading.as_of <= clock.due[1]
    return ahead or (clock.late is None and not clock.unnamed)


def ask_while_open(clock: Clock, reading: Reading) -> None:
    """Make a question of what is not known about a clock that is open, where nothing else makes a finding of it."""
    if clock.start is None or clock.late is True or clock.verdict or not _is_open(clock, reading):
        return
    if clock.late is False and len(clock.status) == 1 and clock.status != ("running",):
        return
    if clock.late is False:
        clock.late, clock.passed = None, (clock.start[0], max(clock.start[0], reading.as_of))
    clock.verdict = "question"


def matching(
    opening: Opening, reading: Reading, scope: Scope, *, backwards: bool = False
) -> Iterator[tuple[CaseEvent, Truth]]:
    """Give the entries of this instance that match an opening, each with how sure it is, by day."""
    return reading.each_within(asked(opening), scope, backwards=backwards)


def asked(opening: Opening) -> Tree:
    """Give an opening as the argument that the language writes: a kind, with its condition."""
    kind: Tree = ["name", opening.kind]
    return ["where", kind, opening.where] if opening.where else kind


def silence_counts(rule: Rule, reading: Reading) -> bool:
    """Say whether the log is authoritative for every kind that could meet the clock."""
    kinds = (reading.law.kinds.get(opening.kind) for opening in rule.on)
    return all(kind is not None and kind.absence == "no" for kind in kinds)


def weigh(
    rule: Rule, clock: Clock, length: Days, applies: Truth, start: Days | None = None, minutes: int | None = None
) -> None:
    """Set the verdict of a length of days by a benchmark: breach, concern, question or nothing.

    A benchmark in months or years is compared from `start`, else from a day of no meaning; one in hours with the
    minutes, where they are known, else with whole days.
    """
    clock.limit_known = False
    if applies is False or rule.finding == "none":
        return
    breach = _reaches(length, rule.breach_from, start, minutes)
    concern = _reaches(length, rule.concern_from, start, minutes)
    if breach is True and applies is True:
        clock.late, clock.verdict = True, rule.finding
    elif concern is True and applies is True:
        clock.late, clock.verdict = True, "concern"
    elif breach is not False or concern is True:
        clock.late = None


def is_in_hours(rule: Rule) -> bool:
    """Say whether a benchmark compares hours."""
    return any(period is not None and period[1] == "hours" for period in (rule.concern_from, rule.breach_from))


def _reaches(length: Days, threshold: Period | None, start: Days | None, minutes: int | None) -> Truth:
    """Say whether a length of days has reached a threshold."""
    if threshold is None:
        return False
    amount, unit = threshold
    if unit == "hours" and minutes is not None:
        return minutes >= amount * HOUR_MINUTES
    if unit == "hours":
        needed = (-(-amount // DAY_HOURS),) * 2
    else:
        first, last = start or (ANY_DAY, ANY_DAY)
        needed = (add_days(first, threshold) - first, add_days(last, threshold) - last)
    if length[0] >= max(needed):
        return True
    return False if length[1] < min(needed) else None
