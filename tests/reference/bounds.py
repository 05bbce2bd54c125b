"""What was granted outside the lowest or highest value that the law allows."""

from reference.binding import When
from reference.clocks import Clock
from reference.conditions import Reader
from reference.instances import Instance
from reference.limits import granted, subjects_of
from reference.log import UNKNOWN
from reference.periods import in_days
from reference.truth import NO, Truth, all_of, any_of, known, opposite
from staza.engine.expressions import Tree
from staza.engine.types import Rule


def bounds_of(rule: Rule, reader: Reader) -> list[Clock]:
    """Give what was granted outside its bounds; the clock itself runs as granted."""
    made = []
    for subject in subjects_of(rule, reader) if rule.granted is not None else []:
        names = [name for _, name in rule.granted[2]] if rule.granted[0] == "call" else [rule.granted[1]]
        grant = granted(names, reader, subject)
        if grant is None or grant[0] is UNKNOWN or grant[1] == "until":
            continue
        for bound, outside in (
            (rule.at_least, lambda days, limit: days < limit),
            (rule.at_most, lambda days, limit: days > limit),
        ):
            if bound is None:
                continue
            breaks = known(outside(in_days(grant), in_days(bound.limit)))
            if (grant[1] == "working_days") != (bound.limit[1] == "working_days"):
                start = reader.day(rule.limits[0].starts, reader.as_of, subject)
                ends = [
                    reader.in_time(rule, reader.as_of, subject, start, length, "plain") if start else (1, 1)
                    for length in (grant, bound.limit)
                ]
                breaks = frozenset(outside(a, b) for a in ends[0] for b in ends[1])
            if breaks == NO:
                continue
            lifted = any_of(_exception(one.condition, reader, subject) for one in bound.unless)
            applies = reader.truth(rule.only_if, reader.as_of, subject)
            clock = Clock(rule, subject, set(), late=all_of((breaks, applies, opposite(lifted))), has_limit=False)
            clock.verdict = "breach" if rule.finding == "none" else rule.finding
            day = subject.start if subject else (reader.as_of, reader.as_of)
            clock.when = When(day, one_day=True)
            made.append(clock)
    return made


def _exception(tree: Tree, reader: Reader, subject: Instance | None) -> Truth:
    """An exception that has to be claimed holds only where it was."""
    condition = reader.law.conditions.get(tree[1]) if tree[0] == "name" else None
    claimed = condition.claimed if condition else None
    return all_of((reader.truth(claimed, reader.as_of, subject), reader.truth(tree, reader.as_of, subject)))
