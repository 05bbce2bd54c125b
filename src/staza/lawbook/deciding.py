"""Who decides what an open clock or duty waits for: a view over the rows of `law/competence`, on the day of the answer.

It looks at what is owed, the kind that stands first in a deadline or duty, and at the rows that decide this kind. The
entry that will record the decision is not there yet: what a row asks of it is not known, and what a row asks of the
application is read from the instance of the clock alone. A body is named where it is the only one that it can be.
"""

from dataclasses import dataclass

from staza.engine import CaseState, Law
from staza.engine.answer import ClockState, Duty
from staza.engine.binding import bound_days
from staza.engine.clock import owner_of
from staza.engine.conditions import Reading
from staza.engine.governing import governs
from staza.engine.log import Scope
from staza.engine.logic import Truth, conjunction, disjunction
from staza.engine.types import Instance, Rule
from staza.lawbook.bundle import Bundle, KnownBody, KnownRow
from staza.lawbook.citations import act_of

OPEN = frozenset({"running", "suspended", "missed", "unknown"})  # what a clock is that is not over
AUTHORITY = "authority"


@dataclass(frozen=True)
class Deciding:
    """What a row says of who decides: its only body where nothing is open, else its title or its question."""

    row: Rule
    body: KnownBody | None  # None: several, or it depends on what is not known, or nobody read it
    has_condition: bool
    depends: bool  # whether the row is the right one is not known
    asks: str  # the question to a lawyer, of a row that was not read

    @property
    def introduced(self) -> str:
        """Give the words that stand before what the row says."""
        return "who decides was not read" if self.asks else f"who decides{', if so' if self.depends else ''}"

    @property
    def words(self) -> str:
        """Say who decides: the body, or the title of the row where that says when; else what has to be asked."""
        return self.body.label if self.body and not self.has_condition else self.asks or self.row.title


def owner_of_item(law: Law, state: CaseState, item: ClockState | Duty) -> str:
    """Give who has to act, in general words."""
    rule, reading = law.rule(item.rule), state.trace.reading
    return owner_of(rule, reading, _subject(reading, item.ref)) if rule.owners else rule.owner


def deciding(bundle: Bundle, law: Law, state: CaseState, item: ClockState | Duty) -> list[Deciding]:
    """Give what the rows say of who decides what an open clock or duty of the authority waits for."""
    rule, reading = law.rule(item.rule), state.trace.reading
    owed = rule.on[0].kind if rule.kind in ("deadline", "duty") and rule.on else ""
    named = [(law.by_id.get(name), known) for name, known in bundle.competent.items()]
    rows = [(row, known) for row, known in named if row and any(one.kind == owed for one in known.decides)]
    if not rows:
        return []
    subject = _subject(reading, item.ref)
    if not _is_open(item, subject) or not _is_ours(rule, reading, subject):
        return []
    found = [(row, k, value) for row, k in rows if (value := _holds(row, k, owed, reading, subject)) is not False]
    only = len({known.bodies for _, known, _ in found}) == 1
    return [_said(row, known, owed, value, state.as_of, only=only) for row, known, value in found]


def _subject(reading: Reading, ref: str) -> Instance | None:
    return next((one for made in reading.instances.values() for one in made if one.ref == ref), None)


def _is_open(item: ClockState | Duty, subject: Instance | None) -> bool:
    """Say whether something is still owed; a clock whose length nobody read says nothing of its end itself."""
    if isinstance(item, Duty):
        return True
    over = item.met_by is not None or (subject is not None and subject.end is not None)
    return bool(OPEN & set(item.status)) and not (item.status == ("unknown",) and over)


def _is_ours(rule: Rule, reading: Reading, subject: Instance | None) -> bool:
    """Say whether the authority surely owes an act, under a law that can bind here."""
    if owner_of(rule, reading, subject) != AUTHORITY:
        return False
    surely = [reading.truth(when, Scope(reading.as_of, subject)) is True for _, when in rule.owners]
    binds = bound_days(reading.law, reading.history.flags, act_of(rule.cites[0])) != ()
    return binds and (not rule.owners or any(surely))


def _holds(row: Rule, known: KnownRow, owed: str, reading: Reading, subject: Instance | None) -> Truth:
    """Say whether a row decides what is owed on the day of the answer."""
    scope, day = Scope(reading.as_of, subject), (reading.as_of, reading.as_of)
    asked = disjunction(reading.truth(one.where, scope) for one in known.decides if one.kind == owed)
    return False if asked is False else conjunction((asked, governs(reading, row, day, subject)))


def _said(row: Rule, known: KnownRow, owed: str, value: Truth, day: int, *, only: bool) -> Deciding:
    there = known.bodies[0] if len(known.bodies) == 1 and known.bodies[0].is_there(day) else None
    return Deciding(
        row=row,
        body=there if value is True and only and row.verified else None,
        has_condition=any(one.where for one in row.on if one.kind == owed),
        depends=value is not True,
        asks=known.asks,
    )
