"""Which event's day decides whether an act governs: its *key*.

`application`: the day on which the application that something is about was lodged; `opening`: the day on which the
instance was opened; `day`: the day of what is judged.
An act that the log says is applied to pending cases governs whatever their day.
"""

from staza.engine.binding import binds_between
from staza.engine.conditions import Reading
from staza.engine.logic import Days, Truth
from staza.engine.types import CaseEvent, Instance, Instrument, Rule

APPLICATION = "asylum.application"
LODGED = ("application_lodged", "application_registered", "asylum_application_made")


def governs(reading: Reading, rule: Rule, days: Days, subject: CaseEvent | Instance | None) -> Truth:
    """Say whether the act that a rule cites first governs what happened in `days`."""
    act, _, article = rule.cites[0].partition("/")
    instrument = reading.law.instruments.get(act)
    windows = [(rule.applies_from, rule.applies_until)]
    if instrument is not None and article in instrument.windows:
        windows.append(instrument.windows[article])
    keyed = _key_days(reading, instrument, days, subject) if instrument else days
    for start, until in windows:
        if (start is not None and keyed[1] < start) or (until is not None and keyed[0] >= until):
            return False
    return act_governs(reading, act, days, subject)


def act_governs(reading: Reading, instrument_id: str, days: Days, subject: CaseEvent | Instance | None) -> Truth:
    """Say whether an act governs what happened in `days`, by its key and by who is bound."""
    instrument = reading.law.instruments.get(instrument_id)
    if instrument is None:
        return None
    keyed = _key_days(reading, instrument, days, subject)
    return binds_between(reading.law, reading.history.flags, instrument_id, *keyed)


def _key_days(reading: Reading, instrument: Instrument, days: Days, subject: CaseEvent | Instance | None) -> Days:
    """Give the days that choose the version: those of what is judged, or of the event that is the act's key."""
    if instrument.key == "opening" and subject is not None:
        return subject.start if isinstance(subject, Instance) else subject.days
    if instrument.key == "application":
        if _brought_forward(reading, instrument):
            return days[0], max(days[1], reading.as_of)
        return _lodging(reading, days, subject) or days
    return days


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
    earlier = [i for i in reading.instances.get(APPLICATION, ()) if i.start[0] <= days[1]]
    return _lodged(earlier[-1]) if earlier else None


def _lodged(application: Instance) -> Days:
    for kind in LODGED:
        for event in application.events:
            if event.kind == kind:
                return event.days
    return application.start
