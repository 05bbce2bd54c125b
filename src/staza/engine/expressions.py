"""The language of conditions: one written grammar, one tree.

    expression   = conjunction { "or" conjunction }
    conjunction  = negation { "and" negation }
    negation     = "not" negation | comparison
    comparison   = setting [ ("=" | "!=" | "<" | "<=" | ">" | ">=") setting | "in" list ]
    setting      = primary { ("union" | "minus" | "overlap") primary }
    primary      = number [ unit ] | "true" | "false" | "unknown" | name [ "(" arguments ")" [ "." name ] ]
                 | "(" expression ")" | list
    arguments    = [ argument { "," argument } ]
    argument     = expression [ "where" expression ]
    list         = "[" name-or-number { "," name-or-number } "]"
    name         = letter { letter | digit | "_" | "." | "-" } | "'" any text "'"      (a code with spaces)

A tree is nested lists of plain values, so that it can be stored and compiled to columns: `["and", a, b]`,
`["not", a]`, `["=", a, b]`, `["in", a, [codes]]`, `["name", n]`, `["number", 3]`, `["period", 6, "months"]`,
`["call", function, [arguments]]`, `["where", kind, condition]`, `["relation", kind, export]`,
`["union", a, b]`, `["true"]`. What a name means is decided where the law is loaded: every name must be declared.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from staza.engine.days import ONE, UNITS

Tree: TypeAlias = list[Any]

_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z][\w.\-]*|'[^']*')|(<=|>=|!=|[=<>()\[\],.]))")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_SETTINGS = ("union", "minus", "overlap")
_HALF = "working"  # of a unit that is written with a blank
_LITERALS = ("true", "false", "unknown")
DAY_NAMES = frozenset({"today", "day", "start", "end", "held_since", "reaches", "reached"})  # they always mean a day
#: What is known of the person, and of who tells: the State, and whether one of its authorities keeps the log.
PERSON_NAMES = frozenset({"minor", "unaccompanied", "vulnerable", "age", "own_state", "kept_by_authority"})
CLOCK_FUNCTIONS = frozenset({"running", "lapsed", "due"})  # what they give changes when a clock is computed
_RESERVED = frozenset({"and", "or", "not", "in", "where", *_SETTINGS, *_LITERALS})


class ExpressionError(ValueError):
    """An expression that the grammar does not know; `place` counts characters from 1."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


def parse(text: str) -> Tree:
    """Give the tree of an expression; raises `ExpressionError` with the place of the first fault."""
    reader = _Reader(text)
    tree = reader.expression()
    if reader.kind != "end":
        raise reader.fault(f"`{reader.token}` is one word too many")
    return tree


class _Reader:
    """Reads tokens one by one, and one rule of the grammar a method."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.advance()

    def advance(self) -> str:
        taken = getattr(self, "token", "")
        found = _TOKEN.match(self.text, self.position)
        self.start = self.position
        if found:
            number, name, _ = found.groups()
            self.start = found.end() - len(found[0].lstrip())
            self.token, self.kind = found[0].strip(), "number" if number else "name" if name else "sign"
            self.position = found.end()
            self.quoted = self.token.startswith("'")
            self.token = self.token.strip("'") if self.quoted else self.token
            if self.kind == "name" and not self.quoted and self.token.endswith("."):
                raise self.fault("a name does not end with a point")
        elif self.text[self.position :].strip():
            rest = self.text[self.position :]
            self.start += len(rest) - len(rest.lstrip())
            self.token = rest.strip()[0]
            raise self.fault(f"`{self.token}` is not a sign of the language")
        else:
            self.token, self.kind = "the end", "end"
        return taken

    def fault(self, message: str) -> ExpressionError:
        return ExpressionError(message, self.start + 1)

    def take(self, token: str) -> bool:
        if self.kind != "end" and self.token == token:
            self.advance()
            return True
        return False

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise self.fault(f"`{token}` is expected, not `{self.token}`")

    def expression(self) -> Tree:
        return self._chain("or", self.conjunction)

    def conjunction(self) -> Tree:
        return self._chain("and", self.negation)

    def _chain(self, word: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else [word, *parts]

    def negation(self) -> Tree:
        return ["not", self.negation()] if self.take("not") else self.comparison()

    def comparison(self) -> Tree:
        left = self.setting()
        if self.token in COMPARISONS and self.kind == "sign":
            return [self.advance(), left, self.setting()]
        if self.kind == "name" and self.take("in"):
            return ["in", left, self.codes()]
        return left

    def setting(self) -> Tree:
        left = self.primary()
        while self.kind == "name" and self.token in _SETTINGS:
            left = [self.advance(), left, self.primary()]
        return left

    def primary(self) -> Tree:
        if self.kind == "number":
            amount = int(self.advance())
            if amount == 1 and self.kind == "name" and self.token in ONE:
                return ["period", amount, ONE[self.advance()]]
            if self.kind == "name" and self.token in UNITS:
                return ["period", amount, self.advance()]
            if self.kind == "name" and self.token == _HALF:
                raise self.fault("the unit is written `working_days`, without a blank")
            return ["number", amount]
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.kind != "name" or self.token in _RESERVED - set(_LITERALS):
            raise self.fault(f"a condition is expected, not `{self.token}`")
        name = self.advance()
        if name in _LITERALS:
            return [name]
        return self.call(name) if self.take("(") else ["name", name]

    def call(self, name: str) -> Tree:
        arguments: list[Tree] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            argument = self.expression()
            if self.kind == "name" and self.take("where"):
                argument = ["where", argument, self.expression()]
            arguments.append(argument)
        if name == "relation":
            self.expect(".")
            if len(arguments) != 1 or arguments[0][0] != "name" or self.kind != "name":
                raise self.fault("a relation reads `relation(child).export`")
            return ["relation", arguments[0][1], self.advance()]
        return ["call", name, arguments]

    def codes(self) -> list[str | int]:
        self.expect("[")
        codes: list[str | int] = []
        while not self.take("]"):
            if codes:
                self.expect(",")
            if self.kind not in ("name", "number"):
                raise self.fault(f"a code is expected, not `{self.token}`")
            number = self.kind == "number"
            word = self.advance()
            codes.append(int(word) if number else word)
        return codes


def said(tree: Tree) -> str:
    """Write a tree as an expression again."""
    head, *rest = tree
    if head in ("and", "or"):
        return f" {head} ".join(_bracketed(part) for part in rest)
    if head == "not":
        return f"not {_bracketed(rest[0])}"
    if head in COMPARISONS or head in _SETTINGS:
        return f"{_bracketed(rest[0])} {head} {_bracketed(rest[1])}"
    if head == "in":
        return f"{said(rest[0])} in [{', '.join(str(code) for code in rest[1])}]"
    if head in ("name", "number"):
        return str(rest[0])
    if head == "period":
        return f"{rest[0]} {rest[1]}"
    if head == "call":
        return f"{rest[0]}({', '.join(said(part) for part in rest[1] if part[0] != 'rule')})"
    if head == "where":
        return f"{said(rest[0])} where {said(rest[1])}"
    if head == "relation":
        return f"relation({rest[0]}).{rest[1]}"
    return str(head)


def _bracketed(tree: Tree) -> str:
    return f"({said(tree)})" if tree[0] in ("and", "or") else said(tree)


def every_part(tree: Tree) -> Iterator[Tree]:
    """Give a tree and every tree inside it, the outer before the inner."""
    yield tree
    for part in tree[1:]:
        if isinstance(part, list):
            for inner in [part] if part and isinstance(part[0], str) else part:
                if isinstance(inner, list) and inner:
                    yield from every_part(inner)


def counted_by(tree: Tree, rule: str) -> Tree:
    """Give a tree of a rule with its working days counted by that rule: by its calendar, that of the place."""
    if tree[0] == "call" and counts_working_days(tree):
        return ["call", tree[1], [*(counted_by(part, rule) for part in tree[2]), ["rule", rule]]]
    if tree[0] == "call":
        return ["call", tree[1], [counted_by(part, rule) for part in tree[2]]]
    if tree[0] == "in":
        return ["in", counted_by(tree[1], rule), tree[2]]
    return [counted_by(part, rule) if isinstance(part, list) and part else part for part in tree]


def counts_working_days(tree: Tree) -> bool:
    """Say whether a tree itself, not what is inside it, is a day that a calendar decides."""
    if tree[0] != "call":
        return False
    return tree[1] == "first_working_day" or any(part[0] == "period" and part[2] == "working_days" for part in tree[2])


def denies(one: Tree, other: Tree) -> bool:
    """Say whether one of two conditions is written as the opposite of the other: exactly one of them holds."""
    if one == ["not", other] or other == ["not", one]:
        return True
    return {one[0], other[0]} == {"=", "!="} and one[1:] == other[1:]


def names_in(tree: Tree) -> set[str]:
    """Collect every bare name of a tree."""
    return {part[1] for part in every_part(tree) if part[0] == "name"}


def calls_in(tree: Tree) -> set[str]:
    """Collect the name of every function that a tree calls."""
    return {part[1] for part in every_part(tree) if part[0] == "call"}
