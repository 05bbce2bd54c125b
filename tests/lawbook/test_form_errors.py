"""Every fault of form in a law file: its line, its key as the law writes it, what is wrong, the cure; in our words."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from staza.lawbook import form_errors
from staza.lawbook.bundle import Bundle
from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError
from staza.lawbook.examples import rows
from staza.lawbook.near_names import did_you_mean, near_names
from staza.lawbook.reader import FileReader, Sources

RULE = """title: A test
rules:
- id: test.one
  deadline: released
  per: custody.episode
  starts: start
  lasts: 3 days
  cites: echr/5(1)
"""
OF_PYDANTIC = re.compile(r"[Ii]nput should|not permitted|valid (dictionary|string|list)|instance of|[Ff]ield required")
LASTS, STARTS_AND_LASTS = "  lasts: 3 days\n", "  starts: start\n  lasts: 3 days\n"
CEILING = RULE.replace("deadline: released", "ceiling: 3 moons").replace(LASTS, "  sums: spans(custody.episode)\n")
DEFAULTS = "title: A test\ndefaults:\n"
CASES = [  # text, line, key, said, cure
    (RULE.replace("title:", "titel:"), 1, "titel", "The key `titel` is not known", "`title`"),
    (RULE.replace("lasts:", "last:"), 7, "rules.0.last", "The key `last` is not known", "`lasts`"),
    (RULE + "  xyzzy: 1\n", 9, "rules.0.xyzzy", "deadline, differs, duty", "CONTRIBUTING"),
    (RULE.replace("- id: test.one\n  deadline", "- deadline"), 3, "rules.0", "The key `id` is missing", "`id:`"),
    (RULE.replace("released", "{a: 1}"), 4, "rules.0.deadline", "a text, not a mapping of keys", ""),
    (RULE.replace("released", "[[released]]"), 4, "rules.0.deadline.0", "a text, not a list", ""),
    (RULE.replace("deadline: released", "safeguard: absolut"), 4, "rules.0.safeguard", "derogable", "`absolute`"),
    (RULE + "  counts_earlier: maybe\n", 9, "rules.0.counts_earlier", "true or false, not a text", ""),
    (RULE + "  applies_from: 2020-01-01\n", 9, "rules.0.applies_from", "a bare date", "'2020-01-01'"),
    (RULE + "  applies_from: soon\n", 9, "rules.0.applies_from", "YYYY-MM-DD", ""),
    (RULE + "  unless: 3\n", 9, "rules.0.unless", "a mapping of keys or a text or a list", ""),
    (RULE + "  unless: {minor: 3}\n", 9, "rules.0.unless.minor", "a text or a list", ""),
    (RULE + "  differs: {a: 3}\n", 9, "rules.0.differs.a", "a text, not a whole number", "'3'"),
    (RULE + "  at_least: 3 days\n", 9, "rules.0.at_least", "a mapping of keys, not a text", ""),
    (RULE + "  at_least: {3 days: }\n", 9, "rules.0.at_least.3 days", "no article", ""),
    (RULE + "  extended: {by: released}\n", 9, "rules.0.extended", "a list, not a mapping of keys", ""),
    (RULE + "  extended: [{adds: 3 days}]\n", 9, "rules.0.extended.0", "The key `by` is missing", "`by:`"),
    (RULE + "  extended: [{by: released, adds: 3 moons}]\n", 9, "rules.0.extended.0.adds", "no period", "months"),
    (RULE.replace("released", "[released, relesed]"), 4, "rules.0.deadline.1", "`relesed`", "`released`"),
    (RULE + "  on: [relesed]\n", 9, "rules.0.on.0", "`relesed`", "`released`"),
    (CEILING, 4, "rules.0.ceiling", "`3 moons` is no period", "months"),
    (RULE.replace("lasts: 3 days", "breach_from: 3 moons"), 7, "rules.0.breach_from", "`3 moons`", "months"),
    (RULE.replace("lasts: 3 days", "concern_from: 3 moons"), 7, "rules.0.concern_from", "`3 moons`", "months"),
    (
        RULE.replace("deadline", "recurring").replace("lasts: 3 days", "every: 3 moons"),
        7, "rules.0.every", "`3 moons`", "months",
    ),
    (
        RULE.replace(STARTS_AND_LASTS, "  earliest_of:\n  - 3 days after start\n  - 3 days\n"),
        8, "rules.0.earliest_of.1", "`3 days` is no limit", "after first",
    ),
    (RULE.replace("3 days", "12 working days"), 7, "rules.0.lasts", "is no period", "Write `12 working_days`."),
    (RULE.replace("3 days", "1 Working day"), 7, "rules.0.lasts", "is no period", "Write `1 working_day`."),
    (RULE.replace("3 days", "2 month"), 7, "rules.0.lasts", "is no period", "Write `2 months`."),
    (RULE.replace("3 days", "10 to 12 working days"), 7, "rules.0.lasts", "is no period", "`12 working_days`"),
    (RULE.replace("3 days", "2 working days before start"), 7, "rules.0.lasts", "is no period", "`2 working_days`"),
    (
        RULE.replace(STARTS_AND_LASTS, "  earliest_of:\n  - 3 days after start\n  - 12 working days after start\n"),
        8, "rules.0.earliest_of.1", "`12 working days` is no period", "`12 working_days`",
    ),
    (RULE + "  if: today > add(start, 2 working days)\n", 9, "rules.0.if", "the unit is written `working_days`", ""),
    (RULE.replace("3 days", "if(minor, 3 days, 5)"), 7, "rules.0.lasts", "hangs on a condition", "`earliest_of: ["),
    (RULE.replace("3 days", "3 days if minor"), 7, "rules.0.lasts", "hangs on a condition", "`earliest_of: ["),
    (RULE.replace("title: A test\n", DEFAULTS + "  regime: dublyn\n"), 3, "defaults.regime", "1182-71", "`dublin`"),
    (RULE.replace("title: A test\n", DEFAULTS + "  if: minor and\n"), 3, "defaults.if", "minor and", "CONTRIBUTING"),
    ("title: x\nrules: {}\n", 2, "rules", "a list, not a mapping of keys", ""),
    ("title: x\nrules: [3]\n", 2, "rules.0", "a mapping of keys, not a whole number", ""),
    ("title: x\nrules: [null]\n", 2, "rules.0", "A value is missing", ""),
    ("title: no\n", 1, "title", "a text, not true or false", "quotes"),
    ("title: x\nconditions: {a_name: 3}\n", 2, "conditions.a_name", "a mapping of keys or a text", ""),
    ("title: x\nconditions: {a_name: {iss: minor}}\n", 2, "conditions.a_name.iss", "`iss` is not known", "`is`"),
    ("title: x\nprocedures: [{procedure: x, title: x}]\n", 2, "procedures.0", "`opened_by` is missing", ""),
    ("", 1, "", "The file holds nothing", ""),
    ("3\n", 1, "", "a mapping of keys, not a whole number", ""),
]  # fmt: skip
CHECKED = [  # faults that only the whole law shows
    (RULE.replace("deadline: released", "ceiling: six months"), 4, "ceiling", "six months", "`months`"),
    (RULE.replace("released", "released where minors"), 4, "deadline", "`minors`", "`minor`"),
    (RULE + "  restarts_on: released where minors\n", 9, "restarts_on", "`minors`", "`minor`"),
    (RULE + "  blocks: remval\n", 9, "blocks", "`remval` is no act", "`removal`"),
    (RULE.replace("title: A test\n", DEFAULTS + "  if: minors\n"), 3, "if", "`minors`", "`minor`"),
]  # fmt: skip
OTHER_FILES = [
    ("event_kinds/x.yaml", "- kind: x\n", "event_kinds/x.yaml:1, key `0`", "`label` is missing", ""),
    ("event_kinds/x.yaml", "a: 1\n", "event_kinds/x.yaml:1", "a list, not a mapping of keys", ""),
    (
        "event_kinds/x.yaml",
        "- {kind: x, label: x, gist: x, nature: act, class: asylum, absence: no, origin: court, recorded_by: [x]}\n",
        "event_kinds/x.yaml:1, key `0.absence`", "no, unknown", "quotes",
    ),
    ("calendars/x.yaml", "calendar: x\ncode: X\nweekend: [sunday]\ndefaults: {}\nfrom: now\nuntil: 2000\n",
     "calendars/x.yaml:5, key `from`", "a whole number, not a text", ""),
    ("calendars/x.yaml", "calendar: x\ncode: X\nweekend: [sonday]\ndefaults: {}\nfrom: 2000\nuntil: 2000\n",
     "calendars/x.yaml:3, key `weekend.0`", "monday", "`sunday`"),
    ("vocabularies/acts.yaml", "- {act: x, label: x, includes: y}\n", "acts.yaml:1, key `0.includes`", "no act", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def law(tmp_path_factory) -> Path:
    """The law without its rules but the shared ones."""
    folder = tmp_path_factory.mktemp("form") / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "procedures/shared", "calendars"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    return folder


def fault_of(law: Path, name: str, text: str) -> LawError:
    path = law / name
    before = path.read_text() if path.exists() else None
    path.write_text(text)
    try:
        with pytest.raises(LawError) as fault:
            checked_law(law, "digest")
    finally:
        path.unlink() if before is None else path.write_text(before)
    assert not OF_PYDANTIC.search(str(fault.value))
    return fault.value


@pytest.mark.parametrize(("text", "line", "key", "said", "cure"), CASES + CHECKED)
def test_a_fault_of_form_names_line_key_fault_and_cure(law, text, line, key, said, cure):
    fault = fault_of(law, "procedures/shared/zz.yaml", text)

    assert fault.where.startswith(f"procedures/shared/zz.yaml:{line}")
    assert fault.where.endswith(f", key `{key}`" if key else f":{line}")
    assert said in f"{fault.what} {fault.why}"
    assert cure in fault.next
    assert fault.next


@pytest.mark.parametrize(("name", "text", "where", "said", "cure"), OTHER_FILES)
def test_a_fault_of_form_in_a_file_of_words_is_said_alike(law, name, text, where, said, cure):
    fault = fault_of(law, name, text)

    assert where in fault.where
    assert said in f"{fault.what} {fault.why}"
    assert cure in fault.next


def test_every_type_of_error_is_said_without_the_words_of_pydantic():
    """Also those that no file of today can meet: nothing falls through the table."""
    from typing import get_args

    from pydantic_core import core_schema

    for kind in get_args(core_schema.ErrorType):
        context = dict.fromkeys(("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern"), 3)
        error = {"type": kind, "loc": ("a",), "msg": "Input should be", "input": 5, "ctx": {**context, "error": "own"}}
        made = form_errors.form_error([error], {"a": 5}, form_errors.BaseModel)

        assert not OF_PYDANTIC.search(f"{made.what} {made.why} {made.next}")
        assert made.what
        assert made.why
        assert made.next


WORKED = [
    ("title: x\nbase: {}\ncases: [{name: a}]\n", 3, "`why` is missing"),
    ("title: x\nbase: {}\ncases: [{name: a, why: b, fire: [x]}]\n", 3, "`fire` is not known"),
    ("title: x\nbase: {}\ncases: [{name: a, why: b, fires: [{role: x}]}]\n", 3, "`role` is not known"),
    (
        "title: x\nbase: {persons: []}\ncases:\n- {name: a, why: b}\n"
        "- {name: c, why: d, set: {persons.p1.minor: true}}\n",
        5,
        "The changes of `c` cannot be made",
    ),
]


@pytest.mark.parametrize(("text", "line", "said"), WORKED)
def test_a_worked_case_of_wrong_form_is_said(tmp_path, text, line, said):
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "a.yaml").write_text(text)
    with pytest.raises(LawError) as fault:
        list(rows(tmp_path / "examples"))

    assert fault.value.where.startswith(f"examples/a.yaml:{line}, key `cases.")
    assert said in fault.value.what


def test_a_key_is_named_at_the_last_place_that_the_file_writes(tmp_path):
    (tmp_path / "a.yaml").write_text("rules:\n- {id: x}\n")
    reader = FileReader(tmp_path / "a.yaml", tmp_path, Bundle("x"), Sources())

    assert reader.written(["rules", 0, "lasts"]) == ["rules", 0]
    assert reader.fault("", ["rules", 3], "", "").where == "a.yaml:1, key `rules`"


def test_near_names_are_misspelt_or_a_part_of_the_name():
    known = ["returns.detention.maximum", "returns.detention.review", "asylum.interview.held"]

    assert near_names("returns.detention.maximun", known)[0] == known[0]
    assert near_names("detention.review", known)[0] == known[1]
    assert near_names("interview", known) == [known[2]]
    assert near_names("asylum.detention.maximum", known)[0] == known[0]
    assert near_names("nope", known) == []
    assert did_you_mean("nope", known) == ""
    assert did_you_mean("interview", known) == "Did you mean `asylum.interview.held`?"
