"""The form of a story, a file of `law/examples/stories`: what the keys mean is said in `staza.lawbook.stories`."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from staza.lawbook.schema import Day, Words

UNKNOWN = "unknown"

Status = Literal["idle", "running", "suspended", "met", "met_late", "missed", "lapsed", "ended", "unknown"]
Verdict = Literal["breach", "concern", "question"]


def _listed(value: Any) -> Any:  # Any: what YAML gave
    return value if isinstance(value, list) else [value]


def _ends(due: str | list[str]) -> str | list[str]:
    ends = [due, due] if isinstance(due, str) else due
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ValueError("a limit has an earliest and a latest end, in this order")
    return UNKNOWN if due == UNKNOWN else ends


Due = Annotated[str | list[str], AfterValidator(_ends)]


class _Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rests(_Strict):
    """What an expectation rests on, and about whom it is; without `person` about anybody of the log."""

    fact: Words = []
    article: Words = []
    person: str | None = None

    @model_validator(mode="after")
    def _has_a_ground(self) -> "Rests":
        if not self.fact and not self.article:
            raise ValueError("an expectation names the fact or the article that it rests on")
        return self


class ClockWanted(Rests):
    """A clock and the interval in which it ends."""

    due: Due
    status: Annotated[list[Status], BeforeValidator(_listed, json_schema_input_type=Status | list[Status])] = []


class ActWanted(Rests):
    """An act that is blocked or allowed."""

    act: str


class FindingWanted(Rests):
    """A finding; where the last lawful day is certain it is `limit_on`."""

    verdict: Verdict
    limit_on: Day | None = None


class Unwanted(_Strict):
    """What must not appear."""

    clocks: list[Rests] = []
    blocked: list[ActWanted] = []
    findings: list[FindingWanted] = []
    duties: list[Rests] = []


class Moment(_Strict):
    """A day of a story, with what the law says at its end."""

    day: Day = Field(alias="date")
    because: str
    clocks: list[ClockWanted] = []
    blocked: list[ActWanted] = []
    allowed: list[ActWanted] = []
    findings: list[FindingWanted] = []
    duties: list[Rests] = []
    unwanted: Unwanted = Field(default=Unwanted(), alias="not")

    def rests(self) -> Iterator[tuple[list[str | int], Rests]]:
        """Give every expectation with the keys that lead to it."""
        for name in ("clocks", "blocked", "allowed", "findings", "duties"):
            wanted: list[Rests] = getattr(self, name)
            yield from _numbered([name], wanted)
        for name in ("clocks", "blocked", "findings", "duties"):
            wanted = getattr(self.unwanted, name)
            yield from _numbered(["not", name], wanted)


def _numbered(keys: list[str | int], wanted: list[Rests]) -> Iterator[tuple[list[str | int], Rests]]:
    for n, one in enumerate(wanted):
        yield [*keys, n], one


class StoryFile(_Strict):
    """A file of `law/examples/stories`; the form of persons, context and entries is that of a log."""

    title: str
    why: str
    state: str
    persons: list[dict[str, Any]]
    context: dict[str, Any] = {}
    log: list[dict[str, Any]]
    at: list[Moment]
