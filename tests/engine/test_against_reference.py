"""The engine and the naive evaluator of `tests/reference` must say the same of every log.

The logs are the worked cases of the law, the published judgments and their twins (in `make soak` all of them), and
logs drawn at random. The law is the law as it is, and the law with `tests/reference/trial_rules.yaml`, which uses
every kind of rule and every key.
"""

import ast
import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import reference
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staza.engine import CaseState, evaluate, exports
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import read_case
from staza.lawbook.examples import changed, rows
from staza.lawbook.files import law_folder

SOAK = bool(os.environ.get("STAZA_SOAK"))
FIRST, LAST = date(1998, 1, 1), date(2026, 12, 31)
TRIAL = Path(reference.__file__).parent / "trial_rules.yaml"
ONCE = Path(reference.__file__).parent / "once_differed.yaml"
# States bound by the acts, by some of them, by none, from a late day, and one whose calendar has gaps
STATES = ("Germany", "Slovenia", "Croatia", "Bulgaria", "Denmark", "Ireland", "United Kingdom", "Switzerland",
          "Bosnia and Herzegovina", "Serbia", "Hungary")  # fmt: skip


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle()


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The law with the trial rules."""
    folder = tmp_path_factory.mktemp("trial") / "law"
    shutil.copytree(law_folder(), folder, ignore=shutil.ignore_patterns("examples"))
    (folder / "procedures" / "trial").mkdir()
    shutil.copy(TRIAL, folder / "procedures" / "trial" / "rules.yaml")
    return load_bundle(folder)


def as_sets(state: CaseState) -> reference.NaiveState:
    return reference.NaiveState(
        clocks={(c.rule, c.ref, c.n, frozenset(c.status), c.due, c.practice) for c in state.clocks},
        findings={(f.rule, f.ref, f.verdict, f.limit_on) for f in state.findings},
        duties={(d.rule, d.ref) for d in state.duties},
        blocked={(b.act, rule) for b in state.blocked for rule in b.rules},
    )


def shown_as(value: tuple) -> str:
    return ", ".join("|".join(sorted(part)) if isinstance(part, frozenset) else str(part) for part in value)


def differences(content: dict, bundle: Bundle) -> list[str]:
    """Evaluate a log twice; give each thing that only one of them says."""
    file = read_case(content, bundle, where="log")
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    as_of = file.as_of
    shown = {h.person.ref: exports(h, law, as_of=as_of) for h in file.histories}
    naive = {h.person.ref: reference.exports(h, law, as_of) for h in file.histories}
    found = [
        f"{ref}: export {name} is {value}, not {naive[ref][name]}"
        for ref, one in shown.items()
        for name, value in one.items()
        if naive[ref][name] is not value
    ]
    for history in file.histories:
        first = as_sets(evaluate(history, law, as_of=as_of, relatives=shown))
        second = reference.evaluate(history, law, as_of, naive)
        for what in ("clocks", "findings", "duties", "blocked"):
            one, other = getattr(first, what), getattr(second, what)
            found += [f"{history.person.ref}: engine alone: {what} {shown_as(v)}" for v in sorted(one - other, key=str)]
            found += [f"{history.person.ref}: naive alone:  {what} {shown_as(v)}" for v in sorted(other - one, key=str)]
    return found


def test_the_judge_shares_nothing_with_the_judged() -> None:
    allowed = {"staza.engine.types", "staza.engine.expressions"}
    found = set()
    for path in Path(reference.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name for name in names if name.startswith("staza")}
    assert found <= allowed


# ------------------------------------------------------------------------------------------------- logs of the law


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def worked_cases() -> list[tuple[str, dict]]:
    return [(f"{row.file}, {row.name}", {"id": row.name, **row.log}) for row in rows(law_folder() / "examples")]


def judgments() -> list[tuple[str, dict]]:
    """Every published judgment of the law and every twin of one."""
    made = []
    folder = law_folder() / "examples" / "judgments"
    for path in sorted(folder.glob("*.yaml")):
        case = read_yaml(path)
        made.append((path.stem, case))
        twins = folder / "twins" / path.name
        if twins.exists():
            made += [(f"{path.stem}, {twin['name']}", changed(case, twin)) for twin in read_yaml(twins)["twins"]]
    return made


def some(logs: list[tuple[str, dict]], number: int) -> list[tuple[str, dict]]:
    """Give at least so many logs, evenly spread; in a long run all."""
    return logs if SOAK else logs[:: len(logs) // number or 1]


def told(logs: list[tuple[str, dict]], bundle: Bundle) -> str:
    """Give every difference as a line; nothing where the two agree."""
    return "\n".join(f"{name}: {line}" for name, log in logs for line in differences(log, bundle))


@pytest.mark.soak
@pytest.mark.slow
def test_worked_cases_evaluate_the_same(bundle: Bundle) -> None:
    logs = worked_cases()
    assert told(some(logs, 10), bundle) == ""


@pytest.mark.soak
@pytest.mark.slow
def test_judgments_and_twins_evaluate_the_same(bundle: Bundle) -> None:
    logs = judgments()
    assert len(logs) > 60
    assert told(some(logs, 10), bundle) == ""


@pytest.mark.soak
@pytest.mark.slow
def test_judgments_evaluate_the_same_under_the_trial_rules(trial: Bundle) -> None:
    assert told(some(judgments(), 6), trial) == ""


@pytest.mark.slow
@pytest.mark.parametrize("log", read_yaml(ONCE), ids=lambda log: log["id"])
def test_logs_that_once_differed_evaluate_the_same(trial: Bundle, log: dict) -> None:
    assert differences({"context": {}, **log}, trial) == []


# -------------------------------------------------------------------------------------------------- logs at random


@st.composite
def dates(draw: st.DrawFn, around: date) -> str:
    """Give a day near another, of a precision; most are days."""
    day = around + timedelta(days=draw(st.integers(-40, 400)))
    length = draw(st.sampled_from((10,) * 8 + (7, 4)))
    return min(max(day, FIRST), LAST).isoformat()[:length]


def values_of(datum, near: date, refs: list[str]) -> st.SearchStrategy:
    """Give values of a field or flag: listed ones, one that is not listed, and unknown."""
    match datum.type:
        case "flag":
            return st.sampled_from((True, False, "unknown"))
        case "number":
            return st.one_of(st.integers(0, 40), st.sampled_from((0, 1, 2, 3, 6, 7, 30, 90)), st.just("unknown"))
        case "date":
            return st.integers(-300, 900).map(lambda n: min(near + timedelta(days=n), LAST).isoformat())
        case "person":
            return st.sampled_from(refs)
        case "list":
            acts = ("eu.2013-604", "eu.2013-32", "eu.2008-115")
            return st.lists(st.sampled_from(acts), max_size=2)
    if datum.name == "time":
        return st.sampled_from(("00:00", "02:30", "10:30", "23:59"))
    if datum.name in ("in_state", "to_state"):
        return st.sampled_from(STATES)
    return st.sampled_from((*sorted(datum.values), "something_else", "unknown"))


@st.composite
def logs(draw: st.DrawFn, bundle: Bundle, likely: tuple[str, ...]) -> dict:
    """Give a log: one to three persons, up to twelve entries, flags; kinds and names that rules read come often."""
    refs = [f"p{n}" for n in range(1, draw(st.integers(1, 3)) + 1)]
    near = FIRST + timedelta(days=draw(st.integers(0, (LAST - FIRST).days - 400)))
    truths = st.sampled_from((True, False, None))
    persons = []
    for ref in refs:
        person = {"ref": ref, "minor": draw(truths), "unaccompanied": draw(truths)}
        if draw(st.booleans()):
            person["age_years"] = draw(st.integers(0, 40))
        if draw(st.booleans()):
            person["vulnerable"] = draw(st.sampled_from(([], ["ptsd"])))
        if ref != "p1" and draw(st.booleans()):
            person["relations"] = [{"to": "p1", "as": draw(st.sampled_from(("child", "parent", "spouse")))}]
        persons.append(person)
    timeline = []
    kinds = st.sampled_from((*sorted(bundle.kinds), *likely * (4 * len(bundle.kinds) // len(likely) + 1)))
    common = (
        "ground",
        "days",
        "months",
        "until",
        "written_decision",
        "facility",
        "number",
        "heard",
        "suspensive",
        "time",
        "track",
        "received_on",
    )
    fields = st.sampled_from((*sorted(bundle.fields), *[name for name in common if name in bundle.fields] * 12))
    for n in range(draw(st.sampled_from((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)))):
        entry = {"date": draw(dates(near)), "what": draw(kinds)}
        for name in sorted({draw(fields) for _ in range(draw(st.sampled_from((0, 1, 1, 2, 3))))}):
            entry[name] = draw(values_of(bundle.fields[name], near, refs))
        if len(refs) > 1 and draw(st.booleans()):
            entry["persons"] = [draw(st.sampled_from(refs))]
        if n and draw(st.integers(0, 5)) == 0:
            entry["concerns"] = f"e{draw(st.integers(1, n))}"
        timeline.append(entry)
    flags = draw(st.lists(st.sampled_from(sorted(bundle.flags)), max_size=24, unique=True))
    context = {name: draw(values_of(bundle.flags[name], near, refs)) for name in flags}
    as_of = min(near + timedelta(days=draw(st.integers(0, 900))), LAST)
    return {
        "id": "drawn",
        "as_of": as_of.isoformat(),
        "state": draw(st.sampled_from(STATES)),
        "persons": persons,
        "context": context,
        "timeline": timeline,
    }


def kinds_that_rules_read(bundle: Bundle) -> tuple[str, ...]:
    told = str(bundle.rules) + str(bundle.conditions) + str(bundle.spans) + str(bundle.procedures)
    return tuple(sorted(kind for kind in bundle.kinds if f"'{kind}'" in told))


LIKELY = {
    "custody": ("detention_started", "detention_ordered", "detention_extended", "detention_reviewed", "released",
                "release_ordered", "removal_order_issued", "return_decision_issued", "asylum_application_made"),
    "asylum": ("application_lodged", "asylum_application_made", "asylum_decision_negative", "take_charge_requested",
               "take_charge_accepted", "take_back_requested", "transfer_decision_issued", "transfer_executed",
               "eurodac_hit", "appeal_lodged", "appeal_decided", "track_changed"),
    "return": ("return_decision_issued", "return_decision_notified", "return_decision_amended", "removal_executed",
               "voluntary_departure_deadline", "entry_ban_issued", "entry_ban_notified", "detention_started"),
    "asked": ("take_charge_requested", "take_back_requested", "take_charge_accepted", "request_refused",
              "transfer_executed", "transfer_attempted"),
    "all": (),
}  # fmt: skip
SETTINGS = settings(
    derandomize=not SOAK,
    max_examples=1500 if SOAK else 16,
    deadline=None,
    database=None,
    print_blob=SOAK,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("about", LIKELY)
def test_drawn_logs_evaluate_the_same_under_the_trial_rules(trial: Bundle, about: str) -> None:
    likely = LIKELY[about] or kinds_that_rules_read(trial)

    @settings(SETTINGS, max_examples=SETTINGS.max_examples // 4)
    @given(log=logs(trial, likely))
    def same(log: dict) -> None:
        assert differences(log, trial) == []

    same()


@pytest.mark.soak
@pytest.mark.slow
def test_drawn_logs_evaluate_the_same(bundle: Bundle) -> None:
    @SETTINGS
    @given(log=logs(bundle, kinds_that_rules_read(bundle)))
    def same(log: dict) -> None:
        assert differences(log, bundle) == []

    same()
