"""One word for one thing: what the engine and the law name has its row in the glossary."""

import dataclasses
import re
from pathlib import Path

from staza.engine import types
from staza.lawbook.bundle import Bundle

GLOSSARY = Path(__file__).parents[2] / "GLOSSARY.md"


def words() -> set[str]:
    """What stands in backticks in the first column of a table."""
    rows = [line.split("|")[1] for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_every_public_dataclass_of_the_engine_has_a_row() -> None:
    named = {
        name
        for name, value in vars(types).items()
        if dataclasses.is_dataclass(value) and value.__module__ == types.__name__ and not name.startswith("_")
    }

    missing = named - words()

    assert named
    assert missing == set()


def test_every_kind_of_event_has_a_row(bundle: Bundle) -> None:
    missing = bundle.kinds.keys() - words()

    assert bundle.kinds
    assert missing == set()


def test_every_act_that_can_be_blocked_has_a_row(bundle: Bundle) -> None:
    missing = bundle.acts.keys() - words()

    assert bundle.acts
    assert missing == set()
