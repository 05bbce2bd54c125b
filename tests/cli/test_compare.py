"""`staza law compare`: national rules beside provisions of the Union, on a copy of the law with two more rules."""

import json
import shutil

import pytest
from conftest import ROOT

from staza.cli import main

RULES = """
title: National rules for a comparison
rules:
- id: ba.trial.departure
  window: [removal_executed]
  per: returns.decision
  lasts: {lasts}
  implements: [eu.2008-115/11(2)]
  cites: ba.aliens/93(5)
  facts: BA-ALI-003
  differs: a trial
- id: ba.trial.six_months
  deadline: [asylum_decision_negative]
  per: asylum.application
  lasts: 5 months
  implements: [eu.2013-32/31(3)]
  cites: ba.aliens/93(5)
  facts: BA-ALI-003
  differs: a trial
"""


@pytest.fixture
def compared(tmp_path, monkeypatch, capsys):
    def run(*words, lasts="5 years"):
        law = tmp_path / "law"
        shutil.copytree(ROOT / "law", law, ignore=shutil.ignore_patterns("examples"), dirs_exist_ok=True)
        (law / "procedures" / "trial.yaml").write_text(RULES.format(lasts=lasts))
        monkeypatch.setenv("STAZA_LAW", str(law))
        status = main(["law", "compare", *words])
        return status, capsys.readouterr()

    return run


def rows(printed):
    (answer,) = json.loads(printed.out)
    return {row["provision"]: row for row in answer["rows"]}


@pytest.mark.slow
def test_the_difference_is_computed(compared):
    status, printed = compared("BA", "eu.2013-32", "--json")
    found = rows(printed)

    assert status == 0
    assert found["eu.2013-32/31(3)"]["difference"] == "shorter"
    assert "5 months against" in found["eu.2013-32/31(3)"]["words"]
    assert "missing" in {row["difference"] for row in found.values()}


@pytest.mark.slow
def test_what_was_not_read_is_said_and_asked(compared):
    _, printed = compared("BA", "eu.2008-115", "--json", lasts="not_read")
    row = rows(printed)["eu.2008-115/11(2)"]

    assert row["difference"] == "not_read"
    assert row["question"].startswith("What does Law on Aliens")


@pytest.mark.slow
def test_the_table_names_rule_and_article(compared):
    _, printed = compared("Bosnia and Herzegovina", "eu.2013-32")

    assert "Directive 2013/32 art. 31(3)" in printed.out
    assert "ba.trial.six_months [Law on Aliens (BiH) art. 93(5)]" in printed.out


@pytest.mark.slow
@pytest.mark.parametrize("words", [("Bosna", "eu.2013-32"), ("BA", "eu.2013-33x")])
def test_an_unknown_state_or_act_is_said(compared, words):
    status, printed = compared(*words)

    assert status == 2
    assert "is not known" in printed.err
