"""Why: the tree of reasons of a clock, a finding, a block or a silence; built on demand from a state.

Each leaf is an entry of the log, a value that the file asserts, or an article. Nothing here decides anything: the same
conditions are read again on the same log, and what they read is written down.
"""

from dataclasses import dataclass

from staza.engine import governing
from staza.engine.answer import CaseState, ClockState, Finding
from staza.engine.bounds import bounds
from staza.engine.clock import Clock, granted, subjects
from staza.engine.conditions import Reading
from staza.engine.days import ByPlace, Period, add_days
from staza.engine.expressions import Tree, said
from staza.engine.limits import written_end
from staza.engine.log import Scope
from staza.engine.logic import LATEST, Days, Truth
from staza.engine.sums import days_counted
from staza.engine.types import CaseEvent, Instance, Limit, Practice, Rule


@dataclass(frozen=True, slots=True)
class Reason:
    """One step: what was read, what it gave, the articles and entries it rests on, and its own reasons."""

    #: event | flag | condition | article | limit | start | end | regime | practice | met | open | binding | sum
    kind: str
    text: str
    value: Truth = True
    cites: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    days: Days | None = None
    parts: tuple["Reason", ...] = ()


def explain(state: CaseState, item: ClockState | Finding | str) -> Reason:
    """Give the reasons of a clock or finding of a state, or why a rule (by its id) is silent."""
    answer = state.trace
    reading: Reading = answer.reading
    if isinstance(item, str):
        return why_not(state, item)
    rule = reading.law.rule(item.rule)
    clock = _clock(answer.clocks, item)
    if clock is None and isinstance(item, Finding):
        clock = _clock(bounds(rule, reading), item)
    subject = _subject(reading, item.ref)
    parts = [] if clock is None else _of_clock(clock, reading)
    if isinstance(item, Finding):
        parts.append(_of_binding(reading, rule, subject, item))
    scope = Scope(subject.last if isinstance(subject, CaseEvent) else reading.as_of, subject)
    parts.extend(_of_conditions(rule, reading, scope))
    return Reason("article", rule.title or rule.id, True, rule.cites, (), None, tuple(parts))


def why_not(state: CaseState, rule_id: str) -> Reason:
    """Say why a rule gives nothing: no such instance, the first condition that fails, or a limit not passed."""
    reading: Reading = state.trace.reading
    rule = reading.law.rule(rule_id)
    title = rule.title or rule.id
    if rule.kind == "safeguard" and (rule.on or rule.blocks):
        kinds = [o.kind for o in rule.on] + [o.kind for a in rule.blocks for o in reading.law.acts[a].done_by]
        places: list[CaseEvent | Instance | None] = [e for k in kinds for e in reading.by_kind.get(k, ())]
        if not places:
            return Reason("open", f"{title}: none of {', '.join(kinds)} is recorded", False, rule.cites)
    else:
        places = list(subjects(rule, reading))
        if not places:
            return Reason("open", f"{title}: there is no {rule.per}", False, rule.cites)
    parts = tuple(_first_failing(rule, reading, subject, state) for subject in places)
    return Reason("article", title, False, rule.cites, parts=parts)


def _first_failing(rule: Rule, reading: Reading, subject: CaseEvent | Instance | None, state: CaseState) -> Reason:
    at = subject.last if isinstance(subject, CaseEvent) else reading.as_of
    scope = Scope(at, subject)
    failing = [
        (tree, value) for tree, wanted in _conjuncts(rule) if (value := reading.truth(tree, scope)) is not wanted
    ]
    if failing:  # one that surely fails goes before one that is not known
        tree = next((tree for tree, value in failing if value is not None), failing[0][0])
        return of_condition(reading, tree, scope)
    days = subject.days if isinstance(subject, CaseEvent) else (reading.as_of, reading.as_of)
    if governing.governs(reading, rule, days, subject) is False:
        return Reason("binding", f"{rule.act} does not bind here on that day", False, rule.cites[:1])
    ref = subject.ref if isinstance(subject, Instance) else "person"
    for clock in state.trace.clocks:
        if clock.rule is rule and clock.ref == ref:
            return Reason("limit", f"the clock is {' or '.join(clock.status)}", False, days=clock.due)
    return Reason("open", "nothing is broken here", False)


def _conjuncts(rule: Rule) -> list[tuple[Tree, Truth]]:
    """Give the conditions of a rule with the value that lets it fire, in the order in which they are read."""
    found: list[tuple[Tree, Truth]] = [(one, True) for one in (*conjuncts_of(rule.only_if), *conjuncts_of(rule.while_))]
    if rule.requires is not None:
        found.append((rule.requires, False))
    found.extend((one.condition, False) for one in rule.unless)
    return found


def conjuncts_of(tree: Tree | None) -> list[Tree]:
    """Give the conditions that all have to hold for a condition to."""
    if tree is None or tree[0] != "and":
        return [] if tree is None else [tree]
    return [one for part in tree[1:] for one in conjuncts_of(part)]


def _clock(made: list[Clock], item: ClockState | Finding) -> Clock | None:
    for clock in made:
        if clock.rule.id == item.rule and clock.ref == item.ref:
            if isinstance(item, ClockState) and clock.n != item.n:
                continue
            return clock
    return None


def _subject(reading: Reading, ref: str) -> CaseEvent | Instance | None:
    for instances in reading.instances.values():
        for instance in instances:
            if instance.ref == ref:
                return instance
    kind, _, ident = ref.partition("#")
    return next((e for e in reading.by_kind.get(kind, ()) if e.id == ident), None)


# --------------------------------------------------------------------------------------------------- clocks


def _of_clock(clock: Clock, reading: Reading) -> list[Reason]:
    rule = clock.rule
    parts: list[Reason] = []
    if rule.sums is not None:
        parts.append(_of_sum(clock, reading))
    for limit in rule.limits:
        parts.extend(_of_limit(limit, clock, reading))
    if clock.due is not None:
        parts.extend(_of_place(clock, reading))
    if clock.due is not None and clock.due[1] >= LATEST:
        parts.append(Reason("open", "what is not known leaves the end open", None))
    if clock.met_by is not None:
        word = "done" if clock.late is False else "done too late" if clock.late else "perhaps done too late"
        parts.append(Reason("met", word, True, events=(clock.met_by.id,), days=clock.met_by.days))
    elif clock.due is not None and clock.status != ("idle",):
        parts.append(Reason("met", "nothing recorded ends it", True, days=(reading.as_of, reading.as_of)))
    return parts


def _of_place(clock: Clock, reading: Reading) -> list[Reason]:
    """Say by which calendar a rule counts where the place decides, and the day by the practice of the authority."""
    rule, parts = clock.rule, []
    if isinstance(rule.calendar, ByPlace):
        codes = " or ".join(one.code for one in reading.calendars_of(rule, Scope(reading.as_of, clock.subject)))
        what = f"counted by the calendar of {rule.calendar.name.replace('_', ' ')}: {codes}"
        parts.append(Reason("regime", what, True if " or " not in codes else None))
    if rule.practice:
        parts.append(_of_practice(rule.practice, clock, reading))
    return parts


def _of_practice(practice: Practice, clock: Clock, reading: Reading) -> Reason:
    """Say what the authority allows beyond the act, and the condition on which it does."""
    scope = Scope(reading.as_of, clock.subject)
    holds = reading.truth(practice.only_if, scope)
    length = said_period(practice.period)
    words = f"the practice of the authority, {length} {'more' if practice.adds else 'from the start'}"
    words = f"{words}, does not hold here" if holds is False else f"by {words}{'' if holds else ', if it holds here'}"
    on = (of_condition(reading, practice.only_if, scope),) if practice.only_if else ()
    return Reason("practice", words, holds, days=clock.practice, parts=on)


def _of_limit(limit: Limit, clock: Clock, reading: Reading) -> list[Reason]:
    """Say how a period runs: from which entry, to which day, and where a free day moves its end."""
    rule, scope = clock.rule, Scope(reading.as_of, clock.subject)
    start = clock.start if rule.sums is not None else reading.day(limit.starts, scope)
    period = limit.period
    if period[0] == "not_read":
        return [Reason("open", "the act has a length, and nobody here has read it", None, rule.cites)]
    given = (period[1], period[2]) if period[0] == "period" else granted(period, reading, scope)
    if start is None or given is None or given[1] == "until":
        return []
    events = tuple(e.id for e in reading.history.events if e.days == start)
    parts = [Reason("start", "from this day, which is not counted", True, events=events, days=start)]
    if rule.sums is not None:
        return [Reason("limit", said_period(given), True, rule.cites, days=clock.due)]
    if rule.tracks:
        parts.append(Reason("limit", "the period of the track ends", True, rule.cites, days=clock.due))
        return parts
    if limit.is_in_hours:
        return [Reason("limit", f"{said_period(given)} end", True, rule.cites, events=events, days=clock.due)]
    if limit.backwards or limit.or_else or limit.first_day:
        return _as_written(limit, rule, start, events, written_end(limit, rule, reading, scope, start))
    plain = (add_days(start[0], given), add_days(start[1], given))
    due = reading.due_days(rule, scope, start, given)
    if given[1] == "working_days":
        parts.append(Reason("limit", f"{said_period(given)} end", True, rule.cites, days=due))
        return parts
    parts.append(Reason("limit", f"{said_period(given)} end", True, rule.cites, days=plain))
    if due != plain:
        sure = due[0] > plain[0]
        words = "no working day: the end moves to" if sure else "it may be no working day: the end may move to"
        parts.append(Reason("regime", words, True, _rolled_by(rule, reading), days=due))
    return parts


def _rolled_by(rule: Rule, reading: Reading) -> tuple[str, ...]:
    """Give the article that moves an end on a free day: that of the act itself, of the Union for its own acts."""
    act = rule.act
    instrument = reading.law.instruments.get(act)
    if instrument is not None and instrument.rolled_by:
        return (f"{act}/{instrument.rolled_by}",)
    return ("eu.1182-71/3(4)",) if rule.regime == "1182-71" and act.startswith("eu.") else ()


def _as_written(limit: Limit, rule: Rule, start: Days, events: tuple[str, ...], end: Days) -> list[Reason]:
    """Say the end of a period that is counted backwards, that the sources give twice, or whose first day may count."""
    counted = {"counts": "is counted", "open": "may be counted or not"}.get(limit.first_day, "is not counted")
    length = said_period((limit.period[1], limit.period[2]))
    if limit.or_else:
        length += f" or {said_period(limit.or_else)}, as the sources differ,"
    return [
        Reason(
            "start", f"{'before' if limit.backwards else 'from'} this day, which {counted}", True, (), events, start
        ),
        Reason("limit", f"{length} {'are kept until' if limit.backwards else 'end'}", True, rule.cites, days=end),
    ]


def said_period(period: Period) -> str:
    """Write a period: `1 month`, `10 working days`."""
    amount, unit = period
    word = unit.replace("_", " ")
    return f"{amount} {word.removesuffix('s') if amount == 1 else word}"


def _of_sum(clock: Clock, reading: Reading) -> Reason:
    scope = Scope(reading.as_of, clock.subject)
    counted = days_counted(clock.rule, reading, clock.subject, scope)
    parts = tuple(
        Reason("sum", "counted" if stretch in counted.sure else "may count", True, days=stretch)
        for stretch in counted.possible
    )
    return Reason("sum", f"the days of {said(clock.rule.sums or ['true'])}", True, clock.rule.cites, parts=parts)


# ----------------------------------------------------------------------------------------------- conditions


def _of_binding(reading: Reading, rule: Rule, subject: CaseEvent | Instance | None, finding: Finding) -> Reason:
    act = rule.act
    days = (finding.day, max(finding.day, finding.actual_on or finding.day))
    value = governing.governs(reading, rule, days, subject, lasting=not isinstance(subject, CaseEvent))
    short = reading.law.instruments[act].short if act in reading.law.instruments else act
    return Reason("binding", f"{short} binds {reading.law.jurisdiction}", value, rule.cites[:1])


def _of_conditions(rule: Rule, reading: Reading, scope: Scope) -> list[Reason]:
    return [of_condition(reading, tree, scope) for tree, _ in _conjuncts(rule)]


def of_condition(reading: Reading, tree: Tree, scope: Scope) -> Reason:
    """Give a condition with its value and what it rests on."""
    value = reading.truth(tree, scope)
    head = tree[0]
    if head in ("and", "or", "not"):
        parts = tuple(of_condition(reading, part, scope) for part in tree[1:])
        return Reason("condition", said(tree), value, parts=parts)
    if head == "name":
        return _of_name(reading, tree[1], scope, value)
    if head == "call" and tree[1] in ("shown", "known", "if"):
        parts = tuple(of_condition(reading, part, scope) for part in tree[2])
        return Reason("condition", said(tree), value, parts=parts)
    if head == "call" and tree[1] in ("exists", "here", "upon"):
        events = tuple(e.id for argument in tree[2] for e, _ in reading.entries(argument, scope))
        return Reason("event", said(tree), value, events=events)
    if head == "false":
        return Reason("condition", "what the act says leaves room for it", value)
    return Reason("condition", said(tree), value)


def _of_name(reading: Reading, name: str, scope: Scope, value: Truth) -> Reason:
    condition = reading.law.conditions.get(name)
    if condition is not None and condition.tree is not None:
        inner = of_condition(reading, condition.tree, scope)
        return Reason("condition", condition.asks or name, value, condition.cites, parts=(inner,))
    if condition is not None:
        return Reason("open", condition.asks, value, condition.cites)
    recorded = reading.recorded(name, scope)
    if recorded is not None and isinstance(scope.this, CaseEvent):
        return Reason("event", name, value, events=(scope.this.id,))
    datum = reading.law.flags.get(name)
    return Reason("flag", datum.asks if datum and datum.asks else name, value)
