"""By which calendar a rule counts: that of the place of the action, in its limits and in its expressions."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from staza.engine.days import ByPlace, Calendar
from staza.engine.expressions import Tree, counted_by
from staza.engine.types import Bound, Opening, Practice, Rule, Unless
from staza.lawbook import schema
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader, Place


def counting_itself(rule: Rule) -> Rule:
    """Let the working days in the expressions of a rule be counted by its own calendar."""
    return with_trees(rule, lambda one: counted_by(one, rule.id))


def trees_of(rule: Rule) -> list[Tree]:
    """Give every expression of a rule."""
    found: list[Tree] = []

    def kept(one: Tree) -> Tree:
        found.append(one)
        return one

    with_trees(rule, kept)
    return found


def with_trees(rule: Rule, change: Callable[[Tree], Tree]) -> Rule:
    """Give a rule with each of its expressions changed."""

    def tree(one: Tree | None) -> Tree | None:
        return None if one is None else change(one)

    def openings(several: Iterable[Opening]) -> tuple[Opening, ...]:
        return tuple(replace(one, where=tree(one.where)) for one in several)

    def exceptions(several: Iterable[Unless]) -> tuple[Unless, ...]:
        return tuple(replace(one, condition=change(one.condition)) for one in several)

    def bound(one: Bound | None) -> Bound | None:
        return None if one is None else replace(one, unless=exceptions(one.unless))

    return replace(
        rule,
        only_if=tree(rule.only_if),
        limits=tuple(replace(one, starts=change(one.starts), only_if=tree(one.only_if)) for one in rule.limits),
        restarts_on=openings(rule.restarts_on),
        restarts_if=tree(rule.restarts_if),
        extensions=tuple(replace(one, by=openings([one.by])[0], valid=tree(one.valid)) for one in rule.extensions),
        ends_with=openings(rule.ends_with),
        restored_by=openings(rule.restored_by),
        practice=rule.practice and replace(rule.practice, only_if=tree(rule.practice.only_if)),
        unless=exceptions(rule.unless),
        requires=tree(rule.requires),
        while_=tree(rule.while_),
        late=tuple((verdict, change(one)) for verdict, one in rule.late),
        owners=tuple((owner, change(one)) for owner, one in rule.owners),
        on=openings(rule.on),
        sums=tree(rule.sums),
        leaves_out=tree(rule.leaves_out),
        at_least=bound(rule.at_least),
        at_most=bound(rule.at_most),
    )


def practice_of(reader: FileReader, entry: schema.RuleEntry, keys: Place) -> Practice | None:
    """Give what the authority allows beyond the act; raises `LawError` where it has no length or two."""
    said, keys = entry.practice, [*keys, "practice"]
    if said is None or isinstance(said, str):
        return None if said is None else Practice(reader.period(said, keys))
    if (said.adds is None) == (said.lasts is None):
        raise reader.fault(
            f"The practice says {'no length' if said.adds is None else 'two lengths'}.",
            keys,
            "It adds to the end by the act, or lasts from the start.",
            "Write `{adds: 2 working_days, if: …}` or `{lasts: 30 days, if: …}`.",
        )
    key = "lasts" if said.adds is None else "adds"
    only_if = reader.tree(said.if_, [*keys, "if"]) if said.if_ else None
    return Practice(reader.period(said.lasts or said.adds or "", [*keys, key]), key == "adds", only_if)


def calendar_named(reader: FileReader, entry: schema.RuleEntry, keys: Place) -> Calendar | ByPlace | None:
    """Give the calendar that a rule names, or those of which a field or flag of the log chooses one."""
    if isinstance(entry.calendar, str):
        return _named_calendar(reader, entry.calendar, [*keys, "calendar"])
    if entry.calendar is None:
        return None
    keys = [*keys, "calendar"]
    codes = {code: name for code, name in entry.calendar.items() if code != "by"}
    by = entry.calendar.get("by", "")
    datum = reader.bundle.fields.get(by) or reader.bundle.flags.get(by)
    if datum is None or datum.type != "text" or not (datum.values or datum.states):
        raise reader.fault(
            f"`{by}` chooses no calendar." if by else "Nothing says what chooses the calendar.",
            [*keys, "by"],
            "The place of the action is a field or flag of the log with listed codes.",
            did_you_mean(by, [one for one, datum in reader.bundle.fields.items() if datum.values])
            or "Write `calendar: {by: field, code: CALENDAR, code: CALENDAR}`.",
        )
    known = datum.values | (reader.bundle.states.keys() if datum.states else set())
    for code in codes:
        if code not in known:
            raise reader.fault(
                f"`{code}` is no code of `{by}`.",
                [*keys, code],
                f"Listed are {', '.join(sorted(datum.values))}.",
                did_you_mean(code, known) or "Correct the code, or list it with the field.",
            )
    if len(codes) < 2:
        raise reader.fault(
            "A choice of calendars has one calendar or none.",
            keys,
            "A fact of the log chooses between two or more.",
            "Write one line a code, or `calendar: CODE` for the only one.",
        )
    return ByPlace(by, tuple((code, _named_calendar(reader, name, [*keys, code])) for code, name in codes.items()))


def _named_calendar(reader: FileReader, name: str, keys: Place) -> Calendar:
    calendars = reader.bundle.calendars
    if name not in calendars:
        raise reader.fault(
            f"There is no calendar `{name}`.",
            keys,
            "A rule counts by a calendar of law/calendars, named by its code.",
            did_you_mean(name, calendars) or "Add the calendar, or leave the key out for that of the State.",
        )
    return calendars[name]
