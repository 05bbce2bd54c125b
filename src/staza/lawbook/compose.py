"""From the models of the law files to the values of the engine.

Nothing here decides what the law is: texts become trees, rows become days, defaults of a file are written into its
rules.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from staza.engine.expressions import CLOCK_FUNCTIONS, calls_in, names_in
from staza.engine.logic import EARLIEST
from staza.engine.types import (
    Act,
    Binding,
    Condition,
    Datum,
    Instrument,
    Kind,
    Procedure,
)
from staza.lawbook import schema
from staza.lawbook.binds import answered_rows, named_rows, weakest_by_state
from staza.lawbook.bundle import Bundle
from staza.lawbook.calendars import made_calendars
from staza.lawbook.clauses import has_no_value
from staza.lawbook.competence import known_rows, mandates, open_condition, verdict_of
from staza.lawbook.errors import LawError
from staza.lawbook.files import law_files
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.overlay import Laid, checking_of
from staza.lawbook.reader import FileReader, Place, Sources
from staza.lawbook.rules import DEFAULTS, composed, day_of, kind_of
from staza.lawbook.schema_calendars import CalendarFile
from staza.lawbook.schema_competence import CompetenceFile
from staza.lawbook.terms import UnknownTermError, read_out

CALENDARS = 3  # their place in the order of reading: rules name them
CLOSED = ("law", "by-law", "agreement", "protocol")  # kinds of act that bind only the States they name


def read_law(folder: Path, digest: str, laid: Laid | None = None) -> tuple[Bundle, Sources]:
    """Read every law file; raises `LawError` at the first fault, with file, line, key and cure.

    With `laid` the answers of an overlay take the place of what they answer.
    """
    bundle, sources = Bundle(digest), Sources()
    files = sorted(law_files(folder), key=lambda p: _order(p, folder))
    for path in (one for one in files if _order(one, folder)[0] <= CALENDARS):
        _Reader(path, folder, bundle, sources, laid).read()
    bundle.calendars.update(made_calendars(sources.calendars))
    for path in (one for one in files if _order(one, folder)[0] > CALENDARS):
        _Reader(path, folder, bundle, sources, laid).read()
    if laid is not None:
        bundle.functions.update(laid.overlay.functions)
    _list_states(bundle)
    _list_bodies(bundle, sources)
    _mark_verified(bundle, sources, laid)
    _mark_clocked(bundle)
    bundle.competent.update(known_rows(bundle, sources))
    return bundle, sources


def _order(path: Path, folder: Path) -> tuple[int, str]:
    """Words first, then the instruments, then what uses them."""
    parts = path.relative_to(folder).parts
    first = {"event_kinds": 0, "vocabularies": 1, "instruments": 2, "calendars": CALENDARS}
    return first.get(parts[0], 4), str(path)


def _list_states(bundle: Bundle) -> None:
    """Where a State can stand beside other codes, every State is a listed code."""
    for name, datum in bundle.fields.items():
        if datum.states:
            bundle.fields[name] = replace(datum, values=datum.values | bundle.states.keys())


def _list_bodies(bundle: Bundle, sources: Sources) -> None:
    """Who did something may be a body of a State."""
    by = bundle.fields.get("by")
    if by is not None:
        bodies = {body.body for file in sources.competence.values() for body in file.bodies}
        bundle.fields["by"] = replace(by, values=by.values | bodies)


def _mark_clocked(bundle: Bundle) -> None:
    """A condition that reads a clock, itself or through another one, may not be remembered."""
    clocked = {n for n, c in bundle.conditions.items() if c.tree is not None and calls_in(c.tree) & CLOCK_FUNCTIONS}
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


def _mark_verified(bundle: Bundle, sources: Sources, laid: Laid | None) -> None:
    """What was read nowhere (first article, every fact, length of a clock) has no effect beyond a question."""
    for number, rule in enumerate(bundle.rules):
        checking = checking_of(rule, sources.merged[rule.id], laid, bundle, sources)
        bundle.checking[rule.id] = checking
        if checking.state == "memory-only" or has_no_value(rule):
            bundle.rules[number] = rule = replace(rule, verified=False)
        if rule.id in sources.mandates:
            bundle.rules[number] = replace(rule, finding=verdict_of(rule.cites[0], checking))


class _Reader(FileReader):
    """Reads one file of any kind into the bundle, with what an overlay says of it."""

    def __init__(self, path: Path, folder: Path, bundle: Bundle, sources: Sources, laid: Laid | None) -> None:
        super().__init__(path, folder, bundle, sources)
        self.laid = laid

    def read(self) -> None:
        parts = self.path.relative_to(self.folder).parts
        readers: dict[str, Any] = {
            "event_kinds": self.event_kinds,
            "vocabularies": self.vocabulary,
            "instruments": self.instrument,
            "procedures": self.procedures,
            "calendars": self.calendar,
            "competence": self.competence,
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
        reader(self.content)

    def event_kinds(self, content: Any) -> None:
        for n, entry in enumerate(self.many(schema.EventKind, content)):
            names = [entry.kind, *entry.also]
            for i, name in enumerate(names):
                self.once(self.bundle.kind_names, name, [n, "also", i - 1] if i else [n, "kind"])
                self.bundle.kind_names[name] = entry.kind
            self.bundle.national_names.update(names if entry.vocabulary == "national" else entry.also)
            self.sources.kinds[entry.kind] = entry
            self.sources.places[entry.kind] = self.name
            self.bundle.kinds[entry.kind] = Kind(
                entry.kind,
                entry.label,
                entry.nature,
                entry.klass,
                entry.absence,
                entry.origin,
                dict(entry.absence_in),
                is_against="against" in entry.fields,
            )

    def vocabulary(self, content: Any) -> None:
        bundle, stem = self.bundle, self.path.stem
        if stem == "fields":
            for n, entry in enumerate(self.many(schema.FieldEntry, content)):
                self.once(bundle.fields, entry.field, [n, "field"])
                bundle.fields[entry.field] = Datum(
                    entry.field,
                    entry.type,
                    frozenset(entry.values),
                    f"What is recorded as {entry.label.lower()}?",
                    entry.answered_by,
                    least=entry.least or 0,
                    most=entry.most,
                    states=entry.states,
                )
        elif stem == "flags":
            for n, flag in enumerate(self.many(schema.FlagEntry, content)):
                self.once(bundle.flags, flag.flag, [n, "flag"])
                bundle.flags[flag.flag] = Datum(
                    flag.flag, flag.type, frozenset(flag.values), flag.asks, flag.answered_by
                )
        elif stem == "states":
            for n, state in enumerate(self.many(schema.StateEntry, content)):
                self._state(state, [n])
        elif stem == "persons":
            bundle.persons = self.model(schema.PersonsFile, content, []).model_dump()
        elif stem == "cases":
            for n, case in enumerate(self.many(schema.CaseEntry, content)):
                self.once(bundle.cases, case.case, [n, "case"])
                bundle.cases[case.case] = case.short
        elif stem == "functions":
            for one in self.many(schema.FunctionEntry, content):
                (bundle.functions if one.does == "confirms" else self.sources.recorders)[one.function] = one.label
        elif stem == "acts":
            self._acts(self.many(schema.ActEntry, content))
        else:
            raise self.fault("An unknown vocabulary.", [], f"`{stem}` is not known.", "Use one of the existing files.")

    def _state(self, state: schema.StateEntry, keys: Place) -> None:
        bundle = self.bundle
        for i, name in enumerate((state.state, *state.also)):
            self.once(bundle.names, name, [*keys, "also", i - 1] if i else [*keys, "state"])
            bundle.names[name] = state.state
        self.once({code: name for name, (code, _) in bundle.states.items()}, state.code, [*keys, "code"])
        if not state.code.isalnum():
            raise self.fault(
                f"`{state.code}` is no code of a State.",
                [*keys, "code"],
                "With a hyphen it is the code of a part, which has a calendar and no entry of its own here.",
                "Write the code of the State, letters alone, and add law/calendars for the part.",
            )
        bundle.states[state.state] = (state.code, state.zone)

    def _acts(self, entries: list[schema.ActEntry]) -> None:
        for n, entry in enumerate(entries):
            self.once(self.bundle.acts, entry.act, [n, "act"])
            done = [*self.openings(entry.done_by, [n, "done_by"])]
            for i, other in enumerate(entry.includes):
                if other not in self.bundle.acts:
                    raise self.fault(
                        f"`{other}` is no act.",
                        [n, "includes", i],
                        "An act stands only for acts that are declared above it.",
                        did_you_mean(other, self.bundle.acts) or "Declare it above, or correct the name.",
                    )
                done.extend(self.bundle.acts[other].done_by)
            self.bundle.acts[entry.act] = Act(
                entry.act, entry.label, tuple(done), entry.irreversible, tuple(entry.includes)
            )

    def facts(self, content: Any) -> None:
        for n, entry in enumerate(self.many(schema.FactEntry, content)):
            self.once(self.sources.facts, entry.id, [n, "id"])
            self.sources.facts[entry.id] = self.laid.fact(entry) if self.laid else entry

    def explained(self, content: Any) -> None:
        self.sources.explained.update(self.model(schema.ExplainedFacts, content, []).explained)

    def calendar(self, content: Any) -> None:
        self.sources.calendars.append((self, self.model(CalendarFile, content, [])))

    def competence(self, content: Any) -> None:
        file = self.model(CompetenceFile, content, [])
        self.once(self.sources.competence, file.competence, ["competence"])
        self.sources.competence[file.competence] = file
        self.sources.places[file.competence] = self.name
        for name, condition in file.conditions.items():
            self._condition(name, condition, ["conditions", name])
        for n, row, made in mandates(self, file):
            asked = open_condition(row)
            if asked:
                self.bundle.conditions[asked[0]] = asked[1]
                self.sources.places[asked[0]] = self.name
            self.sources.merged[row.id] = made
            self.sources.raw[row.id] = content["rows"][n]
            self.sources.mandates.add(row.id)
            entry = self.model(schema.RuleEntry, made, ["rows", n])
            self._rule(self.model(schema.RuleEntry, self._answered(made, entry, ["rows", n]), ["rows", n]), ["rows", n])

    def instrument(self, content: Any) -> None:
        entry = self.model(schema.InstrumentFile, content, [])
        self.once(self.bundle.instruments, entry.instrument, ["instrument"])
        if entry.kind in ("agreement", "protocol"):
            self.sources.texts[entry.instrument] = entry
        provisions = self.laid.provisions(entry) if self.laid else entry.provisions
        self.sources.provisions[entry.instrument] = {p.article: p for p in provisions}
        self.bundle.gists.update({f"{entry.instrument}/{p.article}": p.gist for p in provisions})
        self.bundle.instruments[entry.instrument] = Instrument(
            id=entry.instrument,
            title=entry.title,
            short=entry.short,
            applies_from=day_of(entry.applies_from),
            applies_until=day_of(entry.applies_until),
            key=entry.key,
            asserted_by=entry.binding_flag,
            pending_flag=entry.pending_cases_flag,
            earlier_flag=entry.earlier_from_flag,
            only_with=tuple(entry.only_with),
            towards=tuple(entry.towards),
            rolled_by=entry.counting.article if entry.counting else "",
            closed=entry.kind in CLOSED,
            provisions={p.article: p.checked for p in provisions},
            windows={p.article: window for p in provisions if (window := _window(p)) != (None, None)},
        )
        self._binds(entry)

    def _binds(self, entry: schema.InstrumentFile) -> None:
        """Read who is bound, with how it was checked."""
        named = named_rows(entry, self.bundle.states)
        self.sources.binds[entry.instrument] = named
        answers = self.laid.binds(entry.instrument) if self.laid else {}
        answered = answered_rows(named, answers)
        rows: dict[str, list[schema.BindsRow]] = {}
        for row in answered.values():
            for state in row.states:
                rows.setdefault(state, []).append(row)
        self.bundle.bindings[entry.instrument] = {
            state: tuple(sorted((_binding(row, entry) for row in made), key=lambda b: b.start or 1))
            for state, made in rows.items()
        }
        self.bundle.bound_by[entry.instrument] = weakest_by_state(answered, answers)

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
            for each in self._read_out(merged, ["rules", n]) if "for_each" in merged else [merged]:
                entry = self.model(schema.RuleEntry, each, ["rules", n])
                self.sources.merged[entry.id] = each
                self.sources.raw[entry.id] = rule
                made = self._answered(each, entry, ["rules", n])
                if made != each:
                    entry = self.model(schema.RuleEntry, made, ["rules", n])
                    shown = {key: one for key, one in made.items() if key in rule or file.defaults.get(key) != one}
                    self.sources.raw[entry.id] = shown
                self._rule(entry, ["rules", n])

    def _read_out(self, rule: dict[str, Any], keys: Place) -> list[dict[str, Any]]:
        """Give the rules of the agreements that give the terms of a rule."""
        self.model(schema.RuleEntry, rule, keys)
        try:
            return list(read_out(rule, self.sources.texts))
        except UnknownTermError as term:
            raise self.fault(
                f"No agreement gives the term `{term}`.",
                [*keys, "id"],
                "A rule for each agreement reads its terms, and none has this one.",
                did_you_mean(str(term), {name for text in self.sources.texts.values() for name in text.terms})
                or "Add it under `terms:` of an agreement, `none` or `not_read` where it has none or was not read.",
            ) from None

    def _answered(self, merged: dict[str, Any], entry: schema.RuleEntry, keys: Place) -> dict[str, Any]:
        """Give a rule with what an overlay answered about it."""
        if self.laid is None:
            return merged
        try:
            return self.laid.rule(merged, kind_of(self, entry, keys))
        except ValueError as fault:
            raise self.fault(
                f"An answer of the overlay cannot be put into the rule `{entry.id}`.",
                keys,
                f"What is in the way: {fault}.",
                "Take the answer out of the overlay, and correct the rule in law/ with its source.",
            ) from None

    def _procedure(self, one: schema.ProcedureEntry, keys: Place) -> None:
        self.once(self.bundle.procedures, one.procedure, [*keys, "procedure"])
        self.sources.places[one.procedure] = self.name
        late = one.too_late
        self.bundle.procedures[one.procedure] = Procedure(
            name=one.procedure,
            title=one.title,
            opened_by=self.openings(one.opened_by, [*keys, "opened_by"]),
            presupposed_by=self.openings(one.presupposed_by, [*keys, "presupposed_by"]),
            closed_by=self.openings(one.closed_by, [*keys, "closed_by"]),
            closed_unless_held_on_by=self.openings(one.closed_unless_held_on_by, [*keys, "closed_unless_held_on_by"]),
            takes=self.openings(one.takes, [*keys, "takes"]),
            within=tuple(one.within),
            each_opens=one.each_opens,
            replaces=one.replaces,
            numbered=one.numbered,
            apart_by=tuple(one.apart_by),
            opens_again_after=tuple(o.kind for o in self.openings(one.opens_again_after, [*keys, "opens_again_after"])),
            set_aside_by=tuple(o.kind for o in self.openings(one.set_aside_by, [*keys, "set_aside_by"])),
            follows=tuple(o.kind for o in self.openings(one.follows, [*keys, "follows"])),
            stages=dict(one.stages),
            too_late=dict(
                zip(*(self._kinds(names, [*keys, "too_late"]) for names in (late, late.values())), strict=True)
            ),
            auxiliary=one.auxiliary,
            paired=one.paired,
        )

    def _kinds(self, names: Iterable[str], keys: Place) -> tuple[str, ...]:
        return tuple(opening.kind for opening in self.openings(list(names), keys))

    def _condition(self, name: str, entry: schema.NamedCondition | str, keys: Place) -> None:
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
            tuple(self.laid.cites(entry.cites) if self.laid else entry.cites),
        )

    def _rule(self, entry: schema.RuleEntry, keys: Place) -> None:
        kind = kind_of(self, entry, keys)
        self.once(self.sources.entries, entry.id, [*keys, "id"])
        self.sources.entries[entry.id] = entry
        self.sources.places[entry.id] = self.name
        if entry.only_in:
            self.bundle.only_in[entry.id] = tuple(entry.only_in)
        self.bundle.rules.append(composed(self, entry, kind, keys))


def _window(provision: schema.Provision) -> tuple[int | None, int | None]:
    """Give the first day of an article and the first day no longer; annulled from the beginning it has no day."""
    if provision.annulled_on and provision.ex_tunc:
        return None, EARLIEST
    ends = [day_of(d) for d in (provision.applies_until, provision.disapplied_from, provision.annulled_on) if d]
    return day_of(provision.applies_from), min((end for end in ends if end is not None), default=None)


def _binding(row: schema.BindsRow, entry: schema.InstrumentFile) -> Binding:
    """A row from memory only is unknown; the day is the latest of those that must have come."""
    if row.checked == "memory-only":
        return Binding(None, None, None)
    days = [day_of(d) for d in (row.from_, row.transposed, row.seen_bound)]
    if entry.kind in ("directive", "regulation"):
        days.append(day_of(entry.applies_from))
    known = [day for day in days if day is not None]
    return Binding(
        row.bound, max(known) if known else None, day_of(row.until), row.transposed is not None, day_of(row.from_)
    )
