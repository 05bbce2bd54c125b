"""The persons in the file of a log: who they are, how old, how they are related."""

from typing import Any

from staza.engine.types import CaseEvent, Person, Relation
from staza.lawbook.casefile_values import UNKNOWN, ValueReader

CUSTODY_STARTS = ("detention_started", "detention_ordered")
ADULT = 18
OLDEST = 130  # years
INVERSE = {"child": "parent", "parent": "child", "spouse": "spouse", "sibling": "sibling", "guardian": "ward"}


class PersonReader(ValueReader):
    """Reads `persons` of one file."""

    def persons(self, value: Any) -> dict[str, Person]:
        """Read the persons by their refs, in the order of the file."""
        if not isinstance(value, list) or not value:
            raise self.fault(
                "The file names no person.", "persons", "A log is about somebody.", "Add `persons: [{ref: p1}]`."
            )
        made: dict[str, Person] = {}
        for n, one in enumerate(value):
            key = f"persons.{n}"
            if not isinstance(one, dict) or one.get("ref") in (None, ""):
                raise self.fault("A person has no `ref`.", key, "Entries name persons by it.", "Add `ref: p1`.")
            self.refuse_unknown(one, self.bundle.persons["person_keys"], key, "of a person")
            ref = self.ident(one["ref"], f"{key}.ref", "a person")
            if ref in made:
                raise self.fault(
                    f"Two persons have the ref `{ref}`.",
                    key,
                    "A ref names one person.",
                    "Give the second another ref.",
                )
            made[ref] = self.person(ref, one, key)
        return made

    def person(self, ref: str, one: dict[str, Any], key: str) -> Person:
        """Read one person; what is not recorded stays unknown."""
        minor = self.truth(one.get("minor"), f"{key}.minor")
        age = self.age(one, key)
        if minor is None and age is not None:
            minor = True if age[1] < ADULT else False if age[0] >= ADULT else None
        if age is None and minor is not None:
            age = (0, ADULT - 1) if minor else (ADULT, OLDEST)
        if one.get("count") not in UNKNOWN:
            self.number(one["count"], f"{key}.count", least=1)
        links = self.links(one.get("relations"), f"{key}.relations")
        alone = self.truth(one.get("unaccompanied"), f"{key}.unaccompanied")
        accompanied = any(kind == "child" for kind, _ in links)
        vulnerable, vulnerabilities = self.vulnerable(one.get("vulnerable"), f"{key}.vulnerable")
        return Person(
            ref=ref,
            minor=minor,
            unaccompanied=False if alone is None and (accompanied or minor is False) else alone,
            vulnerable=vulnerable,
            vulnerabilities=vulnerabilities,
            age=age,
            role=self.text(one.get("role", ""), f"{key}.role"),
        )

    def age(self, one: dict[str, Any], key: str) -> tuple[int, int] | None:
        """Give the lowest and highest age in full years, none where it is not known."""
        for name, per_year in (("age_months", 12), ("age_years", 1)):
            value = one.get(name)
            if value not in UNKNOWN:
                months = self.number(value, f"{key}.{name}")
                if months > OLDEST * per_year:
                    raise self.fault(
                        f"`{value}` is no age.",
                        f"{key}.{name}",
                        f"Nobody is older than {OLDEST} years.",
                        "Correct it; `age_years` counts years, `age_months` months.",
                    )
                return months // per_year, months // per_year
        group = one.get("age_group")
        if group in UNKNOWN:
            return None
        groups = {entry["code"]: entry for entry in self.bundle.persons["age_groups"]}
        code = self.text(group, f"{key}.age_group")
        self.code(code, groups, f"{key}.age_group", "age_group")
        if code not in groups:
            return None
        upper = groups[code]["to_years"]
        return groups[code]["from_years"], OLDEST if upper is None else upper

    def vulnerable(self, value: Any, key: str) -> tuple[bool | None, frozenset[str] | None]:
        """Say whether a person is vulnerable, and in what way where that is recorded."""
        if value in UNKNOWN:
            return None, None
        if isinstance(value, bool):
            return value, None if value else frozenset()
        codes = [self.text(one, key) for one in (value if isinstance(value, list) else [value])]
        listed = [entry["code"] for entry in self.bundle.persons["vulnerabilities"]]
        for code in codes:
            self.code(code, listed, key, "vulnerable")
        return bool(codes), frozenset(codes)

    def links(self, value: Any, key: str) -> list[tuple[str, str]]:
        """Read the relations of one person: what this person is, and of whom."""
        if value is None:
            return []
        made = []
        for n, link in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(link, dict) or link.get("to") in (None, "") or link.get("as") in (None, ""):
                raise self.fault(
                    "A relation has no `to` or no `as`.",
                    f"{key}.{n}" if isinstance(value, list) else key,
                    "It says what this person is, and of whom.",
                    "Write `relations: [{to: p1, as: child}]`.",
                )
            kind = self.text(link["as"], f"{key}.{n}.as")
            self.code(kind, self.bundle.persons["relations"], f"{key}.{n}.as", "relations")
            made.append((kind, self.text(link["to"], f"{key}.{n}.to")))
        return made

    def relations(
        self, value: list[dict[str, Any]], events: list[tuple[CaseEvent, frozenset[str]]], refs: set[str]
    ) -> dict[str, list[Relation]]:
        """Link persons: by what the file says of them, and by being taken into custody by the same act."""
        links: dict[str, list[Relation]] = {ref: [] for ref in refs}
        for n, one in enumerate(value):
            for kind, to in self.links(one.get("relations"), f"persons.{n}.relations"):
                if to not in refs:
                    raise self.fault(
                        f"`{to}` is not a person of the file.",
                        f"persons.{n}.relations",
                        "A relation leads to one.",
                        "Correct the ref.",
                    )
                links[str(one["ref"])].append(Relation(INVERSE.get(kind, kind), to))
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
