"""Agreements as tables of terms: one rule for all partners becomes a rule for each text that gives the term.

A rule of the law with `for_each: agreement` names a term (`lasts: term(reply)`, `if: term(silence) = consent`). For
each agreement or protocol that gives the term it is read once, with that text's value, article and facts, and only
towards its partners. A protocol goes before the agreement that it implements, for the terms that it gives, and a
bilateral text behind the agreement that `behind` names, from the first day of what goes first; no gap of a text is
filled from one behind it. `none`: the text was read and has no such rule, so there is none. `not_read`: an open clause.
`its_partner` in a condition is: the partner, as the subject records it, is one of this text's; a rule with `partner:
any` says itself where it applies. A code that only a protocol to the text gives holds towards its partners, while it
binds. The clock of another such rule (`lapsed(readmission.reply)`) is that of the same text, else of the one that it
implements.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from staza.lawbook import schema

TERM = re.compile(r"term\(([a-z_]+)\)")
COMPARED = re.compile(r"term\(([a-z_]+)\) *(!?=) *([a-z_]+)")
CLOCK = re.compile(r"\b(lapsed|running|due)\(([\w.]+\.([a-z_]+))\)")
IT_BINDS = re.compile(r"\bit_binds\b")  # in `late`: this text binds on the day
GOES_FIRST = re.compile(r"\bgoes_first\b")  # in `late`: no text that goes before this one binds on the day
NOT_READ, NONE = "not_read", "none"
ITS_PARTNER = re.compile(r"\bits_partner\b")
ANY_PARTNER = "any"  # of `partner`: the rule itself says towards whom it applies
CONDITIONS = ("if", "requires", "starts")  # where codes, periods and `its_partner` are put in
READS_CLOCKS = ("after", "if", "while", "requires", "starts")

Written = dict[str, Any]  # a rule as the law writes it
Texts = Mapping[str, schema.InstrumentFile]


class UnknownTermError(ValueError):
    """A term that no agreement gives."""


def read_out(rule: Written, texts: Texts) -> Iterator[Written]:
    """Give the rule for each text that gives its term; raises `UnknownTermError`."""
    main = _main(rule)
    for name in sorted(_names(rule)):
        if not any(name in text.terms for text in texts.values()):
            raise UnknownTermError(name)
    for text in sorted(texts.values(), key=lambda one: one.instrument):
        if main in text.terms and text.terms[main].is_ != NONE and text.towards:
            made = _one(rule, main, text, texts)
            if made is not None:
                yield made


def same_rank(texts: Texts) -> Iterator[tuple[str, str, str, str]]:
    """Give two texts, a term and a partner, where both give the term and neither goes before the other."""
    ordered = sorted(texts.values(), key=lambda one: one.instrument)
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            partners = sorted(set(one.towards) & set(other.towards))
            terms = sorted(one.terms.keys() & other.terms.keys())
            if partners and terms and not (_is_ranked(one, other) or _is_ranked(other, one)):
                yield one.instrument, other.instrument, terms[0], partners[0]


def _is_ranked(first: schema.InstrumentFile, second: schema.InstrumentFile) -> bool:
    """Say whether the first goes before the second: it implements it, or the second stands behind it or its own."""
    return second.instrument in first.implements or bool({first.instrument, *first.implements} & {*second.behind})


def _main(rule: Written) -> str:
    """Give the term whose text the rule is: the one it says, else the length, else the first that it names."""
    if "for_term" in rule:
        return str(rule["for_term"])
    for key in ("lasts", "every", "if", "requires", "at_most", "at_least"):
        found = TERM.search(str(rule.get(key, "")))
        if found:
            return found[1]
    return ""


def _names(rule: Written) -> set[str]:
    return set(TERM.findall(str(rule))) | ({rule["for_term"]} if "for_term" in rule else set())


def _one(rule: Written, main: str, text: schema.InstrumentFile, texts: Texts) -> Written | None:
    term = text.terms[main]
    if term.is_ == NOT_READ and "for_term" in rule:
        return None  # what nobody read is asked by its clock, and says nothing else
    made = {key: value for key, value in rule.items() if key not in ("for_each", "for_term", "partner")}
    made["id"] = f"{rule['id']}.{text.instrument}"
    says = str(rule.get("partner", "partner"))
    conditions = [] if says == ANY_PARTNER else [_towards(text.towards, says)]
    conditions += _goes_first(main, text, texts, says)
    conditions += [f"({term.only})"] if term.only else []
    for key in CONDITIONS:
        if key in rule:
            said = _compared(str(rule[key]), text, texts)
            if said is None or (said == "unknown" and "effect" in rule):
                return None
            made[key] = _its_values(said, text)
    conditions += [f"({made['if']})"] if made.get("if", "true") != "true" else []
    made["if"] = " and ".join(conditions) or "true"
    for key in ("lasts", "every"):
        if TERM.search(str(rule.get(key, ""))):
            made[key] = _its_values(str(rule[key]), text)
    if "earliest_of" in rule:
        made["earliest_of"] = [_its_values(str(each), text) for each in rule["earliest_of"]]
    if "extended" in rule:
        made["extended"] = [one for each in rule["extended"] if (one := _extension(each, text, texts)) is not None]
    if "late" in rule:
        ahead = " and ".join(_goes_first("", text, texts, says)) if text.behind else "true"
        put_in = {v: IT_BINDS.sub(f"binds({text.instrument})", str(when)) for v, when in rule["late"].items()}
        told = {v: _compared(GOES_FIRST.sub(f"({ahead})", when), text, texts) for v, when in put_in.items()}
        made["late"] = {verdict: when for verdict, when in told.items() if when is not None}
    first = term.first_day or (text.counting.first_day if text.counting and _is_period(term) else None)
    if first in ("counts", "open"):
        made.setdefault("first_day", first)
    if term.calendar:
        made["calendar"] = term.calendar
    if text.counting and text.counting.regime != "plain" and _is_period(term):
        made.setdefault("regime", text.counting.regime)
    for key in READS_CLOCKS:
        if key in made:
            made[key] = CLOCK.sub(lambda f: f"{f[1]}({f[2]}.{_giver(f[3], text, texts)})", str(made[key]))
    given = [term, *(text.terms[n] for n in sorted(_names(rule) - {main}) if n in text.terms)]
    made["cites"] = list(dict.fromkeys(f"{text.instrument}/{article}" for one in given for article in one.article))
    made["facts"] = list(dict.fromkeys(fact for one in given for fact in one.facts))
    made["differs"] = term.differs or made.get("differs")
    made["asks"] = term.asks or None
    return {key: value for key, value in made.items() if value is not None}


def _towards(partners: list[str], says: str) -> str:
    """Give the condition that the partner is known to be one of these: who it is is asked elsewhere, once."""
    return f"shown({says} in [{', '.join(repr(one) for one in sorted(partners))}])"


def _its_values(said: str, text: schema.InstrumentFile) -> str:
    """Put the periods of a text and its partners into an expression."""
    said = ITS_PARTNER.sub(_towards(text.towards, "partner"), said)
    return TERM.sub(lambda found: str(text.terms[found[1]].is_) if found[1] in text.terms else found[0], said)


def _goes_first(term: str, text: schema.InstrumentFile, texts: Texts, says: str) -> Iterator[str]:
    """Give the conditions that no text which goes first binds: a protocol that gives the term, or one ahead of all.

    A text that goes before another one has to bind itself, on the same day, so that exactly one of them speaks.
    """
    if text.implements or any(text.instrument in other.behind for other in texts.values()):
        yield f"binds({text.instrument})"
    for other in sorted(texts.values(), key=lambda one: one.instrument):
        ahead = other.instrument in text.behind or (text.instrument in other.implements and term in other.terms)
        shared = [one for one in text.towards if one in other.towards]
        if ahead and shared == [*text.towards]:
            yield f"not binds({other.instrument})"
        elif ahead and shared:
            yield f"not ({_towards(shared, says)} and binds({other.instrument}))"


def _extension(each: Written, text: schema.InstrumentFile, texts: Texts) -> Written | None:
    """Give what lengthens a clock as the text has it: nothing without the term, no end to it where it was not read."""
    valid = _compared(str(each.get("valid", "true")), text, texts)
    if valid is None:
        return None
    each = {**each, "valid": valid} if valid != "true" else each
    found = TERM.search(str(each.get("up_to", "")))
    if not found:
        return each
    given = text.terms.get(found[1])
    if given is None or given.is_ == NONE:
        return None
    rest = {key: value for key, value in each.items() if key != "up_to"}
    return rest if given.is_ == NOT_READ else {**rest, "up_to": given.is_}


def _is_period(term: schema.Term) -> bool:
    return bool(re.match(r"\d", term.is_)) and " before " not in term.is_


def _giver(term: str, text: schema.InstrumentFile, texts: Texts) -> str:
    """Give the text whose clock is meant: this one where it gives the term, else the one that it implements."""
    if term not in text.terms:
        for other in texts.values():
            if other.instrument in text.implements and term in other.terms:
                return other.instrument
    return text.instrument


def _protocols(term: str, code: str, text: schema.InstrumentFile, texts: Texts) -> str:
    """Give the condition that a protocol to the text, which gives a term as a code, binds towards the partner."""
    ordered = sorted(texts.values(), key=lambda one: one.instrument)
    giving = [o for o in ordered if text.instrument in o.implements and term in o.terms and o.terms[term].is_ == code]
    held = " or ".join(f"{_towards(one.towards, 'partner')} and binds({one.instrument})" for one in giving)
    return f"({held})" if held else ""


def _compared(condition: str, text: schema.InstrumentFile, texts: Texts) -> str | None:
    """Put what the texts say into a condition: true, false (None: the rule falls away) or not known."""

    def value(found: re.Match[str]) -> str:
        given = text.terms.get(found[1])
        if given is None:
            given = next((o.terms[found[1]] for o in texts.values() if o.instrument in text.implements
                          and found[1] in o.terms), None)  # fmt: skip
        if given is None and (those := _protocols(found[1], found[3], text, texts)):
            return those if found[2] == "=" else f"not {those}"
        if given is None or given.is_ == NOT_READ:
            return "unknown"
        if given.only and given.is_ == found[3]:
            return f"({given.only})" if found[2] == "=" else f"not ({given.only})"
        return "true" if (given.is_ == found[3]) is (found[2] == "=") else "false"

    said = COMPARED.sub(value, condition)
    if said == "false":
        return None
    return said.replace("true and ", "").replace(" and true", "")
