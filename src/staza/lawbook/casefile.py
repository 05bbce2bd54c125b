"""The file format of a log, and its one reader.

A file is YAML (or JSON): `id`, `as_of`, `state`, `persons`, `context`, `timeline`; keys of a published judgment
(`court`, `holdings` …) may stand beside and are not read. Each person becomes a `CaseHistory`. Entries are
`e1, e2 …` in the order of the file unless they carry an `id`; an entry without `persons` is about all of them and is
one entry in each person's log under the same id. What is wrong raises `CaseFileError`; what is only odd is a notice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from staza.engine.days import add_months
from staza.engine.types import CaseEvent, CaseHistory, Person, Relation
from staza.lawbook.bundle import Bundle
from staza.lawbook.errors import CaseFileError
from staza.lawbook.files import plain

Plain: TypeAlias = dict[str, Any]  # what YAML gives; every value is looked at before it is used

TOP = frozenset({"id", "as_of", "state", "persons", "context", "timeline"})
WRITTEN_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
BESIDE = frozenset(
    {
        "court", "name", "citation", "judgment_type", "decided", "decided_verification", "sources", "verification",
        "outcome", "rule_kinds", "facts", "issue", "holdings", "must_not_report", "notes", "story",
        "what_the_court_said",
    }
)  # fmt: skip
STRUCTURE = frozenset({"date", "what", "persons", "precision", "derived", "note", "verification", "id", "concerns"})
PRECISIONS = {"day": 10, "month": 7, "year": 4}
CUSTODY_STARTS = ("detention_started", "detention_ordered")
ADULT = 18


@dataclass(frozen=True)
class CaseFile:
    """A file that was read: one history a person, and what was odd about it."""

    id: str
    state: str
    as_of: int | None
    histories: tuple[CaseHistory, ...]
    notices: tuple[str, ...] = ()
    content: Plain = field(default_factory=dict)


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
    return read_case(content, bundle, where=str(path))


def read_case(content: Any, bundle: Bundle, *, where: str) -> CaseFile:
    """Read the content of a file of a log; `where` names it in messages."""
    return _Reader(content, bundle, where).read()


class _Reader:
    def __init__(self, content: Any, bundle: Bundle, where: str) -> None:
        self.bundle, self.where = bundle, where
        self.notices: list[str] = []
        if not isinstance(content, dict):
            raise self.fault(
                "The file holds no log.",
                "",
                "It is not a mapping of keys.",
                "Start with `id`, `state`, `persons`.",
            )
        self.content: Plain = content

    def fault(self, what: str, key: str, why: str, cure: str) -> CaseFileError:
        return CaseFileError(what, f"{self.where}, key `{key}`" if key else self.where, why, cure)

    def read(self) -> CaseFile:
        content = self.content
        unknown = sorted(str(key) for key in content if key not in TOP | BESIDE)
        if unknown:
            raise self.fault(
                f"The key `{unknown[0]}` is not known.",
                unknown[0],
                f"A log has {', '.join(sorted(TOP))}.",
                "Remove or correct it.",
            )
        state = self.state(content.get("state"))
        persons = self.persons(content.get("persons"))
        general, single = self.context(content.get("context") or {}, set(persons))
        events = self.timeline(content.get("timeline") or [], list(persons))
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
        ident = str(content.get("id", Path(self.where).stem))
        return CaseFile(ident, state, as_of, histories, tuple(self.notices), content)

    def state(self, value: Any) -> str:
        name = self.bundle.names.get(str(value))
        if name is None:
            raise self.fault(
                f"The State `{value}` is not known.",
                "state",
                "It is not in law/vocabularies/states.yaml.",
                near(value, self.bundle.names) or "Write its name as it stands there.",
            )
        return name

    # ---------------------------------------------------------------------------------------------- persons

    def persons(self, value: Any) -> dict[str, Person]:
        if not isinstance(value, list) or not value:
            raise self.fault(
                "The file names no person.",
                "persons",
                "A log is about somebody.",
                "Add `persons: [{ref: p1}]`.",
            )
        made: dict[str, Person] = {}
        known = set(self.bundle.persons["person_keys"])
        for n, one in enumerate(value):
            key = f"persons.{n}"
            if not isinstance(one, dict) or not one.get("ref"):
                raise self.fault("A person has no `ref`.", key, "Entries name persons by it.", "Add `ref: p1`.")
            unknown = sorted(str(k) for k in one if k not in known)
            if unknown:
                raise self.fault(
                    f"The key `{unknown[0]}` of a person is not known.",
                    f"{key}.{unknown[0]}",
                    f"Known are {', '.join(sorted(known))}.",
                    "Remove or correct it.",
                )
            ref = str(one["ref"])
            if ref in made:
                raise self.fault(
                    f"Two persons have the ref `{ref}`.",
                    key,
                    "A ref names one person.",
                    "Give the second another ref.",
                )
            made[ref] = self.person(ref, one, key)
        return made

    def person(self, ref: str, one: Plain, key: str) -> Person:
        minor = self.truth(one.get("minor"), f"{key}.minor")
        age = self.age(one, key)
        if minor is None and age is not None:
            minor = True if age[1] < ADULT else False if age[0] >= ADULT else None
        if age is None and minor is not None:
            age = (0, ADULT - 1) if minor else (ADULT, 130)
        vulnerable = one.get("vulnerable")
        accompanied = any(isinstance(r, dict) and r.get("as") == "child" for r in one.get("relations") or [])
        alone = self.truth(one.get("unaccompanied"), f"{key}.unaccompanied")
        return Person(
            ref=ref,
            minor=minor,
            unaccompanied=False if alone is None and (accompanied or minor is False) else alone,
            vulnerable=None if vulnerable is None else bool(vulnerable),
            vulnerabilities=None if vulnerable is None else frozenset(str(v) for v in _listed(vulnerable)),
            age=age,
            role=str(one.get("role", "")),
        )

    def age(self, one: Plain, key: str) -> tuple[int, int] | None:
        for name, per_year in (("age_months", 12), ("age_years", 1)):
            value = one.get(name)
            if value is not None:
                if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1600:
                    raise self.fault(
                        f"`{value}` is no age.", f"{key}.{name}", "An age is a whole number.", "Correct it."
                    )
                return value // per_year, value // per_year
        group = one.get("age_group")
        for entry in self.bundle.persons["age_groups"]:
            if entry["code"] == str(group):
                upper = entry["to_years"]
                return entry["from_years"], 130 if upper is None else upper
        return None

    def relations(
        self, value: list[Plain], events: list[tuple[CaseEvent, frozenset[str]]], refs: set[str]
    ) -> dict[str, list[Relation]]:
        """Link persons: by what the file says of them, and by being taken into custody by the same act."""
        inverse = {"child": "parent", "parent": "child", "spouse": "spouse", "sibling": "sibling", "guardian": "ward"}
        links: dict[str, list[Relation]] = {ref: [] for ref in refs}
        for n, one in enumerate(value):
            for link in one.get("relations") or []:
                to, kind = str(link.get("to")), str(link.get("as"))
                if to not in refs:
                    raise self.fault(
                        f"`{to}` is not a person of the file.",
                        f"persons.{n}.relations",
                        "A relation leads to one.",
                        "Correct the ref.",
                    )
                links[str(one["ref"])].append(Relation(inverse.get(kind, kind), to))
                links[to].append(Relation(kind, str(one["ref"])))
        taken: dict[str, set[str]] = {}
        for event, about in events:
            if event.kind in CUSTODY_STARTS:
                act = f"{event.kind}|{event.first}|{event.last}|{sorted(event.fields.items(), key=str)}"
                taken.setdefault(act, set()).update(about)
        for together in taken.values():
            for ref in sorted(together):
                links[ref].extend(Relation("held_with", other) for other in sorted(together - {ref}))
        return links

    # ---------------------------------------------------------------------------------------------- context

    def context(self, value: Any, refs: set[str]) -> tuple[Plain, dict[str, Plain]]:
        if not isinstance(value, dict):
            raise self.fault(
                "`context` is no mapping.",
                "context",
                "It holds flags by name.",
                "Write `context: {flag: true}`.",
            )
        general = {name: self.flag(name, v, f"context.{name}") for name, v in value.items() if name != "by_person"}
        single: dict[str, Plain] = {}
        for ref, flags in (value.get("by_person") or {}).items():
            if str(ref) not in refs:
                raise self.fault(
                    f"`{ref}` is not a person of the file.",
                    f"context.by_person.{ref}",
                    "Flags are about persons.",
                    "Correct the ref.",
                )
            single[str(ref)] = {n: self.flag(n, v, f"context.by_person.{ref}.{n}") for n, v in flags.items()}
        return general, single

    def flag(self, name: Any, value: Any, key: str) -> Any:
        datum = self.bundle.flags.get(str(name))
        if datum is None:
            raise self.fault(
                f"The flag `{name}` is not known.",
                key,
                "It is not in law/vocabularies/flags.yaml.",
                near(name, self.bundle.flags) or "Correct the name or leave it out.",
            )
        return self.typed(datum.type, value, key)

    def typed(self, kind: str, value: Any, key: str) -> Any:
        """Give a value of a flag or field as the engine reads it: dates as ordinals, lists as tuples."""
        if value is None or value == "unknown":
            return "unknown"
        if kind == "flag":
            return self.truth(value, key)
        if kind == "date":
            return self.days(value, key, None)[1]
        if kind == "number":
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 100_000:
                raise self.fault(f"`{value}` is no number.", key, "A whole number is expected.", "Correct it.")
            return value
        if kind == "list":
            return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)
        return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    def truth(self, value: Any, key: str) -> bool | None:
        if value is None or value == "unknown":
            return None
        if not isinstance(value, bool):
            raise self.fault(
                f"`{value}` is neither true, false nor unknown.",
                key,
                "It answers yes or no.",
                "Write true, false or unknown.",
            )
        return value

    # --------------------------------------------------------------------------------------------- timeline

    def timeline(self, value: Any, refs: list[str]) -> list[tuple[CaseEvent, frozenset[str]]]:
        if not isinstance(value, list):
            raise self.fault(
                "`timeline` is no list.",
                "timeline",
                "It holds entries by day.",
                "Write `timeline: [{date: …, what: …}]`.",
            )
        made: list[tuple[CaseEvent, frozenset[str]]] = []
        seen: set[str] = set()
        idents: set[str] = set()
        repeated: list[int] = []
        for n, one in enumerate(value, 1):
            event, about = self.entry(n, one, refs)
            same = f"{event.kind}|{event.first}|{event.last}|{sorted(event.fields.items(), key=str)}|{sorted(about)}"
            if "id" not in one and same in seen:
                repeated.append(n)
                continue
            if event.id in idents:
                raise self.fault(
                    f"Two entries have the id `{event.id}`.",
                    f"timeline.{n - 1}.id",
                    "An id names one entry.",
                    "Give one of them another id.",
                )
            seen.add(same)
            idents.add(event.id)
            made.append((event, about))
        for event, _ in made:
            wanted = event.fields.get("concerns")
            if wanted is not None and wanted not in idents:
                raise self.fault(
                    f"No entry has the id `{wanted}`.",
                    f"timeline.{event.order - 1}.concerns",
                    "`concerns` names the entry that opened what this one is about.",
                    "Name an entry of the file: its `id`, or `e` and its number, counted from 1.",
                )
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
        if not isinstance(one, dict) or "what" not in one or "date" not in one:
            raise self.fault("An entry has no `date` or no `what`.", key, "Both say what happened when.", "Add them.")
        kind = str(one["what"])
        if kind not in self.bundle.kinds:
            raise self.fault(
                f"The kind of event `{kind}` is not known.",
                f"{key}.what",
                "It is not in law/event_kinds.",
                near(kind, self.bundle.kinds) or "Correct the name.",
            )
        unknown = sorted(str(k) for k in one if k not in STRUCTURE and k not in self.bundle.fields)
        if unknown:
            raise self.fault(
                f"The field `{unknown[0]}` is not known.",
                f"{key}.{unknown[0]}",
                "It is not in law/vocabularies/fields.yaml.",
                near(unknown[0], self.bundle.fields) or "Correct the name or leave it out.",
            )
        first, last = self.days(one["date"], f"{key}.date", one.get("precision"))
        about = [str(ref) for ref in one.get("persons") or refs]
        for ref in about:
            if ref not in refs:
                raise self.fault(
                    f"`{ref}` is not a person of the file.",
                    f"{key}.persons",
                    f"Persons are {', '.join(refs)}.",
                    "Correct the ref.",
                )
        fields = {
            str(name): self.typed(self.bundle.fields[str(name)].type, v, f"{key}.{name}")
            for name, v in one.items()
            if name not in STRUCTURE
        }
        if "concerns" in one:
            fields["concerns"] = str(one["concerns"])
        event = CaseEvent(
            str(one.get("id", f"e{n}")),
            kind,
            first,
            last,
            n,
            fields,
            self.minute(fields.get("time"), f"{key}.time"),
        )
        return event, frozenset(about)

    def minute(self, value: Any, key: str) -> int | None:
        if value is None or value == "unknown":
            return None
        hours, found, minutes = str(value).partition(":")
        if not (found and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
            raise self.fault(f"`{value}` is no time of day.", key, "It is written HH:MM.", "Correct it, in quotes.")
        return int(hours) * 60 + int(minutes)

    def days(self, value: Any, key: str, precision: Any) -> tuple[int, int]:
        """Give the first and last day that a date of day, month or year precision can mean."""
        text = str(value)
        if precision is not None and precision not in PRECISIONS:
            raise self.fault(
                f"`{precision}` is no precision.", key, f"Known are {', '.join(PRECISIONS)}.", "Correct it."
            )
        try:
            if not WRITTEN_DAY.fullmatch(text):
                raise ValueError("a date is YYYY-MM-DD, YYYY-MM or YYYY; a time of day stands in `time`")
            length = PRECISIONS[precision] if precision else len(text)
            parts = [int(part) for part in text[:length].split("-")]
            if len(parts) == 1:
                return date(parts[0], 1, 1).toordinal(), date(parts[0], 12, 31).toordinal()
            first = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1).toordinal()
            return first, first if len(parts) == 3 else add_months(first, 1) - 1
        except (ValueError, OverflowError) as fault:
            raise self.fault(
                f"`{text}` is no date.",
                key,
                f"{str(fault)[:1].upper()}{str(fault)[1:]}.",
                "Write the day as YYYY-MM-DD; leave out a day or month that is not known.",
            ) from None


def near(name: Any, known: Iterable[str]) -> str:
    """Ask whether a known name was meant; empty where none is near."""
    from difflib import get_close_matches  # only for what is wrong: it costs the start of every command

    found = get_close_matches(str(name), list(known), 3)
    return f"Did you mean {' or '.join(f'`{one}`' for one in found)}?" if found else ""


def _listed(value: Any) -> list[Any]:
    """Give a list as it is and a single value as a list of one."""
    return value if isinstance(value, list) else [value]
