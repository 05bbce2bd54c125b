"""The clauses of the law and how each was checked: what of it is open, and what waits for it.

A clause is an article as the law cites it. Where researched facts give it values, each value is a clause of its own,
named by the fact; a rule that holds a value that no fact gives, or none at all, is named by its id. Whether and from
when an act binds is a clause of the act, named by the States. Open is what was read nowhere (`memory-only`), what is
cited without its article, a clock without a value, and an act of which nobody read from when it binds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from staza.engine.types import Rule
from staza.lawbook import schema
from staza.lawbook.binds import NONE, Days, days_of, state_of_row
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, article_of
from staza.lawbook.coverage import values_of
from staza.lawbook.errors import StazaError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import Sources

Value: TypeAlias = tuple[int | float | None, str | None, str | None]  # value, unit, bound
Key: TypeAlias = tuple[str, str, str, str]  # citation or act, fact, rule, States; one of the last three at most

_NO_VALUE: Value = (None, None, None)
CLOCKS = frozenset({"deadline", "window", "waiting", "ceiling", "recurring", "validity"})
OPEN = ("memory-only", "article-not-read", "no-value", "no-day")
EU, CONVENTION = "EU", "ECHR"
NAMED = {"charter": EU, "ec": EU, "echr": CONVENTION, "rules-of-court": CONVENTION}  # heads of ids that are no State's


@dataclass(frozen=True)
class Clause:
    """One clause as the law itself has it, and the rules that rest on it."""

    cite: str
    fact: str
    rule: str
    says: str
    state: str  # a state of checking, `article-not-read`, `no-value` or `no-day`
    value: int | float | None
    unit: str | None
    bound: str | None
    rules: tuple[str, ...]
    clocks: int
    safeguards: int
    binds: str = ""  # the States of which it says whether the act binds them
    days: Days = NONE

    @property
    def key(self) -> Key:
        """By what an answer names it."""
        return self.cite, self.fact, self.rule, self.binds

    @property
    def weight(self) -> tuple[int, int, int, str, str]:
        """Order by what waits: the most rules first, then clocks, then safeguards, then by its name."""
        return -len(self.rules), -self.clocks, -self.safeguards, self.cite, f"{self.fact}{self.rule}{self.binds}"


def cites_of(rule: Rule) -> tuple[str, ...]:
    """Give every citation that a rule rests on, its first one first."""
    bounds = [bound for bound in (rule.at_least, rule.at_most) if bound]
    exceptions = (*rule.unless, *(one for bound in bounds for one in bound.unless))
    every = [*rule.cites, *(c for b in bounds for c in b.cites), *(c for e in rule.extensions for c in e.cites)]
    every += [c for one in exceptions for c in one.cites]
    return tuple(dict.fromkeys(every))


def has_no_value(rule: Rule) -> bool:
    """Say whether a rule is a clock of which the law does not say how long it runs."""
    read = [limit for limit in rule.limits if limit.period != ["not_read"]]
    return rule.kind in CLOCKS and not (read or rule.breach_from or rule.concern_from)


def clauses_of(bundle: Bundle, sources: Sources) -> dict[Key, Clause]:
    """Give every clause of the law, without regard to what an overlay says; open or not."""
    return {one.key: one for one in _every(_Index(bundle, sources))}


class _Index:
    """What the law says by citation."""

    def __init__(self, bundle: Bundle, sources: Sources) -> None:
        self.sources = sources
        self.rules: dict[str, list[Rule]] = {}
        self.deemed: dict[str, list[str]] = {}
        self.kinds = {rule.id: rule.kind for rule in bundle.rules}
        self.home: dict[str, str] = {}  # fact -> the one citation under which its value is a clause
        self.carrying: dict[str, list[Rule]] = {}
        self.first: dict[str, list[str]] = {}  # act -> the rules that cite it first
        for rule in bundle.rules:
            if rule.cites:
                self.first.setdefault(act_of(rule.cites[0]), []).append(rule.id)
            for cite in cites_of(rule):
                self.rules.setdefault(cite, []).append(rule)
            if rule.after:
                self.deemed.setdefault(rule.after, []).append(rule.id)
            for name in rule.facts:
                self.carrying.setdefault(name, []).append(rule)
        for act, provisions in sources.provisions.items():
            for article, provision in provisions.items():
                for name in provision.facts:
                    self.home.setdefault(name, f"{act}/{article}")
        for one in sources.facts.values():
            if one.article in sources.provisions.get(one.instrument, {}):
                self.home[one.id] = f"{one.instrument}/{one.article}"
        self.at: dict[str, list[str]] = {}
        for name, cite in self.home.items():
            self.at.setdefault(cite, []).append(name)

    def clause(
        self, key: Key, says: str, state: str, value: tuple[int | float | None, str | None, str | None]
    ) -> Clause:
        cite, fact, rule, _ = key
        resting = [
            r.id for r in self.rules.get(cite, ()) if (not fact or fact in r.facts) and (not rule or r.id == rule)
        ]
        return self._weighed(Clause(cite, fact, rule, says, state, *value, tuple(resting), 0, 0))

    def binding(self, act: str, name: str, row: schema.BindsRow) -> Clause:
        """Give the clause that a row of who is bound is: every rule that rests first on the act rests on it."""
        seen = f"Seen in force on {row.seen_bound}" if row.seen_bound else ""
        says, resting = ". ".join(filter(None, (row.basis, seen, row.note))), tuple(self.first.get(act, ()))
        made = Clause(act, "", "", says, state_of_row(row), *_NO_VALUE, resting, 0, 0, name, days_of(row))
        return self._weighed(made)

    def _weighed(self, clause: Clause) -> Clause:
        """Add the effects of the rules that rest on a clause, and count."""
        deemed = (effect for one in clause.rules for effect in self.deemed.get(one, ()))
        resting = tuple(dict.fromkeys((*clause.rules, *deemed)))
        kinds = [self.kinds[one] for one in resting]
        clocks = sum(kind in CLOCKS for kind in kinds)
        return replace(clause, rules=resting, clocks=clocks, safeguards=kinds.count("safeguard"))

    def waits(self, cite: str) -> bool:
        """Say whether a rule rests first on an article and on nothing but facts that were read nowhere."""
        for rule in self.rules.get(cite, ()):
            states = {self.sources.facts[fact].checked for fact in rule.facts if fact in self.sources.facts}
            if rule.cites[0] == cite and states == {"memory-only"}:
                return True
        return False

    def valued(self, names: Iterable[str]) -> list[schema.FactEntry]:
        facts = (self.sources.facts[name] for name in names if name in self.sources.facts)
        return [fact for fact in facts if fact.value is not None]


def _every(index: _Index) -> Iterator[Clause]:
    for act, provisions in index.sources.provisions.items():
        for article, provision in provisions.items():
            yield from _of_provision(index, f"{act}/{article}", provision)
    for cite, rules in index.rules.items():
        if article_of(cite) == "?":
            yield from _unread(index, cite, rules)
    for fact in index.sources.facts.values():
        known = fact.id in index.home or fact.id in index.carrying or fact.instrument not in index.sources.provisions
        if fact.checked == "memory-only" and not known:  # not encoded yet: the answer says what to encode
            value = (fact.value, fact.unit, fact.bound)
            yield index.clause((f"{fact.instrument}/?", fact.id, "", ""), fact.topic, "memory-only", value)

    for act, rows in index.sources.binds.items():
        for name, row in rows.items():
            yield index.binding(act, name, row)


def _of_provision(index: _Index, cite: str, provision: schema.Provision) -> Iterator[Clause]:
    facts = index.valued(index.at.get(cite, ()))
    made: list[Clause] = []
    for fact in facts:
        weak = "memory-only" in (provision.checked, fact.checked)
        state = "memory-only" if weak else provision.checked
        made.append(index.clause((cite, fact.id, "", ""), provision.gist, state, (fact.value, fact.unit, fact.bound)))
    ids = {fact.id for fact in facts}
    for rule in index.rules.get(cite, ()):
        if rule.cites[0] != cite or ids & set(rule.facts):
            continue
        values = _values(rule)
        if has_no_value(rule):
            made.append(index.clause((cite, "", rule.id, ""), rule.title, "no-value", (None, None, None)))
        elif len(values) == 1 and provision.checked != "verified-text":
            made.append(index.clause((cite, "", rule.id, ""), rule.title, provision.checked, values[0]))
    state = "memory-only" if index.waits(cite) else provision.checked
    yield from made or [index.clause((cite, "", "", ""), provision.gist, state, (None, None, None))]


def _unread(index: _Index, cite: str, rules: list[Rule]) -> Iterator[Clause]:
    facts = dict.fromkeys(f for r in rules for f in r.facts if f in index.sources.facts)
    every = [index.sources.facts[fact] for fact in facts]
    own = [fact for fact in every if fact.instrument == act_of(cite) and fact.id not in index.home]
    for fact in own:
        yield index.clause((cite, fact.id, "", ""), fact.topic, "article-not-read", (fact.value, fact.unit, fact.bound))
    ids = {fact.id for fact in own}
    for rule in rules:
        if not ids & set(rule.facts):
            state = "no-value" if has_no_value(rule) else "article-not-read"
            values = _values(rule)
            value: Value = values[0] if len(values) == 1 else (None, None, None)
            yield index.clause((cite, "", rule.id, ""), rule.title, state, value)


def _values(rule: Rule) -> list[tuple[int, str, str | None]]:
    """Give the lengths of a rule itself, conditions apart, each with the bound that its place means."""
    plain = [(a, u, None if bound == "any" else bound) for a, u, bound in values_of(rule)]
    read = set()
    for limit in rule.limits:
        if limit.period[0] == "period":
            read.add((limit.period[1], limit.period[2]))
    read |= {bound.limit for bound in (rule.at_least, rule.at_most) if bound}
    return sorted({one for one in plain if one[:2] in read}, key=str)


def jurisdictions(act: str) -> set[str]:
    """Give whose law an act is: codes of States, `EU`, `ECHR`; an agreement is that of both its parties."""
    head = act.split(".", 1)[0]
    if head in NAMED:
        return {NAMED[head]}
    return {NAMED.get(part, part.upper()) for part in head.split("-")}


def jurisdiction_named(bundle: Bundle, text: str) -> tuple[str, str]:
    """Give the code and the name of a jurisdiction by its code or any name of a State; raises `StazaError`."""
    named = {EU: "European Union", CONVENTION: "European Convention on Human Rights"}
    named |= {code: state for state, (code, _) in bundle.states.items()}
    codes = {name.casefold(): code for code, name in named.items()} | {code.casefold(): code for code in named}
    for other, state in bundle.names.items():
        codes[other.casefold()] = bundle.states[state][0]
    code = codes.get(text.strip().casefold())
    if code is None:
        raise StazaError(
            f"`{text}` is no State and no other maker of law that the law knows.",
            "law questions",
            "law/vocabularies/states.yaml has no such code or name.",
            did_you_mean(text, [*named, *named.values()]) or f"Write a code such as BA, or {EU} or {CONVENTION}.",
        )
    return code, named[code]
