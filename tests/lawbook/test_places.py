"""Limits that hang on the place of the action: its calendar by a fact of the log, working days in days, practice.

In January 2024 the 9th is free in one part of Bosnia and Herzegovina and not in the other; the 7th is a Sunday.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, event, ordinal

from staza.engine import CaseState, evaluate
from staza.engine.explain import Reason, explain
from staza.engine.logic import LATEST
from staza.lawbook.bundle import law_of
from staza.lawbook.casefile import read_case
from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError
from staza.lawbook.examples import rows, run

RULE = """title: A test
rules:
- id: test.appeal
  window: appeal_lodged
  per: returns.decision
  lasts: 10 days
  regime: rolling
  calendar: {by: facility, prison: BA-RS, airport: BA-FBiH}
  cites: echr/13
"""
BY_PLACE = "{by: facility, prison: BA-RS, airport: BA-FBiH}"


@pytest.fixture(scope="module")
def words(tmp_path_factory) -> Path:
    """The words and acts of the law without its rules but the shared ones."""
    folder = tmp_path_factory.mktemp("places") / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "procedures/shared", "calendars"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    return folder


def bundle_of(folder: Path, rules: str):
    (folder / "procedures" / "test.yaml").write_text(rules, encoding="utf-8")
    return checked_law(folder, rules)[0]


def fault_of(folder: Path, rules: str) -> LawError:
    with pytest.raises(LawError) as fault:
        bundle_of(folder, rules)
    return fault.value


def state(
    folder: Path, rules: str, *entries: dict, as_of: str = "2024-01-02", country: str = "Bosnia and Herzegovina"
) -> CaseState:
    content = {"id": "x", "as_of": as_of, "state": country,
               "persons": [{"ref": "p1", "minor": False}], "timeline": list(entries)}  # fmt: skip
    bundle = bundle_of(folder, rules)
    file = read_case(content, bundle, where="x")
    return evaluate(file.histories[0], law_of(bundle, file.state), as_of=file.as_of)


def decided(day: str, **fields) -> dict:
    return event(day, "return_decision_issued", **fields)


def clock(made: CaseState, rule: str = "test.appeal"):
    return next(one for one in made.clocks if one.rule == rule)


def days(*texts: str) -> tuple[int, ...]:
    return tuple(ordinal(text) for text in texts)


KINDS = {
    "lasts: 10 days": ("2023-12-30", "2024-01-10", "2024-01-09"),
    "lasts: 3 working_days": ("2024-01-04", "2024-01-10", "2024-01-09"),
    "tracks: {regular: 10 days, accelerated: 10 days}": ("2023-12-30", "2024-01-10", "2024-01-09"),
    "lasts: 2 working_days before removal_date": ("2024-01-02", "2024-01-08", "2024-01-09"),
}


@pytest.mark.parametrize("lasts", KINDS)
@pytest.mark.parametrize("kind", ["window: appeal_lodged", "deadline: removal_executed"])
def test_the_calendar_is_that_of_the_place_that_the_log_records(words, lasts, kind):
    begun, in_one, in_other = KINDS[lasts]
    rules = RULE.replace("window: appeal_lodged", kind).replace("lasts: 10 days", lasts)
    rules = rules.replace("removal_date", "first(removal_attempted)")
    more = [event("2024-01-11", "removal_attempted")] if "before" in lasts else []
    as_of = "2024-01-11" if more else "2024-01-05"
    made = [
        clock(state(words, rules, decided(begun, **fields), *more, as_of=as_of)).due
        for fields in ({"facility": "prison"}, {"facility": "airport"}, {}, {"facility": "ship"})
    ]
    both = tuple(sorted(days(in_one, in_other)))

    assert made == [days(in_one, in_one), days(in_other, in_other), both, both]


@pytest.mark.parametrize("fields", [{}, {"facility": "ship"}, {"facility": "no_such_place"}])
@pytest.mark.parametrize("kind", ["window: appeal_lodged", "validity: a paper", "deadline: removal_executed"])
def test_a_place_that_is_not_known_is_asked_for_once_while_the_clock_is_open(words, fields, kind):
    rules = RULE.replace("window: appeal_lodged", kind)
    for as_of, asked in (("2024-01-05", 1), ("2024-01-09", 1), ("2024-01-10", 1), ("2024-01-11", 0)):
        made = state(words, rules, decided("2023-12-30", **fields), as_of=as_of)
        questions = [f for f in made.findings if f.verdict == "question" and f.rule == "test.appeal"]
        assert len([f for f in questions if "facility" in f.missing]) == asked, as_of
        assert len(questions) == asked or kind.startswith("deadline")
        assert asked == 0 or questions[0].missing[0] == "facility"


def test_a_place_that_changes_no_day_is_not_asked_for(words):
    made = state(words, RULE, decided("2024-01-12"), as_of="2024-01-15")

    assert (clock(made).due, made.findings) == (days("2024-01-22", "2024-01-22"), ())


def test_an_extension_a_restart_and_a_waiting_time_count_by_the_place(words):
    extended = RULE.replace(
        "cites", "extended: [{by: time_limit_extended, adds: 3 working_days, up_to: 30 days}]\n  cites"
    )
    longer = event("2024-01-03", "time_limit_extended", working_days=3)
    restarted = RULE.replace("lasts: 10 days", "lasts: 3 working_days\n  restarts_on: time_limit_extended")
    waiting = RULE.replace("window: appeal_lodged", "waiting: removal_executed")

    def due(rules: str, entry: dict, place: str) -> tuple[int, int]:
        return clock(state(words, rules, decided("2023-12-25", facility=place), entry, as_of="2024-01-05")).due

    assert due(extended, longer, "prison") == days("2024-01-10", "2024-01-10")
    assert due(extended, longer, "airport") == days("2024-01-09", "2024-01-09")
    assert due(restarted, event("2024-01-04", "time_limit_extended"), "prison") == days("2024-01-10", "2024-01-10")
    assert due(restarted, event("2024-01-04", "time_limit_extended"), "airport") == days("2024-01-09", "2024-01-09")
    made = state(words, waiting, decided("2023-12-30"), event("2024-01-10", "removal_executed"), as_of="2024-01-12")
    assert [f.verdict for f in made.findings] == ["question"]
    assert made.findings[0].missing == ("facility",)


def test_explain_names_the_calendar_and_the_practice(words):
    rules = RULE.replace("regime:", "practice: {adds: 1 working_days}\n  regime:")
    made = state(words, rules, decided("2023-12-30", facility="prison"))
    open_ = state(words, rules, decided("2023-12-30"))

    assert "counted by the calendar of facility: BA-RS" in texts(made)
    assert "counted by the calendar of facility: BA-RS or BA-FBiH" in texts(open_)
    assert "by the practice of the authority, 1 working day more" in texts(made)


def texts(made: CaseState) -> list[str]:
    def walk(reason: Reason):
        yield reason.text
        for part in reason.parts:
            yield from walk(part)

    return list(walk(explain(made, clock(made))))


@pytest.mark.parametrize(
    ("calendar", "named", "line"),
    [
        ("{by: facilty, prison: BA-RS, airport: BA-FBiH}", "`facilty` chooses no calendar", 8),
        ("{prison: BA-RS, airport: BA-FBiH}", "Nothing says what chooses the calendar", 8),
        ("{by: until, prison: BA-RS, airport: BA-FBiH}", "`until` chooses no calendar", 8),
        ("{by: facility, prisn: BA-RS, airport: BA-FBiH}", "`prisn` is no code of `facility`", 8),
        ("{by: facility, prison: BA-RX, airport: BA-FBiH}", "no calendar `BA-RX`", 8),
        ("{by: facility, prison: BA-RS}", "one calendar or none", 8),
    ],
)
def test_a_choice_of_calendars_that_cannot_be_made_is_refused(words, calendar, named, line):
    fault = fault_of(words, RULE.replace(BY_PLACE, calendar))

    assert named in fault.what
    assert f"procedures/test.yaml:{line}" in fault.where


# ------------------------------------------------------------------------------------------- working days in days


def test_a_start_rolls_to_the_first_working_day_of_the_place(words):
    rules = RULE.replace("lasts: 10 days", "starts: first_working_day(start)\n  lasts: 1 days")
    starts = [
        clock(state(words, rules, decided("2024-01-09", facility=one), as_of="2024-01-09")).start
        for one in ("prison", "airport")
    ]
    unknown = clock(state(words, rules, decided("2024-01-09"), as_of="2024-01-09"))

    assert starts == [days("2024-01-10", "2024-01-10"), days("2024-01-09", "2024-01-09")]
    assert (unknown.start, unknown.due) == (days("2024-01-09", "2024-01-10"), days("2024-01-10", "2024-01-11"))


def test_working_days_that_are_added_are_counted_by_the_calendar_of_the_rule(words):
    """Two working days after Friday 5 January; as days they would be Sunday the 7th."""
    rules = RULE.replace("lasts: 10 days", "starts: add(start, 2 working_days)\n  lasts: 0 days")
    due = [
        clock(state(words, rules, decided("2024-01-05", **fields), as_of="2024-01-08")).due
        for fields in ({"facility": "prison"}, {"facility": "airport"}, {})
    ]

    assert due == [days("2024-01-10", "2024-01-10"), days("2024-01-09", "2024-01-09"), days("2024-01-09", "2024-01-10")]


@pytest.mark.parametrize(("day", "held"), [("2024-01-09", "surely"), ("2024-01-10", "perhaps"), ("2024-01-11", "no")])
def test_a_named_condition_counts_working_days_by_the_state(words, day, held):
    """The State's calendar is not sure of the 9th: the second working day after Friday is the 9th or the 10th."""
    rules = (
        "title: A test\nconditions:\n  soon: shown(first(removal_executed) <= add(start, 2 working_days))\n"
        "  late: shown(first(removal_executed) > add(start, 2 working_days))\nrules:\n"
        "- {id: test.soon, duty: released, per: returns.decision, if: soon, cites: echr/13}\n"
        "- {id: test.late, duty: released, per: returns.decision, if: late, cites: echr/13}\n"
    )
    made = state(words, rules, decided("2024-01-05"), event(day, "removal_executed"), as_of="2024-01-12")

    assert [duty.rule for duty in made.duties] == {"surely": ["test.soon"], "perhaps": [], "no": ["test.late"]}[held]


def test_what_has_a_name_may_not_be_read_by_another_calendar(words):
    named = "title: A test\nconditions:\n  soon: today <= add(start, 2 working_days)\n" + RULE.partition("\n")[2]
    fault = fault_of(words, named.replace("  cites", "  if: soon\n  cites"))
    inline = RULE.replace("  cites", "  if: today <= add(start, 2 working_days)\n  cites")

    assert "`soon` counts working days by the calendar of the State" in fault.what
    assert bundle_of(words, inline).rules


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("lasts: 10 days", "concern_from: 10 working_days\n  starts: start", "cannot count working days"),
        ("lasts: 10 days", "breach_from: 10 working_days\n  starts: start", "cannot count working days"),
        ("window: appeal_lodged\n  per: returns.decision\n  lasts: 10 days",
         "ceiling: 10 working_days\n  sums: spans(custody.episode)", "cannot count working days"),
        ("lasts: 10 days", "starts: add(start)\n  lasts: 1 days", "`add` takes a day and a period"),
        ("lasts: 10 days", "starts: 'first_working_day(start, end)'\n  lasts: 1 days", "takes one day"),
        ("lasts: 10 days", "starts: add(start, 30 hours)\n  lasts: 1 days", "no time of day"),
    ],
)  # fmt: skip
def test_working_days_are_refused_where_they_cannot_be_counted(words, old, new, named):
    fault = fault_of(words, RULE.replace(old, new))

    assert named in f"{fault.what} {fault.why}"


@pytest.mark.parametrize(
    ("granted", "verdict"),
    [({"working_days": 5}, []), ({"working_days": 4}, ["breach"]), ({"days": 6}, ["breach"]), ({"days": 7}, [])],
)
def test_working_days_and_days_are_compared_by_the_calendar(words, granted, verdict):
    """From Monday 15 January five working days are seven days, four end on Friday."""
    rules = RULE.replace("lasts: 10 days", "lasts: days, working_days\n  at_least: {7 days: echr/13}")
    made = state(words, rules, decided("2024-01-15", **granted), as_of="2024-01-16")

    assert [f.verdict for f in made.findings] == verdict


@pytest.mark.parametrize(
    ("begun", "lasts", "day"),
    [
        ("2024-02-07", "3 working_days", "2024-02-09"),  # Wednesday, Thursday, Friday
        ("2024-02-10", "3 working_days", "2024-02-14"),  # a Saturday is no first working day
        ("2024-02-01", "10 days", "2024-02-12"),  # the tenth is a Saturday
        ("2024-02-01", "9 days", "2024-02-09"),
        ("2024-05-01", "1 months", "2024-05-31"),
    ],
)
def test_a_first_day_that_counts_moves_the_period_not_the_rolled_end(words, begun, lasts, day):
    rules = RULE.replace("lasts: 10 days", f"lasts: {lasts}\n  first_day: counts")

    assert clock(state(words, rules, decided(begun, facility="airport"), as_of=begun)).due == days(day, day)


# ----------------------------------------------------------------------------------------------------- practice


@pytest.mark.parametrize(
    ("practice", "day"),
    [("15 days", "2024-01-15"), ("{adds: 1 working_days}", "2024-01-11"), ("{adds: 3 days}", "2024-01-15")],
)
def test_a_practice_is_a_period_of_its_own_or_counted_on_from_the_end(words, practice, day):
    """The act ends on the 10th; three days on is a Saturday and rolls. Fifteen days from the start are a Sunday."""
    rules = RULE.replace("regime:", f"practice: {practice}\n  regime:")
    made = clock(state(words, rules, decided("2023-12-30", facility="prison")))

    if practice == "15 days":
        assert made.practice == days("2024-01-15", "2024-01-15")
    assert made.due == days("2024-01-10", "2024-01-10")
    assert made.practice == days(day, day)


def test_a_practice_never_ends_before_the_act(words):
    """Nobody knows how much is granted until the log says it."""
    rules = RULE.replace("lasts: 10 days", "lasts: days\n  practice: 15 days")
    made = clock(state(words, rules, decided("2024-01-15", facility="prison", days=30), as_of="2024-01-16"))

    assert made.practice == made.due == days("2024-02-14", "2024-02-14")


@pytest.mark.parametrize(
    ("lasts", "practice", "named"),
    [
        ("lasts: 10 days", "5 days", "shorter than the act: 5 days and 10 days"),
        ("lasts: 10 days", "1 weeks", "shorter than the act"),
        ("lasts: 14 to 15 days", "14 days", "shorter than the act"),
        ("lasts: 1 months", "27 days", "shorter than the act"),
        ("lasts: 3 working_days", "1 working_days", "shorter than the act: 1 working day and 3 working days"),
        ("lasts: 10 days", "{adds: 1 moons}", "is no period"),
        ("lasts: 10 days", "{ads: 1 days}", "ads"),
    ],
)
def test_a_practice_that_is_shorter_than_the_act_is_refused(words, lasts, practice, named):
    fault = fault_of(words, RULE.replace("lasts: 10 days", f"{lasts}\n  practice: {practice}"))

    assert named in f"{fault.what} {fault.where}"
    assert "procedures/test.yaml:7" in fault.where


IF_HEARD = RULE.replace("regime:", "practice: PRACTICE\n  regime:")
FORMS = ("{adds: 3 working_days, if: heard}", "{lasts: 16 days, if: heard}")


@pytest.mark.parametrize("practice", FORMS)
@pytest.mark.parametrize(
    ("heard", "value", "shown"),
    [
        (True, True, ("2024-02-15", "2024-02-15")),
        (False, False, None),
        ("unknown", None, ("2024-02-12", "2024-02-15")),
    ],
)
def test_a_practice_may_hold_under_a_condition_and_decides_nothing(words, practice, heard, value, shown):
    """After Tuesday 30 January 2024 thirteen days end on Monday 12 February, sixteen on the 15th."""
    made = state(
        words, IF_HEARD.replace("PRACTICE", practice).replace("10 days", "13 days"),
        decided("2024-01-30", facility="airport", heard=heard), as_of="2024-02-20",
    )  # fmt: skip
    without = state(
        words, RULE.replace("10 days", "13 days"), decided("2024-01-30", facility="airport", heard=heard),
        as_of="2024-02-20",
    )  # fmt: skip
    (named,) = (one for one in explain(made, clock(made)).parts if one.kind == "practice")

    assert clock(made).due == days("2024-02-12", "2024-02-12")
    assert clock(made).practice == (days(*shown) if shown else None)
    assert replace(clock(made), practice=None) == clock(without)
    assert (made.findings, made.next_change_on) == (without.findings, without.next_change_on)
    assert ([(one.text, one.value) for one in named.parts], named.value) == ([("heard", value)], value)


def test_explain_says_that_a_practice_does_not_or_may_not_hold(words):
    rules = IF_HEARD.replace("PRACTICE", FORMS[0])
    told = {
        heard: next(
            text for text in texts(state(words, rules, decided("2024-01-02", heard=heard))) if "practice" in text
        )
        for heard in (True, False, "unknown")
    }

    assert told == {
        True: "by the practice of the authority, 3 working days more",
        False: "the practice of the authority, 3 working days more, does not hold here",
        "unknown": "by the practice of the authority, 3 working days more, if it holds here",
    }


def test_the_condition_of_a_practice_counts_working_days_by_the_calendar_of_the_rule(words):
    """The second working day after Friday 5 January is the 9th or, in the other part, the 10th."""
    rules = IF_HEARD.replace("PRACTICE", "{adds: 1 days, if: 'today > add(start, 2 working_days)'}")
    made = [
        clock(state(words, rules, decided("2024-01-05", facility=place), as_of="2024-01-10")).practice
        for place in ("prison", "airport")
    ]

    assert made == [None, days("2024-01-16", "2024-01-16")]


@pytest.mark.parametrize(
    ("practice", "named", "key"),
    [
        ("{if: heard}", "says no length", "practice"),
        ("{adds: 1 days, lasts: 30 days}", "says two lengths", "practice"),
        ("{lasts: 5 days, if: heard}", "shorter than the act: 5 days and 10 days", "practice"),
        ("{lasts: 30 working days}", "Write `30 working_days`", "rules.0.practice.lasts"),
        ("{adds: 1 days, if: herd}", "`herd` is no condition, field", "practice"),
        ("{adds: 1 days, if: heard and}", "cannot be read", "rules.0.practice.if"),
        ("{adds: 1 days, when: heard}", "The key `when` is not known", "rules.0.practice.when"),
    ],
)
def test_a_practice_that_cannot_be_read_is_refused(words, practice, named, key):
    fault = fault_of(words, IF_HEARD.replace("PRACTICE", practice))

    assert named in f"{fault.what} {fault.next}"
    assert fault.where.startswith("procedures/test.yaml:7")
    assert f"key `{key}`" in fault.where or f"key `rules.0.{key}`" in fault.where


def test_worked_cases_say_the_day_by_practice(words, tmp_path):
    bundle = bundle_of(words, RULE.replace("regime:", "practice: {adds: 1 working_days}\n  regime:"))
    case = {
        "title": "Practice",
        "base": {"as_of": "2024-01-02", "state": "Bosnia and Herzegovina", "persons": [{"ref": "p1"}], "context": {},
                 "timeline": [decided("2023-12-30", facility="prison")]},
        "cases": [
            {"name": "holds", "why": "w", "fires": [{"rule": "test.appeal", "practice": "2024-01-11"}]},
            {"name": "fails", "why": "w", "fires": [{"rule": "test.appeal", "practice": "2024-01-10"}]},
        ],
    }  # fmt: skip
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "a.yaml").write_text(yaml.safe_dump(case))

    assert [bool(run(row, bundle).faults) for row in rows(folder)] == [False, True]


# -------------------------------------------------------------------------------- a length that hangs on a condition

BY_CONDITION = RULE.replace("  lasts: 10 days\n", """  earliest_of:
  - 12 working_days after start if facility = prison
  - 10 working_days after start if facility != prison
""").replace(f"  calendar: {BY_PLACE}\n", "  calendar: DE\n")  # fmt: skip


def test_a_length_that_hangs_on_a_condition_is_a_limit_for_each(words, tmp_path):
    """After Thursday 2 May 2024, where the 9th and the 20th are free: ten end on the 17th, twelve on the 22nd."""
    bundle = bundle_of(words, BY_CONDITION)
    sent = {"date": "2024-05-02", "what": "return_decision_issued"}
    case = {
        "title": "By condition",
        "base": {"as_of": "2024-05-03", "state": "Germany", "persons": [{"ref": "p1"}], "context": {},
                 "timeline": [{**sent, "facility": "prison"}]},
        "cases": [
            {"name": "twelve", "why": "w", "fires": [{"rule": "test.appeal", "due": "2024-05-22"}]},
            {"name": "ten", "why": "w", "remove": [{"what": sent["what"]}], "add": [{**sent, "facility": "airport"}],
             "fires": [{"rule": "test.appeal", "due": "2024-05-17"}]},
            {"name": "not-ten", "why": "w", "fires": [{"rule": "test.appeal", "due": "2024-05-17"}]},
        ],
    }  # fmt: skip
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "a.yaml").write_text(yaml.safe_dump(case))

    assert [bool(run(row, bundle).faults) for row in rows(folder)] == [False, False, True]


@pytest.mark.parametrize(
    ("other", "last"),
    [
        ("facility != prison", "2024-05-22"),
        ("not facility = prison", "2024-05-22"),
        ("facility = airport", None),  # it may be neither, and then there is no such period
    ],
)
def test_where_the_condition_is_not_known_the_end_lies_between_and_is_asked_for(words, other, last):
    rules = BY_CONDITION.replace("facility != prison", other)
    made = state(words, rules, decided("2024-05-02"), as_of="2024-05-06", country="Germany")

    assert clock(made).due == (ordinal("2024-05-17"), ordinal(last) if last else LATEST)
    assert [(one.verdict, one.missing) for one in made.findings] == [("question", ("facility",))]


# ------------------------------------------------------------------------- a field that decides which rule applies

TWO = """title: A test
rules:
- {id: test.one, window: appeal_lodged, per: returns.decision, if: facility = prison, lasts: 10 days, cites: echr/13}
- {id: test.two, window: appeal_lodged, per: returns.decision, if: facility = airport, lasts: 20 days, cites: echr/13}
- {id: test.paper, validity: a paper, per: returns.decision, if: facility = prison, lasts: 10 days, cites: echr/13}
- {id: test.wait, waiting: removal_executed, per: returns.decision, if: facility = prison, lasts: 10 days,
   cites: echr/13}
"""


@pytest.mark.parametrize("fields", [{}, {"facility": "no_such_place"}])
def test_where_a_field_decides_which_rule_applies_and_is_not_known_each_that_is_open_asks(words, fields):
    """Ten days end on 25 January, twenty on 4 February: the question goes with the last day on which it matters."""
    made = state(words, TWO, decided("2024-01-15", **fields), as_of="2024-01-20")
    later = state(words, TWO, decided("2024-01-15", **fields), as_of="2024-01-28")
    over = state(words, TWO, decided("2024-01-15", **fields), as_of="2024-02-10")

    statuses = {clock.rule: set(clock.status) for clock in made.clocks}
    assert statuses["test.paper"] == statuses["test.wait"] == {"running", "ended"}
    assert {"running", "ended"} <= statuses["test.one"] & statuses["test.two"]
    assert [(f.rule, f.verdict, f.missing, f.owner) for f in made.findings] == [
        (rule, "question", ("facility",), "authority") for rule in ("test.one", "test.two", "test.paper")
    ]
    assert [f.rule for f in later.findings] == ["test.two"]
    assert over.findings == ()


def test_where_the_field_is_known_nothing_is_asked(words):
    made = state(words, TWO, decided("2024-01-15", facility="prison"), as_of="2024-01-20")

    assert made.findings == ()
    assert {(clock.rule, "running" in clock.status) for clock in made.clocks} == {
        ("test.one", True), ("test.paper", True), ("test.wait", True),
    }  # fmt: skip
    assert [c.status for c in made.clocks if c.rule == "test.paper"] == [("running",)]


# ----------------------------------------------------------------------------------- which article moves the end


@pytest.mark.parametrize(
    ("cites", "regime", "counting", "named"),
    [
        ("ba.procedure/?", "rolling", "", ()),
        ("ba.procedure/?", "rolling", "counting: {article: '99(2)'}\n", ("ba.procedure/99(2)",)),
        ("eu.2008-115/13(1)", "1182-71", "", ("eu.1182-71/3(4)",)),
        ("echr/13", "1182-71", "", ()),
    ],
)
def test_the_article_that_moves_an_end_is_that_of_the_act_or_none(words, tmp_path, cites, regime, counting, named):
    folder = tmp_path / "law"
    shutil.copytree(words, folder)
    act = folder / "instruments/ba/procedure.yaml"
    provision = "provisions:\n- {article: '99(2)', gist: It moves., checked: verified-text, source: invented}\n"
    act.write_text(counting + act.read_text().replace("provisions: []\n", provision) if counting else act.read_text())
    rules = RULE.replace("echr/13", cites).replace("rolling", f"'{regime}'") + "  facts: echr-13-remedy\n"
    (folder / "facts.yaml").write_text(
        "- {id: echr-13-remedy, instrument: echr, article: '13', kind: duty, topic: t, value: null, unit: null,"
        " bound: null, checked: verified-text}\n"
    )
    made = state(folder, rules, decided("2023-12-30", facility="prison"))
    moved = [one for one in explain(made, clock(made)).parts if "the end moves to" in one.text]

    assert [one.cites for one in moved] == [named]


def test_an_act_counts_by_an_article_that_it_has(words, tmp_path):
    folder = tmp_path / "law"
    shutil.copytree(words, folder)
    act = folder / "instruments/ba/procedure.yaml"
    act.write_text("counting: {article: '99(9)'}\n" + act.read_text())

    assert "counts by its article `99(9)`" in fault_of(folder, RULE).what


def test_an_entry_that_names_one_instance_meets_no_clock_of_another(words):
    """Two decisions, and the appeal says that it is about the second."""
    rule = RULE.replace("  calendar: {by: facility, prison: BA-RS, airport: BA-FBiH}\n", "")
    decisions = decided("2024-01-08", id="d1"), decided("2024-01-10", id="d2")
    appeal = event("2024-01-15", "appeal_lodged", concerns="d2", against="return_decision")
    made = state(words, rule, *decisions, appeal, as_of="2024-01-16")

    assert {one.ref: one.status for one in made.clocks if one.rule == "test.appeal"} == {
        "returns.decision#d1": ("met", "running"),  # an appeal that nobody recorded may be there
        "returns.decision#d2": ("met",),
    }
