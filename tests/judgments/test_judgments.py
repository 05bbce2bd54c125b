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
    """Judgments stand only under `source` and `cites` of the law and in its list of judgments, and not in the code."""
    known = knows_a_judgment()
    for path in (ROOT / "src").rglob("*.py"):
        assert not known.findall(path.read_text()), path
    law = ROOT / "law"
    files = [path for path in law.rglob("*.yaml") if path.relative_to(law).parts[0] != "examples"]
    assert len(files) > 100
    for path in files:
        if path == law / "vocabularies" / "cases.yaml":
            continue
        text = path.read_text()
        assert not [line for line in text.splitlines() if known.search(line.partition("# ")[2])], path
        for key, value in _leaves(yaml.safe_load(text)):
            assert not known.search(key), (path, key)
            assert key in ("source", "cites") or not known.search(str(value)), (path, key)


@pytest.mark.parametrize(
    "text", ["Case C-60/16", "cjeu-c-60-16", "13229/03", "as in 13229-03.", "case.ECLI:EU:C:2021:9", "I U 1490/2019"]
)
def test_a_judgment_is_known_by_its_number_its_name_and_its_ecli(text):
    assert knows_a_judgment().search(text)


@pytest.mark.parametrize("text", ["2013/32/EU", "Regulation 2160/16", "2019-03-12", "echr/5(1)", "eu.2008-115/15(6)"])
def test_what_looks_like_a_number_of_a_judgment_is_none(text):
    assert not knows_a_judgment().search(text)


def knows_a_judgment() -> re.Pattern[str]:
    """Give what finds the file name, the number or the ECLI of any judgment of the examples."""
    words = set()
    for path in CASES.glob("*.yaml"):
        numbers = re.findall(r"\d{2,5}-\d{2,5}$", path.stem)
        words |= {path.stem, *numbers, *(n.replace("-", "/") for n in numbers)}
        words |= set(re.findall(r"ECLI:[\w:.]+", str(yaml.safe_load(path.read_text())["citation"])))
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, longest))})(?!\d)")


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
