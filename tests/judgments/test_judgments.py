"""The judgments are judged: every computable breach on the right person and day, nothing else, every twin held."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

CASES = ROOT / "law" / "examples" / "judgments"
SCORER = Path(__file__).with_name("score_judgments.py")
STAZA = Path(sys.executable).with_name("staza")


def score(cases: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, str(SCORER), "--command", f"{STAZA} judge {{files}} --json", "--variants", "--only-wrong",
        "--twins", str(cases / "twins"), *sorted(str(p) for p in cases.glob("*.yaml")),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


@pytest.mark.slow
def test_every_breach_is_found_and_every_twin_held():
    done = score(CASES)

    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_examples_are_not_read_by_judge(tmp_path):
    """With a copy of the law without its examples the score is the same."""
    law = tmp_path / "law"
    shutil.copytree(ROOT / "law", law, ignore=shutil.ignore_patterns("examples"))

    with_them, without = score(CASES), score(CASES, STAZA_LAW=str(law))

    assert with_them.stdout == without.stdout


def test_nothing_outside_the_examples_knows_a_judgment():
    """Case numbers stand only under `source`, `cites`, `note` and `basis` keys of the law, and nowhere in the code."""
    names = {path.stem for path in CASES.glob("*.yaml")}
    numbers = {n for name in names for n in re.findall(r"\d{3,5}[-/]\d{2}", name.replace("-", "/", 0))}
    numbers |= {n.replace("-", "/") for n in numbers}
    for path in (ROOT / "src").rglob("*.py"):
        assert not [n for n in (*names, *numbers) if n in path.read_text()], path
    for path in (ROOT / "law" / "procedures").rglob("*.yaml"):
        for key, value in _leaves(yaml.safe_load(path.read_text())):
            if key not in ("source", "cites"):
                assert not [n for n in (*names, *numbers) if n in str(value)], (path, key)


def _leaves(node, key=""):
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _leaves(value, str(name))
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, key)
    else:
        yield key, node


@pytest.mark.skipif(not (ROOT.parent / "shared" / "judgments").is_dir(), reason="the originals are not beside")
@pytest.mark.slow
def test_our_copies_hold_the_same_facts_as_the_originals():
    done = score(ROOT.parent / "shared" / "judgments")

    assert done.returncode == 0, done.stdout
