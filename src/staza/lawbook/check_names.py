"""Every name in an expression of the law is declared, and is what its place asks for: a truth, a day, a set of days."""

from collections.abc import Iterable, Iterator

from staza.engine.conditions import FUNCTIONS
from staza.engine.expressions import COMPARISONS, DAY_NAMES, PERSON_NAMES, Tree, said
from staza.engine.types import Datum
from staza.lawbook.bundle import Bundle
from staza.lawbook.errors import LawError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import Sources

LITERALS = frozenset({"true", "false", "unknown", "number"})


def fault(what: str, where: str, why: str, cure: str) -> LawError:
    """Give a fault of the law: what is wrong, in which file and key, why, and what to do."""
    return LawError(what, where, why, cure)


class NamesChecked:
    """The law with the faults of its expressions; `where` is the place that a fault names."""

    def __init__(self, bundle: Bundle, sources: Sources) -> None:
        self.bundle, self.sources = bundle, sources
        self.rules = {rule.id for rule in bundle.rules}

    def _undeclared(self, name: str, kind: str, where: str) -> LawError:
        meant = did_you_mean(name, self._declared(kind))
        cure = f"{meant} Else declare the {kind}." if meant else f"Declare the {kind}, or correct the name."
        return fault(f"`{name}` is no {kind}.", where, "It is declared nowhere in the law.", cure)

    def _declared(self, kind: str) -> Iterable[str]:
        """Give the names that could have been meant."""
        bundle = self.bundle
        tables: dict[str, Iterable[str]] = {
            "procedure": bundle.procedures, "flag": bundle.flags, "instrument": bundle.instruments, "act": bundle.acts,
            "fact": self.sources.facts, "kind of event": bundle.kinds, "rule": self.rules, "export": bundle.exports,
            "field": bundle.fields, "span": bundle.spans, "day or kind of event": (*DAY_NAMES, *bundle.kinds),
            "function that records": self.sources.recorders,
        }  # fmt: skip
        return tables.get(kind, (*bundle.conditions, *bundle.fields, *bundle.flags, *PERSON_NAMES))

    # ---------------------------------------------------------------------------------------------- articles

    def truth(self, tree: Tree, where: str) -> Iterator[LawError]:
        head = tree[0]
        if head in ("and", "or", "not"):
            for part in tree[1:]:
                yield from self.truth(part, where)
        elif head in COMPARISONS:
            yield from self._operand(tree[1], where)
            yield from self._operand(tree[2], where, code=True)
            yield from self._comparison(tree, where)
        elif head == "in":
            yield from self._operand(tree[1], where)
            yield from self._codes(tree[1], tree[2], where)
        elif head == "name":
            yield from self._known(tree[1], where)
        elif head == "relation":
            if tree[2] not in self.bundle.exports:
                yield self._undeclared(tree[2], "export", where)
        elif head == "call":
            yield from self._call(tree, where)
        elif head not in LITERALS:
            yield fault(f"`{said(tree)}` is no condition.", where, "It has no truth.", "Compare it with something.")

    def _known(self, name: str, where: str) -> Iterator[LawError]:
        if not self._is_declared(name):
            yield self._undeclared(name, "condition, field, flag or attribute of a person", where)

    def _is_declared(self, name: str) -> bool:
        law = self.bundle
        return name in law.conditions or name in PERSON_NAMES or name in law.fields or name in law.flags

    def _recorded(self, tree: Tree) -> Datum | None:
        """Give the field or flag whose value an operand is."""
        name = tree[1] if tree[0] == "name" else tree[2][0][1] if tree[:2] == ["call", "said"] else ""
        return self.bundle.fields.get(name) or self.bundle.flags.get(name)

    def _comparison(self, tree: Tree, where: str) -> Iterator[LawError]:
        sign, left, right = tree
        if sign in ("=", "!="):
            for one, other in ((left, right), (right, left)):
                if other[0] == "name" and other[1] not in DAY_NAMES and not self._is_declared(other[1]):
                    yield from self._codes(one, [other[1]], where)
            return
        for one in (left, right):
            if (datum := self._recorded(one)) is not None and datum.type not in ("date", "number"):
                yield fault(
                    f"`{said(tree)}` compares what has no order.",
                    where,
                    f"`{datum.name}` holds a {datum.type}: before and after are said of days and numbers alone.",
                    "Compare it with `=` or `in`, or let the log record what is decided by it.",
                )

    def _codes(self, tree: Tree, codes: Iterable[str], where: str) -> Iterator[LawError]:
        """A code that the vocabulary of a field or flag does not list would be met by no log."""
        datum = self._recorded(tree)
        if datum is None or not datum.values:
            return
        known = datum.values | (self.bundle.states.keys() if datum.states else frozenset())
        for code in codes:
            if code not in known:
                listed = ", ".join(sorted(datum.values))
                yield fault(
                    f"`{code}` is no code of `{datum.name}`.",
                    where,
                    f"law/vocabularies lists {listed}.",
                    did_you_mean(code, known) or f"List it with `{datum.name}`, or correct the code.",
                )

    def _operand(self, tree: Tree, where: str, *, code: bool = False) -> Iterator[LawError]:
        head = tree[0]
        if head == "name" and tree[1] not in DAY_NAMES and not code:
            yield from self._known(tree[1], where)
        elif head == "call" and tree[1] in FUNCTIONS["day"]:
            yield from self.day(tree, where)
        elif head == "call":
            yield from self._call(tree, where)

    def _call(self, tree: Tree, where: str) -> Iterator[LawError]:
        name, arguments = tree[1], tree[2]
        if name not in FUNCTIONS["truth"] | FUNCTIONS["number"]:
            yield fault(
                f"`{name}` is no function of a condition.",
                where,
                f"Known are {', '.join(sorted(FUNCTIONS['truth']))}.",
                "Correct the name.",
            )
        elif name in ("exists", "here", "upon", "about", "earlier"):
            yield from self._kinds(arguments, where)
        elif name in ("said", "has"):
            yield from self._known(arguments[0][1], where)
            yield from self._kinds(arguments[1:], where)
        elif name in ("any", "all", "number"):
            yield from self._procedure(arguments[0], where)
        elif name == "vulnerable_as":
            known = {one["code"] for one in self.bundle.persons["vulnerabilities"]}
            for argument in arguments:
                if argument[1] not in known:
                    yield self._undeclared(str(argument[1]), "vulnerability", where)
        elif name in ("running", "lapsed"):
            if arguments[0][1] not in self.rules:
                yield self._undeclared(arguments[0][1], "rule", where)
        elif name == "binds":
            if arguments[0][1] not in self.bundle.instruments:
                yield self._undeclared(arguments[0][1], "instrument", where)
        elif name in ("during", "length"):
            yield from self.spans(arguments[0], where)
        elif name == "diff":
            for argument in arguments:
                yield from self.day(argument, where)
        else:
            for argument in arguments:
                yield from self.truth(argument, where)

    def _kinds(self, arguments: list[Tree], where: str) -> Iterator[LawError]:
        for argument in arguments:
            kind = argument[1][1] if argument[0] == "where" else argument[1]
            if kind not in self.bundle.kinds:
                yield self._undeclared(str(kind), "kind of event", where)
            if argument[0] == "where":
                yield from self.truth(argument[2], where)

    def _procedure(self, argument: Tree, where: str) -> Iterator[LawError]:
        name = argument[1][1] if argument[0] == "where" else argument[1]
        if name not in self.bundle.procedures:
            yield self._undeclared(str(name), "procedure", where)
        if argument[0] == "where":
            yield from self.truth(argument[2], where)

    def day(self, tree: Tree, where: str) -> Iterator[LawError]:
        head, name = tree[0], tree[1]
        if head == "name":
            datum = self.bundle.flags.get(name) or self.bundle.fields.get(name)
            dated = datum is not None and datum.type == "date"
            if name not in DAY_NAMES and name not in self.bundle.kinds and not dated:
                yield self._undeclared(name, "day or kind of event", where)
        elif head != "call" or name not in FUNCTIONS["day"]:
            yield fault(
                f"`{said(tree)}` is no day.",
                where,
                "A clock starts with a day.",
                "Write `first(kind)` or `start`.",
            )
        elif name in ("first", "last"):
            yield from self._kinds(tree[2], where)
        elif name == "recorded":
            if (datum := self.bundle.fields.get(tree[2][0][1])) is None or datum.type != "date":
                yield self._undeclared(tree[2][0][1], "field with a day", where)
            yield from self._kinds(tree[2][1:], where)
        elif name == "due":
            if tree[2][0][1] not in self.rules:
                yield self._undeclared(tree[2][0][1], "rule", where)
        else:
            yield from self._of_days(name, [one for one in tree[2] if one[0] != "rule"], where)

    def _of_days(self, name: str, arguments: list[Tree], where: str) -> Iterator[LawError]:
        """A day that is made from days; `add` has a period as well."""
        periods = [one[0] == "period" for one in arguments]
        if periods != {"add": [False, True], "parent": [False], "first_working_day": [False]}.get(name, periods):
            shown = f"`{name}({', '.join(said(one) for one in arguments)})`"
            takes = "a day and a period" if name == "add" else "one day"
            yield fault(f"{shown} is no day.", where, f"`{name}` takes {takes}.", f"Give it {takes}.")
            return
        for argument in arguments:
            if argument[0] != "period":
                yield from self.day(argument, where)
            elif argument[2] == "hours":
                yield fault(
                    f"`{said(argument)}` is added to a day.",
                    where,
                    "A day in a condition has no time of day.",
                    "Write days, or a rule with `lasts:` in hours.",
                )

    def period(self, tree: Tree, where: str) -> Iterator[LawError]:
        if tree[0] == "call":
            for part in tree[2]:
                if part[1] not in self.bundle.fields:
                    yield self._undeclared(part[1], "field", where)

    def spans(self, tree: Tree, where: str) -> Iterator[LawError]:
        head = tree[0]
        if head in ("union", "minus", "overlap"):
            yield from self.spans(tree[1], where)
            yield from self.spans(tree[2], where)
        elif head == "name":
            if tree[1] not in self.bundle.spans:
                yield self._undeclared(tree[1], "span", where)
        elif head != "call" or tree[1] not in FUNCTIONS["spans"]:
            yield fault(f"`{said(tree)}` is no set of days.", where, "A sum needs one.", "Write `spans(procedure)`.")
        elif tree[1] == "spans":
            yield from self._procedure(tree[2][0], where)
        elif tree[1] == "after":
            yield from self._kinds(tree[2], where)
        elif tree[1] == "when":
            yield from self.truth(tree[2][0], where)
            yield from self.spans(tree[2][1], where)
        else:
            yield from self.day(tree[2][0], where)
