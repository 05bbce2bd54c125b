"""The general form of a request, used by the law of another State: a clock only where an act gives one."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT

from staza.engine import evaluate
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.casefile import read_case
from staza.lawbook.check import checked_law
from staza.lawbook.errors import LawError

ACT = """instrument: rs.requests
title: Law on requests
short: Law on requests
kind: law
checked: verified-text
source: invented
binds:
- {states: [Serbia], from: '2020-01-01', bound: true, basis: law, checked: verified-text, source: invented}
provisions:
- {article: '5', gist: A request is answered in fifteen days., checked: verified-text, source: invented}
"""
RULE = """title: Requests
rules:
- id: rs.requests.paper
  title: A paper is given or refused within fifteen days
  deadline: [request_answered]
  per: request where ground = visa
  if: not shown(by = authority)
  lasts: 15 days
  ends_with: [request_withdrawn]
  cites: rs.requests/5
"""


def law_with(tmp_path: Path, rule: str) -> Bundle:
    folder = tmp_path / "law"
    for name in ("event_kinds", "vocabularies", "instruments", "procedures/shared", "calendars"):
        shutil.copytree(ROOT / "law" / name, folder / name)
    shutil.copy(ROOT / "law" / "facts.yaml", folder)
    (folder / "instruments" / "rs.yaml").write_text(ACT)
    (folder / "procedures" / "rs.yaml").write_text(rule)
    return checked_law(folder, "t")[0]


def clocks(bundle: Bundle, *entries: dict, state: str = "Serbia") -> list[tuple[str, ...]]:
    content = {"id": "t", "as_of": "2024-06-01", "state": state, "persons": [{"ref": "p1"}],
               "context": {}, "timeline": list(entries)}  # fmt: skip
    file = read_case(content, bundle, where="t")
    made = evaluate(file.histories[0], law_of(bundle, file.state), as_of=date(2024, 6, 1).toordinal()).clocks
    ends = [date.fromordinal(one.due[0]).isoformat() if one.due else "-" for one in made]
    return [
        (one.ref, end, *one.status)
        for one, end in zip(made, ends, strict=True)
        if one.rule == "rs.requests.paper" and one.status != ("idle",)
    ]


def asked(ident: str, day: str, **fields: str) -> dict:
    return {"date": day, "what": "request_made", "id": ident, **fields}


def test_a_request_has_a_clock_only_where_the_act_gives_one(tmp_path):
    bundle = law_with(tmp_path, RULE)
    paper, other = asked("r1", "2024-05-02", ground="visa"), asked("r2", "2024-05-03", ground="health")

    assert clocks(bundle, paper, other) == [("request#r1", "2024-05-17", "missed", "met_late", "met")]
    assert clocks(bundle, paper, other, state="Bosnia and Herzegovina") == []


def test_each_request_is_answered_by_itself(tmp_path):
    bundle = law_with(tmp_path, RULE)
    entries = [asked("r1", "2024-05-02", ground="visa"), asked("r2", "2024-05-10", ground="visa"),
               {"date": "2024-05-20", "what": "request_answered", "concerns": "r2", "result": "granted"}]  # fmt: skip
    found = {one[0]: one[1:] for one in clocks(bundle, *entries)}

    assert found["request#r2"] == ("2024-05-25", "met")
    assert "missed" in found["request#r1"]


def test_a_request_whose_ground_is_not_said_may_have_the_clock(tmp_path):
    made = clocks(law_with(tmp_path, RULE), asked("r1", "2024-05-02"))

    assert len(made) == 1
    assert len(made[0]) > 3


@pytest.mark.parametrize(
    ("old", "new", "said", "where"),
    [
        ("request where ground = visa", "person where minor", "tells no instances apart", "procedures/rs.yaml:6"),
        ("request where ground = visa", "requst where ground = visa", "`requst` is no procedure", "rs.yaml:6"),
        ("request where ground = visa", "request where groud = visa", "`groud` is no", "rs.yaml"),
        ("request where ground = visa", "request where", "`request where` is no procedure", "procedures/rs.yaml:6"),
        ("deadline: [request_answered]", "safeguard: derogable\n  on: [request_answered]",
         "tells no instances apart", "procedures/rs.yaml:7"),
    ],
)  # fmt: skip
def test_a_where_that_cannot_be_read_is_said(tmp_path, old, new, said, where):
    with pytest.raises(LawError) as fault:
        law_with(tmp_path, RULE.replace(old, new))

    assert said in fault.value.what
    assert where in fault.value.where
