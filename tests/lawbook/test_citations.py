"""Citations are read as lawyers write them."""

import pytest

from staza.lawbook.citations import in_words, is_citation

SHORTS = {"eu.2008-115": "Directive 2008/115", "case.ECLI:EU:C:1900:1": "Court of Justice, C-1/00"}


@pytest.mark.parametrize(
    ("cite", "words"),
    [
        ("eu.2008-115/15(6)", "Directive 2008/115 art. 15(6)"),
        ("eu.2008-115/?", "Directive 2008/115 (article not read)"),
        ("eu.1182-71/3(4)", "Regulation 1182/71 art. 3(4)"),
        ("zz.rules/41.20", "zz.rules art. 41.20"),
        ("case.ECLI:EU:C:1900:1/69", "Court of Justice, C-1/00 para. 69"),
        ("case.ECLI:EU:C:1900:1", "Court of Justice, C-1/00"),
    ],
)
def test_in_words(cite, words):
    assert in_words(cite, SHORTS) == words


@pytest.mark.parametrize(
    "cite", ["case.ECLI:EU:C:1900:1/69", "echr.p4/4", "eu.2008-115/15(6)(a)", "zz.rules/52.4", "zz.rules/41.20(1)(a)"]
)
def test_is_a_citation(cite):
    assert is_citation(cite)


@pytest.mark.parametrize("cite", ["case.ECLI:EU:C:1900:1", "C-1/00", "article 5", "zz.rules/52.", "zz.rules/.4"])
def test_is_none(cite):
    assert not is_citation(cite)
