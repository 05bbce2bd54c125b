"""Forms of limits that national law needs, each on a rule of its own: what the law writes, and the day that follows."""

from dataclasses import replace

import pytest
from conftest import event, log, ordinal

from staza.engine import evaluate
from staza.engine.explain import explain
from staza.engine.types import Limit, Opening, Practice, Rule
from staza.lawbook.bundle import law_of
from staza.lawbook.casefile import read_case

PLAIN = Rule(
    "trial",
    "window",
    (),
    ("eu.2008-115/13(1)",),
    per="returns.decision",
    on=(Opening("appeal_lodged"),),
    finding="none",
)


def period(amount, unit="days", **more):
    return (Limit(["period", amount, unit], more.pop("starts", ["name", "start"]), **more),)


def state(bundle, rule, *entries, as_of="2019-12-31", state="Bulgaria"):
    law = law_of(bundle, state)
    law = replace(law, rules=(rule,), by_id={rule.id: rule})
    file = read_case(log(*entries, as_of=as_of, state=state), bundle, where="log")
    return evaluate(file.histories[0], law, as_of=file.as_of)


def due(*days):
    return tuple(ordinal(day) for day in days)


DECIDED = event("2019-03-01", "return_decision_issued")


def test_a_period_before_a_day_counts_backwards_over_working_days(bundle):
    """Monday 11 March less two working days is Thursday 7 March; told on Friday is too late."""
    rule = replace(
        PLAIN, kind="deadline", finding="breach", on=(Opening("removal_intention_notified"),),
        limits=period(2, "working_days", starts=["call", "first", [["name", "removal_attempted"]]], backwards=True),
    )  # fmt: skip
    attempted = event("2019-03-11", "removal_attempted")
    late = state(bundle, rule, DECIDED, event("2019-03-08", "removal_intention_notified"), attempted)
    in_time = state(bundle, rule, DECIDED, event("2019-03-07", "removal_intention_notified"), attempted)

    assert late.clocks[0].due == due("2019-03-07", "2019-03-07")
    assert [f.verdict for f in late.findings] == ["breach"]
    assert (in_time.clocks[0].status, in_time.findings) == (("met",), ())


def test_where_sources_differ_the_end_lies_between(bundle):
    rule = replace(PLAIN, limits=period(14, or_else=(15, "days")))
    made = state(bundle, rule, DECIDED, event("2019-03-16", "appeal_lodged"))

    assert made.clocks[0].due == due("2019-03-15", "2019-03-16")
    assert set(made.clocks[0].status) == {"met", "met_late"}


@pytest.mark.parametrize(
    ("first_day", "days"),
    [
        ("", ("2019-03-21", "2019-03-21")),
        ("counts", ("2019-03-20", "2019-03-20")),
        ("open", ("2019-03-20", "2019-03-21")),
    ],
)
def test_whether_the_first_day_counts(bundle, first_day, days):
    made = state(bundle, replace(PLAIN, limits=period(20, first_day=first_day)), DECIDED)

    assert made.clocks[0].due == due(*days)


def test_a_length_that_nobody_read_gives_no_day_and_one_question(bundle):
    rule = replace(PLAIN, limits=(Limit(["not_read"], ["name", "start"]),))
    made = state(bundle, rule, DECIDED)
    met = state(bundle, rule, DECIDED, event("2019-03-08", "appeal_lodged"))

    assert (made.clocks[0].status, made.clocks[0].due) == (("unknown",), None)
    assert [(f.verdict, f.missing, f.owner) for f in made.findings] == [("question", ("clause.trial",), "legal")]
    assert (met.clocks[0].status, met.findings) == (("unknown",), ())


def test_a_late_act_is_admitted_when_the_lapse_is_undone(bundle):
    rule = replace(PLAIN, limits=period(14), restored_by=(Opening("time_limit_extended"),))
    late = event("2019-04-01", "appeal_lodged")
    restored = event("2019-04-20", "time_limit_extended")

    assert state(bundle, rule, DECIDED, late).clocks[0].status == ("met_late",)
    assert state(bundle, rule, DECIDED, late, restored).clocks[0].status == ("met",)
    assert set(state(bundle, rule, DECIDED, restored).clocks[0].status) == {"met", "running"}


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2019-03-05", {"met_late"}),  # before the end there is no lapse to undo
        ("2019-03-15", {"met_late"}),
        ("2019-03-16", {"met"}),
        ("2019-03", {"met", "met_late"}),
    ],
)
def test_only_a_lapse_that_came_is_undone(bundle, day, status):
    rule = replace(PLAIN, limits=period(14), restored_by=(Opening("time_limit_extended"),))
    made = state(bundle, rule, DECIDED, event(day, "time_limit_extended"), event("2019-04-01", "appeal_lodged"))

    assert set(made.clocks[0].status) == status


def test_an_undone_lapse_takes_back_what_was_deemed(bundle):
    """Ex tunc: what followed from the lapse did not happen, whenever the restoration came."""
    rule = replace(
        PLAIN, limits=period(14), restored_by=(Opening("time_limit_extended"),), pending_counts=True
    )  # fmt: skip
    effect = Rule("deemed", "effect", (), ("eu.2008-115/13(1)",), effect="decision_final", after="trial")
    law = law_of(bundle, "Bulgaria")
    law = replace(law, rules=(rule, effect), by_id={"trial": rule, "deemed": effect})

    def kinds(*entries):
        file = read_case(log(DECIDED, *entries), bundle, where="log")
        made = evaluate(file.histories[0], law, as_of=file.as_of)
        return [entry.kind for entry in made.trace.reading.history.events]

    removed = event("2019-05-01", "removal_executed")
    assert kinds(removed) == ["return_decision_issued", "decision_final", "removal_executed"]
    assert "decision_final" not in kinds(removed, event("2019-06-01", "time_limit_extended"))


@pytest.mark.parametrize("regime", ["plain", "1182-71", "rolling", "liberty"])
def test_a_period_before_a_day_never_moves_towards_it(bundle, regime):
    """Ten days before 13 March are 3 March, a Sunday and a holiday; art. 3(4) does not move what is counted back."""
    rule = replace(
        PLAIN, kind="deadline", on=(Opening("removal_intention_notified"),), regime=regime,
        limits=period(10, starts=["call", "first", [["name", "removal_attempted"]]], backwards=True),
    )  # fmt: skip
    made = state(bundle, rule, DECIDED, event("2019-03-13", "removal_attempted"))

    assert made.clocks[0].due == due("2019-03-03", "2019-03-03")


@pytest.mark.parametrize(
    ("first_day", "days"),
    [
        ("", ("2019-03-03", "2019-03-03")),
        ("counts", ("2019-03-04", "2019-03-04")),
        ("open", ("2019-03-03", "2019-03-04")),
    ],
)
def test_whether_the_day_counts_from_which_is_counted_back(bundle, first_day, days):
    rule = replace(
        PLAIN, kind="deadline", on=(Opening("removal_intention_notified"),),
        limits=period(
            10, starts=["call", "first", [["name", "removal_attempted"]]], backwards=True, first_day=first_day
        ),
    )  # fmt: skip
    made = state(bundle, rule, DECIDED, event("2019-03-13", "removal_attempted"))

    assert made.clocks[0].due == due(*days)


@pytest.mark.parametrize(("received", "status"), [("2019-03-15", ("met",)), ("2019-03-16", ("met_late",))])
def test_lateness_reads_the_day_of_receipt(bundle, received, status):
    made = state(
        bundle, replace(PLAIN, limits=period(14)), DECIDED, event("2019-03-10", "appeal_lodged", received_on=received)
    )

    assert made.clocks[0].status == status


def test_practice_stands_beside_the_end_of_the_act_and_decides_nothing(bundle):
    rule = replace(PLAIN, limits=period(14), practice=Practice((1, "months")))
    clock = state(bundle, rule, DECIDED, event("2019-03-20", "appeal_lodged")).clocks[0]

    assert (clock.status, clock.due, clock.practice) == (
        ("met_late",), due("2019-03-15", "2019-03-15"), due("2019-04-01", "2019-04-01"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on_change", "day"),
    [("keep", "2019-09-01"), ("restart", "2019-05-01"), ("earlier_of", "2019-05-01"), ("later_of", "2019-09-01")],
)
def test_a_change_of_track(bundle, on_change, day):
    rule = Rule(
        "trial", "deadline", (), ("eu.2013-32/31(3)",), per="asylum.application", on=(Opening("status_granted"),),
        limits=period(6, "months"), tracks=(("regular", (6, "months")), ("accelerated", (30, "days"))),
        on_change=on_change,
    )  # fmt: skip
    lodged = event("2019-03-01", "application_lodged", track="regular")
    made = state(bundle, rule, lodged, event("2019-04-01", "track_changed", track="accelerated"))

    assert made.clocks[0].due == due(day, day)


TRACKED = Rule(
    "trial", "deadline", (), ("eu.2013-32/31(3)",), per="asylum.application", on=(Opening("status_granted"),),
    limits=period(6, "months"), tracks=(("regular", (6, "months")), ("accelerated", (30, "days"))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("on_change", "day"),
    [("keep", "2019-09-01"), ("restart", "2019-10-10"), ("earlier_of", "2019-05-01"), ("later_of", "2019-10-10")],
)
def test_a_track_that_changes_twice(bundle, on_change, day):
    lodged = event("2019-03-01", "application_lodged", track="regular")
    there = event("2019-04-01", "track_changed", track="accelerated")
    back = event("2019-04-10", "track_changed", track="regular")
    made = state(bundle, replace(TRACKED, on_change=on_change), lodged, there, back)

    assert made.clocks[0].due == due(day, day)


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ("2019-04-04", ("2019-10-04", "2019-10-04")),  # on the last day
        ("2019-04-05", ("2019-04-04", "2019-04-04")),
        ("2019-05", ("2019-04-04", "2019-04-04")),
        ("2019-04", ("2019-04-04", "2019-10-30")),
    ],
)
@pytest.mark.parametrize("on_change", ["restart", "later_of"])
def test_a_change_of_track_after_the_end_takes_nothing_back(bundle, on_change, changed, days):
    """What was missed stays missed: no later entry changes whether something was done in time."""
    lodged = event("2019-03-05", "application_lodged", track="accelerated")
    rule = replace(TRACKED, on_change=on_change)
    made = state(bundle, rule, lodged, event(changed, "track_changed", track="regular"))

    assert made.clocks[0].due == due(*days)


def test_a_track_that_is_not_recorded_leaves_every_length_possible(bundle):
    rule = Rule(
        "trial", "deadline", (), ("eu.2013-32/31(3)",), per="asylum.application", on=(Opening("status_granted"),),
        limits=period(6, "months"), tracks=(("regular", (6, "months")), ("accelerated", (30, "days"))),
    )  # fmt: skip
    made = state(bundle, rule, event("2019-03-01", "application_lodged"))

    assert made.clocks[0].due == due("2019-03-31", "2019-09-01")


@pytest.mark.parametrize(("windows", "verdicts"), [({}, ["breach"]), ({"13(1)": (None, 1)}, [])])
def test_an_article_annulled_from_the_beginning_has_no_effect(bundle, windows, verdicts):
    rule = replace(PLAIN, kind="deadline", finding="breach", limits=period(14), pending_counts=True)
    law = law_of(bundle, "Bulgaria")
    act = replace(law.instruments["eu.2008-115"], windows={**law.instruments["eu.2008-115"].windows, **windows})
    law = replace(law, rules=(rule,), by_id={rule.id: rule}, instruments={**law.instruments, act.id: act})
    file = read_case(log(DECIDED), bundle, where="log")

    assert [f.verdict for f in evaluate(file.histories[0], law, as_of=file.as_of).findings] == verdicts


@pytest.mark.parametrize(
    "limits",
    [
        period(14, or_else=(15, "days")),
        period(20, first_day="counts"),
        period(20, first_day="open"),
        period(30, "hours"),
        period(2, "working_days", starts=["call", "first", [["name", "removal_attempted"]]], backwards=True),
    ],
)
def test_the_explanation_names_the_day_of_the_clock(bundle, limits):
    made = state(bundle, replace(PLAIN, limits=limits), DECIDED, event("2019-03-11", "removal_attempted"))
    clock = made.clocks[0]
    (end,) = [part for part in explain(made, clock).parts if part.kind == "limit"]

    assert end.days == clock.due


NOTICE = replace(
    PLAIN, kind="deadline", on=(Opening("removal_intention_notified"),), regime="rolling",
    limits=period(2, "working_days", starts=["call", "first", [["name", "removal_attempted"]]], backwards=True),
)  # fmt: skip


@pytest.mark.parametrize(
    ("planned", "days"),
    [
        ("2026-05-05", ("2026-04-30", "2026-04-30")),  # Friday 1 May is free
        ("2026-05-04", ("2026-04-29", "2026-04-29")),
        ("2027-03-12", ("2027-03-04", "2027-03-10")),  # 8 to 11 March may be free: a part of the State, and Bajram
    ],
)
def test_a_period_before_a_day_goes_back_over_free_days(bundle, planned, days):
    decided = event("2026-03-01", "return_decision_issued")
    made = state(
        bundle, NOTICE, decided, event(planned, "removal_attempted"), as_of="2027-12-31", state="Bosnia and Herzegovina"
    )

    assert made.clocks[0].due == due(*days)


@pytest.mark.parametrize(
    ("taken", "rules"),
    [
        ("2023-09-22", {"ba.control.travel_document_before"}),
        ("2023-09-23", {"ba.control.travel_document"}),
        ("2023-09", {"ba.control.travel_document_before", "ba.control.travel_document"}),
    ],
)
def test_a_day_that_may_lie_on_either_side_of_a_switch_runs_both_versions(bundle, taken, rules):
    """Seven days before the amendment, fifteen from it on; where the day is not known neither is a breach."""
    entries = event(taken, "travel_document_taken"), event("2023-12-01", "travel_document_returned")
    made = read_case(log(*entries, as_of="2024-01-31", state="Bosnia and Herzegovina"), bundle, where="log")
    answer = evaluate(made.histories[0], law_of(bundle, "Bosnia and Herzegovina"), as_of=made.as_of)
    late = [one for one in answer.clocks if one.rule.startswith("ba.control.travel_document") and one.due]
    found = {one.rule: one.verdict for one in answer.findings if one.rule in rules}

    assert {one.rule for one in late} == rules
    assert found == dict.fromkeys(rules, "breach" if len(rules) == 1 else "question")
