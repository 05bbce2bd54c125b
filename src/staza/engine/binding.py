"""Who is bound by which act on which day: rows of data, and what the log asserts.

A State is bound from the later of entry into force and the end of transposition, earlier where the log says that
national rules applied already, and never where a verified row says so. Rows from memory only are not known.
"""

from collections.abc import Mapping
from functools import lru_cache

from staza.engine import spans as sets
from staza.engine.logic import EARLIEST, LATEST, Days, Truth, conjunction, disjunction
from staza.engine.types import Binding, Law, Value


def binds_some_day(law: Law, flags: Mapping[str, Value], instrument_id: str, days: Days) -> Truth:
    """Say whether an act binds the State of a law on at least one day of a stretch, both ends included."""
    return _binds(law, flags, instrument_id, days, on_any=True)


def binds_on(law: Law, flags: Mapping[str, Value], instrument_id: str, day: Days) -> Truth:
    """Say whether an act binds the State on a day that lies somewhere in an interval: unknown where that decides."""
    return _binds(law, flags, instrument_id, day, on_any=False)


def _binds(law: Law, flags: Mapping[str, Value], instrument_id: str, days: Days, *, on_any: bool) -> Truth:
    instrument = law.instruments.get(instrument_id)
    if instrument is None:
        return None
    asserted = flags.get(instrument.asserted_by or "")
    if isinstance(asserted, bool):
        return asserted
    beside: Truth = True
    if instrument.only_with:
        beside = disjunction(_binds(law, flags, other, days, on_any=on_any) for other in instrument.only_with)
    bound = bound_days(law, flags, instrument_id)
    if bound is None:
        return None if beside is not False else False
    touched = sets.overlap_of(bound, ((days[0], days[1] + 1),))
    if not touched:
        return False
    whole = touched == ((days[0], days[1] + 1),)
    return conjunction((True if on_any or whole else None, beside))


def bound_days(law: Law, flags: Mapping[str, Value], instrument_id: str) -> sets.Stretches | None:
    """Give the days on which the rows, or the log itself, bind the State; None where no row is sure."""
    instrument = law.instruments[instrument_id]
    asserted = flags.get(instrument.asserted_by or "")
    if isinstance(asserted, bool):
        return ((EARLIEST, LATEST + 1),) if asserted else ()
    sure = [row for row in law.bindings.get(instrument_id, ()) if row.bound is not None]
    if not sure:
        return None
    earlier = flags.get(instrument.earlier_flag or "")
    brought_forward = earlier if isinstance(earlier, int) and not isinstance(earlier, bool) else None
    return _windows(tuple(sure), instrument.applies_until, brought_forward)


@lru_cache(maxsize=1024)  # the same few rows are asked for again by every rule of a log
def _windows(rows: tuple[Binding, ...], applies_until: int | None, earlier: int | None) -> sets.Stretches:
    windows = []
    for row in rows:
        if row.bound:
            start = row.start or EARLIEST
            if row.transposed and earlier is not None:
                start = min(start, max(earlier, row.in_force or earlier))
            windows.append((start, row.until or applies_until or LATEST + 1))
    return sets.joined(windows)


def is_yardstick(law: Law, instrument_id: str) -> bool:
    """Say whether an act of the Union never binds this State and only serves for comparison."""
    rows = [row for row in law.bindings.get(instrument_id, ()) if row.bound is not None]
    return instrument_id.startswith("eu.") and bool(rows) and not any(row.bound for row in rows)
