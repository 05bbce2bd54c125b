"""Safeguards and duties: what must hold, and which acts wait for it.

A safeguard is read where its rule places it: at each recorded entry that does a blocked act or that the rule names
(`on`), else for each instance that it is counted per. It is broken when it applies, nothing excepts it, its `while`
is true and what it `requires` is false. Every act of `blocks` is also read now, as if it were done at the end of the
day of the evaluation: true or unknown blocks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from staza.engine.clock import is_there, matching, stretch_of, subjects
from staza.engine.conditions import Reading
from staza.engine.expressions import Tree
from staza.engine.log import Scope
from staza.engine.logic import Days, Truth, conjunction, disjunction, negation
from staza.engine.types import CaseEvent, Instance, Rule


@dataclass(frozen=True, slots=True)
class Breaking:
    """Where a safeguard is broken or may be."""

    rule: Rule
    subject: CaseEvent | Instance | None
    scope: Scope
    value: Truth  # True: broken; None: may be
    days: Days  # on which it may have been broken
    surely: Days | None  # on which it surely was, if it was; None: on one day somewhere in `days`
    doubts: tuple[tuple[Tree, Scope], ...] = ()


def broken(rule: Rule, reading: Reading) -> Iterator[Breaking]:
    """Give every place at which the safeguard is or may be broken."""
    for subject, scope, sure in _places(rule, reading):
        value = conjunction((is_broken(rule, reading, scope), sure))
        if value is not False:
            doubts = tuple(doubtful(rule, reading, scope)) if value is None else ()
            yield Breaking(rule, subject, scope, value, *_days(subject, reading.as_of), doubts)


def _places(rule: Rule, reading: Reading) -> Iterator[tuple[CaseEvent | Instance | None, Scope, Truth]]:
    openings = reading.depends.placed_at(rule)
    for opening in openings:
        for event in reading.by_kind.get(opening.kind, ()):
            happened: Truth = True if event.last <= reading.as_of else None
            sure = conjunction((reading.matches(opening, event), happened))
            if sure is not False:
                yield event, Scope(event.last, event), sure
    if not openings:
        for subject in subjects(rule, reading):
            yield subject, Scope(reading.as_of, subject), True


def _days(subject: CaseEvent | Instance | None, now: int) -> tuple[Days, Days | None]:
    """Give the days of an entry, or those on which an instance may have lasted and those on which it surely did."""
    if subject is None:
        return (now, now), None
    if isinstance(subject, CaseEvent):
        return subject.days, None
    end = subject.end or (now, now)
    return (subject.start[0], max(end[1], subject.start[0])), stretch_of(subject.start[1], end[0])


def is_broken(rule: Rule, reading: Reading, scope: Scope) -> Truth:
    """Say whether a safeguard is broken at a place."""
    parts: list[Truth] = [reading.truth(rule.only_if, scope)]
    if parts[0] is False:
        return False
    parts.append(negation(disjunction(reading.truth(one.condition, scope) for one in rule.unless)))
    if rule.while_ is not None:
        parts.append(reading.truth(rule.while_, scope))
    if rule.requires is not None:
        parts.append(negation(reading.truth(rule.requires, scope)))
    return conjunction(parts)


def doubtful(rule: Rule, reading: Reading, scope: Scope) -> Iterator[tuple[Tree, Scope]]:
    """Give the conditions of a rule that are not known at a place."""
    trees = (rule.only_if, rule.while_, rule.requires, *(one.condition for one in rule.unless))
    for tree in trees:
        if tree is not None and reading.truth(tree, scope) is None:
            yield tree, scope


def blocked_now(rule: Rule, reading: Reading) -> tuple[Truth, tuple[tuple[Tree, Scope], ...]]:
    """Say whether a safeguard blocks its acts now, and what is not known about it."""
    scope = Scope(reading.as_of, None)
    value = is_broken(rule, reading, scope)
    return value, tuple(doubtful(rule, reading, scope)) if value is None else ()


def open_duties(rule: Rule, reading: Reading) -> Iterator[tuple[Instance | None, Truth, Scope]]:
    """Give the instances for which a duty without a date is open now."""
    for subject in subjects(rule, reading):
        if subject is not None and subject.end is not None:
            continue
        scope = Scope(reading.as_of, subject)
        done: Truth = False
        if rule.on:
            done = disjunction(sure for opening in rule.on for _, sure in matching(opening, reading, scope))
        value = conjunction((is_broken(rule, reading, scope), negation(done), is_there(subject, reading)))
        if value is not False:
            yield subject, value, scope
