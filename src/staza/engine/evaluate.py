"""The one pure function: a person's log and the law give the state of the file on a day.

The order: instances are built; clocks that only produce effects run until nothing new is deemed (a later stratum sees
what an earlier one deemed); then every clock, bound and safeguard is read, and what was broken becomes a finding with
the verdict that its rule, its sureness and the binding force of its act allow.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from staza.engine import clocks, governing, safeguards
from staza.engine.acts import acts_now
from staza.engine.answer import CaseState, ClockState, Duty, Finding, Missing, Unbound
from staza.engine.binding import is_yardstick
from staza.engine.bounds import bounds
from staza.engine.clock import Clock, is_there, lateness, owner_of, silence_counts
from staza.engine.conditions import Reading
from staza.engine.days import is_known
from staza.engine.instances import build
from staza.engine.log import Exports, Scope
from staza.engine.logic import Days, Truth, conjunction
from staza.engine.questions import missing_of
from staza.engine.types import CaseEvent, CaseHistory, Instance, Law, Procedure, Rule

VERSION = "1"  # of the meaning of the rules; raised when the same law and log may give another answer
_PASSED, _RUNS = frozenset({"missed", "lapsed", "met_late"}), frozenset({"running"})
ROUNDS = 8  # strata of deemed facts; a log whose effects do not settle stops here


def evaluate(history: CaseHistory, law: Law, *, as_of: int, relatives: Exports | None = None) -> CaseState:
    """Give the state of one person's file at the end of the day `as_of` (an ordinal).

    `relatives` holds what the linked persons export (`exports`). Total: any log gives a state. Events after `as_of`
    are ignored; a day that is only partly before it counts as possible.
    """
    reading = read(history, law, as_of=as_of, relatives=relatives or {})
    made = _Answer(reading)
    made.run()
    return made.state()


def exports(history: CaseHistory, law: Law, *, as_of: int) -> Mapping[str, Truth]:
    """Give the facts that a person's file shows to the files that are linked to it; reads no imports."""
    reading = read(history, law, as_of=as_of, relatives={})
    scope = Scope(as_of)
    return {name: reading.truth(tree, scope) for name, tree in law.exports.items()}


def read(history: CaseHistory, law: Law, *, as_of: int, relatives: Exports) -> Reading:
    """Index a log up to a day and build its instances."""
    kept = tuple(event for event in history.events if event.first <= as_of)
    reading = Reading(replace(history, events=kept), law, as_of, relatives)
    build_instances(reading, kept)
    return reading


def build_instances(reading: Reading, events: tuple[CaseEvent, ...]) -> None:
    """Build the instances of every procedure and link each to its parent.

    Those whose entries are read by themselves come first: the others may look at them.
    """
    unbound: list[tuple[Procedure, Unbound]] = []
    kinds = {event.kind for event in events}
    for procedure, own in reading.depends.procedures_in_order():
        made, loose = build(procedure, own, events, reading.matches) if own & kinds else ([], [])
        reading.instances[procedure.name] = made
        unbound.extend((procedure, one) for one in loose)
    reading.unbound[:] = _asked_once(unbound)
    for name, procedure in reading.law.procedures.items():
        for instance in reading.instances[name]:
            instance.parent = _parent(instance, procedure.within, reading)
    reading.settle()


def _asked_once(unbound: list[tuple[Procedure, Unbound]]) -> Iterator[Unbound]:
    """Give each entry once, with all that it may be about: an entry that opened several instances is named once.

    What an auxiliary procedure cannot attach is left out where the procedure that it goes with asks the same.
    """
    asked = {one.entry for procedure, one in unbound if not procedure.auxiliary}
    candidates: dict[str, dict[str, str]] = {}  # entry -> opener -> instance
    for procedure, one in unbound:
        if not procedure.auxiliary or one.entry not in asked:
            for ref in one.candidates:
                candidates.setdefault(one.entry, {}).setdefault(ref.partition("#")[2], ref)
    for entry, refs in candidates.items():
        yield Unbound(entry, tuple(refs.values()))


def _parent(instance: Instance, within: Iterable[str], reading: Reading) -> Instance | None:
    """Give the only instance of the wanted procedures that was open when this one was opened."""
    for name in within:
        around = reading.standing(name).touching(*instance.start)
        if len(around) == 1:
            return around[0]
    return None


class _Answer:
    """Collects what the rules say of one log."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.law = reading.law
        self.clocks: list[Clock] = []
        self.findings: list[Finding] = []
        self.duties: list[Duty] = []
        self._of_rule: dict[str, list[Clock]] = {}
        reading.compute = self._clocks_by_id

    def run(self) -> None:
        self._deem()
        for rule in self.law.rules:
            if rule.kind in clocks.KINDS:
                self.clocks.extend(self._clocks(rule))
                self.clocks_to_findings(bounds(rule, self.reading))
        self.clocks_to_findings(self.clocks)
        for rule in self.law.rules:
            if rule.kind == "safeguard":
                self._safeguard(rule)
            elif rule.kind == "duty":
                self._duty(rule)

    def _events(self) -> tuple[CaseEvent, ...]:
        return self.reading.history.events

    def _clocks(self, rule: Rule) -> list[Clock]:
        """Give the clocks of a rule, computed once for a reading."""
        if rule.id not in self._of_rule:
            made = [clock for clock in clocks.compute(rule, self.reading) if self._may_govern(clock)]
            for clock in made:
                self._ended_with_its_law(clock)
            self._of_rule[rule.id] = made
            self.reading.clock_status[rule.id] = [(c.ref, c.status, c.due) for c in made]
        return self._of_rule[rule.id]

    def _clocks_by_id(self, ident: str) -> list[Clock]:
        rule = self.law.rule(ident)
        return self._clocks(rule) if rule.kind in clocks.KINDS else []

    def _may_govern(self, clock: Clock) -> bool:
        """Leave out a clock of an act that does not govern here on any of its days, unless it is a yardstick."""
        if clock.start is None:
            return True
        days = (clock.start[0], max(clock.start[0], clock.passed[1], self.reading.as_of))
        if governing.governs(self.reading, clock.rule, days, clock.subject, lasting=True) is not False:
            return True
        return governing.compares(self.reading, clock.rule, days, clock.subject)

    def _ended_with_its_law(self, clock: Clock) -> None:
        """End a period whose article surely no longer governs: nothing runs any more, or was passed after it went.

        Annulled, disapplied, or replaced on the way; a yardstick runs on for the comparison.
        """
        rule = clock.rule
        measured = rule.breach_from or rule.concern_from
        if rule.kind not in ("deadline", "window") or clock.due is None or measured:
            return
        if is_yardstick(self.law, rule.act):
            return
        now = (self.reading.as_of, self.reading.as_of)
        gone: set[str] = set()
        for words, days in ((_PASSED, clock.passed), (_RUNS, now)):
            if words & {*clock.status} and governing.governs(self.reading, rule, days, clock.subject) is False:
                gone |= words
        if gone & {*clock.status}:
            clock.status = (*(word for word in clock.status if word not in gone and word != "ended"), "ended")
            clock.late = False if gone & _PASSED else clock.late

    # ------------------------------------------------------------------------------------- deemed facts

    def _deem(self) -> None:
        """Add what the law deems to have happened, until nothing is new."""
        effects = [rule for rule in self.law.rules if rule.kind == "effect" and rule.after and rule.effect]
        by_id = {rule.id: rule for rule in self.law.rules}
        known: set[str] = set()
        for _ in range(ROUNDS):
            new = [
                event
                for rule in effects
                for event in self._deemed(rule, by_id.get(rule.after or ""))
                if event.id not in known
            ]
            if not new:
                return
            known |= {event.id for event in new}
            events = tuple(sorted((*self._events(), *new), key=lambda e: (e.first, e.last, e.order)))
            history = replace(self.reading.history, events=events)
            self.reading = Reading(history, self.law, self.reading.as_of, self.reading.relatives)
            self.reading.compute = self._clocks_by_id
            self._of_rule.clear()
            build_instances(self.reading, events)

    def _deemed(self, rule: Rule, source: Rule | None) -> Iterator[CaseEvent]:
        if source is None:
            return
        for clock in self._clocks(source):
            scope = Scope(self.reading.as_of, clock.subject)
            if clock.status not in (("lapsed",), ("met_late",)) or clock.due is None or clock.late is not True:
                continue
            if not rule.verified or is_there(clock.subject, self.reading) is None:
                continue
            if governing.governs(self.reading, rule, clock.due, clock.subject) is not True:
                continue
            if self.reading.truth(rule.only_if, scope) is not True:
                continue
            fields = {"concerns": clock.subject.id} if clock.subject else {}
            first, last = clock.due
            ident = f"{rule.id}@{clock.subject.id if clock.subject else 'person'}"
            yield CaseEvent(ident, rule.effect or "", first, last, 10**9, fields, derived_by=rule.id)

    # ------------------------------------------------------------------------------------------ findings

    def clocks_to_findings(self, made: list[Clock]) -> None:
        """Turn clocks whose limit was or may have been passed into findings."""
        for clock in made:
            rule = clock.rule
            late, verdict = lateness(clock, self.reading)
            if late is False:
                continue
            same_end = clock.due is not None and clock.due[0] == clock.due[1] and clock.limit_known
            limit = clock.due[0] if clock.due and same_end else None
            self._find(
                rule,
                clock.subject,
                late,
                clock.passed,
                surely=clock.surely,
                verdict=verdict,
                cites=clock.cites,
                limit_on=limit,
                actual_on=clock.actual,
                unknown=[*_clause(clock), *missing_of(self.reading, clock.doubts), *self._kinds(clock.unnamed)],
            )

    def _safeguard(self, rule: Rule) -> None:
        if rule.finding == "none":
            return
        for one in safeguards.broken(rule, self.reading):
            self._find(
                rule,
                one.subject,
                one.value,
                one.days,
                surely=one.surely,
                verdict=rule.finding,
                cites=rule.cites,
                actual_on=one.days[0] if isinstance(one.subject, CaseEvent) else None,
                unknown=missing_of(self.reading, one.doubts),
            )

    def _duty(self, rule: Rule) -> None:
        now = (self.reading.as_of, self.reading.as_of)
        for subject, value, scope in safeguards.open_duties(rule, self.reading):
            if governing.governs(self.reading, rule, now, subject) is not True or not rule.verified:
                continue
            if value is True:
                self.duties.append(
                    Duty(
                        rule.id, subject.ref if subject else "person", owner_of(rule, self.reading, subject), rule.cites
                    )
                )
            if rule.finding == "none" or (value is None and rule.finding != "question"):
                continue
            silent = [o.kind for o in rule.on if not silence_counts(rule, self.reading)]
            doubts = list(safeguards.doubtful(rule, self.reading, scope))
            sure: Truth = None if silent else value
            unknown = [*missing_of(self.reading, doubts), *self._kinds(silent)]
            self._find(rule, subject, sure, now, verdict=rule.finding, cites=rule.cites, unknown=unknown)

    def _find(
        self,
        rule: Rule,
        subject: CaseEvent | Instance | None,
        value: Truth,
        days: Days,
        *,
        verdict: str,
        cites: tuple[str, ...],
        unknown: list[Missing],
        limit_on: int | None = None,
        actual_on: int | None = None,
        surely: Days | None = None,
    ) -> None:
        value = conjunction((value, is_there(subject, self.reading)))
        force = governing.governs_while(self.reading, rule, days, surely, subject)
        if force is False:
            if value is not True or verdict == "question":
                return  # what only asks says of no difference that there is one
            if not governing.compares(self.reading, rule, days, subject):
                return
            verdict = "alignment"
        elif value is None or force is None or not rule.verified:
            verdict = "question" if verdict in ("breach", "concern", "question") else verdict
        if force is None:
            unknown = [
                *unknown,
                Missing("binding", f"Is {rule.act} binding here?", "legal"),
            ]
        self.findings.append(
            Finding(
                verdict,
                rule.id,
                self._binding_cites(cites, surely or days, subject, verdict),
                rule.facts,
                _ref(subject),
                (surely or days)[0],
                limit_on,
                actual_on,
                tuple(one.name for one in unknown),
                unknown[0].answered_by if unknown else owner_of(rule, self.reading, subject),
                subject.id if isinstance(subject, CaseEvent) else "",
            )
        )

    def _binding_cites(
        self, cites: tuple[str, ...], days: Days, subject: CaseEvent | Instance | None, verdict: str
    ) -> tuple[str, ...]:
        """Keep the articles of the act that decides and of those that surely govern; a comparison keeps all."""
        if verdict == "alignment":
            return cites
        acts: dict[str, Truth] = {}
        kept = [cites[0]]
        for cite in cites[1:]:
            act = cite.split("/")[0]
            if act not in acts:
                acts[act] = governing.act_governs(self.reading, act, days, subject, lasting=True)
            of_the_act = act == cites[0].split("/")[0] or acts[act] is True
            if of_the_act and governing.article_governs(self.reading, cite, days, subject) is not False:
                kept.append(cite)
        return tuple(kept)

    def _kinds(self, names: Iterable[str]) -> list[Missing]:
        kinds = (self.law.kinds.get(name) for name in dict.fromkeys(names))
        return [Missing(k.name, f"Did this happen, and when: {k.label}?", k.origin) for k in kinds if k]

    # --------------------------------------------------------------------------------------------- answer

    def state(self) -> CaseState:
        """Put the answer together."""
        reading = self.reading
        instances = [i for made in reading.instances.values() for i in made]
        return CaseState(
            reading.history.person.ref,
            reading.as_of,
            tuple(sorted(instances, key=lambda i: (i.start, i.procedure, i.ordinal))),
            tuple(
                ClockState(
                    c.rule.id,
                    c.ref,
                    c.n,
                    c.status,
                    c.start,
                    c.would_be_due or c.due,
                    c.met_by.id if c.met_by else None,
                    c.practice,
                    c.due_at,
                )
                for c in self.clocks
            ),
            tuple(self.duties),
            tuple(_distinct(self.findings)),
            tuple(reading.unbound),
            self._next_change(),
            lambda: acts_now(reading),
            trace=self,
        )

    def _next_change(self) -> int | None:
        now = self.reading.as_of
        days: set[int] = set()
        for clock in self.clocks:
            if set(clock.status) & {"running", "suspended"}:
                if clock.due:
                    days.update(day + 1 for day in clock.due)
                days.update(clock.thresholds)
        for event in self._events():
            days.update((event.first, event.last))
        ahead = [day for day in days if now < day and is_known(day)]
        return min(ahead) if ahead else None


def _clause(clock: Clock) -> list[Missing]:
    """Give the question to a national lawyer that the length of a clock is."""
    if not clock.is_open:
        return []
    asks = clock.rule.asks or f"How long is the period of {clock.rule.cites[0]}: {clock.rule.title or clock.rule.id}?"
    return [Missing(f"clause.{clock.rule.id}", asks, "legal")]


def _ref(subject: CaseEvent | Instance | None) -> str:
    if subject is None:
        return "person"
    return subject.ref if isinstance(subject, Instance) else f"{subject.kind}#{subject.id}"


def _distinct(findings: list[Finding]) -> Iterator[Finding]:
    seen: set[Finding] = set()
    for finding in findings:
        if finding not in seen:
            seen.add(finding)
            yield finding
