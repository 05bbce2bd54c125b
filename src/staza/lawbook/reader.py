"""One file of the law being read: it knows where it is when something is wrong.

What is shared by every kind of file: models, trees, periods, openings, exceptions, limits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from staza.engine.days import ONE, UNITS, Period
from staza.engine.expressions import ExpressionError, Tree, parse
from staza.engine.types import Bound, Limit, Opening, Unless
from staza.lawbook import schema
from staza.lawbook.bundle import Bundle
from staza.lawbook.errors import LawError
from staza.lawbook.files import holds, line_of, load
from staza.lawbook.form_errors import Place, form_error
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.schema_calendars import CalendarFile
from staza.lawbook.schema_competence import CompetenceFile

Model = TypeVar("Model", bound=BaseModel)
__all__ = ["FileReader", "Place", "Sources"]


@dataclass
class Sources:
    """What the files said, for checks and for showing: not needed to evaluate."""

    facts: dict[str, schema.FactEntry] = field(default_factory=dict)
    calendars: list[tuple["FileReader", CalendarFile]] = field(default_factory=list)
    explained: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # id of a rule, condition … -> file
    entries: dict[str, schema.RuleEntry] = field(default_factory=dict)
    kinds: dict[str, schema.EventKind] = field(default_factory=dict)
    texts: dict[str, schema.InstrumentFile] = field(default_factory=dict)  # agreements and protocols
    provisions: dict[str, dict[str, schema.Provision]] = field(default_factory=dict)
    binds: dict[str, dict[str, schema.BindsRow]] = field(default_factory=dict)  # act -> name of a row -> row
    raw: dict[str, dict[str, Any]] = field(default_factory=dict)  # rule -> the keys as they were written
    merged: dict[str, dict[str, Any]] = field(default_factory=dict)  # rule -> its keys with the file's defaults
    competence: dict[str, CompetenceFile] = field(default_factory=dict)  # State -> its bodies and what they decide
    mandates: set[str] = field(default_factory=set)  # the rules that rows of competence became
    recorders: dict[str, str] = field(default_factory=dict)  # in which function somebody records -> in words


class FileReader:
    """Reads the parts of one file into the bundle; raises `LawError` with file, line, key and cure."""

    def __init__(self, path: Path, folder: Path, bundle: Bundle, sources: Sources) -> None:
        self.path, self.folder, self.bundle, self.sources = path, folder, bundle, sources
        self.name = str(path.relative_to(folder))
        self.content: Any = load(path, folder)  # Any: whatever the file holds; the models refuse what they do not know

    def fault(self, what: str, keys: Place, why: str, cure: str) -> LawError:
        """Make the error for a place of this file; the key is named as the file writes it."""
        written = self.written(keys)
        line = f"{self.name}:{line_of(self.path, written)}"
        return LawError(what, f"{line}, key `{'.'.join(map(str, written))}`" if written else line, why, cure)

    def written(self, keys: Place) -> Place:
        """Give the place at which the file writes a value: a rule's key may stand under `defaults`."""
        if len(keys) > 2 and keys[0] == "rules" and not self._reaches(keys[:3]):
            by_default: Place = ["defaults", *keys[2:]]
            keys = by_default if self._reaches(by_default[:2]) else keys
        return next(keys[:n] for n in range(len(keys), -1, -1) if self._reaches(keys[:n]))

    def _reaches(self, keys: Place) -> bool:
        node = self.content
        for key in keys:
            if not holds(node, key):
                return False
            node = node[key]
        return True

    def model(self, kind: type[Model], value: Any, keys: Place) -> Model:
        """Check a value against a model."""
        try:
            return kind.model_validate(value)
        except ValidationError as fault:
            raise self._invalid(fault, keys, value, kind) from None

    def many(self, kind: type[Model], value: Any) -> list[Model]:
        """Check a list against a model of its entries."""
        try:
            return TypeAdapter(list[kind]).validate_python(value)  # type: ignore[valid-type]
        except ValidationError as fault:
            raise self._invalid(fault, [], value, kind) from None

    def _invalid(self, fault: ValidationError, keys: Place, value: Any, kind: type[BaseModel]) -> LawError:
        if value is None and not keys:
            return self.fault("The file holds nothing.", [], "It is empty.", "Write its keys, or remove the file.")
        said = form_error(fault.errors(include_url=False), value, kind)
        return self.fault(said.what, [*keys, *said.place], said.why, said.next)

    def tree(self, text: str, keys: Place) -> Tree:
        """Read a condition."""
        try:
            return parse(str(text))
        except ExpressionError as fault:
            raise self.fault(
                f"A condition cannot be read: `{text}`.",
                keys,
                f"{fault} (character {fault.place}).",
                "Write it in the words of CONTRIBUTING, `Conditions`.",
            ) from None

    def period(self, text: str, keys: Place) -> Period:
        """Read a period such as `6 months`."""
        amount, _, unit = str(text).partition(" ")
        unit = ONE.get(unit, unit) if amount == "1" else unit
        if not amount.isdigit() or unit not in UNITS:
            raise self.fault(
                f"`{text}` is no period.",
                keys,
                f"A period is a number and one of {', '.join(UNITS)}.",
                _meant(amount, unit) or "Write `6 months`, `1 month` or `12 working_days`.",
            )
        return int(amount), unit

    def once(self, table: Mapping[str, Any], name: str, keys: Place) -> None:
        """Refuse a name that is declared twice."""
        if name in table:
            raise self.fault(
                f"`{name}` is declared twice.",
                keys,
                "A name has one meaning in the whole law.",
                "Give one of them another name.",
            )

    def opening(self, text: str, keys: Place) -> Opening:
        """Read a kind of event with its condition."""
        kind, _, where = str(text).partition(" where ")
        if kind not in self.bundle.kinds:
            raise self.fault(
                f"`{kind}` is no kind of event.",
                keys,
                "It is declared nowhere in law/event_kinds.",
                did_you_mean(kind, self.bundle.kinds) or "Declare it, or correct the name.",
            )
        return Opening(kind, self.tree(where, keys) if where else None)

    def openings(self, texts: Iterable[str], keys: Place) -> tuple[Opening, ...]:
        """Read several kinds of events."""
        return tuple(self.opening(text, [*keys, n]) for n, text in enumerate(texts))

    def exceptions(self, given: schema.Exceptions, keys: Place) -> tuple[Unless, ...]:
        """Read the exceptions of a rule or bound."""
        if isinstance(given, dict):
            return tuple(
                Unless(self.tree(text, [*keys, text]), tuple([cites] if isinstance(cites, str) else cites or []))
                for text, cites in given.items()
            )
        texts = [given] if isinstance(given, str) else given
        return tuple(Unless(self.tree(text, [*keys, n])) for n, text in enumerate(texts))

    def bound(self, given: dict[str, schema.Exceptions | None] | None, keys: Place) -> Bound | None:
        """Read a lowest or highest value."""
        if given is None:
            return None
        rest = {key: value for key, value in given.items() if key != "unless"}
        if len(rest) != 1:
            raise self.fault(
                "A bound names one period and its article.",
                keys,
                "There is more or less.",
                "Write `{7 days: eu.…/7(1)}`.",
            )
        text, cites = next(iter(rest.items()))
        if not isinstance(cites, (str, list)):
            raise self.fault(
                f"The bound `{text}` has no article.",
                [*keys, text],
                "Its article says who drew it.",
                "Write `{7 days: eu.…/7(1)}`.",
            )
        return Bound(
            self.period(text, [*keys, text]),
            tuple([cites] if isinstance(cites, str) else cites),
            self.exceptions(given.get("unless") or {}, [*keys, "unless"]),
        )

    def limit(self, text: str, keys: Place) -> Limit:
        """Read a period after a day."""
        period, found, rest = str(text).partition(" after ")
        if not found:
            raise self.fault(
                f"`{text}` is no limit.",
                keys,
                "A limit is a period after a day.",
                "Write `3 months after first(…)`.",
            )
        starts, _, only_if = rest.partition(" if ")
        length = ["period", *self.period(period, keys)] if period[:1].isdigit() else self.tree(period, keys)
        return Limit(length, self.tree(starts, keys), self.tree(only_if, keys) if only_if else None)


def _meant(amount: str, unit: str) -> str:
    """Give the cure for a unit that is written otherwise: with a blank, a capital, or without its last letter."""
    word = "_".join(unit.lower().split()).removesuffix("s")
    return f"Write `{amount} {word if amount == '1' else f'{word}s'}`." if amount.isdigit() and word in ONE else ""
