"""The models of what an overlay says of the clauses of the law: `confirmations/*.yaml`."""

from typing import Literal

from pydantic import Field

from staza.lawbook.schema import Day, Strict


class FormerClause(Strict):
    """How the law itself has a clause that an authority answered."""

    checked: str
    article: str
    value: int | float | None = None
    unit: str | None = None
    bound: str | None = None
    binding: bool | None = None
    binds_from: Day | None = None
    binds_until: Day | None = None


class ClauseAnswer(Strict):
    """What somebody who read the text in the gazette said of a clause."""

    answer: Literal["confirmed", "corrected"]
    article: str
    value: int | float | None = None
    unit: Literal["hours", "days", "working_days", "weeks", "months", "years"] | None = None
    bound: Literal["max", "min", "exact"] | None = None
    binding: bool | None = None
    binds_from: Day | None = None
    binds_until: Day | None = None
    gazette: str
    confirmed_on: Day
    confirmed_by: str
    note: str = ""


class Confirmation(ClauseAnswer):
    """One entry of `confirmations` in an overlay: the answer to an open clause, with the state before it."""

    clause: str
    fact: str = ""
    rule: str = ""
    binds: str = ""
    was: FormerClause
    earlier: list[ClauseAnswer] = Field(default=[])
