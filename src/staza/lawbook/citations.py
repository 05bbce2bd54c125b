"""Citations: `eu.2008-115/15(6)(a)`, `echr.p4/4`, `zz.rules/52.4`, `ba.aliens/?`, `case.ECLI:…/69`."""

import re
from collections.abc import Mapping

CITATION = re.compile(
    r"^(?P<act>case\.[\w:.]+|[a-z][a-z0-9.\-]*)/(?P<article>\?|\*|\d+(\.\d+)*[a-z]?|annex-\d+|preamble)"
    r"(?P<parts>(\([\w]+\))*)(?P<subparagraph>\.[123])?$"
)


def act_of(cite: str) -> str:
    """Give the instrument that a citation names."""
    return cite.split("/", 1)[0]


def article_of(cite: str) -> str:
    """Give the article with its paragraphs and points."""
    return cite.split("/", 1)[1] if "/" in cite else ""


def is_citation(text: str) -> bool:
    """Say whether a text is written as a citation."""
    return CITATION.match(text) is not None


def in_words(cite: str, shorts: Mapping[str, str]) -> str:
    """Give a citation as a lawyer reads it: `Directive 2008/115 art. 15(6)`.

    A judgment is named by its court and number, with the paragraph where there is one.
    """
    act, article = act_of(cite), article_of(cite)
    short = shorts.get(act) or _named_by_number(act)
    if act.startswith("case."):
        return f"{short} para. {article}" if article else short
    if article == "?":
        return f"{short} (article not read)"
    if article == "preamble":
        return f"{short} preamble"
    return f"{short} rule {article}" if act.startswith("rules") else f"{short} art. {article}"


def _named_by_number(act: str) -> str:
    """Name an act of the Union that the law only refers to: `eu.1182-71` is Regulation 1182/71."""
    found = re.fullmatch(r"eu\.(\d+)-(\d+)", act)
    return f"Regulation {found[1]}/{found[2]}" if found else act
