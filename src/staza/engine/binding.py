"""Who is bound by which act on which day: rows of data, and what the log asserts.

A State is bound from the later of entry into force and the end of transposition, earlier where the log says that
national rules applied already, and never where a verified row says so. Rows from memory only are not known.
"""

from collections.abc import Mapping

from staza.engine.logic import Truth, disjunction
from staza.engine.types import Law, Value


def binds_between(law: Law, flags: Mapping[str, Value], instrument_id: str, first: int, last: int) -> Truth:
    """Say whether an act binds the State of a law on at least one day in `first..last`."""
    instrument = law.instruments.get(instrument_id)
    if instrument is None:
        return None
    asserted = flags.get(instrument.asserted_by or "")
    if isinstance(asserted, bool):
        return asserted
    if instrument.only_with:
        beside = disjunction(binds_between(law, flags, other, first, last) for other in instrument.only_with)
        if beside is not True:
            return beside
    sure = [row for row in law.bindings.get(instrument_id, ()) if row.bound is not None]
    if not sure:
        return None
    earlier = flags.get(instrument.earlier_flag or "")
    for row in sure:
        start = row.start or 1
        if row.transposed and isinstance(earlier, int) and not isinstance(earlier, bool):
            start = min(start, earlier)
        until = row.until or instrument.applies_until
        if row.bound and last >= start and (until is None or first < until):
            return True
    return False


def is_yardstick(law: Law, instrument_id: str) -> bool:
    """Say whether an act of the Union never binds this State and only serves for comparison."""
    rows = [row for row in law.bindings.get(instrument_id, ()) if row.bound is not None]
    return instrument_id.startswith("eu.") and bool(rows) and not any(row.bound for row in rows)
