"""Why rules found nothing, as lines: those silent for a reason that concerns the whole act are told together."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from staza.engine.explain import Reason, conjuncts_of
from staza.engine.expressions import Tree, calls_in, said
from staza.engine.types import Rule
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import act_of, in_words

Silent: TypeAlias = tuple[Rule, Reason]  # a rule with the first reason for which it found nothing
PARTNER, BINDING = "partner", "binding"


def parted(silent: Iterable[Silent], bundle: Bundle) -> tuple[list[Silent], list[str]]:
    """Give the rules that are told each by itself, and a line for those whose act does not apply at all.

    Of an act that does not bind, or of agreements with partners that the log does not show, nothing else needs saying.
    """
    alone: list[Silent] = []
    partners: list[Rule] = []
    unbound: dict[str, list[Silent]] = {}
    for rule, reason in silent:
        ground = _ground(rule, reason, bundle)
        if ground == PARTNER:
            partners.append(rule)
        elif ground == BINDING:
            unbound.setdefault(_in_words(rule, reason, bundle), []).append((rule, reason))
        else:
            alone.append((rule, reason))
    alone += [those[0] for those in unbound.values() if len(those) == 1]
    many = {words: [rule for rule, _ in those] for words, those in unbound.items() if len(those) > 1}
    return alone, [*_of_partners(partners, bundle), *(_together(*one, bundle) for one in many.items())]


def _ground(rule: Rule, reason: Reason, bundle: Bundle) -> str:
    """Say whether a rule is silent because of its partner, because of what binds, or (empty) by itself."""
    if reason.kind == "binding":
        return BINDING
    instrument = bundle.instruments.get(act_of(rule.cites[0]))
    for tree in conjuncts_of(rule.only_if):
        if said(tree) == reason.text:
            calls = calls_in(tree)
            if "binds" in calls and calls <= {"binds", "shown"}:
                return BINDING
            if instrument is not None and instrument.towards and _listed(tree) == {*instrument.towards}:
                return PARTNER
    return ""


def _listed(tree: Tree) -> set[str]:
    """Give the codes of `shown(something in [codes])`."""
    inner = tree[2][0] if tree[0] == "call" and tree[1] == "shown" else tree
    return {*inner[2]} if inner[0] == "in" else set()


def _in_words(rule: Rule, reason: Reason, bundle: Bundle) -> str:
    if reason.kind == "binding":
        act = act_of(rule.cites[0])
        return reason.text.replace(act, bundle.shorts.get(act, act))
    return f"{reason.text}: no" if reason.value is False else f"{reason.text}: not known"


def _of_partners(rules: list[Rule], bundle: Bundle) -> Iterator[str]:
    counts = Counter(bundle.shorts[act_of(rule.cites[0])] for rule in rules)
    if counts:
        named = "; ".join(f"{short} ({count})" for short, count in sorted(counts.items()))
        yield f"Agreements of which the log shows no partner: {_rules(len(rules))}: {named}"


def _together(words: str, rules: list[Rule], bundle: Bundle) -> str:
    named = "; ".join(f"{rule.title or rule.id} [{in_words(rule.cites[0], bundle.shorts)}]" for rule in rules)
    return f"{words}: {_rules(len(rules))}: {named}"


def _rules(count: int) -> str:
    return "1 rule" if count == 1 else f"{count} rules"
