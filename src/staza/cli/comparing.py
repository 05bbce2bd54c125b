"""`staza law compare STATE ACT`: what national law makes of an act of the Union, as a table or as JSON."""

import json
from typing import Any

from staza.engine.types import Rule
from staza.lawbook.bundle import Bundle
from staza.lawbook.citations import in_words
from staza.lawbook.comparing import Row, compare
from staza.lawbook.coverage import values_of
from staza.lawbook.errors import StazaError
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import Sources

WORDS = {
    "same": "the same", "longer": "longer", "shorter": "shorter", "other_unit": "another unit",
    "no_value": "no figure to compare", "missing": "missing", "not_read": "not read",
}  # fmt: skip


def show_comparison(bundle: Bundle, sources: Sources, state: str, acts: list[str], *, as_json: bool) -> int:
    """Print the comparison of a State's law with acts of the Union; the State by name or code."""
    name = _state(bundle, state)
    rows = {act: compare(bundle, sources, name, _act(bundle, act)) for act in acts}
    if as_json:
        print(
            json.dumps([_answer(bundle, name, act, made) for act, made in rows.items()], ensure_ascii=False, indent=1)
        )
        return 0
    for act, made in rows.items():
        print(f"{name} and {bundle.instruments[act].short}")
        for row in made:
            print(f"  {in_words(row.provision, bundle.shorts):<34} {WORDS[row.difference]}: {row.words}")
            for rule in row.national:
                print(f"      {rule.id} [{', '.join(in_words(c, bundle.shorts) for c in rule.cites)}]")
            if row.question:
                print(f"      question: {row.question}")
    return 0


def _answer(bundle: Bundle, state: str, act: str, rows: list[Row]) -> dict[str, Any]:
    return {
        "state": state,
        "act": act,
        "rows": [
            {
                "provision": row.provision,
                "provision_in_words": in_words(row.provision, bundle.shorts),
                "gist": row.gist,
                "union": [_rule(rule) for rule in row.union],
                "national": [_rule(rule) for rule in row.national],
                "difference": row.difference,
                "words": row.words,
                "question": row.question or None,
            }
            for row in rows
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    values = sorted(values_of(rule), key=str)
    return {
        "rule": rule.id,
        "kind": rule.kind,
        "cites": list(rule.cites),
        "facts": list(rule.facts),
        "values": [{"value": amount, "unit": unit, "bound": bound} for amount, unit, bound in values],
        "read": rule.verified and not any(limit.is_open for limit in rule.limits),
    }


def _state(bundle: Bundle, text: str) -> str:
    codes = {code: name for name, (code, _) in bundle.states.items()}
    name = codes.get(text.upper()) or bundle.names.get(text)
    if name is None:
        raise StazaError(
            f"The State `{text}` is not known.",
            "law compare",
            "It is in law/vocabularies/states.yaml under no name and no code.",
            did_you_mean(text, [*bundle.names, *codes]) or "Write its code, such as BA.",
        )
    return name


def _act(bundle: Bundle, text: str) -> str:
    if text not in bundle.instruments:
        raise StazaError(
            f"The act `{text}` is not known.",
            "law compare",
            "No file of law/instruments has it.",
            did_you_mean(text, bundle.instruments) or "Write it as rules cite it, such as eu.2013-32.",
        )
    return text
