"""National law beside an act of the Union: each provision with the rules of both, and the difference, computed.

A national rule says `implements: eu.2013-32/31(3)`. A provision is compared with the rules that implement it or one of
its paragraphs; where the national value was not read the row says so and asks.
"""

from dataclasses import dataclass, replace

from staza.engine.days import ANY_DAY, add_days
from staza.engine.types import Rule
from staza.lawbook.bundle import Bundle, states_bound
from staza.lawbook.citations import act_of, article_of, in_words, order_of
from staza.lawbook.coverage import values_of
from staza.lawbook.reader import Sources

Value = tuple[int, str, str]  # amount, unit, bound: min, max or any
CLOCKS = ("deadline", "window", "waiting", "ceiling", "recurring", "validity")


@dataclass(frozen=True)
class Row:
    """One provision; `difference` is same, longer, shorter, other_unit, no_value, missing or not_read."""

    provision: str
    gist: str
    union: tuple[Rule, ...]
    national: tuple[Rule, ...]
    difference: str
    words: str
    question: str = ""


def compare(bundle: Bundle, sources: Sources, state: str, act: str) -> list[Row]:
    """Give a row for each provision of an act that a rule encodes, in the order of its articles."""
    national = [
        (rule, provision)
        for rule in bundle.rules
        if _is_of(bundle, rule, state)
        for provision in sources.entries[rule.id].implements
        if act_of(provision) == act
    ]
    union: dict[str, list[Rule]] = {}
    for rule in bundle.rules:
        for cite in rule.cites[:1]:
            if act_of(cite) == act:
                union.setdefault(article_of(cite), []).append(rule)
    articles = {*union, *(article_of(provision) for _, provision in national)}
    rows = []
    for article in sorted(articles, key=order_of):
        here = {rule.id: rule for rule, p in national if _covers(article_of(p), article)}
        rows.append(_row(bundle, f"{act}/{article}", tuple(union.get(article, ())), tuple(here.values())))
    return rows


def _row(bundle: Bundle, provision: str, union: tuple[Rule, ...], national: tuple[Rule, ...]) -> Row:
    gist = bundle.gists.get(provision, "")
    unread = [rule for rule in national if not rule.verified or any(limit.is_open for limit in rule.limits)]
    if not national:
        return Row(provision, gist, union, national, "missing", "no national rule implements it")
    if unread and len(unread) == len(national):
        where = in_words(unread[0].cites[0], bundle.shorts)
        asks = f"What does {where} say on: {unread[0].title or unread[0].id}?"
        return Row(provision, gist, union, national, "not_read", "the national text was not read", asks)
    code, words = _difference(union, tuple(rule for rule in national if rule not in unread))
    return Row(provision, gist, union, national, code, words)


def _difference(union: tuple[Rule, ...], national: tuple[Rule, ...]) -> tuple[str, str]:
    """Compare the values of two sides; the first pair that differs is the difference."""
    theirs, ours = _values(union), _values(national)
    if not theirs or not ours:
        return "no_value", "both have a rule and one of them no figure" if theirs or ours else "both have a rule"
    if {value[:2] for value in theirs} == {value[:2] for value in ours}:
        return "same", _said(ours)
    words = f"{_said(ours)} against {_said(theirs)}"
    pairs = [(b, a) for b in theirs for a in ours if a[2] == b[2]] or [(theirs[0], ours[0])]
    codes = [_compared(*pair) for pair in pairs]
    return next((code for code in codes if code != "same"), "same"), words


def _compared(theirs: Value, ours: Value) -> str:
    if theirs[1] != ours[1] and "working_days" in (theirs[1], ours[1]):
        return "other_unit"
    a, b = add_days(ANY_DAY, theirs[:2]), add_days(ANY_DAY, ours[:2])
    return "longer" if b > a else "shorter" if b < a else "same"


def _values(rules: tuple[Rule, ...]) -> list[Value]:
    """Give the lengths themselves; what extends them is not what is compared first."""
    plain = (replace(rule, extensions=(), only_if=None, while_=None, requires=None, unless=()) for rule in rules)
    found = {value for rule in plain if rule.kind in CLOCKS for value in values_of(rule)}
    return sorted(found, key=lambda value: (add_days(ANY_DAY, value[:2]), value[1], value[2]))


def _said(values: list[Value]) -> str:
    return ", ".join(dict.fromkeys(f"{amount} {unit.replace('_', ' ')}" for amount, unit, _ in values))


def _is_of(bundle: Bundle, rule: Rule, state: str) -> bool:
    states = states_bound(bundle, rule)
    return states is not None and state in states


def _covers(implemented: str, article: str) -> bool:
    """Say whether what is implemented is the article, a part of it, or the whole that it is a part of."""
    return implemented == article or implemented.startswith(f"{article}(") or article.startswith(f"{implemented}(")
