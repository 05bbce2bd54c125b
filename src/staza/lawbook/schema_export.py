"""JSON Schemas of the law files, made from their models: an editor completes and checks with them while one types.

They lie in `law/schema`, one for each kind of file; `FILES` says which files each is for. What a schema cannot say
(names that must be declared, articles that must be there) `staza law check` does.
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, TypeAdapter

from staza.lawbook import schema
from staza.lawbook.rules import DEFAULTS, KINDS_OF_RULE
from staza.lawbook.schema_answers import Confirmation
from staza.lawbook.schema_calendars import CalendarFile
from staza.lawbook.schema_competence import CompetenceFile
from staza.lawbook.schema_examples import WorkedCasesFile
from staza.lawbook.schema_words import words_for
from staza.lawbook.story_form import StoryFile

FOLDER = "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Name of the schema -> the files it is for, below `law` or an overlay, their model, whether they are lists of it.
FILES: dict[str, tuple[str, type[BaseModel], bool]] = {
    "procedures": ("procedures/**/*.yaml", schema.ProcedureFile, False),
    "instruments": ("instruments/**/*.yaml", schema.InstrumentFile, False),
    "event_kinds": ("event_kinds/**/*.yaml", schema.EventKind, True),
    "competence": ("competence/*.yaml", CompetenceFile, False),
    "calendars": ("calendars/*.yaml", CalendarFile, False),
    "acts": ("vocabularies/acts.yaml", schema.ActEntry, True),
    "cases": ("vocabularies/cases.yaml", schema.CaseEntry, True),
    "fields": ("vocabularies/fields.yaml", schema.FieldEntry, True),
    "flags": ("vocabularies/flags.yaml", schema.FlagEntry, True),
    "functions": ("vocabularies/functions.yaml", schema.FunctionEntry, True),
    "persons": ("vocabularies/persons.yaml", schema.PersonsFile, False),
    "states": ("vocabularies/states.yaml", schema.StateEntry, True),
    "facts": ("facts.yaml", schema.FactEntry, True),
    "explained": ("explained.yaml", schema.ExplainedFacts, False),
    "examples": ("examples/*/*.yaml", WorkedCasesFile, False),
    "stories": ("examples/stories/*/*.yaml", StoryFile, False),
    "confirmations": ("confirmations/*.yaml", Confirmation, True),
}


def schema_texts() -> dict[str, str]:
    """Give every schema as the text of its file, by the name of the file."""
    return {f"{name}.json": json.dumps(schema_of(name), ensure_ascii=False, indent=1) + "\n" for name in FILES}


def schema_of(name: str) -> dict[str, Any]:
    """Give one schema as plain values."""
    pattern, model, is_list = FILES[name]
    made = TypeAdapter(list[model] if is_list else model).json_schema(by_alias=True)  # type: ignore[valid-type]
    if not is_list:
        _describe(made, model.__name__)
    for kind, one in made.get("$defs", {}).items():
        _describe(one, kind)
    if name == "procedures":
        _narrow_rules(made)
    return {"$schema": DIALECT, "title": f"law/{pattern}", "description": _first(model), **_without_titles(made)}


def schema_name(path: PurePath) -> str | None:
    """Give the name of the schema for a file, by its path below `law`; none for what is no law file of its own form."""
    if path.parts[:2] == ("examples", "judgments"):
        return None  # logs
    if path.parts[:2] == ("examples", "stories"):
        return "stories"
    for name, (pattern, _, _) in FILES.items():
        head, *rest = pattern.split("/")
        if path.parts[0] == head and (len(rest) == 0 or "*" in rest[-1] or path.parts[1:] == tuple(rest)):
            return name
    return None


def differences(folder: Path) -> Iterator[str]:
    """Name the files of a folder of schemas that are missing, not wanted, or not as the models have them."""
    wanted = schema_texts()
    there = {path.name: path for path in folder.glob("*.json")}
    for name in sorted(wanted.keys() | there.keys()):
        if name not in there:
            yield f"{name} is missing"
        elif name not in wanted:
            yield f"{name} belongs to no kind of file"
        elif there[name].read_text(encoding="utf-8") != wanted[name]:
            yield f"{name} is not as the models have it"


def _first(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip()


def _describe(made: dict[str, Any], model: str) -> None:
    """Put the words for each key beside it."""
    for key, one in made.get("properties", {}).items():
        words = words_for(model, key)
        if words:
            one["description"] = words
        if one.get("default", 0) is None:
            del one["default"]


def _narrow_rules(made: dict[str, Any]) -> None:
    """Say what only the loader knows: a rule is of one kind, and few keys can be defaults."""
    rule = made["$defs"]["RuleEntry"]
    rule["oneOf"] = [{"required": [kind]} for kind in KINDS_OF_RULE]
    defaults = made["properties"]["defaults"]
    defaults["properties"] = {key: rule["properties"][key] for key in sorted(DEFAULTS)}
    defaults["additionalProperties"] = False


def _without_titles(value: Any, *, names: bool = False) -> Any:
    """Leave out the titles that pydantic makes from the names; `names` are keys of ours, of which one is `title`."""
    if isinstance(value, dict):
        return {
            key: _without_titles(one, names=not names and key in ("properties", "$defs"))
            for key, one in value.items()
            if names or key != "title"
        }
    return [_without_titles(one) for one in value] if isinstance(value, list) else value
