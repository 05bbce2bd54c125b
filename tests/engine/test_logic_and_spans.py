"""Three values and uncertain sets of days obey their algebra, judged by enumerating what may be."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from staza.engine import spans as sets
from staza.engine.logic import before, conjunction, disjunction, negation, not_after, same

TRUTHS = (True, False, None)
truths = st.lists(st.sampled_from(TRUTHS), max_size=5)


def completions(values):
    """Every way in which the unknown values can turn out."""
    return product(*[(value,) if value is not None else (True, False) for value in values])


@given(truths)
def test_and_or_are_sound_against_every_completion(values):
    for operation, plain in ((conjunction, all), (disjunction, any)):
        answer = operation(values)
        if answer is not None:
            assert {plain(c) for c in completions(values)} == {answer}


def test_not():
    assert [negation(value) for value in TRUTHS] == [False, True, None]


intervals = st.tuples(st.integers(1, 12), st.integers(0, 5)).map(lambda t: (t[0], t[0] + t[1]))


@given(intervals, intervals)
def test_comparisons_of_days_are_exact_over_every_choice(a, b):
    choices = [(x, y) for x in range(a[0], a[1] + 1) for y in range(b[0], b[1] + 1)]
    for compare, plain in (
        (before, lambda x, y: x < y),
        (not_after, lambda x, y: x <= y),
        (same, lambda x, y: x == y),
    ):
        found = {plain(x, y) for x, y in choices}
        assert compare(a, b) == (found.pop() if len(found) == 1 else None)


stretches = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=4).map(
    lambda pairs: sets.joined((start, start + length) for start, length in pairs)
)


def days(made):
    return {day for start, end in made for day in range(start, end)}


@given(stretches, stretches)
def test_stretches_are_sets_of_days(a, b):
    assert days(sets.overlap_of(a, b)) == days(a) & days(b)
    assert days(sets.minus_of(a, b)) == days(a) - days(b)
    assert days(sets.joined([*a, *b])) == days(a) | days(b)
    assert sets.length(a) == len(days(a))


spans = st.tuples(stretches, stretches).map(
    lambda pair: sets.Spans(sets.overlap_of(*pair), sets.joined([*pair[0], *pair[1]]))
)


@given(spans, spans)
def test_what_is_sure_is_always_possible(a, b):
    for made in (sets.union(a, b), sets.overlap(a, b), sets.minus(a, b), sets.only(a, None)):
        assert days(made.sure) <= days(made.possible)


def test_a_stay_of_unknown_ends_is_sure_in_the_middle_only():
    made = sets.stretch((10, 20), (30, 40))

    assert made == sets.Spans(((20, 30),), ((10, 40),))
    assert sets.holds(made, 25, 25) is True
    assert sets.holds(made, 15, 15) is None
    assert sets.holds(made, 45, 45) is False
