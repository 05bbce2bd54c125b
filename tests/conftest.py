"""What all tests share: the law as it stands, and small logs."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from staza.engine import CaseState, evaluate_together
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.cache import load_bundle
from staza.lawbook.casefile import read_case

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return load_bundle(ROOT / "law")


def log(*events: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """A log of one adult in Bulgaria, with changes."""
    base = {"id": "log", "as_of": "2019-12-31", "state": "Bulgaria", "persons": [{"ref": "p1", "minor": False}]}
    return {**base, "timeline": list(events), **keys}


def event(day: str, what: str, **fields: Any) -> dict[str, Any]:
    return {"date": day, "what": what, **fields}


def states(bundle: Bundle, content: dict[str, Any]) -> dict[str, CaseState]:
    """The state of every person of a log."""
    file = read_case(content, bundle, where="log")
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    made = evaluate_together(file.histories, law, as_of=file.as_of or 0)
    return {one.person: one for one in made}


def state(bundle: Bundle, content: dict[str, Any]) -> CaseState:
    return states(bundle, content)["p1"]


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()
