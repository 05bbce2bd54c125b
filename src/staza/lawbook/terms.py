"""Agreements as tables of terms: one rule for all partners becomes a rule for each text that gives the term.

A rule of the law with `for_each: agreement` names a term (`lasts: term(reply)`, `if: term(silence) = consent`). For
each agreement or protocol that gives the term it is read once, with that text's value, article and facts, and only
towards its partners. A protocol goes before the agreement that it implements, for the terms that it gives; a bilateral
text goes behind the agreement that `behind` names, from that one's first day, and fills none of its gaps. `none`: the
text was read and has no such rule, so there is none. `not_read`: an open clause.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from staza.lawbook import schema

TERM = re.compile(r"term\(([a-z_]+)\)")
COMPARED = re.compile(r"term\(([a-z_]+)\) *(!?=) *([a-z_]+)")
NOT_READ, NONE = "not_read", "none"

Written = dict[str, Any]  # a rule as the law writes it
Texts = Mapping[str, schema.InstrumentFile]


class UnknownTermError(ValueError):
    """A term that no agreement gives."""


def read_out(rule: Written, texts: Texts) -> Iterator[Written]:
    """Give the rule for each text that gives its term; raises `UnknownTermError`."""
    named = _names(rule)
    main = _main(rule)
    giving = [text for text in texts.values() if main in text.terms]
    for name in named:
        if not any(name in text.terms for text in texts.values()):
            raise UnknownTermError(name)
    for text in sorted(giving, key=lambda one: one.instrument):
        if text.terms[main].is_ == NONE:
            continue
        partners = [one for one in text.towards if not _goes_first(one, main, text, texts)]
        if partners:
            made = _one(rule, main, text, partners, texts)
            if made is not None:
                yield made


def _main(rule: Written) -> str:
    """Give the term whose text the rule is: the length, else the first that it names."""
    for key in ("lasts", "every", "if", "requires", "at_most", "at_least", "for_term"):
        found = TERM.search(str(rule.get(key, "")))
        if found:
            return found[1]
    return str(rule.get("for_term", ""))


def _names(rule: Written) -> set[str]:
    return set(TERM.findall(str(rule))) | ({rule["for_term"]} if "for_term" in rule else set())


def _goes_first(partner: str, term: str, text: schema.InstrumentFile, texts: Texts) -> bool:
    """Say whether towards a partner another text gives the term before this one."""
    return any(
        partner in other.towards and text.instrument in other.implements and term in other.terms
        for other in texts.values()
    )


def _one(
    rule: Written,
    main: str,
    text: schema.InstrumentFile,
    partners: list[str],
    texts: Texts,
) -> Written | None:
    term = text.terms[main]
    made = {key: value for key, value in rule.items() if key not in ("for_each", "for_term")}
    made["id"] = f"{rule['id']}.{text.instrument}"
    conditions = [f"partner in [{', '.join(sorted(partners))}]" if len(partners) > 1 else f"partner = {partners[0]}"]
    for behind in text.behind:
        conditions.append(f"not binds({behind})")
    if "if" in rule:
        said = _compared(str(rule["if"]), text, texts)
        if said is None:
            return None
        conditions += [said] if said != "true" else []
    made["if"] = " and ".join(conditions)
    for key in ("lasts", "every"):
        if TERM.search(str(rule.get(key, ""))):
            made[key] = TERM.sub(lambda found: str(text.terms[found[1]].is_), str(rule[key]))
    if term.first_day or (text.counting and "first_day" not in rule and _is_period(term)):
        first = term.first_day or (text.counting.first_day if text.counting else "not")
        if first != "not":
            made["first_day"] = first
    if "after" in rule:
        giver = _giver(text, texts)
        made["after"] = re.sub(r"\(([\w.]+)\)", lambda found: f"({found[1]}.{giver})", rule["after"])
    made["cites"] = [f"{text.instrument}/{article}" for article in term.article]
    made["facts"] = [*term.facts]
    made["differs"] = term.differs or made.get("differs")
    return {key: value for key, value in made.items() if value is not None}


def _is_period(term: schema.Term) -> bool:
    return bool(re.match(r"\d", term.is_)) and " before " not in term.is_


def _giver(text: schema.InstrumentFile, texts: Texts) -> str:
    """Give the text whose reply period an effect of silence follows: its own, else that of the text it implements."""
    if "reply" in text.terms:
        return text.instrument
    for other in texts.values():
        if other.instrument in text.implements and "reply" in other.terms:
            return other.instrument
    return text.instrument


def _compared(condition: str, text: schema.InstrumentFile, texts: Texts) -> str | None:
    """Put what the texts say into a condition: true, false (None: the rule falls away) or not known."""

    def value(found: re.Match[str]) -> str:
        given = text.terms.get(found[1])
        if given is None:
            given = next((o.terms[found[1]] for o in texts.values() if o.instrument in text.implements
                          and found[1] in o.terms), None)  # fmt: skip
        if given is None or given.is_ == NOT_READ:
            return "unknown"
        return "true" if (given.is_ == found[3]) is (found[2] == "=") else "false"

    said = COMPARED.sub(value, condition)
    if said == "false":
        return None
    return said.replace("true and ", "").replace(" and true", "")
