"""What must hold of the lengths of a rule: where an open one, hours, working days and a practice may stand."""

from collections.abc import Callable, Iterator

from staza.engine.days import Period, add_days
from staza.engine.explain import said_period
from staza.engine.expressions import counts_working_days, every_part
from staza.engine.limits import TRACK
from staza.engine.types import LIMITED, Rule
from staza.lawbook.bundle import Bundle
from staza.lawbook.check_names import fault
from staza.lawbook.errors import LawError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.places import trees_of

_FROM = range(730_000, 730_000 + 1461)  # each day of four years: how long a month may be
LENGTHS = ("earliest_of", "ceiling", "every", "lasts", "breach_from", "concern_from")


def limit_faults(rule: Rule, written: Callable[..., str]) -> Iterator[LawError]:
    """Give the lengths of a rule that its kind cannot read; `written` gives the place of the first key there."""
    lasts = written(rule, *LENGTHS)
    for limit in rule.limits:
        if limit.is_open and rule.kind not in LIMITED:
            yield fault(
                f"The rule `{rule.id}` needs its length.",
                lasts,
                "An open clause is a limit of a deadline, window, waiting time or validity.",
                "Write the length, or leave the rule out until it is read.",
            )
        if limit.is_in_hours and not _may_be_in_hours(rule):
            yield fault(
                f"The rule `{rule.id}` cannot count hours.",
                lasts,
                "Hours are counted for the only limit of a deadline, window or validity that nothing moves.",
                "Write the limit as a rule of its own, or in days.",
            )
    yield from _working_days(rule, written)
    if rule.practice is not None:
        yield from _practice(rule, written(rule, "practice"))


def _may_be_in_hours(rule: Rule) -> bool:
    moved = rule.restarts_on or rule.restarts_if is not None or rule.extensions
    return rule.kind in ("deadline", "window", "validity") and len(rule.limits) == 1 and not moved


def _working_days(rule: Rule, written: Callable[..., str]) -> Iterator[LawError]:
    """A sum of days and a benchmark compare differences of dates: they have no working days."""
    ceiling = rule.kind == "ceiling" and any(limit.period[-1] == "working_days" for limit in rule.limits)
    lengths = {"ceiling": ceiling} | {
        key: length is not None and length[1] == "working_days"
        for key, length in (("concern_from", rule.concern_from), ("breach_from", rule.breach_from))
    }
    for key in (key for key, wrong in lengths.items() if wrong):
        yield fault(
            f"The rule `{rule.id}` cannot count working days.",
            written(rule, key),
            "A ceiling and a benchmark count every day of the year.",
            "Write the length in days, or use `lasts:` of a deadline, window, waiting time or validity.",
        )


def track_faults(rule: Rule, says_change: bool, bundle: Bundle, written: Callable[..., str]) -> Iterator[LawError]:
    """Give the tracks that no log can record, and those of which nobody says what a change does to the end."""
    known = bundle.fields[TRACK].values if TRACK in bundle.fields else frozenset()
    for code, _ in rule.tracks:
        if code not in known:
            yield fault(
                f"`{code}` is no track of a procedure.",
                written(rule, "tracks"),
                f"The field `{TRACK}` lists {', '.join(sorted(known))}.",
                did_you_mean(code, known) or f"List it with the field `{TRACK}`, or correct it.",
            )
    differ = len({length for _, length in rule.tracks}) > 1
    if differ and not says_change:
        yield fault(
            f"The rule `{rule.id}` does not say what a change of track does to its end.",
            written(rule, "tracks"),
            "Its tracks have different lengths, and a procedure may change from one to another.",
            "Add `on_change:` with keep, restart, earlier_of or later_of, as the act says.",
        )
    if says_change and not rule.tracks:
        yield fault(
            f"The rule `{rule.id}` has no tracks, and says what a change of them does.",
            written(rule, "on_change"),
            "`on_change:` is read with `tracks:`.",
            "Add the tracks, or take it out.",
        )


def counted_elsewhere(rule: Rule, bundle: Bundle, where: str) -> Iterator[LawError]:
    """A rule with a calendar of its own may not read a name that counts working days by that of the State."""
    if rule.calendar is None:
        return
    read = set[str]()
    trees = trees_of(rule)
    while trees:
        for part in every_part(trees.pop()):
            if part[0] != "name" or part[1] in read:
                continue
            read.add(part[1])
            condition = bundle.conditions.get(part[1])
            inner = bundle.spans.get(part[1]) or (condition.tree if condition else None)
            if inner is None:
                continue
            if any(counts_working_days(one) for one in every_part(inner)):
                yield fault(
                    f"`{part[1]}` counts working days by the calendar of the State, `{rule.id}` by another one.",
                    where,
                    "What has a name is the same wherever it is read.",
                    "Write what it says in the rule itself: there the rule's calendar counts.",
                )
                return
            trees.append(inner)


def _practice(rule: Rule, where: str) -> Iterator[LawError]:
    practice = rule.practice
    if rule.kind not in ("deadline", "window"):
        yield fault(
            f"The rule `{rule.id}` has a practice and is a {rule.kind}.",
            where,
            "What an authority allows beyond the act is a longer time for a deadline or window.",
            "Leave `practice:` out.",
        )
    acts = [(limit.period[1], limit.period[2]) for limit in rule.limits if limit.period[0] == "period"]
    acts += [limit.or_else for limit in rule.limits if limit.or_else] + [length for _, length in rule.tracks]
    if practice is None or practice.adds:
        return
    for act in acts:
        if _is_shorter(practice.period, act):
            yield fault(
                f"The practice of `{rule.id}` is shorter than the act: {said_period(practice.period)} and "
                f"{said_period(act)}.",
                where,
                "`practice:` with a period is the whole time from the start that the authority allows.",
                f"Write the whole time, or `practice: {{adds: {practice.period[0]} {practice.period[1]}}}` for what is "
                "counted on from the end by the act.",
            )
            return


def _is_shorter(one: Period, other: Period) -> bool:
    """Say whether a period is shorter than another wherever both start; working days may be any number of days."""
    if one[1] == other[1]:
        return one[0] < other[0]
    return one[1] != "working_days" and all(add_days(day, one) < add_days(day, other) for day in _FROM)
