"""What is wrong with the form of a law file, in our own words: pydantic finds it, this says it.

One table has the words for each type of error. A type that is not in the table is said in general words: nothing that
pydantic itself writes reaches a reader.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from staza.lawbook.files import holds
from staza.lawbook.near_names import did_you_mean

Place = list[str | int]  # the keys that lead to a value in a file

TEXT, NUMBER, WHOLE, TRUTH, DAY = "a text", "a number", "a whole number", "true or false", "a day, YYYY-MM-DD"
LIST, MAPPING = "a list", "a mapping of keys"
BELONGS = {  # type of error -> what belongs there
    "string_type": TEXT, "string_sub_type": TEXT, "string_unicode": TEXT,
    "int_type": WHOLE, "int_parsing": WHOLE, "int_from_float": WHOLE, "int_parsing_size": WHOLE,
    "float_type": NUMBER, "float_parsing": NUMBER, "finite_number": NUMBER,
    "bool_type": TRUTH, "bool_parsing": TRUTH,
    "list_type": LIST, "tuple_type": LIST, "set_type": LIST, "frozen_set_type": LIST, "iterable_type": LIST,
    "dict_type": MAPPING, "mapping_type": MAPPING, "model_type": MAPPING, "model_attributes_type": MAPPING,
    "dataclass_type": MAPPING,
    "date_type": DAY, "date_parsing": DAY, "date_from_datetime_parsing": DAY, "date_from_datetime_inexact": DAY,
    "datetime_type": DAY, "datetime_parsing": DAY, "datetime_from_date_parsing": DAY,
    "none_required": "nothing",
}  # fmt: skip
LIMITS = {  # type of error -> what a value must be, with the limit from the error
    "greater_than": "more than {gt}", "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}", "less_than_equal": "{le} or less", "multiple_of": "a multiple of {multiple_of}",
    "too_short": "at least {min_length} entries long", "too_long": "at most {max_length} entries long",
    "string_too_short": "at least {min_length} characters long",
    "string_too_long": "at most {max_length} characters long",
    "string_pattern_mismatch": "written in the form {pattern}",
}  # fmt: skip
CODES = ("literal_error", "enum")
OWN = ("value_error", "assertion_error")  # what our own models raise, in our own words
LONGEST = 60  # characters of a value in a message


@dataclass(frozen=True)
class FormError:
    """The parts of a message, and the place in the value that was checked."""

    what: str
    place: Place
    why: str
    next: str


def form_error(errors: list[ErrorDetails], value: Any, model: type[BaseModel]) -> FormError:
    """Say the first of the errors that pydantic found in a value; `model` is that of the value or of its entries."""
    located = [(one, _place(one, value)) for one in errors]
    first, at = min(located, key=lambda pair: (_rank(pair[0], errors), errors.index(pair[0])))
    if first["type"] == "extra_forbidden":
        return _unknown_key(at, _model_at(model, at[:-1]))
    if first["type"] == "missing":
        key = first["loc"][-1]
        return FormError(
            f"The key `{key}` is missing.", at, f"An entry of this kind cannot do without `{key}`.", f"Add `{key}:`."
        )
    told = [(one, place) for one, place in located if place[: len(at)] == at]  # of a choice of forms: each of them
    deepest = max(len(place) for _, place in told)
    told = [(one, place) for one, place in told if len(place) == deepest]
    if told[0][1] != at:
        return form_error([one for one, _ in told], value, model)
    return _wrong_value([one for one, _ in told], at)


def _rank(error: ErrorDetails, errors: list[ErrorDetails]) -> int:
    """A key that is misspelt is said before the one that is therefore missing."""
    beside = error["loc"][:-1]
    return 0 if error["type"] == "extra_forbidden" and errors[0]["loc"][: len(beside)] == beside else 1


def _place(error: ErrorDetails, value: Any) -> Place:
    """Give the keys as the file has them: pydantic adds the names of models and types to them."""
    keys: Place = []
    node = value
    for part in error["loc"]:
        if holds(node, part):
            node = node[part]
            keys.append(part)
    return keys


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """Give the model of what lies at a place, none where it has no model of its own."""
    found: type[BaseModel] | None = model
    for key in place:
        if isinstance(key, int) or found is None:
            continue
        fields = found.model_fields
        name = next((n for n, one in fields.items() if key in (n, one.alias)), None)
        if name is not None:
            found = next(iter(_models_in(fields[name].annotation)), None)
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]


def _unknown_key(at: Place, model: type[BaseModel] | None) -> FormError:
    known = sorted(one.alias or name for name, one in model.model_fields.items()) if model else []
    meant = did_you_mean(at[-1], known)
    why = "Nothing reads it here." if meant or not known else f"Known here are {', '.join(known)}."
    cure = meant or "Remove the key or correct its spelling; CONTRIBUTING says what the keys mean."
    return FormError(f"The key `{at[-1]}` is not known.", at, why, cure)


def _wrong_value(errors: list[ErrorDetails], at: Place) -> FormError:
    given = errors[0]["input"]
    what = f"`{_said(given)}` cannot stand here." if given is not None else "A value is missing."
    for error in errors:
        context = error.get("ctx", {})
        if error["type"] in CODES:
            codes = re.findall(r"'([^']*)'", str(context.get("expected")))
            cure = _quote_it(given) if isinstance(given, bool) else did_you_mean(given, codes)
            return FormError(what, at, f"It is one of {', '.join(codes)}.", cure or "Write one of these.")
        if error["type"] in OWN:
            return FormError(what, at, _sentence(str(context.get("error"))), "Correct the value.")
        if error["type"] in LIMITS:
            return FormError(what, at, f"It must be {LIMITS[error['type']].format(**context)}.", "Correct the value.")
    belongs = list(dict.fromkeys(BELONGS[one["type"]] for one in errors if one["type"] in BELONGS))
    if not belongs:
        return FormError(what, at, "It has another form than what is read here.", "Compare it with a file beside it.")
    why = f"Here belongs {' or '.join(belongs)}, not {_named(given)}."
    scalar = isinstance(given, (bool, int, float, date))
    return FormError(what, at, why, _quote_it(given) if scalar and TEXT in belongs else "Correct the value.")


def _quote_it(given: Any) -> str:
    if isinstance(given, bool):
        return "Put the word in quotes: without them YAML reads yes, no, on and off as true or false."
    return f"Put it in quotes: '{given}'."


def _named(value: Any) -> str:
    """Name the form of a value as a writer of YAML knows it."""
    names = ((bool, TRUTH), (int, WHOLE), (float, NUMBER), (date, "a bare date"), (dict, MAPPING), (list, LIST))
    if value is None:
        return "nothing"
    return next((name for kind, name in names if isinstance(value, kind)), TEXT)


def _said(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
