"""From the models of the law files to the values of the engine.

Nothing here decides what the law is: texts become trees, rows become days, defaults of a file are written into its
rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from staza.engine.days import UNITS, Calendar, Period
from staza.engine.expressions import ExpressionError, Tree, names_in, parse
from staza.engine.types import (
    Act,
    Binding,
    Bound,
    Condition,
    Datum,
    Extension,
    Instrument,
    Kind,
    Limit,
    Opening,
    Procedure,
    Rule,
    Unless,
)
from staza.lawbook import schema
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, article_of
from staza.lawbook.errors import LawError
from staza.lawbook.files import law_files, line_of, load

KINDS_OF_RULE = (
    "deadline", "window", "waiting", "ceiling", "recurring", "validity", "safeguard", "duty", "effect",
)  # fmt: skip
DEFAULTS = {
    "per", "regime", "sums", "leaves_out", "counts_earlier", "finding", "owner", "if", "cites", "on", "requires",
    "blocks",
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Sources:
    """What the files said, for checks and for showing: not needed to evaluate."""

    facts: dict[str, schema.FactEntry] = field(default_factory=dict)
    explained: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # id of a rule, condition … -> file
    entries: dict[str, schema.RuleEntry] = field(default_factory=dict)
    provisions: dict[str, dict[str, schema.Provision]] = field(default_factory=dict)
    raw: dict[str, dict[str, Any]] = field(default_factory=dict)  # rule -> the keys as they were written


def read_law(folder: Path, digest: str) -> tuple[Bundle, Sources]:
    """Read every law file; raises `LawError` at the first fault, with file, line, key and cure."""
    bundle, sources = Bundle(digest), Sources()
    for path in sorted(law_files(folder), key=lambda p: _order(p, folder)):
        _Reader(path, folder, bundle, sources).read()
    _mark_verified(bundle)
    _mark_clocked(bundle)
    return bundle, sources


def _order(path: Path, folder: Path) -> tuple[int, str]:
    """Words first, then the instruments, then what uses them."""
    parts = path.relative_to(folder).parts
    first = {"event_kinds": 0, "vocabularies": 1, "instruments": 2, "calendars": 3}
    return first.get(parts[0], 4), str(path)


def _mark_clocked(bundle: Bundle) -> None:
    """A condition that reads a clock, itself or through another one, may not be remembered."""
    words = ("running", "lapsed", "due")
    clocked = {n for n, c in bundle.conditions.items() if any(f"'call', '{w}'" in str(c.tree) for w in words)}
    while True:
        more = {
            name
            for name, c in bundle.conditions.items()
            if name not in clocked and c.tree is not None and names_in(c.tree) & clocked
        }
        if not more:
            break
        clocked |= more
    for name in clocked:
        bundle.conditions[name] = replace(bundle.conditions[name], reads_clocks=True)


def _mark_verified(bundle: Bundle) -> None:
    """A rule whose first article was read nowhere has no effect beyond a question."""
    for number, rule in enumerate(bundle.rules):
        state = None
        if rule.cites:
            instrument = bundle.instruments.get(act_of(rule.cites[0]))
            state = instrument.provisions.get(article_of(rule.cites[0])) if instrument else None
        if state == "memory-only":
            bundle.rules[number] = replace(rule, verified=False)


class _Reader:
    """Reads one file into the bundle; knows where it is when something is wrong."""

    def __init__(self, path: Path, folder: Path, bundle: Bundle, sources: Sources) -> None:
        self.path, self.folder, self.bundle, self.sources = path, folder, bundle, sources
        self.name = str(path.relative_to(folder))

    def read(self) -> None:
        parts = self.path.relative_to(self.folder).parts
        content = load(self.path, self.folder)
        readers: dict[str, Any] = {
            "event_kinds": self.event_kinds,
            "vocabularies": self.vocabulary,
            "instruments": self.instrument,
            "procedures": self.procedures,
            "calendars": self.calendar,
            "facts.yaml": self.facts,
            "explained.yaml": self.explained,
        }
        reader = readers.get(parts[0])
        if reader is None:
            raise LawError(
                "A law file lies in a folder that the law does not have.",
                self.name,
                f"`{parts[0]}` is none of {', '.join(sorted(readers))}.",
                "Move the file into one of these folders.",
            )
        reader(content)

    # ---------------------------------------------------------------------------------------------- faults

    def fault(self, what: str, keys: list[str | int], why: str, cure: str) -> LawError:
        key = ".".join(str(k) for k in keys)
        return LawError(what, f"{self.name}:{line_of(self.path, keys)}, key `{key}`", why, cure)

    def model(self, kind: type[Model], value: Any, keys: list[str | int]) -> Model:
        try:
            return kind.model_validate(value)
        except ValidationError as fault:
            raise self._invalid(fault, keys) from None

    def many(self, kind: type[Model], value: Any) -> list[Model]:
        try:
            return TypeAdapter(list[kind]).validate_python(value)  # type: ignore[valid-type]
        except ValidationError as fault:
            raise self._invalid(fault, []) from None

    def _invalid(self, fault: ValidationError, keys: list[str | int]) -> LawError:
        first = fault.errors()[0]
        place = [*keys, *first["loc"]]
        cure = {
            "extra_forbidden": "Remove the key or correct its spelling; the keys are in CONTRIBUTING.",
            "missing": "Add the key.",
        }.get(first["type"], "Correct the value.")
        return self.fault("A law file has a wrong entry.", place, first["msg"], cure)

    def tree(self, text: str, keys: list[str | int]) -> Tree:
        try:
            return parse(str(text))
        except ExpressionError as fault:
            raise self.fault(
                f"A condition cannot be read: `{text}`.",
                keys,
                f"{fault} (character {fault.place}).",
                "Write it in the words of CONTRIBUTING, `Conditions`.",
            ) from None

    def period(self, text: str, keys: list[str | int]) -> Period:
        amount, _, unit = str(text).partition(" ")
        if not amount.isdigit() or unit not in UNITS:
            raise self.fault(
                f"`{text}` is no period.",
                keys,
                f"A period is a number and one of {', '.join(UNITS)}.",
                "Write `6 months`.",
            )
        return int(amount), unit

    def once(self, table: Mapping[str, Any], name: str, keys: list[str | int]) -> None:
        if name in table:
            raise self.fault(
                f"`{name}` is declared twice.",
                keys,
                "A name has one meaning in the whole law.",
                "Give one of them another name.",
            )

    # ------------------------------------------------------------------------------------------ small files

    def event_kinds(self, content: Any) -> None:
        for n, entry in enumerate(self.many(schema.EventKind, content)):
            self.once(self.bundle.kinds, entry.kind, [n, "kind"])
            self.bundle.kinds[entry.kind] = Kind(
                entry.kind, entry.label, entry.nature, entry.klass, entry.absence, entry.origin
            )

    def vocabulary(self, content: Any) -> None:
        bundle, stem = self.bundle, self.path.stem
        if stem == "fields":
            for entry in self.many(schema.FieldEntry, content):
                bundle.fields[entry.field] = Datum(
                    entry.field,
                    entry.type,
                    frozenset(entry.values),
                    f"What is recorded as {entry.label.lower()}?",
                )
        elif stem == "flags":
            for flag in self.many(schema.FlagEntry, content):
                bundle.flags[flag.flag] = Datum(
                    flag.flag, flag.type, frozenset(flag.values), flag.asks, flag.answered_by
                )
        elif stem == "states":
            for state in self.many(schema.StateEntry, content):
                bundle.states[state.state] = (state.code, state.zone)
                for name in (state.state, *state.also):
                    bundle.names[name] = state.state
        elif stem == "persons":
            bundle.persons = self.model(schema.PersonsFile, content, []).model_dump()
        elif stem == "acts":
            self._acts(self.many(schema.ActEntry, content))
        else:
            raise self.fault("An unknown vocabulary.", [], f"`{stem}` is not known.", "Use one of the existing files.")

    def _acts(self, entries: list[schema.ActEntry]) -> None:
        for entry in entries:
            done = [*entry.done_by]
            for other in entry.includes:
                done.extend(self.bundle.acts[other].done_by)
            self.bundle.acts[entry.act] = Act(
                entry.act, entry.label, tuple(done), entry.irreversible, tuple(entry.includes)
            )

    def facts(self, content: Any) -> None:
        for entry in self.many(schema.FactEntry, content):
            self.sources.facts[entry.id] = entry

    def explained(self, content: Any) -> None:
        self.sources.explained.update(self.model(schema.ExplainedFacts, content, []).explained)

    def calendar(self, content: Any) -> None:
        entry = self.model(schema.CalendarFile, content, [])
        years = set(range(entry.from_, entry.until + 1)) - set(entry.missing)
        known = {int(day[:4]) for day in entry.days}
        undeclared = sorted(years - known)
        if undeclared:
            raise self.fault(
                f"The calendar of {entry.calendar} has no day for {undeclared[0]}.",
                ["days"],
                "A year without a day is either missing or wrong; it is never guessed.",
                "Add the days, or name the year under `missing:` and say why.",
            )
        self.bundle.calendars[entry.code] = Calendar(
            entry.code,
            frozenset(date.fromisoformat(day).toordinal() for day in entry.days),
            frozenset(years),
            frozenset(WEEKDAYS.index(day) for day in entry.weekend),
        )

    # ------------------------------------------------------------------------------------------ instruments

    def instrument(self, content: Any) -> None:
        entry = self.model(schema.InstrumentFile, content, [])
        self.once(self.bundle.instruments, entry.instrument, ["instrument"])
        self.sources.provisions[entry.instrument] = {p.article: p for p in entry.provisions}
        self.bundle.gists.update({f"{entry.instrument}/{p.article}": p.gist for p in entry.provisions})
        self.bundle.instruments[entry.instrument] = Instrument(
            id=entry.instrument,
            title=entry.title,
            short=entry.short,
            applies_from=_day(entry.applies_from),
            applies_until=_day(entry.applies_until),
            key=entry.key,
            asserted_by=entry.binding_flag,
            pending_flag=entry.pending_cases_flag,
            earlier_flag=entry.earlier_from_flag,
            only_with=tuple(entry.only_with),
            provisions={p.article: p.checked for p in entry.provisions},
            windows={
                p.article: (_day(p.applies_from), _day(p.applies_until))
                for p in entry.provisions
                if p.applies_from or p.applies_until
            },
        )
        rows: dict[str, list[Binding]] = {}
        for row in entry.binds:
            for state in row.states:
                rows.setdefault(state, []).append(_binding(row, entry))
        self.bundle.bindings[entry.instrument] = {
            state: tuple(sorted(made, key=lambda b: b.start or 1)) for state, made in rows.items()
        }

    # ------------------------------------------------------------------------------------------- procedures

    def procedures(self, content: Any) -> None:
        file = self.model(schema.ProcedureFile, content, [])
        unknown = set(file.defaults) - DEFAULTS
        if unknown:
            raise self.fault(
                f"`{min(unknown)}` cannot be a default.",
                ["defaults"],
                f"Only {', '.join(sorted(DEFAULTS))} can.",
                "Write it in each rule.",
            )
        for n, one in enumerate(file.procedures):
            self._procedure(one, ["procedures", n])
        for name, condition in file.conditions.items():
            self._condition(name, condition, ["conditions", name])
        for name, text in file.spans.items():
            self.once(self.bundle.spans, name, ["spans", name])
            self.sources.places[name] = self.name
            self.bundle.spans[name] = self.tree(text, ["spans", name])
        for name, text in file.exports.items():
            self.sources.places[name] = self.name
            self.bundle.exports[name] = self.tree(text, ["exports", name])
        raw = content.get("rules") or []
        for n, rule in enumerate(raw):
            merged = {**file.defaults, **rule}
            entry = self.model(schema.RuleEntry, merged, ["rules", n])
            self.sources.raw[entry.id] = rule
            self._rule(entry, ["rules", n])

    def opening(self, text: str, keys: list[str | int]) -> Opening:
        kind, _, where = str(text).partition(" where ")
        if kind not in self.bundle.kinds:
            raise self.fault(
                f"`{kind}` is no kind of event.",
                keys,
                "It is declared nowhere in law/event_kinds.",
                "Declare it, or correct the name.",
            )
        return Opening(kind, self.tree(where, keys) if where else None)

    def openings(self, texts: Iterable[str], keys: list[str | int]) -> tuple[Opening, ...]:
        return tuple(self.opening(text, keys) for text in texts)

    def _procedure(self, one: schema.ProcedureEntry, keys: list[str | int]) -> None:
        self.once(self.bundle.procedures, one.procedure, [*keys, "procedure"])
        self.sources.places[one.procedure] = self.name
        self.bundle.procedures[one.procedure] = Procedure(
            name=one.procedure,
            title=one.title,
            opened_by=self.openings(one.opened_by, [*keys, "opened_by"]),
            presupposed_by=self.openings(one.presupposed_by, [*keys, "presupposed_by"]),
            closed_by=self.openings(one.closed_by, [*keys, "closed_by"]),
            closed_unless_held_on_by=self.openings(one.closed_unless_held_on_by, [*keys, "closed_unless_held_on_by"]),
            takes=tuple(o.kind for o in self.openings(one.takes, [*keys, "takes"])),
            within=tuple(one.within),
            each_opens=one.each_opens,
            replaces=one.replaces,
            numbered=one.numbered,
            opens_again_after=tuple(o.kind for o in self.openings(one.opens_again_after, [*keys, "opens_again_after"])),
            set_aside_by=tuple(o.kind for o in self.openings(one.set_aside_by, [*keys, "set_aside_by"])),
            follows=tuple(o.kind for o in self.openings(one.follows, [*keys, "follows"])),
            stages=dict(one.stages),
        )

    def _condition(self, name: str, entry: schema.NamedCondition | str, keys: list[str | int]) -> None:
        self.once(self.bundle.conditions, name, keys)
        self.sources.places[name] = self.name
        if isinstance(entry, str):
            self.bundle.conditions[name] = Condition(name, self.tree(entry, keys))
            return
        self.bundle.conditions[name] = Condition(
            name,
            self.tree(entry.is_, [*keys, "is"]) if entry.is_ else None,
            self.tree(entry.claimed, [*keys, "claimed"]) if entry.claimed else None,
            entry.asks,
            entry.answered_by,
            tuple(entry.cites),
        )

    def exceptions(self, given: schema.Exceptions, keys: list[str | int]) -> tuple[Unless, ...]:
        if isinstance(given, dict):
            return tuple(
                Unless(self.tree(text, [*keys, text]), tuple([cites] if isinstance(cites, str) else cites or []))
                for text, cites in given.items()
            )
        return tuple(Unless(self.tree(text, keys)) for text in ([given] if isinstance(given, str) else given))

    def bound(self, given: dict[str, Any] | None, keys: list[str | int]) -> Bound | None:
        if given is None:
            return None
        rest = {key: value for key, value in given.items() if key != "unless"}
        if len(rest) != 1:
            raise self.fault(
                "A bound names one period and its article.",
                keys,
                "There is more or less.",
                "Write `{7 days: eu.…/7(1)}`.",
            )
        text, cites = next(iter(rest.items()))
        return Bound(
            self.period(text, keys),
            tuple([cites] if isinstance(cites, str) else cites),
            self.exceptions(given.get("unless", {}), [*keys, "unless"]),
        )

    def limit(self, text: str, keys: list[str | int]) -> Limit:
        period, found, rest = str(text).partition(" after ")
        if not found:
            raise self.fault(
                f"`{text}` is no limit.",
                keys,
                "A limit is a period after a day.",
                "Write `3 months after first(…)`.",
            )
        starts, _, only_if = rest.partition(" if ")
        return Limit(self.tree(period, keys), self.tree(starts, keys), self.tree(only_if, keys) if only_if else None)

    def _rule(self, entry: schema.RuleEntry, keys: list[str | int]) -> None:
        given = [kind for kind in KINDS_OF_RULE if getattr(entry, kind) is not None]
        if len(given) != 1:
            raise self.fault(
                f"Rule `{entry.id}` is of {'no' if not given else 'more than one'} kind.",
                [*keys, "id"],
                f"A rule is one of {', '.join(KINDS_OF_RULE)}.",
                "Give exactly one of these keys.",
            )
        self.once(self.sources.entries, entry.id, [*keys, "id"])
        self.sources.entries[entry.id] = entry
        self.sources.places[entry.id] = self.name
        self.bundle.rules.append(self._composed(entry, given[0], keys))

    def _composed(self, entry: schema.RuleEntry, kind: str, keys: list[str | int]) -> Rule:
        def tree(name: str) -> Tree | None:
            text = getattr(entry, name)
            return None if text is None else self.tree(text, [*keys, name.rstrip("_")])

        def period(name: str) -> Period | None:
            text = getattr(entry, name)
            return None if text is None else self.period(text, [*keys, name])

        met = getattr(entry, kind) if kind in ("deadline", "window", "waiting", "recurring", "duty") else []
        limits, granted = self._limits(entry, kind, keys)
        at_least, at_most = (self.bound(getattr(entry, n), [*keys, n]) for n in ("at_least", "at_most"))
        unless = self.exceptions(entry.unless, [*keys, "unless"])
        cites = list(entry.cites)
        if not cites:
            cites = [c for b in (at_least, at_most) if b for c in b.cites] + [c for u in unless for c in u.cites]
        effect = kind in ("effect", "validity", "window")
        return Rule(
            id=entry.id,
            kind=kind,
            facts=tuple(entry.facts),
            cites=tuple(cites),
            title=entry.title,
            per=entry.per or "person",
            words=(entry.safeguard,) if entry.safeguard else (),
            only_if=tree("if_"),
            limits=limits,
            restarts_on=self.openings(entry.restarts_on, [*keys, "restarts_on"]),
            restarts_if=tree("restarts_if"),
            extensions=tuple(
                Extension(
                    self.opening(one.by, [*keys, "extended", n]),
                    self.period(one.adds, [*keys, "extended", n]) if one.adds else None,
                    self.period(one.up_to, [*keys, "extended", n]) if one.up_to else None,
                    self.tree(one.valid, [*keys, "extended", n]) if one.valid else None,
                    tuple(one.cites),
                )
                for n, one in enumerate(entry.extended)
            ),
            ends_with=self.openings(entry.ends_with, [*keys, "ends_with"]),
            unless=unless,
            blocks=tuple(entry.blocks),
            requires=tree("requires"),
            while_=tree("while_"),
            on=self.openings([*met, *entry.on], [*keys, kind if met else "on"]),
            finding=entry.finding or ("none" if effect or kind == "duty" else "breach"),
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
            effect=entry.effect,
            after=self._after(entry, keys),
            owner=entry.owner or "authority",
            applies_from=_day(entry.applies_from),
            applies_until=_day(entry.applies_until),
        )

    def _after(self, entry: schema.RuleEntry, keys: list[str | int]) -> str | None:
        if entry.after is None:
            return None
        tree = self.tree(entry.after, [*keys, "after"])
        if tree[0] != "call" or tree[1] != "lapsed" or len(tree[2]) != 1:
            raise self.fault(
                f"`{entry.after}` starts no effect.",
                [*keys, "after"],
                "An effect follows the lapse of a clock.",
                "Write `after: lapsed(rule)`.",
            )
        return str(tree[2][0][1])

    def _limits(
        self, entry: schema.RuleEntry, kind: str, keys: list[str | int]
    ) -> tuple[tuple[Limit, ...], Tree | None]:
        if entry.earliest_of:
            return tuple(self.limit(text, [*keys, "earliest_of"]) for text in entry.earliest_of), None
        starts = self.tree(entry.starts or "start", [*keys, "starts"])
        text = entry.ceiling if kind == "ceiling" and entry.ceiling != "by comparison" else entry.every or entry.lasts
        if text is None:
            if entry.starts and (entry.concern_from or entry.breach_from):
                threshold = self.period(entry.breach_from or entry.concern_from or "", [*keys, "breach_from"])
                return (Limit(["period", *threshold], starts),), None
            return (), None
        if text[0].isdigit():
            return (Limit(["period", *self.period(text, [*keys, "lasts"])], starts),), None
        names = [name.strip() for name in text.split(",")]
        tree: Tree = ["call", "of", [["name", name] for name in names]]
        return (Limit(tree, starts),), tree


def _day(text: str | None) -> int | None:
    return None if text is None else date.fromisoformat(text).toordinal()


def _binding(row: schema.BindsRow, entry: schema.InstrumentFile) -> Binding:
    """A row from memory only is unknown; the day is the latest of those that must have come."""
    if row.checked == "memory-only":
        return Binding(None, None, None)
    days = [_day(d) for d in (row.from_, row.transposed, row.seen_bound)]
    if entry.kind in ("directive", "regulation"):
        days.append(_day(entry.applies_from))
    known = [day for day in days if day is not None]
    return Binding(row.bound, max(known) if known else None, _day(row.until), row.transposed is not None)
