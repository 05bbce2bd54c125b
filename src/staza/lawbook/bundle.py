"""All law under one digest, and the law of one jurisdiction picked from it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from staza.engine.days import Calendar
from staza.engine.expressions import Tree
from staza.engine.types import LIMITED, Act, Binding, Condition, Datum, Instrument, Kind, Law, Opening, Procedure, Rule
from staza.lawbook.citations import act_of

_NOT_BOUND = (Binding(bound=False, start=None, until=None),)


@dataclass(frozen=True)
class Checking:
    """How the article that a rule rests on first was checked; of a confirmed one where it was read, and by whom.

    `value` and `was` are in words, empty where the clause has no value; `on` is a day, `YYYY-MM-DD`.
    """

    state: str  # verified-text | verified-secondary | memory-only | confirmed | corrected, empty where there is none
    gazette: str = ""
    article: str = ""
    on: str = ""
    by: str = ""
    value: str = ""
    was: str = ""
    was_article: str = ""
    was_checked: str = ""


@dataclass(frozen=True)
class KnownBody:
    """A body of a State under its code, with the first day on which it is there and the first no longer (ordinals)."""

    body: str
    label: str
    since: int
    until: int

    def is_there(self, day: int) -> bool:
        """Say whether the body is there on a day."""
        return self.since <= day < self.until


@dataclass(frozen=True)
class KnownRow:
    """What a row of competence says before a decision is there: its bodies, its question if nobody read it, and what
    it decides, each with its condition as it can be asked beforehand."""

    bodies: tuple[KnownBody, ...]
    asks: str
    decides: tuple[Opening, ...]


_WEAK = ("memory-only", "verified-secondary")  # the weakest first


def weight_of(state: str) -> int:
    """Give the weight of a state of checking; what was read, confirmed or corrected is not weak."""
    return _WEAK.index(state) if state in _WEAK else len(_WEAK)


@dataclass
class Bundle:
    """All law under one digest, before a jurisdiction is chosen; this is what the cache keeps."""

    digest: str
    kinds: dict[str, Kind] = field(default_factory=dict)
    kind_names: dict[str, str] = field(default_factory=dict)  # any name that a log may write -> the kind
    national_names: set[str] = field(default_factory=set)  # of these, the ones that only national logs use
    fields: dict[str, Datum] = field(default_factory=dict)
    flags: dict[str, Datum] = field(default_factory=dict)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    spans: dict[str, Tree] = field(default_factory=dict)
    exports: dict[str, Tree] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    only_in: dict[str, tuple[str, ...]] = field(default_factory=dict)  # rule -> codes of the States whose law it is
    bindings: dict[str, dict[str, tuple[Binding, ...]]] = field(default_factory=dict)  # act -> State -> rows
    states: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> code, zone
    names: dict[str, str] = field(default_factory=dict)  # any name of a State -> the one in use
    calendars: dict[str, Calendar] = field(default_factory=dict)  # by code
    persons: dict[str, Any] = field(default_factory=dict)  # vocabulary of persons, as the file has it
    cases: dict[str, str] = field(default_factory=dict)  # ECLI of a judgment -> how it is named in words
    gists: dict[str, str] = field(default_factory=dict)  # citation -> gist
    checking: dict[str, Checking] = field(default_factory=dict)  # rule -> how its first article was checked
    competent: dict[str, KnownRow] = field(default_factory=dict)  # rule of a row of competence -> what it says
    bound_by: dict[str, dict[str, Checking]] = field(default_factory=dict)  # act -> State -> how that was checked
    functions: dict[str, str] = field(default_factory=dict)  # in which function somebody confirms -> in words
    laws: dict[tuple[str, bool], Law] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def shorts(self) -> dict[str, str]:
        """How each instrument and judgment is named in words."""
        cases = {f"case.{ecli}": short for ecli, short in self.cases.items()}
        return cases | {one.id: one.short for one in self.instruments.values()}

    def rules_for(self, state: str) -> list[Rule]:
        """Give the rules that can say anything about a State."""
        bound = ((rule, states_bound(self, rule)) for rule in self.rules)
        return [rule for rule, states in bound if states is None or state in states]

    def weaker_binding(self, rule: Rule, state: str) -> Checking | None:
        """Give how it was checked that the act of a rule binds a State, where that is weaker than its article."""
        binding = self.bound_by.get(act_of(rule.cites[0]), {}).get(state) if rule.cites else None
        article = self.checking.get(rule.id)
        if binding is None or article is None or not article.state:
            return None
        return binding if weight_of(binding.state) < weight_of(article.state) else None


def law_of(bundle: Bundle, state: str, *, kept_by_authority: bool = False) -> Law:
    """Give the law of a jurisdiction: all rules, its own rows of who is bound, its calendar and zone.

    A log that an authority of the State keeps may be silent in another way than a case that a court tells. It is the
    same object each time, as what the engine learns of a law holds for every log: a bundle is not changed after that.
    """
    key = bundle.names.get(state, state), kept_by_authority
    if key not in bundle.laws:
        bundle.laws[key] = _made(bundle, *key)
    return bundle.laws[key]


def _made(bundle: Bundle, name: str, kept_by_authority: bool) -> Law:
    code, zone = bundle.states.get(name, ("", "UTC"))
    kinds = bundle.kinds
    if kept_by_authority:
        kinds = {n: replace(k, absence=k.absence_in.get(code, k.absence)) for n, k in bundle.kinds.items()}
    rules = [_as_it_has_effect(rule) for rule in bundle.rules_for(name)]
    return Law(
        jurisdiction=name,
        kept_by_authority=kept_by_authority,
        digest=bundle.digest,
        kinds=kinds,
        fields=bundle.fields,
        flags=bundle.flags,
        procedures=bundle.procedures,
        conditions=bundle.conditions,
        spans=bundle.spans,
        acts=bundle.acts,
        instruments=bundle.instruments,
        rules=tuple(rules),
        bindings={act: made for act in bundle.instruments if (made := _rows(bundle, act, name))},
        exports=bundle.exports,
        calendar=bundle.calendars.get(code, Calendar()),
        zone=zone,
        by_id={rule.id: rule for rule in rules},
    )


def _as_it_has_effect(rule: Rule) -> Rule:
    """Leave open how long a clock is of which the clause was read nowhere: it gives no day, and asks."""
    if rule.verified or rule.kind not in LIMITED or not rule.limits:
        return rule
    return replace(rule, limits=tuple(replace(one, period=["not_read"]) for one in rule.limits), tracks=())


def states_bound(bundle: Bundle, rule: Rule) -> Collection[str] | None:
    """Give the States that a rule can say anything about: national law and agreements are no yardstick for others.

    A rule is national by the act that it cites first, or by `only_in`, where it gives effect to an act of many States.
    None where it can be any State.
    """
    own = bundle.only_in.get(rule.id)
    if own is not None:
        return [state for state, (code, _) in bundle.states.items() if code in own]
    act = act_of(rule.cites[0]) if rule.cites else ""
    instrument = bundle.instruments.get(act)
    return bundle.bindings.get(act, {}).keys() if instrument is not None and instrument.closed else None


def _rows(bundle: Bundle, act: str, state: str) -> tuple[Binding, ...]:
    """Give who is bound by an act; national law and agreements bind nobody but the States that they name."""
    rows = bundle.bindings.get(act, {}).get(state, ())
    return rows or (_NOT_BOUND if bundle.instruments[act].closed else ())
