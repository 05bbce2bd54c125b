"""The overlay of an installation: what the authority's lawyers confirmed or corrected, laid over the law.

An overlay is a folder in the format of the law: `confirmations/*.yaml` (answers to clauses, see `Confirmation`),
`vocabularies/functions.yaml` (functions of this installation) and `examples` (worked cases that hold with it). The law
under it is not touched: each answer keeps the state that it found, and one that does not fit the law is refused.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from staza.engine.days import ONE
from staza.engine.types import Rule
from staza.lawbook import schema
from staza.lawbook.binds import NONE, days_answered, said_days
from staza.lawbook.bundle import Bundle, Checking
from staza.lawbook.citations import act_of, article_of, is_citation
from staza.lawbook.clauses import Clause, Key, Value, clauses_of, has_no_value
from staza.lawbook.files import EXAMPLES, law_files
from staza.lawbook.near_names import did_you_mean
from staza.lawbook.reader import FileReader, Place, Sources
from staza.lawbook.schema_answers import Confirmation

CONFIRMATIONS = "confirmations"
Plain = dict[str, Any]  # the keys of a rule as its file writes them
WEIGHED = ("memory-only", "verified-secondary", "verified-text")  # from the weakest state of checking to the strongest
ONE_UNIT = re.compile(rf"(?<![\w.])1 ({'|'.join(ONE)})(?!\w)")
TWO_LENGTHS = re.compile(r"(\d+) to (\d+) (?P<unit>\w+)(?P<rest>.*)")
EXPRESSIONS = ("if", "while", "requires", "restarts_if")


@dataclass
class Overlay:
    """The answers of an overlay by clause, with the place of each, and the functions that it adds."""

    answers: dict[Key, Confirmation] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    places: dict[Key, tuple[FileReader, Place]] = field(default_factory=dict)


def read_overlay(folder: Path) -> Overlay:
    """Read the files of an overlay; raises `LawError` with file, line, key and cure at the first fault of form."""
    made = Overlay()
    for path in law_files(folder):
        reader = FileReader(path, folder, Bundle(""), Sources())
        parts = path.relative_to(folder).parts
        if parts[0] == CONFIRMATIONS:
            for n, entry in enumerate(reader.many(Confirmation, reader.content or [])):
                key = (entry.clause, entry.fact, entry.rule, entry.binds)
                reader.once({" ".join(k): k for k in made.answers}, " ".join(key), [n, "clause"])
                made.answers[key] = entry
                made.places[key] = (reader, [n])
        elif parts == ("vocabularies", "functions.yaml"):
            for one in reader.many(schema.FunctionEntry, reader.content):
                if one.does == "confirms":  # who records an entry of a log has not read the gazette for it
                    made.functions[one.function] = one.label
        else:
            raise reader.fault(
                "An overlay holds a file that it cannot have.",
                [],
                f"It has `{CONFIRMATIONS}`, `vocabularies/functions.yaml` and `{EXAMPLES}`, and nothing else.",
                "Put a change of rules or instruments into the law itself.",
            )
    return made


def check_overlay(overlay: Overlay, clauses: Mapping[Key, Clause], functions: Mapping[str, str]) -> None:
    """Hold an overlay against the law that it lies on; raises `LawError` at the first answer that does not fit."""
    known = {**functions, **overlay.functions}
    for key, entry in overlay.answers.items():
        reader, at = overlay.places[key]
        clause = clauses.get(key)
        if clause is None:
            raise reader.fault(
                f"`{_named(key)}` is no clause of the law.",
                [*at, "clause"],
                "No provision, fact or rule of the law is named so.",
                did_you_mean(_named(key), map(_named, clauses)) or "Correct the name, or take the entry out.",
            )
        if clause.state == "verified-text":
            raise reader.fault(
                f"`{_named(key)}` was read in the text and is not open.",
                [*at, "clause"],
                "An overlay closes gaps; it does not set aside what was read.",
                "Take the entry out; where the law is wrong, correct law/ with its source.",
            )
        was, held = entry.was, (clause.value, clause.unit, clause.bound)
        same = (was.value, was.unit, was.bound) == held and days_answered(was) == clause.days
        if not same or was.article != article_of(clause.cite):
            article = f", art. {article_of(clause.cite)}" if not clause.binds else ""
            raise reader.fault(
                f"The law has `{_named(key)}` in another form than when it was answered.",
                [*at, "was"],
                f"The law says {said_days(clause.days) or said_value(held) or 'no value'}{article}.",
                "Print the clause with `staza law questions` without this entry, and answer it again.",
            )
        if (clause.binds and entry.binding is None) or (not clause.binds and days_answered(entry) != NONE):
            raise reader.fault(
                f"`{_named(key)}` is answered with what it does not ask.",
                [*at, "binding"],
                "Whether and from when an act binds is said of the act and its States, and nothing else of it.",
                "Write `binding`, `binds_from` and `binds_until` where `binds` names States, and only there.",
            )
        if entry.confirmed_by not in known:
            raise reader.fault(
                f"`{entry.confirmed_by}` is no function.",
                [*at, "confirmed_by"],
                "Who confirms is named by the function, never by name; law/vocabularies/functions.yaml lists them.",
                did_you_mean(entry.confirmed_by, known) or f"Write one of {', '.join(known)}.",
            )
        if not is_citation(f"{act_of(key[0])}/{entry.article}") or entry.article == "?":
            raise reader.fault(
                f"`{entry.article}` is no article.",
                [*at, "article"],
                "It is not written as the law cites, such as 118(3), 54.7A(3) or 12bis.",
                "Correct it.",
            )


def _named(key: Key) -> str:
    return " ".join(part for part in key if part)


def said_value(value: Value) -> str:
    """Write a value: `at most 90 days`; empty where there is none."""
    amount, unit, bound = value
    if amount is None:
        return ""
    word = {"max": "at most ", "min": "at least ", "exact": "exactly "}.get(bound or "", "")
    whole = int(amount) if float(amount).is_integer() else amount
    return f"{word}{whole} {(unit or '').replace('_', ' ')}".rstrip()


class Laid:
    """An overlay that fits, being laid over the law while it is read."""

    def __init__(self, overlay: Overlay, clauses: Mapping[Key, Clause]) -> None:
        self.overlay = overlay
        self.rows: dict[str, list[Key]] = {}
        for key in clauses:
            self.rows.setdefault(key[0], []).append(key)

    def answers_for(self, cite: str, facts: Iterable[str] = (), rule: str = "") -> list[Confirmation]:
        """Give the answers to what somebody needs of an article: to its own values, else to all of it; or none."""
        rows = self.rows.get(cite, [])
        own = [key for key in rows if key[1] in set(facts) - {""} or (rule and key[2] == rule)]
        needed = own or rows
        found = [self.overlay.answers[key] for key in needed if key in self.overlay.answers]
        return found if len(found) == len(needed) else []

    def fact(self, entry: schema.FactEntry) -> schema.FactEntry:
        """Give a fact with what was answered about it."""
        answers = [one for one in self.overlay.answers.values() if one.fact == entry.id]
        if not answers:
            return entry
        said = answers[0]
        new = {"value": said.value, "unit": said.unit, "bound": said.bound, "article": said.article}
        return entry.model_copy(update={**new, "checked": said.answer})

    def provisions(self, entry: schema.InstrumentFile) -> list[schema.Provision]:
        """Give the provisions of an act with their state, and those that an answer adds."""
        made: dict[str, schema.Provision] = {}
        for one in entry.provisions:
            answers = self.answers_for(f"{entry.instrument}/{one.article}")
            state = {"checked": state_of(answers), "source": answers[0].gazette} if answers else {}
            made[one.article] = one.model_copy(update=state)
        for said in self.overlay.answers.values():
            if said.clause.startswith(f"{entry.instrument}/") and said.article not in made:
                old = made.get(article_of(said.clause))
                moved: Plain = {"article": said.article, "checked": said.answer, "source": said.gazette, "facts": []}
                gist = f"What {said.fact or said.rule} says."
                new = old.model_copy(update=moved) if old else schema.Provision.model_construct(gist=gist, **moved)
                made[said.article] = new
        return list(made.values())

    def binds(self, act: str) -> dict[str, Confirmation]:
        """Give the answers to who is bound by an act, by the name of the row."""
        return {one.binds: one for one in self.overlay.answers.values() if one.binds and one.clause == act}

    def rule(self, raw: Plain, kind: str) -> Plain:
        """Give a rule with its values and articles as they were answered; raises `ValueError` with the reason."""
        ident, facts = str(raw.get("id")), _listed(raw.get("facts"))
        made = raw
        for said in self.overlay.answers.values():
            if said.rule == ident or said.fact in facts:
                made = with_value(made, kind, _former(said), (said.value, said.unit, said.bound), said.fact)
        for cite in _citations(raw):
            answers = self.answers_for(cite, facts, ident)
            new = list(dict.fromkeys(f"{act_of(cite)}/{one.article}" for one in answers))
            if new and new != [cite]:
                made = _recited(made, cite, new)
        return made

    def cites(self, cites: list[str]) -> list[str]:
        """Give the articles of a named condition as they were answered."""
        made = cites
        for cite in cites:
            new = list(dict.fromkeys(f"{act_of(cite)}/{one.article}" for one in self.answers_for(cite)))
            if new and new != [cite]:
                made = [c for one in made for c in (new if one == cite else [one])]
        return made


def laid_on(bundle: Bundle, sources: Sources, folder: Path) -> Laid:
    """Read an overlay and hold it against the law that was read; raises `LawError` where it does not fit."""
    overlay, clauses = read_overlay(folder), clauses_of(bundle, sources)
    check_overlay(overlay, clauses, bundle.functions)
    return Laid(overlay, clauses)


def state_of(answers: Iterable[Confirmation]) -> str:
    """Give the state of checking that answers lead to."""
    return "corrected" if any(one.answer == "corrected" for one in answers) else "confirmed"


def checking_of(rule: Rule, raw: Plain, laid: Laid | None, bundle: Bundle, sources: Sources) -> Checking:
    """Give how the article that a rule rests on first was checked, with who confirmed it; `raw` as the law has it.

    A rule of which every fact was read nowhere, and a clock without a value, stand as read nowhere.
    """
    cites = _citations(raw)
    answers = laid.answers_for(cites[0], _listed(raw.get("facts")), rule.id) if laid and cites else []
    if answers:
        said = next((one for one in answers if one.answer == "corrected"), answers[0])
        return Checking(
            state_of(answers), said.gazette, said.article, said.confirmed_on, said.confirmed_by,
            said_value((said.value, said.unit, said.bound)), said_value(_former(said)), said.was.article,
            said.was.checked,
        )  # fmt: skip
    states = [sources.facts[fact].checked for fact in rule.facts if fact in sources.facts]
    if has_no_value(rule) or (states and set(states) == {"memory-only"}):
        return Checking("memory-only")
    if not rule.cites:
        return Checking("")
    instrument = bundle.instruments.get(act_of(rule.cites[0]))
    state = instrument.provisions.get(article_of(rule.cites[0])) if instrument else None
    if state is None and article_of(rule.cites[0]) == "?":
        state = max(states, key=lambda one: WEIGHED.index(one) if one in WEIGHED else 0, default="memory-only")
    return Checking(state or "")


def _former(said: Confirmation) -> Value:
    return said.was.value, said.was.unit, said.was.bound


# ------------------------------------------------------------------------------------------------ values in a rule


def with_value(raw: Plain, kind: str, old: Value, new: Value, fact: str = "") -> Plain:
    """Put a value into a rule where its former one stands; raises `ValueError` with the reason where none does."""
    if old == new:
        return _settled(raw, old)
    raw = {key: one if key == "title" else _in_full(one) for key, one in raw.items()}
    differs = raw.get("differs")
    if differs is not None and (isinstance(differs, str) or fact in differs):
        raise ValueError(f"rule `{raw.get('id')}` says under `differs` why it does not hold the value of the fact")
    for amount in (old[0], new[0]):
        if amount is not None and not float(amount).is_integer():
            raise ValueError(f"a rule holds whole numbers only, and {amount} is none")
    if new[0] is None or new[1] is None:
        raise ValueError("a value needs its number and its unit")
    written = f"{int(new[0])} {new[1]}"
    if old[0] is None:
        return {**raw, "every" if kind == "recurring" else "lasts": written}
    former = f"{int(old[0])} {old[1]}"
    made = _replaced(_settled(raw, old), former, written)
    if made == raw and former != written:
        raise ValueError(f"rule `{raw.get('id')}` does not hold `{former}` in a place that can be exchanged")
    return made if old[2] == new[2] else _rebound(made, kind, written, new[2])


def _in_full(value: Any) -> Any:
    """Write `1 month` as `1 months`, as values are compared; nothing else changes."""
    if isinstance(value, str):
        return ONE_UNIT.sub(lambda found: f"1 {ONE[found[1]]}", value)
    if isinstance(value, dict):
        return {_in_full(key): _in_full(one) for key, one in value.items()}
    return [_in_full(one) for one in value] if isinstance(value, list) else value


def _settled(raw: Plain, value: Value) -> Plain:
    """Take the one of two lengths between which sources differ, `14 to 15 days`, that was confirmed."""
    found = TWO_LENGTHS.match(str(raw.get("lasts")))
    if found and value[1] == found["unit"] and value[0] is not None and str(int(value[0])) in found.group(1, 2):
        return {**raw, "lasts": f"{int(value[0])} {value[1]}{found['rest']}"}
    return raw


def _replaced(raw: Plain, former: str, written: str) -> Plain:
    made = dict(raw)
    for key in ("lasts", "every", "ceiling", "concern_from", "breach_from"):
        if raw.get(key) == former:
            made[key] = written
        elif str(raw.get(key)).startswith(f"{former} before "):
            made[key] = written + raw[key].removeprefix(former)
    for key in ("at_least", "at_most"):
        if isinstance(raw.get(key), dict) and former in raw[key]:
            made[key] = {written if one == former else one: value for one, value in raw[key].items()}
    if raw.get("earliest_of"):
        made["earliest_of"] = [
            written + one.removeprefix(former) if one.startswith(f"{former} after ") else one
            for one in raw["earliest_of"]
        ]
    if raw.get("extended"):
        made["extended"] = [
            {key: written if key in ("adds", "up_to") and value == former else value for key, value in one.items()}
            for one in raw["extended"]
        ]
    if raw.get("tracks"):
        made["tracks"] = {track: written if one == former else one for track, one in raw["tracks"].items()}
    for key in EXPRESSIONS:
        if isinstance(raw.get(key), str):
            made[key] = re.sub(rf"(?<![\w.]){re.escape(former)}(?!\w)", written, raw[key])
    return made


def _rebound(raw: Plain, kind: str, written: str, bound: str | None) -> Plain:
    """Turn a lowest value into a highest one or the other way; what a kind of rule means itself cannot be turned."""
    places = {"min": "at_least", "max": "at_most"}
    held = [key for key in places.values() if isinstance(raw.get(key), dict) and written in raw[key]]
    if not held and kind in ("window", "validity"):
        return raw
    target = places.get(bound or "")
    if len(held) != 1 or target is None or (target != held[0] and target in raw):
        raise ValueError(f"the bound of rule `{raw.get('id')}` lies in its kind `{kind}` and cannot be exchanged")
    return {target if key == held[0] else key: value for key, value in raw.items()}


# ---------------------------------------------------------------------------------------------- articles in a rule


def _listed(value: Any) -> list[str]:
    return [] if value is None else [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _citations(raw: Plain) -> list[str]:
    found: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            for one in value.values():
                collect(one)
        elif isinstance(value, list):
            for one in value:
                collect(one)
        elif isinstance(value, str) and is_citation(value):
            found.append(value)

    for key in ("cites", "at_least", "at_most", "unless", "extended"):
        collect(raw.get(key))
    return list(dict.fromkeys(found))


def _recited(raw: Plain, old: str, new: list[str]) -> Plain:
    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(one) for key, one in value.items()}
        if isinstance(value, list):
            return [c for one in value for c in (new if one == old else [changed(one)])]
        return (new if len(new) > 1 else new[0]) if value == old else value

    keys = ("cites", "at_least", "at_most", "unless", "extended")
    return {key: changed(value) if key in keys else value for key, value in raw.items()}
