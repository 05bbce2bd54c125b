"""The typed models of the law files: unknown keys and wrong types are errors.

One class a kind of file; the key names are the contract for whoever writes law. What the keys mean: CONTRIBUTING,
"Change the law". What they become: `staza.lawbook.compose`.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Checked = Literal["verified-text", "verified-secondary", "memory-only"]
Origin = Literal["person", "authority", "court", "register", "medical", "other_state", "legal"]


def _listed(value: Any) -> Any:  # Any: what YAML gave
    return [] if value is None else value if isinstance(value, list) else [value]


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day is written YYYY-MM-DD and stands in a calendar") from None
    return text


Day = Annotated[
    str, AfterValidator(_day), WithJsonSchema({"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
]
Words = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str] | None)]
Exceptions = dict[str, str | list[str] | None] | str | list[str]


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EventKind(Strict):
    """One entry of `law/event_kinds`."""

    kind: str
    label: str
    also: Words = []  # other names under which national logs write it
    gist: str
    nature: Literal["record", "act"]
    klass: Literal["ordinary", "asylum", "health", "protection", "child", "security", "oversight"] = Field(
        alias="class"
    )
    vocabulary: Literal["judgments", "national"] = "judgments"  # whose word the name is
    absence: Literal["no", "unknown"]
    absence_in: dict[str, Literal["no", "unknown"]] = {}  # by code of the State, in a log that an authority keeps
    origin: Origin
    recorded_by: list[str]
    fields: list[str] = []
    cites: Words = []


class FieldEntry(Strict):
    """One entry of `law/vocabularies/fields.yaml`."""

    field: str
    type: Literal["flag", "number", "text", "date", "person"]
    label: str
    unit: str | None = None
    least: int | None = None  # of a number
    most: int | None = None
    states: bool = False  # every State is a listed value as well
    answered_by: Origin = "authority"
    values: list[str] = []


class FlagEntry(Strict):
    """One entry of `law/vocabularies/flags.yaml`."""

    flag: str
    type: Literal["flag", "text", "number", "date", "list"]
    asks: str
    answered_by: Origin
    gist: str = ""
    values: list[str] = []


class StateEntry(Strict):
    """One entry of `law/vocabularies/states.yaml`."""

    state: str
    code: str
    zone: str
    also: list[str] = []


class CaseEntry(Strict):
    """One entry of `law/vocabularies/cases.yaml`: a judgment that rules rest on, by its ECLI."""

    case: str
    short: str


class FunctionEntry(Strict):
    """One entry of `law/vocabularies/functions.yaml`: in which function somebody acts; never a name."""

    function: str
    label: str
    does: Literal["confirms", "records"] = "confirms"  # a clause of the law; an entry of a log


class AgeGroup(Strict):
    """An age group; `to_years` null has no upper end."""

    code: str
    label: str
    from_years: int
    to_years: int | None


class Coded(Strict):
    """A code and its label."""

    code: str
    label: str


class PersonsFile(Strict):
    """`law/vocabularies/persons.yaml`."""

    person_keys: list[str]
    roles: list[str]
    age_groups: list[AgeGroup]
    vulnerabilities: list[Coded]
    relations: list[str]


class ActEntry(Strict):
    """One entry of `law/vocabularies/acts.yaml`: what an authority does, and the events that record it."""

    act: str
    label: str
    done_by: Words = []
    includes: Words = []
    irreversible: bool = False


class BindsRow(Strict):
    """Which States are bound, from and until when (the first day no longer)."""

    states: list[str]
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    transposed: Day | None = None
    seen_bound: Day | None = None
    bound: bool
    basis: str
    checked: Checked
    source: str
    note: str = ""


class Provision(Strict):
    """An article: a gist in our own words, how it was checked, where."""

    article: str
    gist: str
    checked: Checked
    source: str
    facts: list[str] = []
    applies_from: Day | None = None  # where an article applies later than its act
    applies_until: Day | None = None
    disapplied_from: Day | None = None  # a court leaves it out from this day on
    annulled_on: Day | None = None
    ex_tunc: bool = False  # the annulment: as if it had never been


class Counting(Strict):
    """What an act says of counting days, where it says something of its own."""

    first_day: Literal["counts", "not", "open"] = "not"  # whether the day of the event is counted
    regime: Literal["maybe-rolling", "plain"] = "plain"  # of the periods of the act, forwards
    article: str = ""  # that moves an end on a free day
    note: str = ""
    facts: list[str] = []


class Term(Strict):
    """What an agreement says on one point: a period, a code, `none` (read, no such rule) or `not_read`."""

    is_: str = Field(alias="is")
    article: Words
    facts: Words = []
    first_day: Literal["counts", "not", "open"] | None = None
    calendar: dict[str, str] = {}  # whose working days count, where the text does not say: as of a rule
    only: str | None = None  # a condition: whom or what the term is about, where not everybody
    asks: str = ""  # the question to a lawyer where it was not read
    differs: str | None = None


class InstrumentFile(Strict):
    """A file of `law/instruments`."""

    instrument: str
    title: str
    short: str
    kind: Literal["directive", "regulation", "convention", "charter", "rules", "law", "by-law", "agreement", "protocol"]
    published: str | None = None
    gazette: str = ""
    towards: Words = []  # an agreement binds only towards these partners
    implements: Words = []  # a protocol: the agreements whose terms it goes before
    behind: Words = []  # a bilateral text: the agreements that go first while they bind
    terms: dict[str, Term] = {}
    counting: Counting | None = None
    applies_from: Day | None = None
    applies_until: Day | None = None
    checked: Checked
    source: str
    key: Literal["day", "application", "opening"] = "day"
    binding_flag: str | None = None
    pending_cases_flag: str | None = None
    earlier_from_flag: str | None = None
    only_with: list[str] = []
    binds: list[BindsRow]
    provisions: list[Provision]


class NamedCondition(Strict):
    """A condition named once: what it is, the question it asks, who can answer it, its article."""

    is_: str | None = Field(default=None, alias="is")
    claimed: str | None = None
    asks: str = ""
    answered_by: Origin = "authority"
    cites: Words = []


class ProcedureEntry(Strict):
    """A kind of instance."""

    procedure: str
    title: str
    opened_by: Words
    presupposed_by: Words = []
    closed_by: Words = []
    closed_unless_held_on_by: Words = []
    takes: Words = []
    within: Words = []
    each_opens: bool = False
    replaces: bool = False
    numbered: bool = True
    apart_by: Words = []
    opens_again_after: Words = []
    set_aside_by: Words = []
    follows: Words = []
    stages: dict[str, str] = {}
    too_late: dict[str, str] = {}
    paired: bool = False
    auxiliary: bool = False


class ExtensionEntry(Strict):
    """What lengthens a clock."""

    by: str
    adds: str | None = None
    up_to: str | None = None
    valid: str | None = None
    cites: Words = []


class PracticeEntry(Strict):
    """What an authority allows beyond the act: so much from the end by the act, or so long from the start."""

    adds: str | None = None
    lasts: str | None = None
    if_: str | None = Field(default=None, alias="if")


class RuleEntry(Strict):
    """A rule; exactly one of the kinds of rule is given."""

    id: str
    title: str = ""
    for_each: Literal["agreement"] | None = None
    for_term: str | None = None
    partner: str | None = None  # of a rule for each agreement: how the log says the partner; `partner` is the default
    deadline: Words | None = None
    window: Words | None = None
    waiting: Words | None = None
    ceiling: str | None = None
    recurring: Words | None = None
    validity: str | None = None
    safeguard: Literal["absolute", "derogable"] | None = None
    duty: Words | None = None
    effect: str | None = None
    per: str | None = None
    if_: str | None = Field(default=None, alias="if")
    starts: str | None = None
    lasts: str | None = None
    earliest_of: list[str] = []
    restarts_on: Words = []
    restarts_if: str | None = None
    extended: list[ExtensionEntry] = []
    ends_with: Words = []
    tracks: dict[str, str] = {}
    on_change: Literal["keep", "restart", "earlier_of", "later_of"] | None = None
    restored_by: Words = []
    practice: str | PracticeEntry | None = None
    first_day: Literal["counts", "open"] | None = None
    unless: Exceptions = []
    blocks: Words = []
    on: Words = []
    requires: str | None = None
    while_: str | None = Field(default=None, alias="while")
    after: str | None = None
    every: str | None = None
    sums: str | None = None
    leaves_out: str | None = None
    at_least: dict[str, Exceptions | None] | None = None
    at_most: dict[str, Exceptions | None] | None = None
    concern_from: str | None = None
    breach_from: str | None = None
    pending: Literal["counts"] | None = None
    counts_earlier: bool | None = None
    finding: Literal["breach", "concern", "question", "none"] | None = None
    late: dict[Literal["breach", "concern", "question", "in_doubt"], str] = {}
    regime: Literal["1182-71", "rolling", "maybe-rolling", "dublin", "liberty", "plain"] | None = None
    calendar: str | dict[str, str] | None = None  # a code, or `by:` a field and a calendar for each of its codes
    owner: str | dict[str, str] | None = None
    asks: str = ""  # of a clock whose length was not read
    only_in: Words = []  # codes of the States whose law it is, where it rests first on an act that binds others too
    applies_from: Day | None = None
    applies_until: Day | None = None
    key: Literal["day", "application", "opening"] | None = None  # whose day the two are compared with
    cites: Words = []
    facts: Words = []
    differs: str | dict[str, str] | None = None
    implements: Words = []  # of a national rule: the provisions of the Union that it transposes, for the comparison
    source: Words = []


class ProcedureFile(Strict):
    """A file of `law/procedures`: instances, named conditions and spans, rules, and what they share."""

    title: str
    defaults: dict[str, Any] = {}
    procedures: list[ProcedureEntry] = []
    conditions: dict[str, NamedCondition | str] = {}
    spans: dict[str, str] = {}
    exports: dict[str, str] = {}
    rules: list[RuleEntry] = []


class FactEntry(Strict):
    """One line of `law/facts.yaml`."""

    id: str
    instrument: str
    article: str
    kind: Literal["clock", "guard", "duty", "definition", "benchmark", "institution"]
    topic: str
    value: int | float | None
    unit: str | None
    bound: Literal["max", "min", "exact"] | None
    checked: Checked


class ExplainedFacts(Strict):
    """`law/explained.yaml`: facts that have no rule, and why; they do not count as encoded."""

    explained: dict[str, str]
