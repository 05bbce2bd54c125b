"""What is not known: the facts on the undecided paths of a condition, each with its question and who can answer.

An `and` with a false side contributes nothing; a named condition that has a question stands for all inside it.
"""

from collections.abc import Iterable

from staza.engine.answer import Missing
from staza.engine.conditions import FUNCTIONS, Reading
from staza.engine.expressions import Tree
from staza.engine.log import Scope

_OF_CONDITIONS = ("shown", "known", "if")  # a name inside is a flag first, even where a kind has the same name


def missing_of(reading: Reading, doubts: Iterable[tuple[Tree, Scope]]) -> list[Missing]:
    """List the unknown facts of several conditions, each once."""
    found: dict[str, Missing] = {}
    for tree, scope in doubts:
        for one in missing(reading, tree, scope):
            found.setdefault(one.name, one)
    return list(found.values())


def missing(reading: Reading, tree: Tree | None, scope: Scope) -> list[Missing]:
    """List the unknown facts on the undecided paths of a condition whose value is unknown."""
    if tree is None or reading.truth(tree, scope) is not None:
        return []
    found: dict[str, Missing] = {}
    _collect(reading, tree, scope, found)
    return list(found.values())


def _collect(reading: Reading, tree: Tree, scope: Scope, found: dict[str, Missing]) -> None:
    head = tree[0]
    if head in ("and", "or"):
        for part in tree[1:]:
            if reading.truth(part, scope) is None:
                _collect(reading, part, scope, found)
    elif head == "not":
        _collect(reading, tree[1], scope, found)
    elif head in ("=", "!=", "<", "<=", ">", ">=", "in"):
        for part in tree[1:3] if head != "in" else tree[1:2]:
            _collect_operand(reading, part, scope, found)
    elif head in ("name", "told"):  # told: by an entry, in a code that the law lists
        _collect_name(reading, tree[1], scope, found)
    elif head == "call":
        _collect_call(reading, tree, scope, found)
    elif head == "relation":
        found[f"{tree[1]}.{tree[2]}"] = Missing(f"{tree[1]}.{tree[2]}", f"Is this so of the {tree[1]}?", "authority")


def _collect_operand(reading: Reading, tree: Tree, scope: Scope, found: dict[str, Missing]) -> None:
    if tree[0] == "name" and not reading.is_known(tree[1]):
        return
    if tree[0] in ("name", "call"):
        _collect(reading, tree, scope, found)


def _collect_name(reading: Reading, name: str, scope: Scope, found: dict[str, Missing]) -> None:
    condition = reading.law.conditions.get(name)
    if condition and condition.tree and not condition.asks:
        _collect(reading, condition.tree, scope, found)
    elif condition:
        found[name] = Missing(name, condition.asks, condition.answered_by)
    else:
        datum = reading.law.flags.get(name) or reading.law.fields.get(name)
        asks = datum.asks if datum and datum.asks else f"Is it known: {name.replace('_', ' ')}?"
        found[name] = Missing(name, asks, datum.answered_by if datum else "authority")


def _collect_call(reading: Reading, tree: Tree, scope: Scope, found: dict[str, Missing]) -> None:
    name, arguments = tree[1], tree[2]
    if name == "said":
        _collect_name(reading, arguments[0][1], scope, found)
        return
    for argument in arguments:
        inner = argument[1] if argument[0] == "where" else argument
        named = str(inner[1]) if inner[0] == "name" else ""
        kind = None if name in _OF_CONDITIONS and named in reading.law.flags else reading.law.kinds.get(named)
        if kind:
            found[kind.name] = Missing(kind.name, f"Did this happen, and when: {kind.label}?", kind.origin)
        elif inner[0] in ("and", "or", "not", "name", "call", "=", "in") and _is_condition(reading, inner):
            _collect(reading, inner, scope, found)


def _is_condition(reading: Reading, tree: Tree) -> bool:
    """Say whether a tree can be read as a condition, and is not a name of a procedure, rule or span."""
    if tree[0] == "name":
        return reading.is_known(tree[1])
    return tree[0] != "call" or tree[1] in FUNCTIONS["truth"]
