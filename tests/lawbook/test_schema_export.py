"""The schemas that editors read are those of the models, say what each key means, and hold for every law file."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT

from staza.cli import main
from staza.lawbook.files import load
from staza.lawbook.schema_export import FILES, FOLDER, differences, schema_name, schema_of

LAW = ROOT / "law"
EVERY = sorted(path.relative_to(LAW) for path in LAW.rglob("*.yaml"))


def with_text_keys(value: Any) -> Any:
    """What an editor sees: in JSON every key is a text."""
    if isinstance(value, dict):
        return {str(key): with_text_keys(one) for key, one in value.items()}
    return [with_text_keys(one) for one in value] if isinstance(value, list) else value


def test_the_committed_schemas_are_those_of_the_models():
    assert list(differences(LAW / FOLDER)) == []


@pytest.mark.parametrize("name", FILES)
def test_every_law_file_fits_its_schema(name):
    checker = jsonschema.Draft202012Validator(schema_of(name))
    files = [path for path in EVERY if schema_name(path) == name]
    faults = [
        f"{path}: {list(fault.absolute_path)}: {fault.message[:80]}"
        for path in files
        for fault in checker.iter_errors(with_text_keys(load(LAW / path, LAW)))
    ]

    assert faults == []
    assert files or name in ("explained", "confirmations")


def test_only_logs_have_no_schema():
    without = [path for path in EVERY if schema_name(path) is None]

    assert {path.parts[:2] for path in without} == {("examples", "judgments")}


@pytest.mark.parametrize("name", FILES)
def test_every_key_says_what_it_means(name):
    made = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(made)
    silent = [
        f"{kind}.{key}"
        for kind, one in {**made.get("$defs", {}), name: made}.items()
        for key, about in one.get("properties", {}).items()
        if not about.get("description")
    ]

    assert made["description"]
    assert silent == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("procedures", {"title": "x", "rules": [{"id": "a", "deadline": "released", "window": "released"}]}),
        ("procedures", {"title": "x", "rules": [{"id": "a"}]}),
        ("procedures", {"title": "x", "rules": [{"id": "a", "deadline": "released", "last": "3 days"}]}),
        ("procedures", {"title": "x", "defaults": {"id": "a"}}),
        ("event_kinds", [{"kind": "a"}]),
        ("functions", [{"function": "a", "label": "A", "name": "B"}]),
    ],
)
def test_a_fault_of_form_is_one_for_the_schema_too(name, content):
    assert not jsonschema.Draft202012Validator(schema_of(name)).is_valid(content)


def test_the_manual_says_which_files_each_schema_is_for():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `law/schema/([a-z_]+)\.json` \| `([^`]+)` \|$", text, re.MULTILINE))

    assert rows == {name: f"law/{pattern}" for name, (pattern, _, _) in FILES.items()} | {
        "confirmations": "confirmations/*.yaml"
    }


def test_schemas_are_written_and_compared(tmp_path: Path, monkeypatch, capsys):
    (tmp_path / "law" / "procedures").mkdir(parents=True)
    monkeypatch.setenv("STAZA_LAW", str(tmp_path / "law"))

    assert main(["law", "schema", "--check"]) == 1
    assert "procedures.json is missing" in capsys.readouterr().err
    assert main(["law", "schema"]) == 0
    assert main(["law", "schema", "--check"]) == 0
    place = tmp_path / "law" / FOLDER
    (place / "states.json").write_text("{}")
    (place / "old.json").write_text("{}")
    capsys.readouterr()
    assert main(["law", "schema", "--check"]) == 1
    said = capsys.readouterr().err
    assert "states.json is not as the models have it" in said
    assert "old.json belongs to no kind" in said
    assert main(["law", "schema"]) == 0
    assert not (place / "old.json").exists()
