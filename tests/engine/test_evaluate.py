"""What the engine promises, on a few rules made for the purpose."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from conftest import ROOT, event, log, ordinal, state, states
from hypothesis import given, settings
from hypothesis import strategies as st

from staza.engine import evaluate
from staza.engine.explain import explain
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.casefile import read_case
from staza.lawbook.check import checked_law

RULES = """title: Rules for the tests of the engine
defaults: {cites: echr/5(4), regime: plain}
conditions:
  asked: {asks: Was somebody asked?, answered_by: court}
rules:
- id: t.deadline
  deadline: asylum_decision_negative
  per: asylum.application
  starts: first(application_lodged)
  lasts: 6 months
- id: t.extended
  deadline: asylum_decision_negative
  per: asylum.application
  starts: first(application_lodged)
  lasts: 3 months
  if: minor or not minor
  extended: [{by: time_limit_extended, adds: 9 months, valid: sudden_increase}]
- id: t.silent
  deadline: detention_reviewed
  per: custody.episode
  starts: start
  lasts: 3 days
- id: t.review
  recurring: [detention_reviewed]
  per: detention.order
  sums: custody
  every: 30 days
  pending: counts
- id: t.ceiling
  ceiling: 18 months
  per: returns.return
  sums: custody
- id: t.reply
  deadline: [take_back_accepted, request_refused]
  per: responsibility.request
  starts: start
  lasts: 2 weeks
  finding: none
- id: t.deemed
  effect: tacit_acceptance
  after: lapsed(t.reply)
- id: t.transfer
  deadline: transfer_executed
  per: responsibility.request
  starts: first(take_back_accepted, tacit_acceptance)
  lasts: 6 months
- id: t.barred
  safeguard: absolute
  blocks: [removal]
  while: exists(interim_measure_indicated) and not shown(asked)
- id: t.heard
  safeguard: derogable
  on: [return_decision_issued]
  requires: heard
  unless: {shown(heard_in_asylum_procedure): echr/5(4)}
- id: t.bound
  window: [removal_executed]
  per: returns.decision
  lasts: days
  at_least: {7 days: echr/5(4)}
- id: t.waiting
  waiting: [removal_executed]
  per: returns.decision
  starts: start
  lasts: days
- id: t.pending_child
  safeguard: absolute
  on: [detention_started]
  if: relation(held_with).accompanied_child
  requires: asked
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Bundle:
    folder = tmp_path_factory.mktemp("engine") / "law"
    for name in ("event_kinds", "vocabularies", "calendars", "instruments", "procedures/shared"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    (folder / "procedures" / "test.yaml").write_text(RULES)
    return checked_law(folder, "test")[0]


def clock(made, rule, ref=None):
    return next(c for c in made.clocks if c.rule == rule and ref in (None, c.ref))


def verdicts(made, rule):
    return [f.verdict for f in made.findings if f.rule == rule]


LODGED = event("2019-01-31", "application_lodged")


def test_the_last_day_itself_is_in_time(small):
    made = state(small, log(LODGED, event("2019-07-31", "asylum_decision_negative")))

    assert clock(made, "t.deadline").status == ("met",)
    assert clock(made, "t.deadline").due == (ordinal("2019-07-31"),) * 2


def test_the_day_after_is_late_and_says_the_last_lawful_day(small):
    made = state(small, log(LODGED, event("2019-08-01", "asylum_decision_negative")))
    finding = next(f for f in made.findings if f.rule == "t.deadline")

    assert (finding.verdict, finding.limit_on, finding.actual_on) == (
        "breach",
        ordinal("2019-07-31"),
        ordinal("2019-08-01"),
    )


def test_silence_of_a_complete_kind_is_a_breach_and_of_another_a_question(small):
    made = state(small, log(LODGED, event("2019-02-01", "detention_started")))

    assert verdicts(made, "t.deadline") == ["breach"]
    assert verdicts(made, "t.silent") == ["question"]
    assert next(f for f in made.findings if f.rule == "t.silent").missing == ("detention_reviewed",)


def test_an_imprecise_start_gives_an_interval_and_no_breach_inside_it(small):
    content = log(event("2019-01", "application_lodged", precision="month"), as_of="2019-07-15")

    made = state(small, content)

    assert clock(made, "t.deadline").due == (ordinal("2019-07-01"), ordinal("2019-07-31"))
    assert set(clock(made, "t.deadline").status) == {"running", "missed"}
    assert verdicts(made, "t.deadline") == ["question"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sudden_increase": True, "months": 9}, []),
        ({"sudden_increase": False, "months": 9}, ["breach"]),
        ({"months": 9}, ["question"]),
    ],
)
def test_an_extension_counts_only_when_it_is_valid(small, fields, expected):
    made = state(small, log(LODGED, event("2019-03-01", "time_limit_extended", **fields)))

    assert verdicts(made, "t.extended") == expected


def test_an_extension_after_expiry_adds_nothing(small):
    late = event("2019-05-01", "time_limit_extended", sudden_increase=True, months=9)

    assert verdicts(state(small, log(LODGED, late)), "t.extended") == ["breach"]


def test_two_applications_have_their_own_clocks(small):
    first = [LODGED, event("2019-03-01", "asylum_decision_negative")]
    alone = state(small, log(*first))
    second = state(small, log(*first, event("2019-04-01", "application_lodged")))

    assert clock(alone, "t.deadline") == clock(second, "t.deadline", "asylum.application#e1")
    assert clock(second, "t.deadline", "asylum.application#e3").due[0] == ordinal("2019-10-01")


def test_an_entry_that_fits_two_instances_is_certain_of_neither(small):
    content = log(
        LODGED, event("2019-02-01", "application_lodged", number=2), event("2019-03-01", "asylum_decision_negative")
    )

    made = state(small, content)

    assert made.unbound[0].candidates == ("asylum.application#e1", "asylum.application#e2")
    assert "question" in verdicts(made, "t.deadline")
    assert "breach" not in verdicts(made, "t.deadline")


def test_an_entry_is_asked_about_once_although_an_auxiliary_procedure_reads_it_too(bundle):
    content = log(
        LODGED, event("2019-02-01", "application_lodged", number=2), event("2019-03-01", "asylum_decision_negative")
    )

    made = state(bundle, content)

    assert bundle.procedures["asylum.undecided"].auxiliary
    assert [(one.entry, one.candidates) for one in made.unbound] == [
        ("e3", ("asylum.application#e1", "asylum.application#e2"))
    ]


def test_an_entry_that_only_an_auxiliary_procedure_cannot_attach_is_asked_about(small):
    procedures = {**small.procedures, "asylum.application": replace(small.procedures["asylum.application"], takes=())}
    procedures["asylum.undecided"] = replace(
        small.procedures["asylum.application"], name="asylum.undecided", auxiliary=True
    )
    content = log(
        LODGED, event("2019-02-01", "application_lodged", number=2), event("2019-03-01", "asylum_decision_negative")
    )

    made = state(replace(small, procedures=procedures), content)

    assert [one.candidates for one in made.unbound] == [("asylum.undecided#e1", "asylum.undecided#e2")]


def test_a_reference_attaches_an_entry(small):
    lodged = event("2019-01-31", "application_lodged", id="a")
    second = event("2019-02-01", "application_lodged", id="b", number=2)
    decided = event("2019-03-01", "asylum_decision_negative", concerns="b")

    made = state(small, log(lodged, second, decided))

    assert clock(made, "t.deadline", "asylum.application#b").status == ("met",)
    assert clock(made, "t.deadline", "asylum.application#a").status == ("missed",)


def test_three_orders_one_ceiling_three_review_clocks(small):
    orders = [event(day, "detention_ordered", ground="removal") for day in ("2017-01-01", "2017-03-01", "2017-05-01")]
    made = state(small, log(event("2017-01-01", "return_decision_issued"), *orders, as_of="2018-08-01"))

    assert len([c for c in made.clocks if c.rule == "t.ceiling"]) == 1
    assert len({c.ref for c in made.clocks if c.rule == "t.review"}) == 3
    assert clock(made, "t.ceiling").due == (ordinal("2018-07-01"),) * 2
    assert verdicts(made, "t.ceiling") == ["breach"]


def test_a_stay_outside_lengthens_the_ceiling_by_its_days(small):
    stays = [
        event("2017-01-01", "detention_started"),
        event("2017-02-01", "released"),
        event("2017-02-11", "detention_started"),
    ]
    made = state(small, log(event("2017-01-01", "return_decision_issued"), *stays, as_of="2018-07-11"))

    assert clock(made, "t.ceiling").due == (ordinal("2018-07-11"),) * 2
    assert verdicts(made, "t.ceiling") == []


def test_silence_is_deemed_consent_and_starts_the_next_clock(small):
    made = state(small, log(event("2019-01-10", "take_back_requested", to_state="Italy")))

    assert clock(made, "t.reply").status == ("lapsed",)
    assert clock(made, "t.transfer").start == (ordinal("2019-01-24"),) * 2
    assert verdicts(made, "t.transfer") == ["breach"]


def test_a_refusal_in_time_beats_what_would_be_deemed(small):
    made = state(small, log(event("2019-01-10", "take_back_requested"), event("2019-01-24", "request_refused")))

    assert clock(made, "t.reply").status == ("met",)
    assert clock(made, "t.transfer").status == ("idle",)


def test_an_absolute_safeguard_blocks_now_and_finds_afterwards(small):
    measure = event("2019-01-10", "interim_measure_indicated")
    before, after = state(small, log(measure)), state(small, log(measure, event("2019-02-01", "removal_executed")))

    assert [b.act for b in before.blocked if "t.barred" in b.rules] == ["removal"]
    assert verdicts(after, "t.barred") == ["breach"]


def test_unknown_blocks_an_irreversible_act(small):
    made = state(small, log(event("2019-01-10", "incident")))

    assert "removal" in [b.act for b in made.blocked]
    assert "removal" not in made.allowed


@pytest.mark.parametrize(
    ("heard", "before", "expected"),
    [(False, None, ["breach"]), (True, None, []), (None, None, ["question"]), (False, True, [])],
)
def test_a_requirement_and_its_exception(small, heard, before, expected):
    fields = {} if heard is None else {"heard": heard}
    context = {} if before is None else {"heard_in_asylum_procedure": before}

    made = state(small, log(event("2019-01-10", "return_decision_issued", **fields), context=context))

    assert verdicts(made, "t.heard") == expected


def test_a_value_outside_its_bounds_runs_as_granted_and_is_a_finding(small):
    made = state(small, log(event("2019-01-10", "return_decision_issued", days=3)))

    assert clock(made, "t.bound").due == (ordinal("2019-01-13"),) * 2
    assert verdicts(made, "t.bound") == ["breach"]


def test_an_act_inside_a_waiting_time_is_a_finding(small):
    decided = event("2019-01-10", "return_decision_issued", days=10)
    inside = state(small, log(decided, event("2019-01-20", "removal_executed")))
    after = state(small, log(decided, event("2019-01-21", "removal_executed")))

    assert verdicts(inside, "t.waiting") == ["breach"]
    assert verdicts(after, "t.waiting") == []


def test_a_rule_reads_what_a_linked_person_shows(small):
    persons = [{"ref": "p1", "minor": False}, {"ref": "c1", "minor": True, "unaccompanied": False}]
    made = states(small, log(event("2019-01-10", "detention_started"), persons=persons))

    assert verdicts(made["p1"], "t.pending_child") == ["question"]
    assert verdicts(made["c1"], "t.pending_child") == []


def test_explaining_a_clock_names_the_entry_and_the_article(small):
    made = state(small, log(LODGED))
    reason = explain(made, clock(made, "t.deadline"))

    assert reason.cites == ("echr/5(4)",)
    assert next(p for p in reason.parts if p.kind == "start").events == ("e1",)


def test_why_not_names_the_first_condition_that_fails(small):
    made = state(small, log(event("2019-01-10", "return_decision_issued", heard=True)))
    reason = explain(made, "t.heard")

    assert reason.parts[0].text == "heard"
    assert reason.parts[0].value is True


def test_why_not_names_the_part_that_surely_fails_before_one_that_is_not_known(small):
    rule = small.rules[0]
    doubt, fails, holds = ["unknown"], ["not", ["true"]], ["true"]
    for only_if, said in (
        (["and", holds, doubt, fails], "not true"),
        (["and", holds, ["and", holds, doubt]], "unknown"),
        (["and", holds, doubt, ["false"]], "what the act says leaves room for it"),
    ):
        changed = replace(rule, kind="duty", per="person", only_if=only_if, while_=None, requires=None, unless=())
        law = replace(small, rules=[changed])
        file = read_case(log(), law, where="log")
        made = evaluate(file.histories[0], law_of(law, file.state), as_of=file.as_of)

        assert [part.text for part in explain(made, rule.id).parts] == [said]


def test_an_event_after_the_day_of_the_answer_changes_nothing(small):
    with_it = state(small, log(LODGED, event("2020-05-01", "asylum_decision_negative")))

    assert with_it.findings == state(small, log(LODGED)).findings


KINDS = [
    "application_lodged", "asylum_decision_negative", "detention_started", "detention_extended", "released",
    "return_decision_issued", "removal_executed", "take_back_requested", "take_back_accepted", "detention_reviewed",
    "interim_measure_indicated", "time_limit_extended", "detention_ordered", "transfer_executed",
]  # fmt: skip
days = st.dates(min_value=date(2015, 1, 1), max_value=date(2019, 12, 31))
entries = st.builds(
    lambda day, kind, precision, fields: {
        "date": day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]],
        "what": kind,
        **fields,
    },
    days,
    st.sampled_from(KINDS),
    st.sampled_from(["day", "day", "day", "month", "year"]),
    st.dictionaries(st.sampled_from(["days", "months", "number"]), st.integers(0, 40), max_size=2),
)
logs = st.lists(entries, max_size=10)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(logs)
def test_any_log_gives_a_state(small, events):
    made = state(small, log(*events))

    assert made.as_of == ordinal("2019-12-31")


@settings(derandomize=True, max_examples=40, deadline=None)
@given(logs)
def test_between_two_changes_the_findings_stay_the_same(small, events):
    """`next_change_on` is never too late."""
    content = log(*events, as_of="2018-06-01")
    made = state(small, content)
    last = (made.next_change_on or ordinal("2018-06-20")) - 1
    days_on = min(max(last, made.as_of), made.as_of + 20)
    file = read_case(content, small, where="log")
    later = evaluate(file.histories[0], law_of(small, file.state), as_of=days_on)

    key = lambda s: {(f.rule, f.ref, f.verdict, f.limit_on) for f in s.findings}  # noqa: E731
    assert key(made) == key(later)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(logs, st.sampled_from(KINDS))
def test_recording_more_later_never_changes_an_earlier_answer(small, events, kind):
    content = log(*events, as_of="2018-06-01")
    more = log(*events, event("2018-06-02", kind), as_of="2018-06-01")

    assert state(small, content).findings == state(small, more).findings
