"""CONTRIBUTING, "Add a State's law, step by step", followed word by word on a copy of the law."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, event, ordinal

from staza.cli import main
from staza.engine import evaluate
from staza.lawbook.bundle import law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import read_case

STEP = re.compile(r"(Append to|[Nn]ew\s+file) `law/([^`]+)`:\n\n```yaml\n(.*?)```", re.DOTALL)


@pytest.fixture
def law(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(ROOT / "law", folder, ignore=shutil.ignore_patterns("stories", "judgments"))
    monkeypatch.setenv("STAZA_LAW", str(folder))
    monkeypatch.setenv("STAZA_CACHE", str(tmp_path / "cache"))
    steps = STEP.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(steps) == 12
    for how, name, text in steps:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.read_text(encoding="utf-8") if how == "Append to" else ""
        path.write_text(there + text, encoding="utf-8")
    return folder


def due(folder: Path) -> tuple[int, int] | None:
    bundle = load_bundle(folder)
    content = {"id": "x", "as_of": "2026-04-29", "state": "Ruritania", "persons": [{"ref": "p1"}],
               "timeline": [event("2026-04-28", "return_decision_issued")]}  # fmt: skip
    file = read_case(content, bundle, where="x")
    made = evaluate(file.histories[0], law_of(bundle, file.state), as_of=file.as_of)
    return next(clock.due for clock in made.clocks if clock.rule == "zz.return.appeal")


@pytest.mark.slow
def test_a_state_is_added_with_data_alone(law, capsys):
    assert main(["law", "check"]) == 0, capsys.readouterr().err
    assert due(law) == (ordinal("2026-05-11"),) * 2


@pytest.mark.slow
def test_a_time_limit_is_changed_with_two_lines(law, capsys):
    rule, case = law / "procedures/zz/appeal.yaml", law / "examples/zz/appeal.yaml"
    rule.write_text(rule.read_text().replace("lasts: 10 days", "lasts: 15 days"))
    assert main(["law", "check"]) == 1
    assert "the-end-rolls-over-holiday-and-weekend" in capsys.readouterr().err
    case.write_text(case.read_text().replace("due: '2026-05-11'", "due: '2026-05-13'"))

    assert main(["law", "check"]) == 0, capsys.readouterr().err
    assert due(law) == (ordinal("2026-05-13"),) * 2


@pytest.mark.slow
def test_another_state_does_not_see_it(law):
    bundle = load_bundle(law)

    assert not [one for one in law_of(bundle, "Serbia").by_id if one.startswith("zz.")]
