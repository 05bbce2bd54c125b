"""What a rule is counted for, which entries count, where its limit starts and ends, and what moves the end."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from reference import hours
from reference.conditions import Reader
from reference.instances import Instance
from reference.log import UNKNOWN
from reference.periods import Period
from reference.truth import LAST_DAY, MAYBE, NO, YES, Days, Truth, all_of, first_of, is_before, is_by
from staza.engine.expressions import Tree
from staza.engine.types import CaseEvent, Extension, Limit, Opening, Rule

GRANTED = ("until", "months", "days", "years", "working_days", "hours")


def subjects_of(rule: Rule, reader: Reader) -> list[Instance | None]:
    return [None] if rule.per == "person" else list(reader.instances(rule.per))


def counted(openings: Iterable[Opening], reader: Reader, subject: Instance | None) -> list[tuple[CaseEvent, Truth]]:
    """Give the entries of several kinds that belong to a subject, each with how sure that it counts."""
    return [
        pair
        for one in openings
        for pair in reader.own_entries(
            ["where", ["name", one.kind], one.where] if one.where else ["name", one.kind], reader.as_of, subject
        )
    ]


def arrival(entry: CaseEvent) -> Days:
    """Give the day on which something reached the authority, where the entry says it, else its own."""
    return entry.days if entry.received is None else (entry.received, entry.received)


def arrived(openings: Iterable[Opening], reader: Reader, subject: Instance | None) -> list[tuple[CaseEvent, Truth]]:
    """Give of several kinds what has arrived by now: what is on its way meets nothing yet."""
    found = counted(openings, reader, subject)
    return [(entry, counts) for entry, counts in found if entry.received is None or entry.received <= reader.as_of]


def log_is_complete(rule: Rule, reader: Reader) -> bool:
    """Say whether silence means that nothing of the kinds of a rule happened."""
    kinds = [reader.law.kinds.get(one.kind) for one in rule.on]
    return all(kind is not None and kind.absence == "no" for kind in kinds)


def start_and_due(rule: Rule, reader: Reader, subject: Instance | None) -> tuple[Days, Days] | None:
    """Give the start and the end of the limit that ends first; None where none has started."""
    if rule.tracks:
        return _tracked(rule, reader, subject)
    found = []
    in_doubt = []
    benchmark = rule.breach_from or rule.concern_from or (LAST_DAY, "days")
    for limit in rule.limits or (Limit(["period", *benchmark], ["name", "start"]),):
        start = reader.day(limit.starts, reader.as_of, subject)
        holds = reader.truth(limit.only_if, reader.as_of, subject)
        due = _due(limit, start, rule, reader, subject) if start else None
        if start and limit.backwards:  # it is counted from the day that it ends before
            start = reader.day(["name", "start"], reader.as_of, subject) or start
        if start and rule.limits and limit.period[-1] == "hours":
            ends = end_moments(rule, reader, subject)
            due = hours.day_of(ends[0], reader.law.zone), hours.day_of(ends[1], reader.law.zone)
        if start and due and holds != NO:
            found.append((start, due))
            in_doubt.append(limit.only_if if holds == MAYBE else None)
    if not found:
        return None
    dues = [due for _, due in found]
    ends = [_first_that_holds(dues, ways) for ways in _ways_of(in_doubt)]
    return first_of(start for start, _ in found), (min(first for first, _ in ends), max(last for _, last in ends))


def doubted_lengths(rule: Rule, reader: Reader, subject: Instance | None) -> bool:
    """Say whether nobody knows if one of the limits that have begun is there."""
    return any(
        reader.truth(limit.only_if, reader.as_of, subject) == MAYBE
        and (start := reader.day(limit.starts, reader.as_of, subject)) is not None
        and _due(limit, start, rule, reader, subject) is not None
        for limit in rule.limits
    )


def _ways_of(conditions: list[Tree | None]) -> list[tuple[bool, ...]]:
    """Give every way in which conditions may hold; None surely holds, and a denial holds where the other does not."""

    def possible(ways: tuple[bool, ...]) -> bool:
        told = list(zip(conditions, ways, strict=True))
        return all(holds for one, holds in told if one is None) and not any(
            holds == its for one, holds in told for other, its in told if one and other and _is_denial(one, other)
        )

    return [ways for ways in product((True, False), repeat=len(conditions)) if possible(ways)]


def _is_denial(one: Tree, other: Tree) -> bool:
    match one, other:
        case (["not", said], _) if said == other:
            return True
        case (["=", *sides], ["!=", *others]):
            return sides == others
    return False


def _first_that_holds(dues: list[Days], ways: tuple[bool, ...]) -> Days:
    held = [due for due, holds in zip(dues, ways, strict=True) if holds]
    return first_of(held) or (LAST_DAY, LAST_DAY)


def _tracked(rule: Rule, reader: Reader, subject: Instance | None) -> tuple[Days, Days] | None:
    """Follow the track of a procedure from entry to entry."""
    start = reader.day(rule.limits[0].starts, reader.as_of, subject)
    if start is None:
        return None

    def end(day: Days, track: str) -> Days:
        return reader.in_time(rule, reader.as_of, subject, day, dict(rule.tracks)[track], rule.regime)

    told = [] if subject is None else [e for e in subject.entries if "track" in e.fields and e.first <= reader.as_of]
    doubt = subject is not None and any("track" in entry.fields for entry in subject.possible)
    names = [str(entry.fields["track"]) for entry in told]
    if doubt or not names or not set(names) <= set(dict(rule.tracks)):
        every = [end(start, track) for track, _ in rule.tracks]
        open_end = doubt or len(names) > 1
        return start, (min(one[0] for one in every), LAST_DAY if open_end else max(one[1] for one in every))
    due = end(start, names[0])
    for n in range(1, len(names)):
        same = dict(rule.tracks)[names[n]] == dict(rule.tracks)[names[n - 1]]
        new = end(told[n].days, names[n])
        if same or rule.on_change == "keep" or told[n].first > due[1]:  # after the end nothing is taken back
            continue
        kept = due
        match rule.on_change:
            case "restart":
                due = new
            case "earlier_of":
                due = min(due[0], new[0]), min(due[1], new[1])
            case "later_of":
                due = max(due[0], new[0]), max(due[1], new[1])
        if told[n].last > kept[0]:  # it may have come after the end
            due = min(due[0], kept[0]), max(due[1], kept[1])
    return start, due


def end_moments(rule: Rule, reader: Reader, subject: Instance | None) -> Days:
    """Give the moments between which the only limit of a rule, in hours, ends."""
    begins = reader.moments(rule.limits[0].starts, reader.as_of, subject) or (0, 0)
    last = hours.moment(LAST_DAY + 1, 0, reader.law.zone) - 1
    return min(last, begins[0] + 60 * rule.limits[0].period[1]), min(last, begins[1] + 60 * rule.limits[0].period[1])


def open_start(rule: Rule, reader: Reader, subject: Instance | None) -> Days | None:
    """Give the start of a limit whose length nobody has read, None where no such limit has started."""
    found = []
    for limit in rule.limits:
        if limit.period == ["not_read"] and reader.truth(limit.only_if, reader.as_of, subject) != NO:
            start = reader.day(limit.starts, reader.as_of, subject)
            found += [start] if start else []
    return first_of(found)


def _due(limit: Limit, start: Days, rule: Rule, reader: Reader, subject: Instance | None) -> Days | None:
    period = limit.period
    if period[0] == "period":
        sign = -1 if limit.backwards else 1
        lengths = [(period[1], period[2]), *([limit.or_else] if limit.or_else else [])]
        ends = [
            reader.in_time(rule, reader.as_of, subject, start, (sign * n, u), rule.regime, limit.first_day)
            for n, u in lengths
        ]
        return min(end[0] for end in ends), max(end[1] for end in ends)
    names = [period[1]] if period[0] == "name" else [name for _, name in period[2]]
    grant = granted(names, reader, subject)
    if grant is None:
        return None
    if grant[0] is UNKNOWN:
        return start[0], LAST_DAY
    if grant[1] == "until":
        return grant[0], grant[0]
    return reader.in_time(rule, reader.as_of, subject, start, grant, rule.regime)


def granted(names: Iterable[str], reader: Reader, this: Instance | CaseEvent | None) -> Period | None:
    """Give the first of several fields that holds a number, as a period; the number may be `UNKNOWN`."""
    for name in names:
        value = reader.value(["name", name], reader.as_of, this)
        if value is UNKNOWN or (isinstance(value, int) and not isinstance(value, bool)):
            return value, name
    return None


def restarted(rule: Rule, reader: Reader, subject: Instance | None, start: Days, due: Days) -> tuple[Days, Days]:
    """Start again with the last entry that surely restarts; a doubtful one after it leaves both ends."""
    if_true = reader.truth(rule.restarts_if, reader.as_of, subject)
    found = [
        (entry, all_of((counts, if_true, is_before(start, entry.days))))
        for entry, counts in counted(rule.restarts_on, reader, subject)
    ]
    found = sorted(found, key=lambda pair: (pair[0].first, pair[0].order))
    for entry, counts in found:
        again = _due(rule.limits[0], entry.days, rule, reader, subject) or due
        if counts == YES:
            start, due = entry.days, again
        elif counts == MAYBE:
            due = (due[0], max(due[1], again[1]))
    if not rule.restarts_on and if_true == MAYBE:
        due = (due[0], LAST_DAY)
    return start, due


def extended(rule: Rule, reader: Reader, subject: Instance | None, start: Days, due: Days) -> Days:
    """Lengthen the limit by each entry that came before its end and is valid, in the order of the log."""
    found = [
        (entry, counts, extension)
        for extension in rule.extensions
        for entry, counts in counted([extension.by], reader, subject)
    ]
    as_counted = due
    if found:
        plain = replace(rule, regime="plain")
        limits = start_and_due(plain, reader, subject)
        as_counted = restarted(plain, reader, subject, *limits)[1] if limits else due
    for entry, counts, extension in sorted(found, key=lambda one: (one[0].first, one[0].order)):
        valid = all_of(
            (counts, is_by(entry.days, due), reader.truth(extension.valid, reader.as_of, entry)),
        )
        if valid == NO:
            continue
        before = as_counted
        for regime in ("plain", rule.regime):
            longer = _lengthened(extension, entry, rule, reader, subject, start, before, regime)
            if regime == "plain" and valid == YES:
                as_counted = longer
            elif regime == "plain":
                as_counted = (before[0], longer[1])
        due = (max(due[0], longer[0]) if valid == YES else due[0], max(due[1], longer[1]))
    return due


def _lengthened(
    extension: Extension, entry: CaseEvent, rule: Rule, reader: Reader, subject: Instance | None, start: Days,
    before: Days, regime: str,
) -> Days:  # fmt: skip
    """Give the end that an entry leads to from the end as it was counted; it takes nothing away."""
    caps = []
    if extension.adds:
        caps.append(_counted_on(before, extension.adds, rule, reader, subject, regime))
    if extension.up_to:
        shift = rule.limits[0].first_day if rule.limits else ""
        caps.append(_counted_on(start, extension.up_to, rule, reader, subject, regime, shift))
    highest = first_of(caps) or (LAST_DAY, LAST_DAY)
    grant = granted(GRANTED, reader, entry)
    if grant is None or grant[0] is UNKNOWN:
        longer = highest if extension.up_to and grant is None else (before[0], highest[1])
    elif grant[1] == "until":
        longer = first_of([(grant[0], grant[0]), highest])
    else:
        longer = first_of([_counted_on(before, grant, rule, reader, subject, regime), highest])
    return max(before[0], longer[0]), max(before[1], longer[1])


def practised(rule: Rule, reader: Reader, subject: Instance | None, start: Days, due: Days) -> Days | None:
    """Give the last day that the authority takes, with its practice or, where that may not hold, as the act has it."""
    if rule.practice is None:
        return None
    holds = reader.truth(rule.practice.only_if, reader.as_of, subject)
    begins = due if rule.practice.adds else start
    longer = reader.in_time(rule, reader.as_of, subject, begins, rule.practice.period, rule.regime)
    tried = [(max(longer[0], due[0]), max(longer[1], due[1])) if one else due for one in holds]
    return None if holds == NO else (min(first for first, _ in tried), max(last for _, last in tried))


def _counted_on(
    days: Days, period: Period, rule: Rule, reader: Reader, subject: Instance | None, regime: str, shift: str = ""
) -> Days:
    """Count a period on from a day, and move the end as the regime moves an end on a free day."""
    end = reader.in_time(rule, reader.as_of, subject, days, period, "plain", shift)
    return reader.in_time(rule, reader.as_of, subject, end, (0, "days"), regime)
