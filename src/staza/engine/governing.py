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
    return act_governs(reading, rule.cites[0].split("/")[0], days, subject)


def act_governs(reading: Reading, instrument_id: str, days: Days, subject: CaseEvent | Instance | None) -> Truth:
    """Say whether an act governs what happened in `days`, by its key and by who is bound."""
    instrument = reading.law.instruments.get(instrument_id)
    if instrument is None:
        return None
    if instrument.key == "opening" and subject is not None:
        days = subject.start if isinstance(subject, Instance) else subject.days
    elif instrument.key == "application" and not _brought_forward(reading, instrument):
        lodged = _lodging(reading, days, subject)
        if lodged is not None:
            days = lodged
    elif instrument.key == "application":
        days = (days[0], max(days[1], reading.as_of))
    return binds_between(reading.law, reading.history.flags, instrument_id, *days)


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
