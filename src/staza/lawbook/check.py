"""What must hold of the law files beyond their form: every name declared, every article there, every fact met.

`checked_law` is the only way from files to a bundle: law with a fault is never evaluated.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from staza.engine.expressions import names_in
from staza.engine.logic import EARLIEST
from staza.engine.types import Rule
from staza.lawbook.bundle import Bundle
from staza.lawbook.calendars import calendar_faults
from staza.lawbook.check_limits import counted_elsewhere, limit_faults, track_faults
from staza.lawbook.check_names import NamesChecked, fault
from staza.lawbook.citations import FORMS, act_of, article_of, is_citation
from staza.lawbook.competence import faults_of_recorders
from staza.lawbook.compose import read_law
from staza.lawbook.errors import LawError
from staza.lawbook.files import line_of_entry
from staza.lawbook.overlay import laid_on
from staza.lawbook.reader import Sources
from staza.lawbook.terms import same_rank

PLACE = re.compile(r"law/(?P<file>[^,`]+\.yaml), `(?P<name>[^`]+)`(?:, key `(?P<key>[^`]+)`)?")
WRITTEN = {"only_if": "if"}  # keys that the law writes in another way than the program


def checked_law(folder: Path, digest: str, overlay: Path | None = None) -> tuple[Bundle, Sources]:
    """Read the law, with the overlay of an installation on it, and check both; raises `LawError` at the first fault."""
    read = _without_fault(folder, *read_law(folder, digest))
    return _without_fault(folder, *read_law(folder, digest, laid_on(*read, overlay))) if overlay else read


def _without_fault(folder: Path, bundle: Bundle, sources: Sources) -> tuple[Bundle, Sources]:
    for found in faults(bundle, sources):
        found.where = PLACE.sub(lambda place: _with_line(folder, place), found.where)
        raise found
    return bundle, sources


def _with_line(folder: Path, found: re.Match[str]) -> str:
    """Add the line to a place; it is looked up only for the fault that is raised, as the file is read again for it."""
    key = WRITTEN.get(found["key"], found["key"])
    line = line_of_entry(folder / found["file"], found["name"], key)
    return f"{found['file']}:{line}, `{found['name']}`" + (f", key `{key}`" if key else "")


def faults(bundle: Bundle, sources: Sources) -> Iterator[LawError]:
    """Give every fault that the whole of the law shows."""
    checker = _Checker(bundle, sources)
    yield from checker.kinds()
    yield from checker.competence()
    yield from checker.conditions()
    yield from checker.procedures()
    yield from checker.instruments()
    yield from calendar_faults(bundle)
    yield from _ranks(sources)
    for rule in bundle.rules:
        yield from checker.rule(rule)
    yield from _conflicts(bundle, sources)


class _Checker(NamesChecked):
    def place(self, name: str, key: str = "") -> str:
        found = f"law/{self.sources.places.get(name, '?')}, `{name}`"
        return f"{found}, key `{key}`" if key else found

    def written(self, rule: Rule, *keys: str) -> str:
        """Give the place of the first of these keys that the rule writes; several kinds of rule share what is read."""
        raw = self.sources.raw.get(rule.id, {})
        return self.place(rule.id, next((key for key in keys if key in raw), keys[-1]))

    def kinds(self) -> Iterator[LawError]:
        codes = {code for code, _ in self.bundle.states.values()}
        for name, entry in self.sources.kinds.items():
            for one in entry.fields:
                if one not in self.bundle.fields:
                    yield self._undeclared(one, "field", self.place(name, "fields"))
            for code in entry.absence_in:
                if code not in codes:
                    yield self._undeclared(code, "code of a State", self.place(name, "absence_in"))
            yield from self.cites(tuple(entry.cites), self.place(name, "cites"), article_needed=True)
        for act in self.bundle.acts.values():
            for opening in act.done_by:
                if opening.where is not None:
                    yield from self.truth(opening.where, f"law/vocabularies/acts.yaml, `{act.name}`, key `done_by`")

    def competence(self) -> Iterator[LawError]:
        """Every function that records is listed, and every body has its article."""
        for name, place in faults_of_recorders(self.sources):
            yield self._undeclared(name, "function that records", place)
        for file in self.sources.competence.values():
            for body in file.bodies:
                where = f"law/{self.sources.places[file.competence]}, `{body.body}`"
                yield from self.cites(tuple(body.cites), f"{where}, key `cites`", article_needed=True)
                for fact in body.facts:
                    if fact not in self.sources.facts:
                        yield self._undeclared(fact, "fact", f"{where}, key `facts`")

    def conditions(self) -> Iterator[LawError]:
        for name, condition in self.bundle.conditions.items():
            for tree in (condition.tree, condition.claimed):
                if tree is not None:
                    yield from self.truth(tree, self.place(name))
            yield from self.cites(condition.cites, self.place(name, "cites"), article_needed=True)
            if condition.tree is None and not condition.asks:
                yield fault(
                    f"The condition `{name}` neither says what it is nor what it asks.",
                    self.place(name),
                    "Only a person can answer it, so it needs its question.",
                    "Add `asks:`.",
                )
        yield from self._cycles()
        for name, tree in self.bundle.spans.items():
            yield from self.spans(tree, self.place(name))
        for name, tree in self.bundle.exports.items():
            yield from self.truth(tree, self.place(name))
            if "relation" in str(tree):
                yield fault(
                    f"The export `{name}` reads a relation.",
                    self.place(name),
                    "Exports are read before imports.",
                    "Leave the relation out.",
                )

    def _cycles(self) -> Iterator[LawError]:
        """A condition may not lead back to itself."""
        uses = {
            name: (names_in(c.tree) if c.tree else set()) | (names_in(c.claimed) if c.claimed else set())
            for name, c in self.bundle.conditions.items()
        }
        clear: set[str] = set()
        while True:
            ready = {name for name, used in uses.items() if not (used & uses.keys()) - clear} - clear
            if not ready:
                break
            clear |= ready
        for name in sorted(uses.keys() - clear)[:1]:
            yield fault(
                f"The condition `{name}` leads back to itself.",
                self.place(name),
                "A condition is read from what happened, never from its own answer.",
                "Take one of the names in the circle out.",
            )

    def procedures(self) -> Iterator[LawError]:
        for name, one in self.bundle.procedures.items():
            for parent in one.within:
                if parent not in self.bundle.procedures:
                    yield self._undeclared(parent, "procedure", self.place(name, "within"))
            for opening in (
                *one.opened_by,
                *one.closed_by,
                *one.presupposed_by,
                *one.closed_unless_held_on_by,
                *one.takes,
            ):
                if opening.where is not None:
                    yield from self.truth(opening.where, self.place(name))

    def _provisions(self) -> Iterator[LawError]:
        """What is annulled from the beginning was annulled on a day."""
        for act, provisions in self.sources.provisions.items():
            for one in provisions.values():
                if one.ex_tunc and not one.annulled_on:
                    yield fault(
                        f"`{act}/{one.article}` is annulled from the beginning, and no day says by which annulment.",
                        f"law/instruments, `{act}`, article `{one.article}`, key `ex_tunc`",
                        "`ex_tunc` says how far an annulment reaches back; `annulled_on` is its day.",
                        "Add `annulled_on:`, or leave `ex_tunc` out.",
                    )

    def instruments(self) -> Iterator[LawError]:
        yield from self._provisions()
        for one in self.bundle.instruments.values():
            for flag in (one.asserted_by, one.pending_flag, one.earlier_flag):
                if flag and flag not in self.bundle.flags:
                    yield self._undeclared(flag, "flag", f"law/instruments, `{one.id}`")
            if one.rolled_by and one.rolled_by not in one.provisions:
                yield fault(
                    f"`{one.id}` counts by its article `{one.rolled_by}`, which it does not have here.",
                    f"law/instruments, `{one.id}`, key `counting`",
                    "What moves an end is a provision as any other.",
                    "Add the provision with its gist and state of checking, or correct the article.",
                )
            partners = self.bundle.fields["partner"].values if one.towards else ()
            for partner in one.towards:
                if partner not in partners:
                    yield self._undeclared(partner, "partner", f"law/instruments, `{one.id}`")
            for other in one.only_with:
                if other not in self.bundle.instruments:
                    yield self._undeclared(other, "instrument", f"law/instruments, `{one.id}`")

    def rule(self, rule: Rule) -> Iterator[LawError]:
        where = self.place(rule.id)
        if rule.per != "person" and rule.per not in self.bundle.procedures:
            yield self._undeclared(rule.per, "procedure", self.place(rule.id, "per"))
        for key in ("only_if", "requires", "while_", "restarts_if"):
            tree = getattr(rule, key)
            if tree is not None:
                yield from self.truth(tree, self.place(rule.id, key.rstrip("_")))
        if rule.practice and rule.practice.only_if is not None:
            yield from self.truth(rule.practice.only_if, self.place(rule.id, "practice"))
        for key, pairs in (("late", rule.late), ("owner", rule.owners)):
            for _, tree in pairs:
                yield from self.truth(tree, self.place(rule.id, key))
        for key in ("sums", "leaves_out"):
            tree = getattr(rule, key)
            if tree is not None:
                yield from self.spans(tree, self.place(rule.id, key))
        for limit in rule.limits:
            lasts = self.written(rule, "earliest_of", "ceiling", "every", "lasts", "breach_from", "concern_from")
            yield from self.day(limit.starts, self.written(rule, "earliest_of", "starts"))
            yield from self.period(limit.period, lasts)
            if limit.only_if is not None:
                yield from self.truth(limit.only_if, self.place(rule.id, "earliest_of"))
        yield from limit_faults(rule, self.written)
        yield from track_faults(rule, self.sources.entries[rule.id].on_change is not None, self.bundle, self.written)
        yield from counted_elsewhere(rule, self.bundle, where)
        bounds = [b for b in (rule.at_least, rule.at_most) if b]
        for unless in (*rule.unless, *(u for b in bounds for u in b.unless)):
            yield from self.truth(unless.condition, self.place(rule.id, "unless"))
            yield from self.cites(unless.cites, self.place(rule.id, "unless"), article_needed=True)
        openings = {
            self.written(rule, rule.kind, "decides", "on"): rule.on,
            self.place(rule.id, "restarts_on"): rule.restarts_on,
            self.place(rule.id, "ends_with"): rule.ends_with,
            self.place(rule.id, "extended"): tuple(one.by for one in rule.extensions),
        }
        for place, those in openings.items():
            for opening in those:
                if opening.where is not None:
                    yield from self.truth(opening.where, place)
        for act in rule.blocks:
            if act not in self.bundle.acts:
                yield self._undeclared(act, "act", self.place(rule.id, "blocks"))
        if rule.kind == "effect":
            yield from self._effect(rule, where)
        yield from self._whose(rule)
        if not rule.cites:
            yield fault(
                f"The rule `{rule.id}` cites nothing.",
                where,
                "No rule has effect without its article.",
                "Add `cites:`.",
            )
        yield from self.cites(rule.cites, self.place(rule.id, "cites"), article_needed=True)
        yield from self.cites(
            tuple(self.sources.entries[rule.id].implements), self.place(rule.id, "implements"), article_needed=True
        )
        named = rule.facts or any(limit.is_open for limit in rule.limits)  # an open length is asked about by its rule
        if not named and any(article_of(cite) == "?" for cite in rule.cites):
            yield fault(
                f"The rule `{rule.id}` names neither an article nor a fact.",
                self.place(rule.id, "cites"),
                "Where the article was not read, the fact is what somebody can look up.",
                "Add `facts:` with its id, or write the article.",
            )
        for source in self.sources.entries[rule.id].source:
            if source.startswith("case."):
                yield from self.case(source, self.place(rule.id, "source"))
        yield from self._validity(rule)
        for fact in rule.facts:
            if fact not in self.sources.facts:
                yield self._undeclared(fact, "fact", self.place(rule.id, "facts"))

    def _validity(self, rule: Rule) -> Iterator[LawError]:
        """An article must be in force on at least one day on which the rule applies."""
        for cite in rule.cites:
            instrument = self.bundle.instruments.get(act_of(cite))
            if instrument is None:
                continue
            start, until = instrument.windows.get(article_of(cite), (instrument.applies_from, instrument.applies_until))
            late = start is not None and rule.applies_until is not None and rule.applies_until <= start
            annulled = until == EARLIEST  # from the beginning: the rule stays, and has no effect
            gone = until is not None and not annulled and rule.applies_from is not None and rule.applies_from >= until
            if late or gone:
                yield fault(
                    f"`{cite}` is cited outside its validity.",
                    self.place(rule.id, "cites"),
                    "The article is not in force on any day on which the rule applies.",
                    "Cite the article of the version that applies then, or correct the rule's days.",
                )

    def _whose(self, rule: Rule) -> Iterator[LawError]:
        """A rule named after a State must be that State's alone: it may not speak in the logs of another one."""
        codes = {code for code, _ in self.bundle.states.values()}
        only_in = self.bundle.only_in.get(rule.id, ())
        for code in only_in:
            if code not in codes:
                yield self._undeclared(code, "code of a State", self.place(rule.id, "only_in"))
        code = rule.id.split(".")[0].upper()
        act = self.bundle.instruments.get(act_of(rule.cites[0])) if rule.cites else None
        if code in codes and not only_in and act is not None and not act.closed:
            yield fault(
                f"`{rule.id}` is named after a State and rests first on an act that binds others too.",
                self.place(rule.id, "cites"),
                "It would speak in the logs of every State that the act binds.",
                f"Cite the national act first, or write `only_in: {code}` in the rule or in `defaults:`.",
            )

    def _effect(self, rule: Rule, where: str) -> Iterator[LawError]:
        if rule.effect not in self.bundle.kinds:
            yield self._undeclared(str(rule.effect), "kind of event", where)
        if rule.after not in self.rules:
            yield self._undeclared(str(rule.after), "rule", self.place(rule.id, "after"))

    def cites(self, cites: tuple[str, ...], where: str, *, article_needed: bool) -> Iterator[LawError]:
        for cite in cites:
            if not is_citation(cite):
                yield fault(
                    f"`{cite}` is no citation.",
                    where,
                    f"A citation is an act and an article, such as {FORMS}.",
                    "Write it in one of these forms.",
                )
                continue
            if cite.startswith("case."):
                yield from self.case(cite, where)
                continue
            instrument = self.bundle.instruments.get(act_of(cite))
            if instrument is None:
                yield self._undeclared(act_of(cite), "instrument", where)
            elif article_needed and article_of(cite) not in instrument.provisions and article_of(cite) != "?":
                yield fault(
                    f"`{cite}` is cited, and the act has no such provision here.",
                    where,
                    f"law/instruments has no article `{article_of(cite)}` of {instrument.short}.",
                    "Add the provision with its gist and state of checking, or correct the citation.",
                )

    def case(self, cite: str, where: str) -> Iterator[LawError]:
        ecli = act_of(cite).removeprefix("case.")
        if ecli not in self.bundle.cases:
            yield fault(
                f"`{ecli}` is no judgment that the law knows.",
                where,
                "A judgment is named by its ECLI, and law/vocabularies/cases.yaml does not list this one.",
                "List it there with its number in words, or correct the ECLI.",
            )


def _never_together(one: Rule, other: Rule) -> bool:
    """Say whether one of two rules no longer applies when the other begins to."""
    return any(
        first.applies_until is not None and then.applies_from is not None and first.applies_until <= then.applies_from
        for first, then in ((one, other), (other, one))
    )


def _ranks(sources: Sources) -> Iterator[LawError]:
    """Two texts towards one partner that give the same term, and nothing says which goes first."""
    for one, other, term, partner in same_rank(sources.texts):
        yield fault(
            f"`{one}` and `{other}` both give the term `{term}` towards {partner}.",
            f"law/instruments/agreements, `{one}` and `{other}`, key `terms`",
            "Neither goes before the other, so two periods would run for the same act.",
            "Add `implements:` to the protocol or `behind:` to the bilateral text, or remove one of the terms.",
        )


def _conflicts(bundle: Bundle, sources: Sources) -> Iterator[LawError]:
    """Two clocks for the same act, of the same article and scope, that differ only in their length.

    Where the article was not read its facts stand for it; two that never apply on one day do not meet.
    """
    seen: dict[str, Rule] = {}
    for rule in bundle.rules:
        if rule.kind not in ("deadline", "window", "waiting", "ceiling") or not rule.limits:
            continue
        scope = str(
            (
                rule.kind,
                rule.per,
                rule.cites[:1],
                rule.facts if rule.cites and article_of(rule.cites[0]) == "?" else (),
                rule.only_if,
                rule.on,
                rule.sums,
                [limit.starts for limit in rule.limits],
            )
        ).replace(repr(rule.id), "")
        other = seen.setdefault(scope, rule)
        if other is rule or _never_together(other, rule):
            continue
        if [limit.period for limit in other.limits] != [limit.period for limit in rule.limits]:
            yield fault(
                f"The rules `{other.id}` and `{rule.id}` are in conflict.",
                f"law/{sources.places[rule.id]}, `{rule.id}`, and law/{sources.places[other.id]}, `{other.id}`",
                "They set different lengths for the same act under the same conditions, and neither goes first.",
                "Give one of them a condition (`if:`), or remove it.",
            )
