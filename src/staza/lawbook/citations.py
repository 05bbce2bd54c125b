"""Citations: `eu.2008-115/15(6)(a)`, `echr.p4/4`, `zz.court/54.7A(3)`, `zz.act/12bis`, `ba.aliens/?`, `case.ECLI:…/69`.

The number of an article may have points and, behind each part, letters: capital or small, or `bis`, `ter` and so on.
"""

import re
from collections.abc import Mapping

_NUMBER = r"\d+([A-Za-z]{1,3}|quater|quinquies|sexies|septies|octies|nonies|decies)?"
#: The forms of a citation, as a message shows them.
FORMS = (
    "`eu.2008-115/15(6)(a)`, `zz.court/52.4`, `zz.court/54.7A(3)`, `zz.act/11A(2)`, `zz.act/12bis`, `zz.act/annex-1` "
    "or `zz.act/?` (not read)"
)
CITATION = re.compile(
    rf"^(?P<act>case\.[\w:.]+|[a-z][a-z0-9.\-]*)/(?P<article>\?|\*|{_NUMBER}(\.{_NUMBER})*|annex-\d+|preamble)"
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


def order_of(article: str) -> list[tuple[bool, int, str]]:
    """Give what articles are sorted by: numbers as numbers, 11(2) before 11A and 54.7A before 54.10."""
    parts = re.findall(r"(\d+)|(\D+)", article)
    return [(bool(number), int(number or 0), text) for number, text in parts]


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
