"""The state of a file: what is deemed, then clocks, safeguards, duties, acts, and what became a finding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reference import binding
from reference.binding import When
from reference.bounds import bounds_of
from reference.clocks import Clock, clocks_of
from reference.conditions import Reader
from reference.instances import Instance
from reference.limits import counted, log_is_complete, subjects_of
from reference.log import Relatives, Subject
from reference.truth import MAYBE, NO, YES, Days, Truth, all_of, any_of, is_by, known, opposite
from staza.engine.types import CaseEvent, CaseHistory, Instrument, Law, Rule

CLOCKS = ("deadline", "window", "waiting", "ceiling", "recurring", "validity")
ROUNDS = 8


@dataclass
class NaiveState:
    """The answer, as sets that can be compared."""

    clocks: set[tuple[str, str, int, frozenset[str], Days | None, Days | None]] = field(default_factory=set)
    findings: set[tuple[str, str, str, int | None]] = field(default_factory=set)
    duties: set[tuple[str, str]] = field(default_factory=set)
    blocked: set[tuple[str, str]] = field(default_factory=set)


def exports(history: CaseHistory, law: Law, as_of: int) -> Mapping[str, bool | None]:
    """Give what a file shows to the files of linked persons."""
    reader = Reader(history, law, as_of, {})
    plain = {YES: True, NO: False, MAYBE: None}
    return {name: plain[reader.truth(tree, as_of)] for name, tree in law.exports.items()}


def evaluate(history: CaseHistory, law: Law, as_of: int, relatives: Relatives | None = None) -> NaiveState:
    """Give the state of one person's file at the end of a day."""
    reader = _with_what_is_deemed(history, law, as_of, relatives or {})
    state = NaiveState()
    for rule in law.rules:
        if rule.kind in CLOCKS:
            clocks = reader.clocks(rule.id) or []
            state.clocks |= {(c.rule.id, c.ref, c.n, frozenset(c.status), c.shown or c.due, c.practice) for c in clocks}
            for clock in clocks:
                if clock.verdict or not (rule.late or rule.kind in ("window", "validity")):
                    _judge_clock(state, reader, clock)  # a lapse is no finding, a question is
                elif clock.late != NO:
                    _judge_lateness(state, reader, clock)
            for clock in bounds_of(rule, reader):
                _judge_clock(state, reader, clock)
        elif rule.kind == "safeguard":
            for subject, broken, when in _places(rule, reader):
                _find(state, reader, rule, subject, broken, when, rule.finding)
        elif rule.kind == "duty":
            _duty(state, reader, rule)
    for act in law.acts.values():
        words = {act.name, *(other.name for other in law.acts.values() if act.name in other.includes)}
        for rule in law.rules:
            if words & set(rule.blocks) and _blocks_now(rule, act.irreversible, reader):
                state.blocked.add((act.name, rule.id))
    return state


# ------------------------------------------------------------------------------------------------------- deemed facts


def _with_what_is_deemed(history: CaseHistory, law: Law, as_of: int, relatives: Relatives) -> Reader:
    """Add what the law deems to have happened, and read again, until nothing is new."""
    deemed: dict[str, CaseEvent] = {}
    for _ in range(ROUNDS + 1):
        reader = Reader(history, law, as_of, relatives, tuple(deemed.values()))
        reader.clocks = _Clocks(reader)
        if len(deemed) and _ == ROUNDS:
            break
        new = {e.id: e for rule in law.rules if rule.kind == "effect" for e in _deemed(rule, reader)}
        if new.keys() <= deemed.keys():
            break
        deemed = {**new, **deemed}
    return reader


class _Clocks:
    """The clocks of each rule, found when somebody asks; a rule that asks for itself is not answered."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.found: dict[str, list[Clock]] = {}

    def __call__(self, ident: str) -> list[Clock]:
        if ident not in self.found:
            self.found[ident] = []
            rule = self.reader.law.by_id.get(ident)
            if rule is not None and rule.kind in CLOCKS:
                self.found[ident] = [one for one in clocks_of(rule, self.reader) if _may_govern(one, self.reader)]
                for one in self.found[ident]:
                    _end_with_the_law(one, self.reader)
        return self.found[ident]


def _may_govern(clock: Clock, reader: Reader) -> bool:
    """Leave out a clock of an act that governs on none of its days, unless it serves for comparison."""
    if clock.start is None:
        return True
    days = (clock.start[0], max(clock.start[0], clock.when.possible[1], reader.as_of))
    when = When(days, days)
    return _compares(reader, clock.rule, when, clock.subject) or _governs(reader, clock.rule, when, clock.subject) != NO


def _end_with_the_law(clock: Clock, reader: Reader) -> None:
    """A deadline of law that is gone on the day after its end was not missed; one of law that is gone runs no more."""
    rule = clock.rule
    compared = rule.breach_from or rule.concern_from or binding.is_yardstick(reader.law, rule.cites[0].split("/")[0])
    if rule.kind not in ("deadline", "window") or clock.due is None or compared:
        return
    over = {"missed", "lapsed", "met_late"}
    if clock.status & over and _governs(reader, rule, When(clock.when.possible, one_day=True), clock.subject) == NO:
        clock.status = clock.status - over | {"ended"}
        clock.late = NO
    if "running" in clock.status:
        today = When((reader.as_of, reader.as_of), one_day=True)
        if _governs(reader, rule, today, clock.subject) == NO:
            clock.status = clock.status - {"running"} | {"ended"}


def _deemed(rule: Rule, reader: Reader) -> Iterator[CaseEvent]:
    """Give what is deemed after a clock has surely lapsed; what is against somebody needs certainty."""
    if rule.after is None or rule.effect is None or not rule.verified:
        return
    for clock in reader.clocks(rule.after):
        certain = all_of((clock.late, _is_there(reader, clock.subject)))
        if clock.status in ({"lapsed"}, {"met_late"}) and certain == YES and clock.due:
            when = When(clock.due, one_day=True)
            applies = reader.truth(rule.only_if, reader.as_of, clock.subject)
            if applies == YES and _governs(reader, rule, when, clock.subject) == YES:
                about = clock.subject.id if clock.subject else "person"
                fields = {"concerns": about} if clock.subject else {}
                yield CaseEvent(f"{rule.id}@{about}", rule.effect, *clock.due, 10**9, fields, derived_by=rule.id)


# ----------------------------------------------------------------------------------------------- safeguards and duties


def _is_broken(rule: Rule, reader: Reader, at: int, this: Subject) -> Truth:
    """A safeguard is broken when it applies, nothing excepts it, its `while` holds and what it requires does not."""
    return all_of(
        (
            reader.truth(rule.only_if, at, this),
            opposite(any_of(reader.truth(one.condition, at, this) for one in rule.unless)),
            reader.truth(rule.while_, at, this),
            YES if rule.requires is None else opposite(reader.truth(rule.requires, at, this)),
        )
    )


def _places(rule: Rule, reader: Reader) -> Iterator[tuple[Subject, Truth, When]]:
    """Give where a safeguard is read: at entries, else once for each instance."""
    done_by = [opening for act in rule.blocks for opening in reader.law.acts[act].done_by]
    openings = [*rule.on, *done_by]
    for opening in openings:
        for entry in reader.log:
            meant = reader.matches(opening, entry)
            if meant != NO:
                happened = YES if entry.last <= reader.as_of else MAYBE
                broken = all_of((meant, happened, _is_broken(rule, reader, entry.last, entry)))
                yield entry, broken, When(entry.days, one_day=True)
    if not openings:
        now = reader.as_of
        for one in subjects_of(rule, reader):
            start, end = (one.start, one.end or (now, now)) if one else ((now, now), (now, now))
            yield one, _is_broken(rule, reader, now, one), When((start[0], end[1]), (start[1], end[0]))


def _duty(state: NaiveState, reader: Reader, rule: Rule) -> None:
    """A duty is open while its instance is open and nothing recorded does it; one that only asks also asks in doubt."""
    now = When((reader.as_of, reader.as_of), one_day=True)
    for subject in subjects_of(rule, reader):
        if subject is not None and subject.end is not None:
            continue
        done = any_of(counts for _, counts in counted(rule.on, reader, subject))
        is_open = all_of((_is_there(reader, subject), _is_broken(rule, reader, reader.as_of, subject), opposite(done)))
        if _governs(reader, rule, now, subject) != YES or not rule.verified:
            continue
        if is_open == YES:
            state.duties.add((rule.id, subject.ref if subject else "person"))
        if is_open == YES or rule.finding == "question":
            heard = YES if log_is_complete(rule, reader) else MAYBE  # a breach by silence needs a complete log
            _find(state, reader, rule, subject, all_of((is_open, heard)), now, rule.finding)


def _blocks_now(rule: Rule, irreversible: bool, reader: Reader) -> bool:
    """What is true blocks an act that binding law says; what is not known blocks only what cannot be undone."""
    now = reader.as_of
    broken = _is_broken(rule, reader, now, None)
    if not rule.verified and broken == YES:
        broken = MAYBE
    force = _governs(reader, rule, When((now, now), one_day=True), None)
    return force != NO and (broken == YES or (broken == MAYBE and irreversible))


# ----------------------------------------------------------------------------------------------------------- findings


def _judge_clock(state: NaiveState, reader: Reader, clock: Clock) -> None:
    sure = clock.due is not None and clock.due[0] == clock.due[1] and clock.has_limit
    limit = clock.due[0] if sure else None
    _find(state, reader, clock.rule, clock.subject, clock.late, clock.when, clock.verdict or clock.rule.finding, limit)


def _judge_lateness(state: NaiveState, reader: Reader, clock: Clock) -> None:
    """Being late is what the rule says of it: the first verdict that is certain, else one that may be is asked."""
    ways = [
        (all_of((clock.late, reader.truth(when, reader.as_of, clock.subject))), verdict)
        for verdict, when in clock.rule.late
        if verdict != "in_doubt" or clock.late == MAYBE
    ]
    for wanted in (YES, MAYBE):
        for value, verdict in ways:
            if value == wanted:
                limit = clock.due[0] if clock.due and clock.due[0] == clock.due[1] and clock.has_limit else None
                _find(state, reader, clock.rule, clock.subject, value, clock.when, verdict, limit)
                return


def _find(
    state: NaiveState,
    reader: Reader,
    rule: Rule,
    subject: Subject,
    value: Truth,
    when: When,
    verdict: str,
    limit: int | None = None,
) -> None:
    """Make a finding: certain, governed and read law makes a breach; doubt a question; a yardstick a comparison."""
    if value == NO or verdict == "none":
        return
    value = all_of((value, _is_there(reader, subject)))
    force = _governs(reader, rule, when, subject)
    if force == NO:
        if value != YES or verdict == "question" or not _compares(reader, rule, when, subject):
            return
        verdict = "alignment"
    elif MAYBE in (value, force) or not rule.verified:
        verdict = "question"
    ref = "person" if subject is None else subject.ref if isinstance(subject, Instance) else _ref(subject)
    state.findings.add((rule.id, ref, verdict, limit))


def _is_there(reader: Reader, subject: Subject) -> Truth:
    """Say whether an instance is there on the day of the answer; its opening may be doubtful, or not yet come."""
    if not isinstance(subject, Instance):
        return YES
    return all_of((YES if subject.certain else MAYBE, is_by(subject.start, (reader.as_of, reader.as_of))))


def _ref(entry: CaseEvent) -> str:
    return f"{entry.kind}#{entry.id}"


def _governs(reader: Reader, rule: Rule, when: When, subject: Subject) -> Truth:
    """Say whether the act that is cited first governs: on the day that is its key, while rule and article apply."""
    law, flags = reader.law, reader.history.flags
    act, _, article = rule.cites[0].partition("/")
    instrument = law.instruments.get(act)
    windows = [] if rule.key else [(rule.applies_from, rule.applies_until)]
    by_own_key = YES
    if rule.key:
        start, until = rule.applies_from or 1, rule.applies_until or 10**7
        of_rule = _keyed(reader, instrument, rule.key, when, subject)
        turns = (*of_rule.possible, start - 1, start, until - 1, until)
        answers = {start <= day < until for day in turns if _lies_in(day, of_rule)}
        by_own_key = MAYBE if len(answers) > 1 and of_rule.one_day else known(True in answers)
    if instrument is not None:
        windows += [instrument.windows[article]] if article in instrument.windows else []
        when = _keyed(reader, instrument, instrument.key, when, subject)
    return all_of((by_own_key, binding.during(law, flags, act, when, windows)))


def _compares(reader: Reader, rule: Rule, when: When, subject: Subject) -> bool:
    """Say whether an act of the Union that never binds here is compared with: where it applied somewhere then."""
    act = rule.cites[0].split("/")[0]
    if not binding.is_yardstick(reader.law, act):
        return False
    instrument = reader.law.instruments[act]
    first, last = _keyed(reader, instrument, instrument.key, when, subject).possible
    return (instrument.applies_from or first) <= last and first < (instrument.applies_until or first + 1)


def _lies_in(day: int, when: When) -> bool:
    return when.possible[0] <= day <= when.possible[1]


def _keyed(reader: Reader, instrument: Instrument | None, key: str, when: When, subject: Subject) -> When:
    """Give the days that choose between versions: those of what is judged, of its instance, or of the lodging."""
    if key == "opening" and subject is not None:
        return When(subject.start if isinstance(subject, Instance) else subject.days, one_day=True)
    if key == "application":
        pending = reader.history.flags.get(instrument.pending_flag) if instrument and instrument.pending_flag else None
        if instrument and isinstance(pending, (list, tuple)) and instrument.id in pending:
            days = (when.possible[0], max(when.possible[1], reader.as_of))
            return When(days, days)
        lodged = _lodging(reader, when, subject)
        return When(lodged, one_day=True) if lodged else when
    return when


def _lodging(reader: Reader, when: When, subject: Subject) -> Days | None:
    """Give the lodging of the application that something is about, else of the latest one before."""
    above = subject if isinstance(subject, Instance) else None
    while above is not None:
        if above.procedure == "asylum.application":
            return binding.lodging_of(above.entries, above.start)
        above = above.parent
    begun = [one for one in reader.instances("asylum.application") if one.start[0] <= when.possible[1]]
    return binding.lodging_of(begun[-1].entries, begun[-1].start) if begun else None
