"""The index of facts, the coverage it counts, and the calendars."""

import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
import yaml
from conftest import ROOT

from staza.lawbook.check import checked_law
from staza.lawbook.coverage import fact_states
from staza.lawbook.running import run_examples

FACTS = ROOT.parent / "shared" / "facts"


@pytest.fixture(scope="module")
def checked():
    return checked_law(ROOT / "law", "facts")


@pytest.fixture(scope="module")
def done(checked):
    return run_examples(checked[0], ROOT / "law").outcomes


@pytest.mark.slow
def test_every_worked_case_holds(done):
    assert [f"{one.row.file}, {one.row.name}: {fault}" for one in done for fault in one.faults] == []


def share(states, kind):
    of_kind = [s.state == "encoded" for s in states if s.fact.kind == kind]
    return sum(of_kind) / len(of_kind)


@pytest.mark.slow
def test_the_share_of_encoded_facts(checked, done):
    """All clocks, nine guards in ten, three duties in four, all benchmarks."""
    states = [s for s in fact_states(*checked, done) if not s.fact.id.startswith("BA-")]

    assert Counter(s.fact.kind for s in states) == {"clock": 52, "guard": 74, "duty": 7, "benchmark": 22}
    assert share(states, "clock") == 1.0
    assert share(states, "guard") >= 0.9
    assert share(states, "duty") >= 0.75
    assert share(states, "benchmark") == 1.0


@pytest.mark.slow
def test_the_share_of_encoded_facts_of_bosnia_and_herzegovina(checked, done):
    states = [s for s in fact_states(*checked, done) if s.fact.id.startswith("BA-")]

    assert Counter(s.fact.kind for s in states) == {"clock": 52, "guard": 44, "duty": 56}


@pytest.mark.slow
def test_the_share_of_encoded_facts_on_readmission(checked, done):
    """What no entry of a file can show is explained, and nothing else is missing."""
    series = ("BA-RDM-", "BA-PRO-", "BA-CH-", "BA-AT-", "BA-BIL-", "BA-ESC-", "BA-FRM-")
    states = [s for s in fact_states(*checked, done) if s.fact.id.startswith(series)]

    assert Counter((s.fact.kind, s.state) for s in states) == {
        ("clock", "encoded"): 35,
        ("clock", "explained"): 4,
        ("guard", "encoded"): 18,
        ("guard", "explained"): 1,
        ("duty", "encoded"): 36,
        ("duty", "explained"): 1,
    }


@pytest.mark.slow
def test_a_rule_whose_value_differs_from_its_fact_is_counted_as_missing(checked, done, monkeypatch):
    bundle, sources = checked
    changed = sources.facts["ret-7-1a"].model_copy(update={"value": 8})
    monkeypatch.setitem(sources.facts, "ret-7-1a", changed)
    state = next(s for s in fact_states(bundle, sources, done) if s.fact.id == "ret-7-1a")

    assert state.state == "missing"
    assert "8" in state.why


@pytest.mark.skipif(not FACTS.is_dir(), reason="the research is not beside")
def test_the_index_is_what_the_research_says(tmp_path):
    script = ROOT / "scripts" / "build_facts_index.py"
    made = tmp_path / "facts.yaml"
    subprocess.run([sys.executable, script, str(FACTS), "--out", str(made)], check=True, capture_output=True)

    assert made.read_bytes() == (ROOT / "law" / "facts.yaml").read_bytes()


CALENDARS = sorted((ROOT / "law" / "calendars").glob("*.yaml"))
STATES = yaml.safe_load((ROOT / "law" / "vocabularies" / "states.yaml").read_text())


def test_every_state_has_a_calendar():
    codes = {yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["code"] for path in CALENDARS}

    assert {code for code in codes if "-" not in code} == {state["code"] for state in STATES}


@pytest.mark.parametrize("path", CALENDARS, ids=lambda path: path.stem)
def test_every_year_is_covered_or_said_to_be_missing_and_every_day_has_its_state_of_checking(path):
    calendar = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    years = {date.fromisoformat(str(day)).year for day in calendar["days"]}
    states = [one["checked"] for one in calendar.get("sources", {}).values()]
    named = {day["source"] for day in calendar["days"].values() if isinstance(day, dict)}
    named |= {day["source"] for day in calendar.get("may_be_free", {}).values()}

    covered = set(range(calendar.get("from", min(years)), calendar.get("until", max(years)) + 1))
    assert years <= covered
    assert covered == years | set(calendar.get("missing") or {}) or "-" in calendar["code"]
    assert not years & set(calendar.get("missing") or {})
    assert all((calendar.get("missing") or {1: "why"}).values())
    assert named == set(calendar.get("sources", {}))
    assert set(states) <= {"verified-text", "verified-secondary", "not-cross-checked"}
    if any(isinstance(day, str) for day in calendar["days"].values()):
        assert calendar["defaults"]["checked"] == "not-cross-checked"
