"""The form of worked cases: files of `law/examples`, judgments and stories apart."""

from typing import Any

from staza.lawbook.schema import Strict


class Firing(Strict):
    """What a row wants to fire, and how."""

    rule: str
    verdict: str | None = None
    status: str | None = None
    limit_on: str | None = None
    due: str | list[str | None] | None = None
    practice: str | list[str | None] | None = None
    person: str | None = None
    cites: str | None = None
    blocks: str | None = None


class WorkedCase(Strict):
    """A row of a worked case: changes of the base log, and what they make fire."""

    name: str
    why: str
    as_of: str | None = None
    set: dict[str, Any] | None = None
    drop: list[str] | None = None
    remove: list[dict[str, Any]] | None = None
    move: list[dict[str, Any]] | None = None
    add: list[dict[str, Any]] | None = None
    fires: list[str | Firing] | None = None
    silent: list[str] | None = None
    unlisted: list[str] | None = None


class WorkedCasesFile(Strict):
    """A file of `law/examples`, judgments apart; the form of `base` is that of a log."""

    title: str
    base: dict[str, Any]
    cases: list[WorkedCase]
