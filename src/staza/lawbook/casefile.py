"""The file format of a log, and its one reader.

A file is YAML (or JSON): `id`, `as_of`, `state`, `persons`, `context`, `timeline`; keys of a published judgment
(`court`, `holdings` …) may stand beside and are not read. Each person becomes a `CaseHistory`. Entries are
`e1, e2 …` in the order of the file unless they carry an `id`; an entry without `persons` is about all of them and is
one entry in each person's log under the same id. What is wrong raises `CaseFileError`; what is only odd is a notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from staza.engine.types import CaseEvent, CaseHistory, Value
from staza.lawbook.bundle import Bundle
from staza.lawbook.casefile_persons import PersonReader
from staza.lawbook.errors import CaseFileError
from staza.lawbook.files import plain
from staza.lawbook.near_names import did_you_mean

Plain: TypeAlias = dict[str, Any]  # what YAML gives; every value is looked at before it is used

TOP = frozenset({"id", "as_of", "state", "persons", "context", "timeline"})
BESIDE = frozenset(
    {
        "court", "name", "citation", "judgment_type", "decided", "decided_verification", "sources", "verification",
        "outcome", "rule_kinds", "facts", "issue", "holdings", "must_not_report", "notes", "story",
        "what_the_court_said",
    }
)  # fmt: skip
STRUCTURE = frozenset(
    {"date", "at", "what", "persons", "precision", "derived", "note", "verification", "id", "concerns"}
)
HANDED_ON = ("partner", "against")  # an entry has them from the one that it concerns; the second if it can say it
LATER = ("until", "planned_for", "received_on")  # days that come, as a rule, not before that of their entry


@dataclass(frozen=True)
class CaseFile:
    """A file that was read: one history a person, and what was odd about it."""

    id: str
    state: str
    as_of: int | None
    histories: tuple[CaseHistory, ...]
    notices: tuple[str, ...] = ()
    content: Plain = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)  # id of an entry -> its kind as written, if otherwise
    unlisted: frozenset[str] = frozenset()  # codes that no vocabulary lists
    kept_by_authority: bool = False  # it uses a word of the authorities' own logs, so their silence is meant


def read_case_file(path: Path, bundle: Bundle) -> CaseFile:
    """Read a file of a log; raises `CaseFileError`."""
    try:
        text = path.read_bytes()
    except OSError as fault:
        raise CaseFileError(
            "The file cannot be read.", str(path), fault.strerror or "unknown", "Check the path."
        ) from None
    try:
        content = plain(text)
    except (yaml.YAMLError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise CaseFileError(
            "The file is not YAML.",
            where,
            str(getattr(fault, "problem", fault)),
            "Mend the line and try again.",
        ) from None
    return _Reader(content, bundle, str(path), path).read()


def read_case(content: Any, bundle: Bundle, *, where: str) -> CaseFile:
    """Read the content of a file of a log; `where` names it in messages."""
    return _Reader(content, bundle, where).read()


class _Reader(PersonReader):
    """Reads one file."""

    def __init__(self, content: Any, bundle: Bundle, where: str, path: Path | None = None) -> None:
        super().__init__(bundle, where, path)
        if not isinstance(content, dict):
            raise self.fault(
                "The file holds no log.",
                "",
                "It is not a mapping of keys.",
                "Start with `id`, `state`, `persons`.",
            )
        self.content: Plain = content
        self.zone = "UTC"
        self.written: dict[str, str] = {}
        self.national = False

    def read(self) -> CaseFile:
        content = self.content
        self.refuse_unknown({key: None for key in content if key not in BESIDE}, TOP, "", "of a log")
        state = self.state(content.get("state"))
        persons = self.persons(content.get("persons"))
        general, single = self.context(content.get("context"), set(persons))
        events = self.timeline(content.get("timeline"), list(persons))
        as_of = None
        if content.get("as_of") is not None:
            _, last = self.days(content["as_of"], "as_of", None)
            as_of = last
        relations = self.relations(content.get("persons") or [], events, set(persons))
        histories = tuple(
            CaseHistory(
                person,
                tuple(event for event, about in events if ref in about),
                {**general, **single.get(ref, {})},
                tuple(relations.get(ref, ())),
            )
            for ref, person in persons.items()
        )
        ident = self.ident(content["id"], "id", "the file") if "id" in content else Path(self.where).stem
        notices = tuple(self.notices)
        unlisted = frozenset(code for _, code in self.unlisted)
        return CaseFile(ident, state, as_of, histories, notices, content, self.written, unlisted, self.national)

    def state(self, value: Any) -> str:
        if value is None:
            raise self.fault(
                "The file names no State.",
                "state",
                "Which law applies depends on it.",
                "Add `state:` with a name from law/vocabularies/states.yaml.",
            )
        name = self.bundle.names.get(str(value))
        if name is None:
            raise self.fault(
                f"The State `{value}` is not known.",
                "state",
                "It is not in law/vocabularies/states.yaml.",
                did_you_mean(value, self.bundle.names) or "Write its name as it stands there.",
            )
        self.zone = self.bundle.states[name][1]
        return name

    # ---------------------------------------------------------------------------------------------- context

    def context(self, value: Any, refs: set[str]) -> tuple[Plain, dict[str, Plain]]:
        """Give the flags of all persons, and those of one."""
        everyone = self.mapping(value, "context", "flags by name", "Write `context: {flag: true}`.")
        general = {name: self.flag(name, v, f"context.{name}") for name, v in everyone.items() if name != "by_person"}
        single: dict[str, Plain] = {}
        cure = "Write `by_person: {p1: {flag: true}}`."
        by_person = self.mapping(everyone.get("by_person"), "context.by_person", "the flags of each person", cure)
        for ref, given in by_person.items():
            key = f"context.by_person.{ref}"
            if str(ref) not in refs:
                raise self.fault(
                    f"`{ref}` is not a person of the file.",
                    key,
                    "Flags are about persons.",
                    "Correct the ref.",
                )
            flags = self.mapping(given, key, "flags by name", cure)
            single[str(ref)] = {n: self.flag(n, v, f"{key}.{n}") for n, v in flags.items()}
        return general, single

    def mapping(self, value: Any, key: str, holds: str, cure: str) -> Plain:
        """Read a mapping; an empty value holds nothing."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.fault(f"`{key.rsplit('.', 1)[-1]}` is no mapping of keys.", key, f"It holds {holds}.", cure)
        return value

    def flag(self, name: Any, value: Any, key: str) -> Any:
        datum = self.bundle.flags.get(str(name))
        if datum is None:
            raise self.fault(
                f"The flag `{name}` is not known.",
                key,
                "It is not in law/vocabularies/flags.yaml.",
                did_you_mean(name, self.bundle.flags) or "Correct the name or leave it out.",
            )
        return self.value(datum, value, key)

    # --------------------------------------------------------------------------------------------- timeline

    def timeline(self, value: Any, refs: list[str]) -> list[tuple[CaseEvent, frozenset[str]]]:
        value = [] if value is None else value
        if not isinstance(value, list):
            raise self.fault(
                "`timeline` is no list.",
                "timeline",
                "It holds entries by day.",
                "Write `timeline: [{date: …, what: …}]`.",
            )
        made: list[tuple[CaseEvent, frozenset[str]]] = []
        seen: dict[str, str] = {}  # what an entry tells -> its id
        kept_as: dict[str, str] = {}  # id of a repetition -> that of the entry that it repeats
        idents: set[str] = set()
        repeated: list[int] = []
        for n, one in enumerate(value, 1):
            event, about = self.entry(n, one, refs)
            told = f"{one['what']}|{event.first}|{event.last}|{event.minute}"
            same = f"{told}|{sorted(event.fields.items(), key=str)}|{sorted(about)}"
            if "id" not in one and same in seen:
                repeated.append(n)
                kept_as[event.id] = seen[same]
                continue
            if event.id in idents:
                raise self.fault(
                    f"Two entries have the id `{event.id}`.",
                    f"timeline.{n - 1}.id",
                    "An id names one entry.",
                    "Give one of them another id.",
                )
            seen[same] = event.id
            idents.add(event.id)
            made.append((event, about))
        for n, (event, about) in enumerate(made):
            wanted = event.fields.get("concerns")
            if wanted in kept_as:
                made[n] = replace(event, fields={**event.fields, "concerns": kept_as[str(wanted)]}), about
            elif wanted is not None and wanted not in idents:
                raise self.fault(
                    f"No entry has the id `{wanted}`.",
                    f"timeline.{event.order - 1}.concerns",
                    "`concerns` names the entry that opened what this one is about.",
                    "Name an entry of the file: its `id`, or `e` and its number, counted from 1.",
                )
        by_id = {event.id: event for event, _ in made}
        for n, (event, about) in enumerate(made):
            names = HANDED_ON if self.bundle.kinds[event.kind].is_against else HANDED_ON[:1]
            handed = {name: value for name in names if (value := _handed_on(name, event, by_id)) is not None}
            if handed.keys() - event.fields.keys():
                made[n] = replace(event, fields={**event.fields, **handed}), about
        if repeated:
            which = ", ".join(str(n) for n in repeated[:5]) + (" …" if len(repeated) > 5 else "")
            self.notices.append(
                f"{self.where}: {len(repeated)} entries repeat an earlier one ({which}) and were kept once."
            )
        ordered = sorted(made, key=lambda pair: (pair[0].first, pair[0].order))
        if ordered != made:
            self.notices.append(f"{self.where}: entries were not in the order of their days and were sorted.")
        return ordered

    def entry(self, n: int, one: Any, refs: list[str]) -> tuple[CaseEvent, frozenset[str]]:
        key = f"timeline.{n - 1}"
        if not isinstance(one, dict) or "what" not in one or not one.keys() & {"date", "at"}:
            raise self.fault("An entry has no `date` or no `what`.", key, "Both say what happened when.", "Add them.")
        written = str(one["what"])
        kind = self.bundle.kind_names.get(written)
        if kind is None:
            raise self.fault(
                f"The kind of event `{written}` is not known.",
                f"{key}.what",
                "It is not in law/event_kinds.",
                did_you_mean(written, self.bundle.kind_names) or "Correct the name.",
            )
        self.national = self.national or written in self.bundle.national_names
        unknown = sorted(str(k) for k in one if k not in STRUCTURE and k not in self.bundle.fields)
        if unknown:
            raise self.fault(
                f"The field `{unknown[0]}` is not known.",
                f"{key}.{unknown[0]}",
                "It is not in law/vocabularies/fields.yaml.",
                did_you_mean(unknown[0], self.bundle.fields) or "Correct the name or leave it out.",
            )
        first, last, minute = self.when(one, key)
        about = self.about(one.get("persons"), refs, key)
        for ref in about:
            if ref not in refs:
                raise self.fault(
                    f"`{ref}` is not a person of the file.",
                    f"{key}.persons",
                    f"Persons are {', '.join(refs)}.",
                    "Correct the ref.",
                )
        fields = {
            str(name): self.value(self.bundle.fields[str(name)], v, f"{key}.{name}")
            for name, v in one.items()
            if name not in STRUCTURE
        }
        if "concerns" in one:
            fields["concerns"] = self.ident(one["concerns"], f"{key}.concerns", "the entry that this one is about")
        for name in LATER:  # an order for days that are over is a fact, and may be a breach
            later = fields.get(name)
            if isinstance(later, int) and later < first:
                self.notices.append(
                    f"{self.place(f'{key}.{name}')}: `{name}: {one[name]}` lies before the day of its entry,"
                    f" {one.get('date', one.get('at'))}; it is kept and counted as it stands. Correct one of the two"
                    " days if it is a slip."
                )
        ident = self.ident(one["id"], f"{key}.id", "one entry") if "id" in one else f"e{n}"
        if written != kind:
            self.written[ident] = written
        event = CaseEvent(
            ident,
            kind,
            first,
            last,
            n,
            fields,
            minute,
            received=received if isinstance(received := fields.get("received_on"), int) else None,
        )
        return event, frozenset(about)

    def when(self, one: Plain, key: str) -> tuple[int, int, int | None]:
        """Give the first and last day of an entry, and the minute of the day on the clocks of its State."""
        minute = self.minute(one.get("time"), f"{key}.time")
        if "at" not in one:
            return *self.days(one["date"], f"{key}.date", one.get("precision")), minute
        day, at = self.instant(one["at"], f"{key}.at", self.zone)
        precision = one.get("precision")
        first, last = self.days(one.get("date", date.fromordinal(day)), f"{key}.date", precision)
        if not first <= day <= last or minute not in (None, at):
            raise self.fault(
                f"`{one['at']}` is not the day or time that stands beside it.",
                f"{key}.at",
                f"On the clocks of {self.zone} it is {date.fromordinal(day)}, {at // 60:02}:{at % 60:02}.",
                "Keep `at` alone, or correct `date` and `time`.",
            )
        return day, day, at

    def about(self, value: Any, refs: list[str], key: str) -> list[str]:
        """Give the refs of those whom an entry is about; without any it is about all."""
        if value is not None and not isinstance(value, list):
            raise self.fault(
                "`persons` of an entry is no list.",
                f"{key}.persons",
                "An entry can be about several persons.",
                f"Write `persons: [{refs[0]}]`; leave it out where it is about all.",
            )
        return [str(ref) for ref in value or refs]


def _handed_on(name: str, event: CaseEvent, by_id: Mapping[str, CaseEvent]) -> Value:
    """Give a field of an entry: its own, else that of the entry that it concerns, and so on."""
    met = set[str]()
    at: CaseEvent | None = event
    while at is not None and at.id not in met:
        if name in at.fields:
            return at.fields[name]
        met.add(at.id)
        at = by_id.get(str(at.fields.get("concerns", "")))
    return None
