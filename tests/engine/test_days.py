"""Legal time: from a day and a period to the last day in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.periods import last_day_in_time

from staza.engine.days import Calendar, add_months, due_day, due_days
from staza.engine.logic import EARLIEST, LATEST


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def due(start: str, amount: int, unit: str, regime: str = "plain", holidays: tuple[str, ...] = ()) -> tuple[str, str]:
    years = frozenset(range(1990, 2031))
    places = Calendar("XX", frozenset(day(h) for h in holidays), years)
    first, last = due_day(day(start), (amount, unit), regime, places)
    return date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()


CASES = [
    ("2006-11-03", 18, "months", "liberty", "2008-05-03"),  # a Saturday: a limit on liberty never rolls
    ("2019-08-31", 6, "months", "liberty", "2020-02-29"),  # the last day of a month without that day
    ("2018-08-31", 6, "months", "liberty", "2019-02-28"),
    ("2015-03-23", 6, "months", "dublin", "2015-09-23"),
    ("2018-12-05", 4, "weeks", "1182-71", "2019-01-02"),
    ("2016-04-14", 2, "weeks", "dublin", "2016-04-28"),
    ("2020-02-28", 1, "days", "plain", "2020-02-29"),
    ("2020-02-28", 1, "days", "rolling", "2020-03-02"),  # a Saturday; one day may roll
    ("2020-02-27", 2, "days", "rolling", "2020-03-02"),  # and two need not hold two working days
    ("2020-02-29", 1, "years", "plain", "2021-02-28"),
    ("2022-04-10", 6, "months", "1182-71", "2022-10-10"),
    ("2022-04-08", 6, "months", "1182-71", "2022-10-10"),  # 8 October 2022 is a Saturday: Reg. 1182/71 art. 3(4)
]


@pytest.mark.parametrize(("start", "amount", "unit", "regime", "expected"), CASES)
def test_last_day_in_time(start, amount, unit, regime, expected):
    """The day of the event is not counted; months end on the same number or the last day of the month."""
    assert due(start, amount, unit, regime) == (expected, expected)


def test_a_holiday_moves_the_end_to_the_next_working_day():
    """Regulation 1182/71 art. 3(4): notified Monday 2 March, eight days end on a holiday, Tuesday 10 March."""
    assert due("2026-03-02", 8, "days", "1182-71", ("2026-03-10",)) == ("2026-03-11", "2026-03-11")


def test_two_days_or_more_hold_two_working_days():
    """Regulation 1182/71 art. 3(5): from Friday, three days end on Tuesday, when the second working day ends."""
    assert due("2026-03-06", 3, "days", "1182-71") == ("2026-03-10", "2026-03-10")


def test_working_days_leave_out_weekends_and_holidays():
    """Regulation 1182/71 art. 2(2)."""
    assert due("2026-03-06", 3, "working_days", "1182-71", ("2026-03-09",)) == ("2026-03-12", "2026-03-12")


def test_working_days_count_backwards():
    assert due("2026-03-11", -2, "working_days") == ("2026-03-09", "2026-03-09")


def test_a_year_without_calendar_gives_an_interval():
    first, last = due_day(
        day("2029-12-28"), (3, "working_days"), "1182-71", Calendar("XX", frozenset(), frozenset({2029}))
    )

    assert (first, last) == (day("2030-01-02"), day("2030-01-16"))


@given(st.integers(0, 730), st.sampled_from([("months", 6), ("weeks", 4), ("days", 28), ("years", 1)]))
def test_the_last_day_itself_is_in_time_and_the_next_is_not(offset, period):
    """Swept over every day of two years: the end is never before the start and moves with it."""
    start = date(2019, 1, 1) + timedelta(days=offset)
    unit, amount = period
    first, _ = due_day(start.toordinal(), (amount, unit), "plain", Calendar())
    later, _ = due_day(start.toordinal() + 1, (amount, unit), "plain", Calendar())

    assert start.toordinal() < first <= later <= first + 4  # four: from the end of February to the end of August


@given(st.integers(EARLIEST, LATEST), st.integers(-200_000, 200_000))
def test_months_never_leave_the_calendar(start, months):
    assert EARLIEST <= add_months(start, months) <= LATEST


def test_an_uncertain_start_gives_an_interval():
    assert due_days((day("2014-08-01"), day("2014-08-31")), (1, "months"), "plain", Calendar()) == (
        day("2014-09-01"),
        day("2014-09-30"),
    )


def test_two_working_days_that_reach_into_a_year_without_calendar_give_an_interval():
    """From Saturday 29 December 2029, two days end on Monday; the second working day is of a year without calendar."""
    until_2029 = Calendar("XX", frozenset(), frozenset({2029}))

    assert due_day(day("2029-12-29"), (2, "days"), "1182-71", until_2029) == (day("2030-01-01"), day("2030-01-15"))


MOON = Calendar(
    "XX", frozenset(), frozenset(range(1990, 2031)), unsure=frozenset({day("2027-03-09"), day("2027-03-10")})
)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "regime", "expected"),
    [
        ("2027-03-02", 7, "days", "1182-71", ("2027-03-09", "2027-03-11")),  # it may be free, and the next day too
        ("2027-03-02", 6, "days", "1182-71", ("2027-03-08", "2027-03-08")),  # the end meets no such day
        ("2027-03-03", 8, "days", "1182-71", ("2027-03-11", "2027-03-11")),  # nor when they lie inside
        ("2027-03-05", 2, "working_days", "plain", ("2027-03-09", "2027-03-11")),
        ("2027-03-12", -3, "working_days", "plain", ("2027-03-05", "2027-03-09")),
        ("2027-03-08", 2, "days", "1182-71", ("2027-03-10", "2027-03-12")),  # art. 3(5) counts working days too
        ("2027-03-02", 7, "days", "dublin", ("2027-03-09", "2027-03-09")),
        ("2027-03-02", 7, "days", "liberty", ("2027-03-09", "2027-03-09")),
        ("2027-03-02", 168, "hours", "1182-71", ("2027-03-09", "2027-03-09")),
    ],
)
def test_a_day_that_may_be_free_gives_an_interval(start, amount, unit, regime, expected):
    """Regulation 1182/71 arts 3(4) and 3(5): without the holiday, with it."""
    first, last = due_day(day(start), (amount, unit), regime, MOON)

    assert (date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()) == expected


FROM = day("2027-01-01")
a_period = st.one_of(
    st.tuples(st.integers(1, 40), st.sampled_from(["days", "working_days"])),
    st.tuples(st.integers(-10, -1), st.just("working_days")),
    st.tuples(st.integers(1, 4), st.sampled_from(["weeks", "months"])),
)
some_days = st.frozensets(st.integers(FROM, FROM + 60), max_size=5)


@given(
    st.integers(FROM, FROM + 40),
    a_period,
    some_days,
    some_days,
    st.sampled_from(["1182-71", "rolling", "dublin", "plain"]),
)
def test_every_choice_of_the_unsure_days_lies_in_the_interval_and_both_ends_are_reached(
    start, period, holidays, unsure, regime
):
    """No choice of the days that may be free ends outside, and the interval is no wider than the choices."""
    years = frozenset({2026, 2027})
    choices = [
        frozenset(day for n, day in enumerate(sorted(unsure)) if mask >> n & 1) for mask in range(2 ** len(unsure))
    ]
    ends = [due_day(start, period, regime, Calendar("XX", holidays | free, years)) for free in choices]

    assert due_day(start, period, regime, Calendar("XX", holidays, years, unsure=unsure)) == (
        min(end[0] for end in ends),
        max(end[1] for end in ends),
    )


@given(st.integers(FROM, FROM + 40), st.integers(0, 5), a_period, some_days, some_days)
def test_unsure_days_are_read_as_the_naive_evaluator_reads_them(start, width, period, holidays, unsure):
    places = Calendar("XX", holidays, frozenset({2027}), unsure=unsure)

    assert due_days((start, start + width), period, "1182-71", places) == last_day_in_time(
        (start, start + width), period, "1182-71", places
    )


def test_an_end_on_a_free_day_may_move_where_nobody_read_the_rule():
    """Ten days from Wednesday 9 October 2024 end on a Saturday; from Thursday on a Sunday, from Friday on a Monday."""
    places = Calendar("X", years=frozenset({2024}))
    ends = [due_day(date(2024, 10, day).toordinal(), (10, "days"), "maybe-rolling", places) for day in (9, 10, 11)]

    assert [[date.fromordinal(one).day for one in end] for end in ends] == [[19, 21], [20, 21], [21, 21]]
