"""Papers for being held: how long each lasts.

A number of days or months that an extension adds counts from the end of the paper before it, where that was later
than the day of the extension; days in all count from the first day of custody.
"""

from collections.abc import Sequence

from staza.engine.days import add_days
from staza.engine.logic import Days, latest
from staza.engine.types import CaseEvent

PAPERS = frozenset({"detention_started", "detention_ordered", "detention_extended"})
GRANTS = ("until", "days_total", "months", "days", "hours")


def ends_of_papers(events: Sequence[CaseEvent], since: Days | None = None) -> dict[str, Days | None]:
    """Give the last day of each paper among the entries of one custody, by entry id; None where it names none."""
    ends: dict[str, Days | None] = {}
    before: Days | None = None
    for event in events:
        if event.kind in PAPERS:
            before = ends[event.id] = _end(event, since, before)
    return ends


def _end(event: CaseEvent, since: Days | None, before: Days | None) -> Days | None:
    for name in GRANTS:
        value = event.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        if name == "until":
            return value, value
        base = event.days
        if name == "days_total" and since:
            base = since
        elif event.kind == "detention_extended" and before:
            base = latest([base, before]) or base
        period = (value, "days" if name == "days_total" else name)
        return add_days(base[0], period), add_days(base[1], period)
    return None
