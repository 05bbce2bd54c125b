"""Stories of whole files: every expectation at every day, and the form in which they are written."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from staza.cli import main
from staza.lawbook import running
from staza.lawbook.bundle import Bundle
from staza.lawbook.casefile import read_case
from staza.lawbook.citations import act_of
from staza.lawbook.errors import LawError
from staza.lawbook.examples import rows
from staza.lawbook.running import run_examples
from staza.lawbook.stories import Story, answer, differences, expectations, stories

LAW = ROOT / "law"
STORIES = {story.name: story for story in stories(LAW)}
AWAITED: tuple[str, ...] = ()  # a story whose rules are still missing; one that is met already is not skipped

# ------------------------------------------------------------------------------------------ what the law says


@pytest.mark.parametrize("name", STORIES)
def test_the_law_says_what_the_facts_say(name: str, bundle: Bundle) -> None:
    found = differences(STORIES[name], bundle)

    if found and name in AWAITED:
        pytest.skip(f"its rules are being written; {len(found)} differences")
    assert not found, "\n".join(map(str, found))


def test_every_awaited_story_is_there() -> None:
    assert set(AWAITED) <= STORIES.keys()


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_a_log_without_oddities(name: str, bundle: Bundle) -> None:
    story = STORIES[name]
    file = read_case(story.log(story.told.at[-1].day), bundle, where=name)

    assert file.notices == ()
    assert file.kept_by_authority
    assert 10 <= len(story.told.log) <= 40
    assert len(story.entries(story.told.at[-1].day)) >= len(story.told.log) - 1, "an entry that no day reads"


@pytest.mark.parametrize("name", STORIES)
def test_a_story_gives_its_reasons_and_says_what_must_not_appear(name: str, bundle: Bundle) -> None:
    story = STORIES[name]

    assert len(story.told.at) >= 3
    assert all(moment.because for moment in story.told.at)
    assert any(keys[0] == "not" for moment in story.told.at for keys, _ in moment.rests())
    for moment in story.told.at:
        for _, one in moment.rests():
            assert getattr(one, "act", None) in (None, *bundle.acts)
            assert all(act_of(article) in bundle.instruments for article in one.article)


def test_a_story_is_no_worked_case() -> None:
    assert not [row for row in rows(LAW / "examples") if row.file.startswith("stories")]


# ------------------------------------------------------------------------- a small story against law that is there


SMALL = """\
title: Held too long
why: eighteen months are the most
state: Bulgaria
persons: [{ref: p1, age_years: 30}]
context: {}
log:
- {date: '2019-01-02', what: return_decision_issued}
- {date: '2019-01-02', what: detention_ordered, ground: removal}
- {date: '2019-01-02', what: detention_started}
at:
- date: '2020-07-02'
  because: the last day
  clocks:
  - {fact: ret-15-6, due: '2020-07-02', status: running}
  not:
    findings:
    - {verdict: breach, fact: ret-15-6, limit_on: '2020-07-02'}
- date: '2020-07-03'
  because: the day after
  findings:
  - {verdict: breach, article: eu.2008-115/15, person: p1, limit_on: '2020-07-02'}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "examples" / "stories").mkdir(parents=True)
    shutil.copy(LAW / "facts.yaml", tmp_path / "facts.yaml")
    return tmp_path


def told(folder: Path, text: str) -> Story:
    (folder / "examples" / "stories" / "small.yaml").write_text(text)
    return next(stories(folder))


def test_a_story_that_is_met_differs_in_nothing(folder: Path, bundle: Bundle) -> None:
    assert differences(told(folder, SMALL), bundle) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("due: '2020-07-02', status", "due: '2020-07-01', status", "ret-15-6: due 2020-07-01 (running); there is p1"),
        ("status: running", "status: missed", "due 2020-07-02 (missed); there is p1 "),
        ("due: '2020-07-02', status: running", "due: unknown", "ret-15-6: due unknown; there is p1 "),
        ("fact: ret-15-6, due", "fact: ret-6-1, due", "ret-6-1: due 2020-07-02 (running); there is "),
        ("verdict: breach, article", "verdict: question, article", "question from the limit 2020-07-02; there is p1"),
        ("p1, limit_on: '2020-07-02'", "p1, limit_on: '2020-07-01'", "breach from the limit 2020-07-01; there is p1"),
        ("because: the last day", "because: x\n  duties: [{fact: ret-8-1}]", "ret-8-1: duty open; there is nothing"),
        (
            "because: the last day",
            "because: x\n  blocked: [{act: schedule_removal, fact: BA-ASY-030}]",
            "BA-ASY-030: `schedule_removal` blocked; there is ",
        ),
        (
            "because: the last day",
            "because: x\n  allowed: [{act: dance, fact: BA-ASY-030}]",
            "BA-ASY-030: `dance` allowed; there is no such act",
        ),
        ("    findings:\n    -", "    clocks: [{fact: ret-15-6}]\n    findings:\n    -", "no day; there is p1 "),
        ("    findings:\n    -", "    blocked: [{act: dance, fact: ret-15-6}]\n    findings:\n    -", "no such act"),
    ],
)
def test_every_difference_is_said(folder: Path, bundle: Bundle, old: str, new: str, said: str) -> None:
    assert old in SMALL
    found = differences(told(folder, SMALL.replace(old, new)), bundle)

    assert len(found) == 1
    assert said in str(found[0])
    assert str(found[0]).startswith("small, 2020-07-0")


def test_what_must_not_appear_is_said_when_it_does(folder: Path, bundle: Bundle) -> None:
    story = told(folder, SMALL.replace("date: '2020-07-02'\n  because", "date: '2020-07-03'\n  because"))
    moment = story.told.at[0]
    unmet = [one for one in expectations(moment, answer(story, moment.day, bundle)) if not one.met]

    assert [one.words.split(",")[0].split(" from")[0] for one in unmet] == ["due 2020-07-02 (running)", "no breach"]


# ---------------------------------------------------------------------------------------------- staza law check


@pytest.fixture
def checked_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The law with nothing to run but the small story."""
    folder = tmp_path / "law"
    shutil.copytree(LAW, folder, ignore=shutil.ignore_patterns("stories", "judgments", "schema"))
    (folder / "examples" / "stories").mkdir(parents=True)
    (folder / "examples" / "stories" / "small.yaml").write_text(SMALL)
    monkeypatch.setenv("STAZA_LAW", str(folder))
    return folder


def test_the_check_of_the_law_runs_stories(checked_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["law", "check"]) == 0
    said = capsys.readouterr()

    assert "stories: 1, days: 2, expectations: 3" in said.out
    assert said.err == ""


def test_a_story_that_does_not_hold_is_a_fault_of_the_check(
    checked_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = checked_folder / "examples" / "stories" / "small.yaml"
    path.write_text(SMALL.replace("person: p1, limit_on: '2020-07-02'", "person: p1, limit_on: '2020-07-01'"))

    assert main(["law", "check", "--json"]) == 1
    said = capsys.readouterr()
    assert "stories" in said.out
    line = len(SMALL.splitlines())
    place = f"examples/stories/small.yaml:{line}, 2020-07-03"
    expected, found = said.err.rstrip().removeprefix("staza: a story does not hold: ").split("; found ")
    assert expected == f"{place}: expected eu.2008-115/15 for p1: breach from the limit 2020-07-01"
    assert "p1 breach returns.detention.maximum 2020-07-02" in found.split("; ")
    assert len(said.err.splitlines()) == 1


def test_a_story_of_an_overlay_runs_on_top_of_the_law(
    checked_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "overlay" / "examples" / "stories"
    own.mkdir(parents=True)
    (own / "own.yaml").write_text(SMALL.replace("due: '2020-07-02'", "due: '2020-07-09'"))
    monkeypatch.setenv("STAZA_LAW_OVERLAY", str(tmp_path / "overlay"))

    assert main(["law", "check"]) == 1
    assert "a story does not hold: examples/stories/own.yaml:" in capsys.readouterr().err


@pytest.mark.slow
def test_work_in_several_processes_is_the_work_of_one(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(bundle, rules=[replace(one, finding="none") for one in bundle.rules])
    several = run_examples(wrong, LAW)
    monkeypatch.setattr(running, "MANY", 10**9)
    one = run_examples(wrong, LAW)

    assert several.differences
    assert [str(d) for d in several.differences] == [str(d) for d in one.differences]
    assert several.outcomes == one.outcomes


# ------------------------------------------------------------------------------------------------------- the form


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("because: the last day", "becuase: the last day", "The key `becuase` is not known."),
        ("  because: the last day\n", "", "The key `because` is missing."),
        ("fact: ret-15-6, due", "fact: ret-15-66, due", "`ret-15-66` is no fact."),
        ("person: p1", "person: p3", "`p3` is nobody here."),
        ("fact: ret-15-6, due", "due", "cannot stand here."),
        ("due: '2020-07-02'", "due: ['2020-07-02', '2020-07-01']", "cannot stand here."),
        ("due: '2020-07-02'", "due: 3", "cannot stand here."),
        ("status: running", "status: walking", "`walking` cannot stand here."),
        ("verdict: breach, fact", "verdict: crime, fact", "`crime` cannot stand here."),
        ("date: '2020-07-03'", "date: '2020-06-03'", "2020-06-03 comes after 2020-07-02."),
        ("date: '2020-07-03'", "date: soon", "`soon` cannot stand here."),
        ("{date: '2019-01-02', what: detention_started}", "{date: '2018-01-02', what: released}", "2018-01-02 comes"),
    ],
)
def test_a_fault_of_form_is_said_with_its_place(folder: Path, old: str, new: str, what: str) -> None:
    assert old in SMALL
    with pytest.raises(LawError) as fault:
        told(folder, SMALL.replace(old, new))

    assert what in fault.value.what
    assert fault.value.where.startswith("examples/stories/small.yaml:")
    assert fault.value.why
    assert fault.value.next
    assert "pydantic" not in str(fault.value)


def test_a_law_without_stories_has_none(tmp_path: Path) -> None:
    assert list(stories(tmp_path)) == []


def test_lines_of_stories_stay_readable() -> None:
    texts = [path.read_text() for path in (LAW / "examples" / "stories").rglob("*.yaml")]

    assert not [line for text in texts for line in text.splitlines() if len(line) > 110]
    assert all(yaml.safe_load(text)["title"] for text in texts)
