"""Which facts the law encodes: a number, never an impression.

A fact is *encoded* when a rule carries its id, a worked case fires that rule and another one leaves it silent, and the
rule holds the fact's value, unit and bound (or says `differs:` and why). *Explained* (law/explained.yaml) is not
encoded. Counted are all checked facts of kind clock, guard and duty, and the checked benchmarks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from staza.engine.expressions import Tree, every_part
from staza.engine.types import Rule
from staza.lawbook.bundle import Bundle
from staza.lawbook.examples import Outcome
from staza.lawbook.reader import Sources
from staza.lawbook.schema import FactEntry

COUNTED = ("clock", "guard", "duty", "benchmark")


@dataclass(frozen=True)
class FactState:
    """How a fact stands."""

    fact: FactEntry
    state: str  # encoded | missing | explained
    rules: tuple[str, ...]
    fires: tuple[str, ...]
    silent: tuple[str, ...]
    why: str = ""


def fact_states(bundle: Bundle, sources: Sources, done: list[Outcome]) -> list[FactState]:
    """Give the state of every counted fact."""
    by_fact: dict[str, list[Rule]] = {}
    for rule in bundle.rules:
        for fact in rule.facts:
            by_fact.setdefault(fact, []).append(rule)
    fires: dict[str, list[str]] = {}
    silent: dict[str, list[str]] = {}
    for one in done:
        name = f"{one.row.file}: {one.row.name}"
        for rule_id in one.fired:
            fires.setdefault(rule_id, []).append(name)
        for rule_id in one.silent:
            silent.setdefault(rule_id, []).append(name)
    return [
        _state(fact, by_fact.get(fact.id, []), sources, fires, silent)
        for fact in sources.facts.values()
        if fact.kind in COUNTED and fact.checked != "memory-only"
    ]


def without_cases(bundle: Bundle, sources: Sources, done: list[Outcome]) -> Iterator[str]:
    """Give in a sentence each rule that no worked case fires, or that none leaves silent.

    A rule that is read out for several agreements is one. A rule without effect, as its clause or length was not read,
    needs no case; of one that makes an event follow the clocks show what it does.
    """
    fired = {_as_written(name, sources) for one in done for name in one.fired}
    silent = {_as_written(name, sources) for one in done for name in one.silent}
    told = set[str]()
    for rule in bundle.rules:
        name = _as_written(rule.id, sources)
        open_length = any(limit.is_open for limit in rule.limits)
        if name in told or not rule.verified or open_length or rule.effect:
            continue
        told.add(name)
        missing = [words for words, there in (("fires", fired), ("leaves silent", silent)) if name not in there]
        if missing:
            yield f"no worked case {' or '.join(missing)} `{name}` ({sources.places[rule.id]})"


def _as_written(name: str, sources: Sources) -> str:
    """Give the id of a rule as its file has it; one that was read out has that of its agreement as well."""
    return str(sources.raw.get(name, {}).get("id", name))


def _state(
    fact: FactEntry,
    rules: list[Rule],
    sources: Sources,
    fires: dict[str, list[str]],
    silent: dict[str, list[str]],
) -> FactState:
    names = tuple(rule.id for rule in rules)
    shown = (
        tuple(n for name in names for n in fires.get(name, ())),
        tuple(n for name in names for n in silent.get(name, ())),
    )
    if fact.id in sources.explained:
        return FactState(fact, "explained", names, *shown, why=sources.explained[fact.id])
    if not rules:
        return FactState(fact, "missing", names, *shown, why="no rule carries it")
    for rule in rules:
        if rule.id in fires and rule.id in silent and not value_fault(rule, fact, sources):
            return FactState(fact, "encoded", names, *shown)
    why = "; ".join(
        value_fault(rule, fact, sources)
        or f"{rule.id}: no worked case {'fires it' if rule.id not in fires else 'leaves it silent'}"
        for rule in rules
    )
    return FactState(fact, "missing", names, *shown, why=why)


def value_fault(rule: Rule, fact: FactEntry, sources: Sources) -> str:
    """Say in what a rule's values differ from its fact's, empty when they agree or the rule says why."""
    differs = sources.entries[rule.id].differs
    if fact.value is None or (isinstance(differs, str) or (isinstance(differs, dict) and fact.id in differs)):
        return ""
    wanted = (int(fact.value), fact.unit)
    held = values_of(rule)
    if wanted not in {(amount, unit) for amount, unit, _ in held}:
        return f"{rule.id} holds {sorted({(a, u) for a, u, _ in held}, key=str)}, the fact {wanted}"
    bounds = {bound for amount, unit, bound in held if (amount, unit) == wanted}
    if fact.bound and bounds and fact.bound not in bounds and "any" not in bounds:
        return f"{rule.id} holds it as {sorted(bounds)}, the fact as {fact.bound}"
    return ""


def values_of(rule: Rule) -> set[tuple[int, str, str]]:
    """Give the periods of a rule, each with the bound that its place means (`any` where the place means none)."""
    found: set[tuple[int, str, str]] = set()
    place = {"waiting": "min", "deadline": "max", "ceiling": "max", "recurring": "max"}.get(rule.kind, "any")
    for limit in rule.limits:
        if not (rule.breach_from or rule.concern_from):
            word = "min" if limit.backwards else place  # so long before the day, or longer
            found |= {(a, u, word) for a, u in _periods(limit.period)}
            found |= {(amount, unit, place) for _, (amount, unit) in rule.tracks}
            if limit.or_else:
                found.add((*limit.or_else, word))
    for bound, word in ((rule.at_least, "min"), (rule.at_most, "max")):
        if bound:
            found.add((*bound.limit, word))
    if rule.breach_from:
        found.add((*rule.breach_from, "min"))
    for extension in rule.extensions:
        for period in (extension.adds, extension.up_to):
            if period:
                found.add((*period, "max"))
    for tree in (rule.only_if, rule.while_, rule.requires, *(u.condition for u in rule.unless)):
        if tree is not None:
            found |= {(a, u, "any") for a, u in _periods(tree)}
    return found


def _periods(tree: Tree) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    for part in every_part(tree):
        if part[0] == "period":
            found.add((part[1], part[2]))
        elif part[0] == "number":
            found |= {(part[1], unit) for unit in ("days", "languages", "years")}
    return found


def as_json(states: list[FactState]) -> dict[str, Any]:
    """Give the coverage under the keys of its contract."""
    return {
        "facts": {
            one.fact.id: {
                "state": one.state, "rules": list(one.rules), "fires": list(one.fires), "silent": list(one.silent),
                **({"why": one.why} if one.why else {}),
            }
            for one in states
        }
    }  # fmt: skip
