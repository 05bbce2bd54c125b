"""Hours are counted between instants where the time of day is recorded, else with whole days."""

from dataclasses import replace

import pytest
from conftest import event, log, ordinal, state

from staza.engine import evaluate
from staza.engine.instants import instant, instants, local_days, written
from staza.engine.types import Limit, Opening
from staza.lawbook.bundle import law_of
from staza.lawbook.casefile import read_case

REASONS, CELL = "convention.reasons.prompt", "convention.custody.child_in_a_cell"


def verdicts(made, rule):
    return [f.verdict for f in made.findings if f.rule == rule]


def told(bundle, *times):
    """Held on 10 January, told why on another day; the times of day of the two."""
    (held, held_at), (why, why_at) = times
    clock = lambda time: {"time": time} if time else {}  # noqa: E731
    return state(bundle, log(
        event(held, "detention_started", ground="removal", **clock(held_at)),
        event(why, "reasons_explained", **clock(why_at)),
        as_of="2019-03-01",
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("why", "why_at", "verdict"),
    [
        ("2019-01-11", "09:59", []),
        ("2019-01-11", "10:00", ["concern"]),
        ("2019-01-13", "09:59", ["concern"]),
        ("2019-01-13", "10:00", ["breach"]),
    ],
)
def test_a_benchmark_in_hours_is_compared_to_the_minute(bundle, why, why_at, verdict):
    made = told(bundle, ("2019-01-10", "10:00"), (why, why_at))

    assert verdicts(made, REASONS) == verdict


@pytest.mark.parametrize(("held_at", "why_at"), [(None, None), ("10:00", None), (None, "09:59")])
def test_without_both_times_whole_days_are_compared(bundle, held_at, why_at):
    made = told(bundle, ("2019-01-10", held_at), ("2019-01-13", why_at))

    assert verdicts(made, REASONS) == ["breach"]


@pytest.mark.parametrize(("until", "verdict"), [("15:59", []), ("16:00", ["breach"])])
def test_a_stay_is_compared_to_the_minute(bundle, until, verdict):
    person = {"ref": "p1", "minor": True, "unaccompanied": False}
    made = state(bundle, log(
        event("2019-01-10", "detention_started", facility="police_station", time="08:00"),
        event("2019-01-11", "released", time=until),
        persons=[person], context={"conditions_suited_to_children": False}, as_of="2019-03-01",
    ))  # fmt: skip

    assert verdicts(made, CELL) == verdict


@pytest.mark.parametrize(
    ("start", "act", "status", "due"),
    [
        ("10:00", ("2019-01-13", "10:00"), ("met",), "2019-01-13T10:00:00+02:00"),
        ("10:00", ("2019-01-13", "10:01"), ("met_late",), "2019-01-13T10:00:00+02:00"),
        ("10:00", ("2019-01-13", None), ("met_late", "met"), "2019-01-13T10:00:00+02:00"),
        (None, ("2019-01-13", None), ("met_late", "met"), "2019-01-13T23:59:00+02:00"),
        (None, ("2019-01-14", None), ("met_late",), "2019-01-13T23:59:00+02:00"),
        ("10:00", None, ("missed",), "2019-01-13T10:00:00+02:00"),
    ],
)
def test_a_limit_in_hours_ends_at_an_instant(bundle, start, act, status, due):
    """The rule is the one on reasons, with a limit of 72 hours in place of its benchmark."""
    law = law_of(bundle, "Bulgaria")
    limit = replace(
        law.rule(REASONS),
        concern_from=None,
        breach_from=None,
        limits=(Limit(["period", 72, "hours"], ["name", "start"]),),
        pending_counts=True,
        unless=(),
        on=(Opening("reasons_explained"),),
    )
    law = replace(law, rules=(limit,), by_id={limit.id: limit})
    entries = [event("2019-01-10", "detention_started", **({"time": start} if start else {}))]
    if act:
        entries.append(event(act[0], "reasons_explained", **({"time": act[1]} if act[1] else {})))
    file = read_case(log(*entries, as_of="2019-03-01"), bundle, where="log")

    (clock,) = evaluate(file.histories[0], law, as_of=file.as_of).clocks

    assert set(clock.status) == set(status)
    assert written(clock.due_at[1], law.zone) == due


def test_a_day_of_a_zone_may_have_23_or_25_hours():
    spring, autumn = ordinal("2019-03-31"), ordinal("2019-10-27")

    assert instant(spring + 1, 0, "Europe/Sarajevo") - instant(spring, 0, "Europe/Sarajevo") == 23 * 60
    assert instant(autumn + 1, 0, "Europe/Sarajevo") - instant(autumn, 0, "Europe/Sarajevo") == 25 * 60
    assert written(instant(spring, 0, "Europe/Sarajevo") + 24 * 60, "Europe/Sarajevo") == "2019-04-01T01:00:00+02:00"


@pytest.mark.parametrize("days", [(1, 1), (3_652_059, 3_652_059), (1, 3_652_059), (737150, 737151)])
def test_every_day_has_instants_and_every_instant_a_day(days):
    first, last = local_days(instants(days, None, "Europe/Sarajevo"), "Europe/Sarajevo")

    assert abs(first - days[0]) <= 1
    assert abs(last - days[1]) <= 1
