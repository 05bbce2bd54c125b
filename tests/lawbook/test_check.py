"""A fault in the law is said with file, line, key and cure, and law with a fault is never evaluated."""

import shutil
from pathlib import Path

import pytest
from conftest import ROOT, event, log, state

from staza.cli import main
from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError

RULE = """title: A test
rules:
- id: test.one
  deadline: released
  per: custody.episode
  starts: start
  lasts: 3 days
  cites: echr/5(1)
"""


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """The words and acts of the law without its rules but the shared ones."""
    folder = tmp_path / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "procedures/shared"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    shutil.copytree(ROOT / "law" / "calendars", folder / "calendars")
    (folder / "procedures" / "test").mkdir()
    return folder


def fault_of(law: Path, text: str, name: str = "procedures/test/a.yaml") -> LawError:
    (law / name).write_text(text)
    with pytest.raises(LawError) as fault:
        checked_law(law, "digest")
    assert fault.value.next
    return fault.value


def test_the_law_as_it_stands_has_no_fault():
    checked_law(ROOT / "law", "digest")


def test_a_sound_rule_is_taken(law):
    (law / "procedures/test/a.yaml").write_text(RULE)
    bundle, _ = checked_law(law, "digest")

    assert [rule.id for rule in bundle.rules if rule.id == "test.one"] == ["test.one"]


CASES = [
    (RULE.replace("lasts:", "last:"), "rules.0.last", "procedures/test/a.yaml:7"),
    (RULE.replace("3 days", "3 moons"), "3 moons", "procedures/test/a.yaml:7"),
    (RULE.replace("echr/5(1)", "echr/5(9)"), "echr/5(9)", "procedures/test/a.yaml:8"),
    (RULE.replace("echr/5(1)", "echr.p99/5(1)"), "echr.p99", "test/a.yaml"),
    (RULE.replace("echr/5(1)", "article 5"), "article 5", "test/a.yaml"),
    (RULE.replace("echr/5(1)", "echr/5 A"), "`zz.court/54.7A(3)`", "test/a.yaml:8"),
    (RULE + "  source: 'case.ECLI:EU:C:1900:1'\n", "ECLI:EU:C:1900:1", "procedures/test/a.yaml:9"),
    (RULE.replace("echr/5(1)", "[echr/5(1), 'case.ECLI:EU:C:1900:1/6']"), "ECLI:EU:C:1900:1", "test/a.yaml:8"),
    (RULE.replace("  cites: echr/5(1)\n", ""), "test.one", "test/a.yaml"),
    (RULE.replace("released", "releasd"), "releasd", "procedures/test/a.yaml:4"),
    (RULE.replace("custody.episode", "custody.stay"), "custody.stay", "test/a.yaml"),
    (RULE + "  if: minors\n", "minors", "procedures/test/a.yaml:9"),
    (RULE + "  if: minor and\n", "minor and", "procedures/test/a.yaml:9"),
    (RULE + "  if: exists(releasd)\n", "releasd", "test/a.yaml"),
    (RULE + "  if: facility = prisn\n", "`prisn` is no code of `facility`", "procedures/test/a.yaml:9"),
    (RULE + "  if: facility in [prison, prisn]\n", "`prisn` is no code of `facility`", "procedures/test/a.yaml:9"),
    (RULE + "  if: said(facility, detention_started) != prisn\n", "`prisn` is no code", "procedures/test/a.yaml:9"),
    (RULE + "  if: partner = Austria and to = whoever\n", None, None),  # every State; a field without a list
    (RULE + "  if: time <= '16:30'\n", "compares what has no order", "procedures/test/a.yaml:9"),
    (RULE + "  if: until < planned_for\n", None, None),
    (RULE + "  if: perhaps(minor)\n", "perhaps", "test/a.yaml"),
    (RULE + "  window: released\n", "more than one kind", "procedures/test/a.yaml:3"),
    (RULE.replace("  deadline: released\n", ""), "no kind", "procedures/test/a.yaml:3"),
    (RULE.replace("echr/5(1)", "echr/?"), "neither an article nor a fact", "procedures/test/a.yaml:8"),
    (RULE.replace("test.one", "ba.one"), "named after a State and rests first on an act that binds others", "a.yaml:8"),
    (RULE.replace("test.one", "ba.one") + "  only_in: BX\n", "`BX` is no code of a State", "procedures/test/a.yaml:9"),
    (RULE.replace("test.one", "ba.one") + "  only_in: BA\n", None, None),
    (RULE + "  facts: no-such-fact\n", "no-such-fact", "procedures/test/a.yaml:9"),
    (RULE + RULE.split("rules:\n")[1], "declared twice", "procedures/test/a.yaml:9"),
    (
        RULE + RULE.split("rules:\n")[1].replace("test.one", "test.two").replace("3 days", "4 days"),
        "conflict",
        "procedures/test/a.yaml:9, `test.two`, and procedures/test/a.yaml:3, `test.one`",
    ),
    (RULE + "  applies_from: '2030-01-01'\n", None, None),
    (
        RULE
        + "  applies_until: '2030-01-01'\n"
        + RULE.split("rules:\n")[1].replace("test.one", "test.two").replace("3 days", "4 days")
        + "  applies_from: '2030-01-01'\n",
        None,
        None,
    ),
    (
        RULE.replace("echr/5(1)", "eu.2013-32/31(3)") + "  applies_from: '2026-06-12'\n",
        "outside its validity",
        "procedures/test/a.yaml:8",
    ),
    ("title: [a\nrules: x\n", "not YAML", "procedures/test/a.yaml:2"),
    ("title: A test\nrules: []\ncolour: red\n", "colour", "procedures/test/a.yaml:3"),
    ("title: A test\ndefaults: {id: x}\n", "`id` cannot be a default", "procedures/test/a.yaml:2"),
    ("title: A test\nconditions: {a_name: {asks: ''}}\n", "a_name", "test/a.yaml"),
    (
        "title: A test\nconditions: {a_name: not b_name, b_name: a_name and minor}\n",
        "leads back to itself",
        "test/a.yaml",
    ),
    ("title: A test\nspans: {days_of_x: minor}\n", "minor", "test/a.yaml"),
]


@pytest.mark.parametrize(("text", "named", "where"), CASES)
def test_a_fault_names_itself_and_its_place(law, text, named, where):
    if named is None:
        (law / "procedures/test/a.yaml").write_text(text)
        checked_law(law, "digest")
        return
    fault = fault_of(law, text)

    assert named in f"{fault.what} {fault.where} {fault.why}"
    assert where in fault.where


@pytest.mark.parametrize("length", ["1 day", "1 week", "1 month", "1 year", "1 working_day", "1 hour"])
def test_one_of_a_unit_is_written_without_its_s(law, length):
    unit = length.removeprefix("1 ")
    days = RULE.replace("lasts: 3 days", f"lasts: {length}\n  if: day <= add(start, {length.replace('hour', 'day')})")
    (law / "procedures/test/a.yaml").write_text(days)
    rule = next(rule for rule in checked_law(law, "digest")[0].rules if rule.id == "test.one")

    assert rule.limits[0].period == ["period", 1, f"{unit}s"]
    assert "2 month" in fault_of(law, RULE.replace("3 days", "2 month")).what


def test_a_fault_of_a_kind_of_event_names_its_line(law):
    name = "event_kinds/readmission.yaml"
    text = (law / name).read_text() + (
        "- {kind: a_new_thing, label: A new thing, gist: It happened., nature: act, class: ordinary,\n"
        "   absence: unknown, origin: authority, recorded_by: [authority], fields: [no_such_field]}\n"
    )
    fault = fault_of(law, text, name)

    assert "no_such_field" in fault.what
    assert f"{name}:{len(text.splitlines())}," in fault.where


@pytest.mark.parametrize(
    ("name", "entry", "named"),
    [
        ("fields", "- {field: until, type: date, label: Until}\n", "`until` is declared twice"),
        ("flags", "- {flag: zz, type: flag, asks: Is it?, answered_by: authority}\n" * 2, "`zz` is declared twice"),
        ("acts", "- {act: zz, label: An act}\n" * 2, "`zz` is declared twice"),
        ("states", "- {state: Serbia, code: 'ZZ', zone: Europe/Prague}\n", "`Serbia` is declared twice"),
        ("states", "- {state: Zembla, code: RS, zone: Europe/Prague}\n", "`RS` is declared twice"),
        ("states", "- {state: Zembla, code: BA-RS, zone: Europe/Prague}\n", "`BA-RS` is no code of a State"),
        ("states", "- {state: Z, code: ZZ, zone: Europe/Prague, also: [Srbija, Serbia]}\n", "`Serbia` is declared"),
    ],
)
def test_a_word_that_is_declared_twice_is_a_fault(law, name, entry, named):
    text = (law / f"vocabularies/{name}.yaml").read_text().rstrip() + "\n" + entry
    fault = fault_of(law, text, f"vocabularies/{name}.yaml")

    assert named in fault.what
    assert f"vocabularies/{name}.yaml:{len(text.splitlines())}," in fault.where


TRACKED = RULE.replace("lasts: 3 days", "tracks: {regular: 6 months, accelerated: 30 days}")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (TRACKED, "does not say what a change of track does"),
        (TRACKED.replace("regular:", "reglar:") + "  on_change: keep\n", "`reglar` is no track"),
        (RULE + "  on_change: keep\n", "has no tracks"),
        (TRACKED + "  on_change: keep\n", ""),
        (TRACKED.replace("6 months", "30 days"), ""),
    ],
)
def test_tracks_are_those_of_the_field_and_say_what_a_change_does(law, text, named):
    if named:
        assert named in fault_of(law, text).what
    else:
        (law / "procedures/test/a.yaml").write_text(text)
        checked_law(law, "digest")


def test_an_undeclared_year_of_a_calendar_is_a_fault(law):
    path = law / "calendars" / "me.yaml"
    text = path.read_text()
    fault = fault_of(law, text.replace("  2006: ", "  1906: "), "calendars/me.yaml")

    assert "2006" in fault.what
    assert "missing" in fault.next


def test_a_state_without_a_calendar_is_a_fault(law):
    (law / "calendars" / "be.yaml").unlink()

    assert "Belgium" in fault_of(law, RULE).what


def test_a_key_that_stands_twice_is_a_fault(law):
    assert "`title` stands twice" in fault_of(law, "title: A\nrules: []\ntitle: B\n").why


def test_a_file_in_an_unknown_folder_is_a_fault(law):
    (law / "rules").mkdir()

    assert "rules" in fault_of(law, "[]", "rules/a.yaml").why


ACT = """instrument: ba.t
title: A test
short: A test
kind: law
checked: verified-text
source: x
binds:
- {{states: [Bosnia and Herzegovina], from: '2010-01-01', bound: true, basis: law, checked: verified-text, source: x}}
provisions:
- {{article: '5', gist: Fifteen days., checked: verified-text, source: x{days}}}
- {{article: '6', gist: Fifteen days., checked: verified-text, source: x}}
"""
DECIDED = """title: A test
rules:
- id: t.decision
  deadline: [asylum_decision_issued]
  per: asylum.application
  lasts: 15 days
  cites: [{cites}]
  applies_from: '2015-01-01'
"""


def read_with(law: Path, days: str, cites: str = "ba.t/5"):
    (law / "instruments" / "t.yaml").write_text(ACT.format(days=days))
    (law / "procedures" / "test" / "a.yaml").write_text(DECIDED.format(cites=cites))
    return checked_law(law, "digest")[0]


@pytest.mark.parametrize(
    ("days", "status", "found"),
    [
        ("", ("missed",), [("breach", ("ba.t/5",))]),
        (", annulled_on: '2024-09-01'", ("missed",), [("breach", ("ba.t/5",))]),
        (", annulled_on: '2024-09-01', ex_tunc: true", None, []),
        (", annulled_on: '2024-02-01'", None, []),
        (", annulled_on: '2024-03-18'", ("missed",), [("breach", ("ba.t/5",))]),  # in force on the first day too late
        (", annulled_on: '2024-03-17'", ("ended",), []),
        (", disapplied_from: '2024-03-10'", ("ended",), []),
        (", applies_until: '2024-03-10'", ("ended",), []),
    ],
)
def test_a_clock_ends_with_its_article(law, days, status, found):
    """Lodged on 1 March, fifteen days end on 16 March; 17 March is the first day that is late."""
    shutil.copy(ROOT / "law" / "facts.yaml", law)
    bundle = read_with(law, days)
    lodged = [event("2024-03-01", "intention_stated"), event("2024-03-01", "attestation_issued")]
    made = state(bundle, log(*lodged, as_of="2024-12-31", state="Bosnia and Herzegovina"))
    clocks = [one.status for one in made.clocks if one.rule == "t.decision"]

    assert clocks == ([status] if status else [])
    assert [(one.verdict, one.cites) for one in made.findings if one.rule == "t.decision"] == found


def test_an_article_that_is_gone_is_not_cited_beside_another(law):
    shutil.copy(ROOT / "law" / "facts.yaml", law)
    bundle = read_with(law, ", annulled_on: '2024-09-01', ex_tunc: true", "ba.t/6, ba.t/5")
    lodged = [event("2024-03-01", "intention_stated"), event("2024-03-01", "attestation_issued")]
    made = state(bundle, log(*lodged, as_of="2024-12-31", state="Bosnia and Herzegovina"))

    assert [one.cites for one in made.findings if one.rule == "t.decision"] == [("ba.t/6",)]


def test_an_annulment_from_the_beginning_has_its_day(law):
    with pytest.raises(LawError) as fault:
        read_with(law, ", ex_tunc: true")

    assert "`ba.t/5` is annulled from the beginning" in fault.value.what
    assert "annulled_on" in fault.value.next


# ------------------------------------------------------------------------------------------------ worked cases

CASE = """title: A test
base: {as_of: '2026-03-10', state: Bulgaria, persons: [{ref: p1}], context: {}, timeline: []}
cases:
- name: held
  why: three days from the 2nd end on the 5th
  add: [{date: '2026-03-02', what: detention_started, facility: prison}]
  fires: [test.one]
- name: free
  why: nobody is held
  silent: [test.one]
"""


def outcome(law: Path, text: str, monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.setenv("STAZA_LAW", str(law))
    (law / "procedures/test/a.yaml").write_text(RULE)
    (law / "explained.yaml").write_text("explained: {}\n")
    (law / "facts.yaml").write_text("[]\n")
    (law / "examples/test").mkdir(parents=True)
    (law / "examples/test/a.yaml").write_text(text)
    code = main(["law", "check"])
    printed = capsys.readouterr()
    return code, printed.err + printed.out


def test_worked_cases_that_hold(law, monkeypatch, capsys):
    code, told = outcome(law, CASE, monkeypatch, capsys)

    assert (code, "2 worked cases\n" in told, "test.one" in told) == (0, True, False)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (CASE.replace("facility: prison", "facility: prisn"), "`prisn` is a code that no vocabulary lists"),
        (CASE.replace("  fires:", "  unlisted: [prison]\n  fires:"), "`prison` stands under `unlisted` and is listed"),
        (CASE.replace("silent: [test.one]", "silent: [test.won]"), "test.won is no rule. Did you mean `test.one`?"),
        (CASE.replace("2026-03-02", "2026-03-09"), "1 of 2 worked cases hold"),
        (CASE[: CASE.index("- name: free")], "no worked case leaves silent `test.one` (procedures/test/a.yaml)"),
        (CASE.replace("  fires: [test.one]\n", ""), "no worked case fires `test.one`"),
        (CASE.replace("name: free", "name: held"), "`held` is declared twice"),
    ],
)
def test_worked_cases_that_do_not(law, monkeypatch, capsys, text, named):
    code, told = outcome(law, text, monkeypatch, capsys)

    assert code in (1, 2)
    assert named in told


def test_a_code_that_is_meant_to_be_unlisted_is_taken(law, monkeypatch, capsys):
    text = CASE.replace("facility: prison", "facility: barn").replace("  fires:", "  unlisted: [barn]\n  fires:")

    assert outcome(law, text, monkeypatch, capsys)[0] == 0
