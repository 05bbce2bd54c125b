"""The values in the file of a log: truths, numbers, days, times, texts and codes, each read or refused.

What has the wrong form raises `CaseFileError` with file, line, key and cure. A code that the vocabulary does not list
is no fault: it is kept, what depends on it becomes a question, and a notice says so.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from staza.engine.days import add_months
from staza.engine.types import Datum
from staza.lawbook.bundle import Bundle
from staza.lawbook.errors import CaseFileError
from staza.lawbook.files import line_in, tree_with_lines
from staza.lawbook.near_names import did_you_mean

WRITTEN_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
WRITTEN_INSTANT = re.compile(
    r"[0-9]{4}(-[0-9]{2}){2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
PRECISIONS = {"minute": 10, "day": 10, "month": 7, "year": 4}
LONGEST_SAID = 60  # characters of a value in a message
HIGHEST = 100_000  # of a number of days, months … that can be meant
UNKNOWN = (None, "unknown")


class ValueReader:
    """Reads single values of one file; `path` is where its lines are looked up for a message."""

    def __init__(self, bundle: Bundle, where: str, path: Path | None = None) -> None:
        self.bundle, self.where, self.path = bundle, where, path
        self.notices: list[str] = []
        self.unlisted: set[tuple[str, str]] = set()  # name of a field, flag or attribute -> code

    def place(self, key: str) -> str:
        """Name a place of the file: the file, the line where it is known, the key."""
        if not key:
            return self.where
        keys: list[str | int] = [int(one) if one.isdigit() else one for one in key.split(".")]
        line = "" if self.path is None else f":{line_in(self._tree, keys)}"
        return f"{self.where}{line}, key `{key}`"

    @cached_property
    def _tree(self) -> Any:
        """The file with its lines; read again only where something is to be said of it."""
        return None if self.path is None else tree_with_lines(self.path)

    def fault(self, what: str, key: str, why: str, cure: str) -> CaseFileError:
        """Make the error for a place of the file."""
        return CaseFileError(what, self.place(key), why, cure)

    def refuse_unknown(self, given: Mapping[Any, Any], known: Iterable[str], key: str, what: str) -> None:
        """Refuse a key that the format does not have."""
        known = sorted(known)
        for name in sorted(str(one) for one in given):
            if name not in known:
                raise self.fault(
                    f"The key `{name}` {what} is not known.",
                    f"{key}.{name}" if key else name,
                    f"Known are {', '.join(known)}.",
                    did_you_mean(name, known) or "Correct its name or leave it out.",
                )

    def ident(self, value: Any, key: str, names: str) -> str:
        """Read an id; an empty one would be taken for the name of something."""
        if isinstance(value, (bool, list, dict)) or value is None or not str(value).strip():
            raise self.fault(
                f"`{_said(value)}` is no id.",
                key,
                f"It names {names} and is a word or a number.",
                "Write one, or leave the key out.",
            )
        return str(value)

    def value(self, datum: Datum, value: Any, key: str) -> Any:
        """Give a value of a flag or field as the engine reads it: dates as ordinals, lists as tuples."""
        if value in UNKNOWN:
            return "unknown"
        if datum.type == "flag":
            return self.truth(value, key)
        if datum.type == "date":
            return self.days(value, key, None)[1]
        if datum.type == "number":
            return self.number(value, key, datum.least, datum.most)
        if datum.type == "list":
            return tuple(self.text(one, key) for one in (value if isinstance(value, list) else [value]))
        read = self.text(value, key)
        if datum.states:
            read = self.bundle.names.get(read, read)
        if datum.values and read not in self.bundle.names:  # a State is named as it is, never coded
            self.code(read, datum.values, key, datum.name)
        return read

    def text(self, value: Any, key: str) -> str:
        """Read a text or code; a list or mapping in its place is refused."""
        if isinstance(value, (list, dict)):
            raise self.fault(
                f"`{_said(value)}` is no text.",
                key,
                f"One word or text stands here, not a {'list' if isinstance(value, list) else 'mapping of keys'}.",
                "Write the text alone; what differs from entry to entry stands in entries of its own.",
            )
        return str(value).lower() if isinstance(value, bool) else str(value)

    def code(self, value: str, known: Iterable[str], key: str, name: str) -> None:
        """Say once of a code that the vocabulary does not list it, and which is near."""
        known = sorted(known)
        if value in known or (name, value) in self.unlisted:
            return
        self.unlisted.add((name, value))
        cure = did_you_mean(value, known) or f"Listed are {', '.join(known)}."
        self.notices.append(
            f"{self.place(key)}: `{value}` is not among the codes of `{name}`; it is kept, and what depends on it"
            f" becomes a question. {cure}"
        )

    def number(self, value: Any, key: str, least: int = 0, most: int | None = None) -> int:
        """Read a whole number that counts something, so never less than nothing."""
        highest = HIGHEST - 1 if most is None else most
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= highest:
            to = "on" if most is None else f"to {most}"
            raise self.fault(
                f"`{_said(value)}` is no number that can stand here.",
                key,
                f"It counts something: a whole number from {least} {to}.",
                "Correct it, or leave it out where it is not known.",
            )
        return value

    def truth(self, value: Any, key: str) -> bool | None:
        """Read true, false or unknown."""
        if value in UNKNOWN:
            return None
        if not isinstance(value, bool):
            raise self.fault(
                f"`{_said(value)}` is neither true, false nor unknown.",
                key,
                "It answers yes or no.",
                "Write true, false or unknown.",
            )
        return value

    def minute(self, value: Any, key: str) -> int | None:
        """Read a time of day as the minutes since midnight."""
        if value in UNKNOWN:
            return None
        hours, found, minutes = str(value).partition(":")
        if not (found and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
            raise self.fault(f"`{value}` is no time of day.", key, "It is written HH:MM.", "Correct it, in quotes.")
        return int(hours) * 60 + int(minutes)

    def instant(self, value: Any, key: str, zone: str) -> tuple[int, int]:
        """Give the day and the minute of an instant (RFC 3339) on the clocks of a zone."""
        text = str(value)
        try:
            if not WRITTEN_INSTANT.fullmatch(text):
                raise ValueError("it is written with date, time and offset, as 2026-03-02T14:30:00+01:00")
            there = datetime.fromisoformat(text.upper().replace(" ", "T")).astimezone(ZoneInfo(zone))
        except (ValueError, OverflowError, ZoneInfoNotFoundError) as fault:
            raise self.fault(
                f"`{_said(value)}` is no instant.",
                key,
                f"{str(fault)[:1].upper()}{str(fault)[1:]}.",
                "Write the offset behind the time, or give the day as `date` and the time as `time`.",
            ) from None
        return there.toordinal(), there.hour * 60 + there.minute

    def days(self, value: Any, key: str, precision: Any) -> tuple[int, int]:
        """Give the first and last day that a date of day, month or year precision can mean."""
        text = str(value)
        if precision is not None and precision not in list(PRECISIONS):
            raise self.fault(
                f"`{_said(precision)}` is no precision.", key, f"Known are {', '.join(PRECISIONS)}.", "Correct it."
            )
        try:
            if not WRITTEN_DAY.fullmatch(text):
                raise ValueError("a date is YYYY-MM-DD, YYYY-MM or YYYY; a time of day stands in `time`")
            length = PRECISIONS[precision] if precision else len(text)
            parts = [int(part) for part in text[:length].split("-")]
            if len(parts) == 1:
                return date(parts[0], 1, 1).toordinal(), date(parts[0], 12, 31).toordinal()
            first = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1).toordinal()
            return first, first if len(parts) == 3 else add_months(first, 1) - 1
        except (ValueError, OverflowError) as fault:
            raise self.fault(
                f"`{_said(value)}` is no date.",
                key,
                f"{str(fault)[:1].upper()}{str(fault)[1:]}.",
                "Write the day as YYYY-MM-DD; leave out a day or month that is not known.",
            ) from None


def _said(value: Any) -> str:
    """Write a value into a message as YAML has it, cut where it is long."""
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"
