"""Citations are read as lawyers write them."""

import re

import pytest

from staza.lawbook.citations import FORMS, in_words, is_citation, order_of

SHORTS = {"eu.2008-115": "Directive 2008/115", "case.ECLI:EU:C:1900:1": "Court of Justice, C-1/00"}


@pytest.mark.parametrize(
    ("cite", "words"),
    [
        ("eu.2008-115/15(6)", "Directive 2008/115 art. 15(6)"),
        ("eu.2008-115/?", "Directive 2008/115 (article not read)"),
        ("eu.1182-71/3(4)", "Regulation 1182/71 art. 3(4)"),
        ("zz.rules/41.20", "zz.rules art. 41.20"),
        ("zz.court/54.7A(3)", "zz.court art. 54.7A(3)"),
        ("case.ECLI:EU:C:1900:1/69", "Court of Justice, C-1/00 para. 69"),
        ("case.ECLI:EU:C:1900:1", "Court of Justice, C-1/00"),
    ],
)
def test_in_words(cite, words):
    assert in_words(cite, SHORTS) == words


LETTERED = ["gb.cpr/54.7A(3)", "gb.act/11A(2)", "gb.act/3ZA", "gb.act/54a", "x.y/12bis", "x.y/12quater(1)", "x.y/2A.1"]


@pytest.mark.parametrize("cite", LETTERED)
def test_an_article_may_have_letters_behind_its_numbers(cite):
    assert is_citation(cite)


def test_articles_are_ordered_by_their_numbers_and_then_their_letters():
    ordered = ["?", "annex-1", "2", "11", "11(2)", "11(10)", "11A", "11A(2)", "11B", "12", "12bis", "54.7", "54.7A(3)",
               "54.10"]  # fmt: skip

    assert sorted(set(ordered), key=order_of) == ordered


@pytest.mark.parametrize(
    "cite", ["case.ECLI:EU:C:1900:1/69", "echr.p4/4", "eu.2008-115/15(6)(a)", "zz.rules/52.4", "zz.rules/41.20(1)(a)"]
)
def test_is_a_citation(cite):
    assert is_citation(cite)


@pytest.mark.parametrize(
    "cite",
    [
        "case.ECLI:EU:C:1900:1",
        "C-1/00",
        "article 5",
        "zz.rules/52.",
        "zz.rules/.4",
        "zz.act/A11",
        "zz.act/12and13",
        "zz.act/11 A",
        "zz.act/11A.",
        "zz.act/section-4",
    ],
)
def test_is_none(cite):
    assert not is_citation(cite)


def test_the_forms_that_a_message_shows_are_citations():
    shown = re.findall(r"`([^`]+)`", FORMS)

    assert len(shown) > 4
    assert all(is_citation(one) for one in shown)
