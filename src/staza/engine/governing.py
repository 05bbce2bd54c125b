"""Which event's day decides whether an act governs: its *key*.

`application`: the day on which the application that something is about was lodged; `opening`: the day on which the
instance was opened; `day`: the day of what is judged. A rule may have a key of its own for its own first and last day.
An act that the log says is applied to pending cases governs whatever their day.
"""

from staza.engine.binding import binds_on, binds_some_day, is_yardstick
from staza.engine.conditions import Reading
from staza.engine.logic import EARLIEST, LATEST, Days, Truth, conjunction
from staza.engine.types import CaseEvent, Instance, Instrument, Rule

APPLICATION = "asylum.application"
LODGED = ("application_lodged", "application_registered", "asylum_application_made")


def governs(
    reading: Reading, rule: Rule, days: Days, subject: CaseEvent | Instance | None, *, lasting: bool = False
) -> Truth:
    """Say whether the act that a rule cites first governs what happened in `days`.

    Without `lasting` it happened on one day somewhere in `days`; with it, on each of them, and one that is bound is
    enough.
    """
    act, _, article = rule.cites[0].partition("/")
    instrument = reading.law.instruments.get(act)
    if instrument is None:
        return None
    inside: Truth = True
    windows = instrument.windows.get(article, (None, None))
    for (start, until), key in (((rule.applies_from, rule.applies_until), rule.key), (windows, "")):
        keyed, one_day = _key_days(reading, instrument, key or instrument.key, days, subject, lasting)
        inside = conjunction((inside, _in_window(keyed, start, until, lasting=not one_day)))
    return conjunction((inside, act_governs(reading, act, days, subject, lasting=lasting)))


def compares(reading: Reading, rule: Rule, days: Days, subject: CaseEvent | Instance | None) -> bool:
    """Say whether a rule only serves for comparison: its act never binds here, and applied where it binds then."""
    act = rule.act
    if not is_yardstick(reading.law, act):
        return False
    instrument = reading.law.instruments[act]
    keyed, _ = _key_days(reading, instrument, instrument.key, days, subject, True)
    return _in_window(keyed, instrument.applies_from, instrument.applies_until, lasting=True) is not False


def article_governs(reading: Reading, cite: str, days: Days, subject: CaseEvent | Instance | None) -> Truth:
    """Say whether an article is in force on a day of `days`, where it has days other than those of its act."""
    act, _, article = cite.partition("/")
    instrument = reading.law.instruments.get(act)
    if instrument is None or article not in instrument.windows:
        return True
    keyed, _ = _key_days(reading, instrument, instrument.key, days, subject, lasting=True)
    return _in_window(keyed, *instrument.windows[article], lasting=True)


def governs_while(
    reading: Reading, rule: Rule, days: Days, surely: Days | None, subject: CaseEvent | Instance | None
) -> Truth:
    """Say whether the act that a rule cites first governs what may have been so in `days` and surely was in `surely`.

    Without `surely` it was so on one day somewhere in `days`.
    """
    everywhere = governs(reading, rule, days, subject)
    if everywhere is None and surely and governs(reading, rule, surely, subject, lasting=True) is True:
        return True
    return everywhere


def _in_window(days: Days, start: int | None, until: int | None, *, lasting: bool) -> Truth:
    first, last = start or EARLIEST, (until or LATEST + 1) - 1
    if days[1] < first or days[0] > last:
        return False
    return True if lasting or (first <= days[0] and days[1] <= last) else None


def act_governs(
    reading: Reading, instrument_id: str, days: Days, subject: CaseEvent | Instance | None, *, lasting: bool = False
) -> Truth:
    """Say whether an act governs what happened in `days`, by its key and by who is bound."""
    instrument = reading.law.instruments.get(instrument_id)
    if instrument is None:
        return None
    keyed, one_day = _key_days(reading, instrument, instrument.key, days, subject, lasting)
    binds = binds_on if one_day else binds_some_day
    return binds(reading.law, reading.history.flags, instrument_id, keyed)


def _key_days(
    reading: Reading, instrument: Instrument, key: str, days: Days, subject: CaseEvent | Instance | None, lasting: bool
) -> tuple[Days, bool]:
    """Give the days that choose the version, and whether they mean one day somewhere in them."""
    if key == "opening" and subject is not None:
        return (subject.start if isinstance(subject, Instance) else subject.days), True
    if key == "application":
        if _brought_forward(reading, instrument):
            return (days[0], max(days[1], reading.as_of)), False
        lodged = _lodging(reading, days, subject)
        if lodged is not None:
            return lodged, True
    return days, not lasting


def _brought_forward(reading: Reading, instrument: Instrument) -> bool:
    """Say whether the log shows that the State applies the act to pending cases."""
    listed = reading.history.flags.get(instrument.pending_flag or "")
    return isinstance(listed, list | tuple) and instrument.id in listed


def _lodging(reading: Reading, days: Days, subject: CaseEvent | Instance | None) -> Days | None:
    """Give the day of lodging of the application that something is about: its own, else the latest one before."""
    here = subject
    while isinstance(here, Instance):
        if here.procedure == APPLICATION:
            return _lodged(here)
        here = here.parent
    earlier = reading.standing(APPLICATION).latest(days[1])
    return _lodged(earlier) if earlier else None


def _lodged(application: Instance) -> Days:
    for kind in LODGED:
        for event in application.events:
            if event.kind == kind:
                return event.days
    return application.start
