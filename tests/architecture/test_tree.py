"""The architecture is visible in the tree: limits, licences, words."""

import re
import subprocess

import pytest
from conftest import ROOT

TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
TEXTS = [p for p in TRACKED if p.endswith((".py", ".md", ".yaml", ".toml", "Makefile")) and "judgments/" not in p]


def test_files_of_the_program_stay_readable():
    """Under 450 lines each; a file that grows past that is two files."""
    long = {p: n for p in (ROOT / "src").rglob("*.py") if (n := len(p.read_text().splitlines())) > 450}

    assert not long


def test_no_line_of_law_is_longer_than_110_characters():
    long = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in (ROOT / "law" / "procedures").rglob("*.yaml")
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 110
    ]

    assert not long


def lines_of_rules(text: str) -> list[int]:
    """The lines of each rule as it is written, without comments and blank lines."""
    rules = text.split("\nrules:\n", 1)[1] if "\nrules:\n" in text else ""
    parts = re.split(r"^- id: ", rules, flags=re.MULTILINE)[1:]
    return [
        len([one for one in part.splitlines() if one.strip() and not one.lstrip().startswith("#")]) for part in parts
    ]


def test_rules_are_short():
    """The median of a rule is at most eight lines: one key a line."""
    files = (ROOT / "law" / "procedures").rglob("*.yaml")
    lengths = sorted(n for path in files for n in lines_of_rules(path.read_text()))

    assert len(lengths) > 150
    assert lengths[len(lengths) // 2] <= 8


@pytest.mark.parametrize("word", [r"\billegal (person|migrant|alien)s?\b", r"\bTODO\b"])
def test_words_that_do_not_stand_here(word):
    found = [p for p in TEXTS if (ROOT / p).is_file() and re.search(word, (ROOT / p).read_text())]

    assert [p for p in found if not p.startswith("tests/")] == []


def test_the_lock_names_only_the_public_index():
    hosts = set(re.findall(r"https://([^/\"]+)", (ROOT / "uv.lock").read_text()))

    assert len(hosts) <= 2
