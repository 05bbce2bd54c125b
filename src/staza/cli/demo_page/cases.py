"""Published judgments, and the neutral log of each: all that the evaluation is given.

A neutral log has the State, the persons, the asserted flags and the entries up to the day of the answer, without the
reader's notes. What the court held, and even that a court was seized, stays behind.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import yaml

from staza.engine import CaseState, Law, evaluate_together
from staza.engine.binding import bound_days
from staza.lawbook.bundle import Bundle, law_of
from staza.lawbook.casefile import read_case
from staza.lawbook.citations import act_of
from staza.lawbook.errors import CaseFileError
from staza.lawbook.files import plain

Plain: TypeAlias = dict[str, Any]  # content of YAML

OF_THE_COURT = frozenset({"judgment_delivered", "preliminary_reference_made", "related_judgment"})
KEPT = ("state", "persons", "context")
FOR_THE_READER = ("note", "verification")


@dataclass(frozen=True)
class Judgment:
    """A file of a judgment: its content, its entries up to the day of the answer, and those that came later."""

    content: Plain
    told: tuple[Plain, ...]
    later: tuple[Plain, ...]


class Computed(Protocol):
    """What was computed for a day: of a judgment or of a story."""

    @property
    def law(self) -> Law:
        """The law of the State."""

    @property
    def as_of(self) -> int:
        """The day for whose end the answer is given."""

    @property
    def states(self) -> tuple[CaseState, ...]:
        """The answer for each person."""


def binds_here(case: Computed, rule: str) -> bool:
    """Say whether the act of a rule can bind the State of a case; what never does is a comparison only."""
    act = next((act_of(cite) for cite in case.law.rule(rule).cites), "")
    if act not in case.law.instruments or not case.states:
        return True
    return bound_days(case.law, case.states[0].trace.reading.history.flags, act) != ()


@dataclass(frozen=True)
class Answered:
    """A judgment with what was computed from its neutral log."""

    judgment: Judgment
    law: Law
    as_of: int
    states: tuple[CaseState, ...]


def read_judgments(folder: Path) -> list[Judgment]:
    """Read the judgments of a folder in the order of their names; raises `CaseFileError` when there is none."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise CaseFileError(
            "There are no judgments to show.",
            str(folder),
            "This copy of the law has no examples.",
            "Run it in a checkout, or let STAZA_LAW name a law folder with `examples/judgments`.",
        )
    return [_judgment(path) for path in paths]


def _judgment(path: Path) -> Judgment:
    try:
        content: Plain = plain(path.read_bytes())
        end = date.fromisoformat(str(content["as_of"]))
        events = sorted(content["timeline"], key=lambda event: first_day(event["date"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as fault:
        raise CaseFileError(
            "A judgment cannot be read.", str(path), f"{type(fault).__name__}: {fault}", "Mend the file."
        ) from None
    given = [e for e in events if first_day(e["date"]) <= end and e["what"] not in OF_THE_COURT]
    return Judgment(content, tuple(given), tuple(e for e in events if e not in given))


def first_day(value: object) -> date:
    """Give the earliest day that a date of day, month or year precision can mean."""
    text = str(value)
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)


def neutral(judgment: Judgment, name: str) -> Plain:
    """Give the log of a judgment under a name that says nothing: no holdings, no story, no notes."""
    content = judgment.content
    return {
        "id": name,
        "as_of": str(content["as_of"]),
        **{key: content[key] for key in KEPT if key in content},
        "timeline": [{k: v for k, v in event.items() if k not in FOR_THE_READER} for event in judgment.told],
    }


def answered(judgment: Judgment, bundle: Bundle, name: str) -> Answered:
    """Evaluate the neutral log of a judgment; raises `CaseFileError`."""
    file = read_case(neutral(judgment, name), bundle, where=f"judgment {judgment.content['id']}")
    law = law_of(bundle, file.state, kept_by_authority=file.kept_by_authority)
    as_of = file.as_of or 0
    return Answered(judgment, law, as_of, tuple(evaluate_together(file.histories, law, as_of=as_of)))
