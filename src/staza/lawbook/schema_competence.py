"""The models of `law/competence`: the bodies of a State, and which of them decides what from when."""

from typing import Literal

from pydantic import Field

from staza.lawbook.schema import Day, NamedCondition, Strict, Words


class Body(Strict):
    """A body of the State, or a unit of one (`part_of`), by the code under which `by` of an entry names it."""

    body: str
    label: str
    gist: str
    part_of: str | None = None
    records_as: Words = Field(default=[])
    since: Day | None = None
    until: Day | None = None
    cites: Words
    facts: Words = Field(default=[])


class Mandate(Strict):
    """Who takes a decision, from when until when; `by: not_read` where nobody here has read it."""

    id: str
    title: str
    decides: Words
    by: list[str] | Literal["not_read"]
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    cites: Words
    facts: Words = Field(default=[])
    asks: str = ""


class CompetenceFile(Strict):
    """A file of `law/competence`."""

    competence: str
    bodies: list[Body]
    conditions: dict[str, NamedCondition | str] = Field(default={})
    rows: list[Mandate]
