"""From the entry of a rule to the rule of the engine."""

from datetime import date

from staza.engine.days import Period
from staza.engine.expressions import Tree
from staza.engine.types import Extension, Limit, Rule
from staza.lawbook import schema
from staza.lawbook.places import calendar_named, counting_itself, practice_of
from staza.lawbook.reader import FileReader, Place

KINDS_OF_RULE = (
    "deadline", "window", "waiting", "ceiling", "recurring", "validity", "safeguard", "duty", "effect",
)  # fmt: skip
DEFAULTS = {
    "per", "regime", "sums", "leaves_out", "counts_earlier", "finding", "owner", "if", "cites", "on", "requires",
    "blocks", "calendar", "for_each", "only_in", "partner",
}  # fmt: skip
WITH_ENTRIES = ("deadline", "window", "waiting", "recurring", "duty")  # their value names kinds of events


def kind_of(reader: FileReader, entry: schema.RuleEntry, keys: Place) -> str:
    """Give the one kind of rule that an entry is; raises `LawError` where it is none or several."""
    given = [kind for kind in KINDS_OF_RULE if getattr(entry, kind) is not None]
    if len(given) != 1:
        raise reader.fault(
            f"Rule `{entry.id}` is of {'no' if not given else 'more than one'} kind.",
            [*keys, "id"],
            f"A rule is one of {', '.join(KINDS_OF_RULE)}.",
            "Give exactly one of these keys.",
        )
    return given[0]


def composed(reader: FileReader, entry: schema.RuleEntry, kind: str, keys: Place) -> Rule:
    """Give the rule of an entry: texts become trees, periods and openings."""

    def tree(name: str) -> Tree | None:
        text = getattr(entry, name)
        return None if text is None else reader.tree(text, [*keys, name.rstrip("_")])

    def period(name: str) -> Period | None:
        text = getattr(entry, name)
        return None if text is None else reader.period(text, [*keys, name])

    met = getattr(entry, kind) if kind in WITH_ENTRIES else []
    limits, granted = _limits(reader, entry, kind, keys)
    at_least, at_most = (reader.bound(getattr(entry, n), [*keys, n]) for n in ("at_least", "at_most"))
    unless = reader.exceptions(entry.unless, [*keys, "unless"])
    cites = list(entry.cites)
    if not cites:
        cites = [c for b in (at_least, at_most) if b for c in b.cites] + [c for u in unless for c in u.cites]
    effect = kind in ("effect", "validity", "window")
    per, only_if = _per(reader, entry, kind, keys)
    rule = Rule(
        id=entry.id,
        kind=kind,
        facts=tuple(entry.facts),
        cites=tuple(cites),
        title=entry.title,
        per=per,
        words=(entry.safeguard,) if entry.safeguard else (),
        only_if=only_if,
        limits=limits,
        restarts_on=reader.openings(entry.restarts_on, [*keys, "restarts_on"]),
        restarts_if=tree("restarts_if"),
        extensions=tuple(
            Extension(
                reader.opening(one.by, [*keys, "extended", n, "by"]),
                reader.period(one.adds, [*keys, "extended", n, "adds"]) if one.adds else None,
                reader.period(one.up_to, [*keys, "extended", n, "up_to"]) if one.up_to else None,
                reader.tree(one.valid, [*keys, "extended", n, "valid"]) if one.valid else None,
                tuple(one.cites),
            )
            for n, one in enumerate(entry.extended)
        ),
        ends_with=reader.openings(entry.ends_with, [*keys, "ends_with"]),
        tracks=tuple((code, reader.period(text, [*keys, "tracks", code])) for code, text in entry.tracks.items()),
        on_change=entry.on_change or "keep",
        restored_by=reader.openings(entry.restored_by, [*keys, "restored_by"]),
        practice=practice_of(reader, entry, keys),
        unless=unless,
        blocks=tuple(entry.blocks),
        requires=tree("requires"),
        while_=tree("while_"),
        on=(*reader.openings(met, [*keys, kind]), *reader.openings(entry.on, [*keys, "on"])),
        finding=entry.finding or ("none" if effect or kind == "duty" or entry.late else "breach"),
        late=tuple((str(v), reader.tree(text, [*keys, "late", v])) for v, text in entry.late.items()),
        concern_from=period("concern_from"),
        breach_from=period("breach_from"),
        sums=tree("sums"),
        leaves_out=tree("leaves_out"),
        granted=granted,
        at_least=at_least,
        at_most=at_most,
        pending_counts=entry.pending == "counts",
        counts_earlier=bool(entry.counts_earlier),
        regime=entry.regime or "plain",
        calendar=calendar_named(reader, entry, keys),
        effect=entry.effect,
        after=_after(reader, entry, keys),
        owner=entry.owner if isinstance(entry.owner, str) else "authority",
        owners=_owners(reader, entry, keys),
        asks=entry.asks,
        applies_from=day_of(entry.applies_from),
        applies_until=day_of(entry.applies_until),
        key=entry.key or "",
    )
    return counting_itself(rule)


def _owners(reader: FileReader, entry: schema.RuleEntry, keys: Place) -> tuple[tuple[str, Tree], ...]:
    told = entry.owner if isinstance(entry.owner, dict) else {}
    return tuple((owner, reader.tree(text, [*keys, "owner", owner])) for owner, text in told.items())


def _per(reader: FileReader, entry: schema.RuleEntry, kind: str, keys: Place) -> tuple[str, Tree | None]:
    """Give what a rule is counted by, and when it applies: of some instances only, `per: request where ground = …`."""
    per, _, where = (entry.per or "person").partition(" where ")
    if where and (per == "person" or (kind == "safeguard" and (entry.on or entry.blocks))):
        raise reader.fault(
            f"`{entry.per}` tells no instances apart.",
            [*keys, "per"],
            "`where` stands behind a procedure, in a rule that is read once for each of its instances.",
            "Write the condition under `if:`.",
        )
    parts = [reader.tree(where, [*keys, "per"])] if where else []
    parts += [reader.tree(entry.if_, [*keys, "if"])] if entry.if_ is not None else []
    return per, ["and", *parts] if len(parts) == 2 else next(iter(parts), None)


def _after(reader: FileReader, entry: schema.RuleEntry, keys: Place) -> str | None:
    if entry.after is None:
        return None
    tree = reader.tree(entry.after, [*keys, "after"])
    if tree[0] != "call" or tree[1] != "lapsed" or len(tree[2]) != 1:
        raise reader.fault(
            f"`{entry.after}` starts no effect.",
            [*keys, "after"],
            "An effect follows the lapse of a clock.",
            "Write `after: lapsed(rule)`.",
        )
    return str(tree[2][0][1])


def _limits(
    reader: FileReader, entry: schema.RuleEntry, kind: str, keys: Place
) -> tuple[tuple[Limit, ...], Tree | None]:
    if entry.earliest_of:
        texts = enumerate(entry.earliest_of)
        return tuple(reader.limit(text, [*keys, "earliest_of", n]) for n, text in texts), None
    starts = reader.tree(entry.starts or "start", [*keys, "starts"])
    if entry.tracks:
        longest = [reader.period(text, [*keys, "tracks", code]) for code, text in entry.tracks.items()]
        return (Limit(["period", *longest[0]], starts),), None
    key = "ceiling" if kind == "ceiling" and entry.ceiling != "by comparison" else "every" if entry.every else "lasts"
    text = getattr(entry, key)
    if text is None:
        if entry.starts and (entry.concern_from or entry.breach_from):
            measured = "breach_from" if entry.breach_from else "concern_from"
            threshold = reader.period(getattr(entry, measured), [*keys, measured])
            return (Limit(["period", *threshold], starts),), None
        return (), None
    if text == "not_read":
        return (Limit(["not_read"], starts),), None
    if key == "lasts" and (" if " in text or text.partition("(")[0].strip() == "if"):
        raise reader.fault(
            f"`{text}` hangs on a condition.",
            [*keys, key],
            "A length has no condition; where there are several, each has its own, and the first to end counts.",
            "Write `earliest_of: [12 working_days after start if sent_by = post, …]`, one line for each length.",
        )
    if text[:1].isdigit():
        return (_written(reader, entry, text, starts, [*keys, key]),), None
    names = [name.strip() for name in text.split(",")]
    tree: Tree = ["call", "of", [["name", name] for name in names]]
    return (Limit(tree, starts),), tree


def _written(reader: FileReader, entry: schema.RuleEntry, text: str, starts: Tree, keys: Place) -> Limit:
    """Read `6 months`, `14 to 15 days` (the sources differ) or `2 working_days before planned_for`."""
    length, _, before = text.partition(" before ")
    amount, _, other = length.partition(" to ")
    or_else = reader.period(other, keys) if other else None
    period = reader.period(f"{amount} {or_else[1]}" if or_else else length, keys)
    anchor = reader.tree(before, keys) if before else starts
    return Limit(["period", *period], anchor, None, bool(before), or_else, entry.first_day or "")


def day_of(text: str | None) -> int | None:
    """Read a day of a law file as an ordinal."""
    return None if text is None else date.fromisoformat(text).toordinal()
